/* Selecting rows: the one way from a list statement to JSON. */
#ifndef LIST_H
#define LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "resource.h"
#include "store.h"
#include "summit.h"

/* Which rows, and how they are shown. */
struct selection {
    const struct resource *resource;
    const json_t *filters; /* {filter: [value, ...]}, may be NULL */
    const json_t *ids;     /* keep rows with these ids; NULL keeps all */
    const char *scope;     /* the one summit the rows are shown for, or NULL */
    int64_t after;         /* the rank before the first row; 0 is the start */
    int64_t limit;         /* rows at most; -1 is no limit */
    enum field_use use;
};

struct selected {
    json_t *rows;      /* an array, the caller's */
    int64_t last_rank; /* of the last row */
    bool more;         /* there are rows after it */
};

/* Selects rows. Returns SUMMIT_OK, SUMMIT_TIMEOUT, SUMMIT_NOMEM, SUMMIT_CORRUPT, SUMMIT_BUSY or
 * SUMMIT_IO. */
enum summit_status list_select(struct summit_store *store, const struct selection *selection,
                               struct selected *ret_selected) __attribute__((warn_unused_result));

/* How many rows a selection has, `after` and `limit` aside. Statuses as list_select. */
enum summit_status list_total(struct summit_store *store, const struct selection *selection,
                              int64_t *ret_total) __attribute__((warn_unused_result));

#endif
