/* Counts of the rows of a selection by the values of filters. */
#ifndef FACET_H
#define FACET_H

#include "list.h"
#include "store.h"
#include "summit.h"

enum {
    FACET_VALUES_MAX = 100,      /* values of one facet, the most frequent first */
    FACET_PAIR_ROWS_MIN = 1000,  /* publishing counts pairs of terms with so many rows, */
    FACET_PAIR_WIDTH_MAX = 1000, /* and filters with at most so many values */
};

/* Counts facets.
 *   selection     has its plan.
 *   filters       of the selection's resource; ends with NULL.
 *   ret_facets    {filter: [{"value", "count"}, ...]}.
 *   ret_is_exact  false when only the first PLAN_EXAMINED_MAX rows were counted.
 * Returns SUMMIT_OK, SUMMIT_TIMEOUT, SUMMIT_NOMEM, SUMMIT_CORRUPT, SUMMIT_BUSY or SUMMIT_IO. */
enum summit_status facet_count(struct summit_store *store, const struct selection *selection,
                               const struct filter *const *filters, json_t **ret_facets,
                               bool *ret_is_exact) __attribute__((warn_unused_result));

#endif
