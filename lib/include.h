/* The related rows that `include` asks for. */
#ifndef INCLUDE_H
#define INCLUDE_H

#include "query.h"
#include "store.h"
#include "summit.h"

/* Adds `included` to a document: the rows of each relation the query includes, each once. Does
 * nothing if it includes none.
 *   ranks     of the rows they relate to.
 *   problems  gets a problem when they are more than QUERY_INCLUDED_MAX in all.
 * Returns SUMMIT_OK, SUMMIT_INVALID, SUMMIT_TIMEOUT, SUMMIT_CORRUPT, SUMMIT_BUSY, SUMMIT_IO or
 * SUMMIT_NOMEM. */
enum summit_status include_rows(struct summit_store *store, const struct summit_query *query,
                                const json_t *ranks, json_t *document, json_t *problems)
    __attribute__((warn_unused_result));

#endif
