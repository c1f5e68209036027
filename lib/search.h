/* What a search adds to a list: where its rows match; and the search over all resources. */
#ifndef SEARCH_H
#define SEARCH_H

#include "list.h"
#include "query.h"
#include "store.h"
#include "summit.h"

/* Where the selected rows of a resource match: {id: {"text", "matches": [{"start", "length"}]}}.
 *   selection  has its plan.
 * Returns SUMMIT_OK, SUMMIT_TIMEOUT, SUMMIT_NOMEM, SUMMIT_CORRUPT, SUMMIT_BUSY or SUMMIT_IO. */
enum summit_status search_highlights(struct summit_store *store, const struct selection *selection,
                                     const struct selected *selected, json_t **ret_highlights)
    __attribute__((warn_unused_result));

/* A page of the search over all resources: {"data": [{"type", "id", "title", "snippet"}], "meta"}.
 *   selection  has its plan.
 *   selected   what was found, for the cursor; to be freed also on failure.
 * Statuses as search_highlights. */
enum summit_status search_page(struct summit_store *store, const struct summit_query *query,
                               const struct selection *selection, struct selected *selected,
                               json_t **ret_page) __attribute__((warn_unused_result));

#endif
