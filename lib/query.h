/* What a request asks for: checked values, never SQL text. */
#ifndef QUERY_H
#define QUERY_H

#include <stdbool.h>

#include "plan.h"
#include "resource.h"
#include "summit.h"

enum {
    QUERY_LIMIT_DEFAULT = 50,
    QUERY_LIMIT_MAX = 200,
    QUERY_PARAMETERS_MAX = RESOURCE_FILTER_MAX + 12, /* filters and all others */
    QUERY_VALUES_MAX = 50,                           /* values of one parameter */
    QUERY_INCLUDED_MAX = 1000,                       /* included rows of one answer */
    QUERY_TEXT_MAX = 64                              /* characters of q */
};

/* What kinds of address there are; each knows other parameters. */
enum query_kind {
    QUERY_COLLECTION = 1,
    QUERY_ITEM = 2,
    QUERY_SEARCH = 4,
    QUERY_GRAPH = 8,
    QUERY_CITATION = 16,
    QUERY_INDEX = 32
};

/* What `include` names: the related rows, or those related to them. */
struct query_path {
    const struct relation *first; /* NULL ends a list */
    const struct relation *second;
};

struct summit_query {
    enum query_kind kind;
    const struct resource *resource;
    char *id;        /* the item asked for, or NULL */
    char *within;    /* the summit of a nested path, or NULL */
    char *cursor;    /* as the user gave it, or NULL */
    char *text;      /* q as the user gave it, or NULL */
    char *match;     /* the FTS5 expression of it; NULL when it has no word */
    json_t *filters; /* {name: [value, ...]} */
    json_t *fields;  /* names of the fields to keep, or NULL for all */
    const char *given[QUERY_PARAMETERS_MAX]; /* the parameters set so far */
    size_t given_count;
    struct order order[PLAN_SORTS_MAX + 1];               /* ends with a NULL key */
    const struct filter *facets[RESOURCE_FILTER_MAX + 1]; /* ends with NULL */
    struct query_path *includes;                          /* owned */
    size_t include_count;
    int64_t limit;
    enum summit_format format;
    bool is_pretty;
    bool allows_texts; /* rows may be a string that holds their JSON text */
};

/* The search over all resources, the graph and the index are no resources of the record; these say
 * what can be asked of them. */
extern const struct resource query_search;
extern const struct resource query_graph;
extern const struct resource query_index;

/* Appends {"parameter", "code", "detail", "suggestion"} to problems; suggestion may be NULL.
 *   detail  freed; NULL when its making ran out of memory.
 * Returns SUMMIT_INVALID or SUMMIT_NOMEM. */
enum summit_status query_problem(json_t *problems, const char *parameter, const char *code,
                                 char *detail, const char *suggestion)
    __attribute__((warn_unused_result));

/* Whether a parameter has been given. */
bool query_is_given(const struct summit_query *query, const char *name);

/* A digest of what the order and number of the rows depend on, which a cursor must have been made
 * for: 16 hexadecimal digits. Returns SUMMIT_OK or SUMMIT_NOMEM. */
enum summit_status query_digest(const struct summit_query *query, char ret_digest[17])
    __attribute__((warn_unused_result));

/* The one summit a query is about, or NULL: that of a nested path, a filter with one summit, or the
 * summit asked for. The query's. */
const char *query_scope(const struct summit_query *query);

/* Whether rows are shown as the database has their JSON: all fields, and nothing of a search. */
bool query_shows_whole_rows(const struct summit_query *query);

/* The formats a query can be answered in, the default first; ends with SUMMIT_FORMAT_NONE. */
const enum summit_format *query_formats(const struct summit_query *query);

#endif
