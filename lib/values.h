/* What a filter may be in one database. */
#ifndef VALUES_H
#define VALUES_H

#include "resource.h"
#include "store.h"
#include "summit.h"

/* Checks that the database has what a filter names.
 *   values    an array of texts; NULL if the filter is not used.
 *   problems  gets one problem for each value it has not got, with the nearest it has.
 * Returns SUMMIT_OK, SUMMIT_INVALID, SUMMIT_TIMEOUT, SUMMIT_CORRUPT, SUMMIT_BUSY, SUMMIT_IO or
 * SUMMIT_NOMEM. */
enum summit_status values_check(struct summit_store *store, const struct filter *filter,
                                const json_t *values, json_t *problems)
    __attribute__((warn_unused_result));

#endif
