/* What a request asks of a resource: checked values, never SQL text. */
#ifndef QUERY_H
#define QUERY_H

#include <stdbool.h>

#include "resource.h"
#include "summit.h"

enum {
    QUERY_LIMIT_DEFAULT = 50,
    QUERY_LIMIT_MAX = 200,
    QUERY_VALUES_MAX = 50,    /* values of one filter */
    QUERY_INCLUDED_MAX = 1000 /* included rows of one answer */
};

struct summit_query {
    const struct resource *resource;
    char *id;        /* the item asked for, or NULL */
    char *within;    /* the summit of a nested path, or NULL */
    char *cursor;    /* as the user gave it, or NULL */
    json_t *given;   /* {name: true} of the parameters set so far */
    json_t *filters; /* {name: [value, ...]} */
    int64_t limit;
    const struct relation *includes[RESOURCE_COUNT]; /* ends with NULL */
};

/* Appends {"parameter", "code", "detail", "suggestion"} to problems; suggestion may be NULL.
 *   detail  freed; NULL when its making ran out of memory.
 * Returns SUMMIT_INVALID or SUMMIT_NOMEM. */
enum summit_status query_problem(json_t *problems, const char *parameter, const char *code,
                                 char *detail, const char *suggestion)
    __attribute__((warn_unused_result));

/* A digest of the resource and filters, which a cursor must have been made for: 16 hexadecimal
 * digits. Returns SUMMIT_OK or SUMMIT_NOMEM. */
enum summit_status query_digest(const struct summit_query *query, char ret_digest[17])
    __attribute__((warn_unused_result));

/* The one summit a query is about, or NULL: that of a nested path, a filter with one summit, or the
 * summit asked for. The query's. */
const char *query_scope(const struct summit_query *query);

#endif
