/* Rows of a resource, by their ranks. */
#ifndef SHOW_H
#define SHOW_H

#include "list.h"
#include "store.h"
#include "summit.h"

/* Shows rows as a selection wants them, by its resource, scope, use and form.
 *   ranks     which, an array.
 *   ret_rows  an array or a string, by the form; the caller's.
 * Returns SUMMIT_CORRUPT when there is no row of a rank; else statuses as list_select. */
enum summit_status show_rows(struct summit_store *store, const struct selection *selection,
                             const json_t *ranks, json_t **ret_rows)
    __attribute__((warn_unused_result));

#endif
