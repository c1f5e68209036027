/* The record as nodes and links. summit.h has the contract. */
#ifndef GRAPH_H
#define GRAPH_H

enum {
    GRAPH_CHUNK_ROWS = 200, /* rows read at a time */
    GRAPH_LABEL_MAX = 80    /* bytes that a label has of a longer text, before "…" */
};

#endif
