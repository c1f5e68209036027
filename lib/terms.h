/* What filters and searches amount to in a database: the terms that filters name, how many rows
 * they have, how many documents a search finds. */
#ifndef TERMS_H
#define TERMS_H

#include "list.h"
#include "plan.h"
#include "store.h"
#include "summit.h"

/* Writes the clauses of a selection's filters into a plan and notes when one has no rows at all, or
 * some value has none.
 * Returns SUMMIT_OK, SUMMIT_TIMEOUT, SUMMIT_NOMEM, SUMMIT_CORRUPT, SUMMIT_BUSY or SUMMIT_IO. */
enum summit_status terms_resolve(struct summit_store *store, const struct selection *selection,
                                 struct plan *plan) __attribute__((warn_unused_result));

/* The names under which a filter's values are noted in the table `term`: its own, or one for each
 * summit that the filters name. A JSON array, the caller's. NULL when out of memory. */
json_t *terms_names(const struct filter *filter, const json_t *filters);

/* Expands a selection's search into a plan and notes when it finds nothing; counts the documents
 * that it finds in the resource, at most PLAN_EXAMINED_MAX + 1. Statuses as terms_resolve. */
enum summit_status terms_match(struct summit_store *store, const struct selection *selection,
                               struct plan *plan) __attribute__((warn_unused_result));

/* How many rows a plan has, where publishing has counted them: all, those of one term, those that
 * two terms share.
 *   ret_found  whether it has.
 * Statuses as terms_resolve. */
enum summit_status terms_count_rows(struct summit_store *store, const struct plan *plan,
                                    bool *ret_found, int64_t *ret_count)
    __attribute__((warn_unused_result));

/* Binds :match, :counts, :base and :end. Returns SUMMIT_OK or SUMMIT_NOMEM. */
enum summit_status terms_bind_match(const struct summit_store *store, sqlite3_stmt *stmt,
                                    const struct selection *selection, const struct plan *plan)
    __attribute__((warn_unused_result));

#endif
