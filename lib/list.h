/* Selecting rows: the one way from a resource's tables to JSON. */
#ifndef LIST_H
#define LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "plan.h"
#include "resource.h"
#include "store.h"
#include "summit.h"

/* What rows are given as. */
enum list_form {
    LIST_OBJECTS, /* an array of objects */
    LIST_ARRAY,   /* a string with the JSON text of that array */
    LIST_LINES    /* a string with the JSON text of each, and a line end after it */
};

/* Which rows, and how they are shown. */
struct selection {
    const struct resource *resource; /* NULL for the documents of all in the search index */
    const json_t *filters;           /* {filter: [value, ...]}, may be NULL */
    const json_t *ids;               /* keep rows with these ids; NULL keeps all */
    const json_t *types;             /* keep documents of these resources; NULL keeps all */
    const char *match;               /* keep rows this FTS5 expression finds; NULL keeps all */
    const struct plan *plan;         /* of all these, from list_plan; NULL makes one when needed */
    bool is_empty;                   /* keep none: a search for no word */
    const struct order *order;       /* ends with a NULL key; NULL is by rank, or by relevance */
    const char *scope;               /* the one summit the rows are shown for, or NULL */
    int64_t after;                   /* the rank of the row before the first; 0 is the start */
    int64_t limit;                   /* rows at most; -1 is no limit */
    enum field_use use;
    enum list_form form; /* for FIELD_DOCUMENT */
};

struct selected {
    json_t *rows;      /* by the form; the caller's */
    json_t *ranks;     /* of the rows, an array, the caller's */
    int64_t last_rank; /* of the last row */
    bool more;         /* there are rows after it */
    bool is_ranked;    /* they are in order of relevance */
};

/* Frees what was selected; fine when nothing was. */
void list_clear(struct selected *selected);

#define selected_auto __attribute__((cleanup(list_clear))) struct selected

/* What a selection's filters and its search amount to, for a selection that is asked several
 * things. ret_plan  to be cleared also on failure. Statuses as list_select. */
enum summit_status list_plan(struct summit_store *store, const struct selection *selection,
                             struct plan *ret_plan) __attribute__((warn_unused_result));

/* Selects rows. Returns SUMMIT_OK, SUMMIT_TIMEOUT, SUMMIT_NOMEM, SUMMIT_CORRUPT, SUMMIT_BUSY or
 * SUMMIT_IO. */
enum summit_status list_select(struct summit_store *store, const struct selection *selection,
                               struct selected *ret_selected) __attribute__((warn_unused_result));

/* Selects ranks only: `rows` is NULL. Statuses as list_select. */
enum summit_status list_ranks(struct summit_store *store, const struct selection *selection,
                              struct selected *ret_selected) __attribute__((warn_unused_result));

/* One row by its rank, as documents show it. SUMMIT_CORRUPT when there is none. Statuses as
 * list_select. */
enum summit_status list_show(struct summit_store *store, const struct resource *resource,
                             int64_t rank, json_t **ret_row) __attribute__((warn_unused_result));

/* How many rows a selection has, `after` and `limit` aside.
 *   ret_is_exact  false when only the first PLAN_EXAMINED_MAX candidates were looked at: there are
 *                 at least so many.
 * Statuses as list_select. */
enum summit_status list_total(struct summit_store *store, const struct selection *selection,
                              int64_t *ret_total, bool *ret_is_exact)
    __attribute__((warn_unused_result));

#endif
