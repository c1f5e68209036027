/* One term: a value of a resource's filter, as the table `term` notes it. */
#ifndef TERM_H
#define TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "summit.h"

enum { TERM_CACHE_SIZE = 64, TERM_KEY_MAX = 96 };

struct term {
    int64_t rank;
    int64_t row_count; /* how many rows have it */
};

struct kept_term {
    struct term term;
    size_t length; /* of the key; 0 for no term */
    char key[TERM_KEY_MAX];
};

/* Terms that were looked up, each in the place that its key leads to. Zeros are an empty one. */
struct term_cache {
    struct kept_term entries[TERM_CACHE_SIZE];
};

/* Looks a term up.
 *   filter  its name, or its name within a summit.
 * Returns SUMMIT_OK, SUMMIT_TIMEOUT, SUMMIT_NOMEM, SUMMIT_CORRUPT, SUMMIT_BUSY or SUMMIT_IO. */
enum summit_status term_find(struct summit_store *store, const char *resource, const char *filter,
                             const char *value, bool *ret_found, struct term *ret_term)
    __attribute__((warn_unused_result));

#endif
