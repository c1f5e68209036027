/* The record of one summit, piece by piece. summit.h has the contract. */
#ifndef EXCERPT_H
#define EXCERPT_H

#include "summit.h"

enum {
    EXCERPT_CHUNK_ROWS = 64,      /* rows read at a time */
    EXCERPT_PIECE_MAX = 32 * 1024 /* bytes given out at a time */
};

#endif
