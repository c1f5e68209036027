/* From a query to what is selected: what pages and streams have in common. */
#ifndef FETCH_H
#define FETCH_H

#include "list.h"
#include "query.h"
#include "store.h"
#include "summit.h"

/* Checks what only the database can tell of a query, and reads its cursor. Problems are appended.
 *   ret_after  the rank of the row its cursor stands for; untouched without one.
 * Returns as summit_store_check does, and SUMMIT_GONE. */
enum summit_status fetch_check(struct summit_store *store, const struct summit_query *query,
                               json_t *problems, int64_t *ret_after)
    __attribute__((warn_unused_result));

/* What the rows of a document are to be given as. */
enum list_form fetch_form(const struct summit_query *query);

/* What a query selects, from its start. Borrows from the query. */
void fetch_selection(const struct summit_query *query, struct selection *ret_selection);

/* The rows with the fields that a query keeps; the caller's. NULL when out of memory. */
json_t *fetch_fields(const struct summit_query *query, json_t *rows);

/* The cursor after what was selected, or NULL when nothing follows; the caller frees it. Returns
 * SUMMIT_OK or SUMMIT_NOMEM. */
enum summit_status fetch_next(const struct summit_store *store, const struct summit_query *query,
                              const struct selected *selected, char **ret_next)
    __attribute__((warn_unused_result));

#endif
