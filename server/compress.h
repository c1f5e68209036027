/* The coded form of a body. */
#ifndef SERVER_COMPRESS_H
#define SERVER_COMPRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "coding.h"

/* Below this many bytes coding does not pay. */
enum { COMPRESS_MIN_BYTES = 256 };

/* Codes a body. Equal bodies give equal bytes: a gzip member has no time and no name.
 *   coding    any but CODING_IDENTITY and CODING_NONE.
 *   ret_data  the caller frees it; no larger than its length.
 * Returns false when out of memory. */
bool compress_body(enum coding coding, const char *data, size_t length, char **ret_data,
                   size_t *ret_length) __attribute__((warn_unused_result));

/* A coder whose input comes piece by piece. */
struct compress;

/* Begins a coded body whose length is not known.
 *   coding  any but CODING_IDENTITY and CODING_NONE.
 * Freed with compress_free. NULL when out of memory. */
struct compress *compress_new(enum coding coding) __attribute__((warn_unused_result));

/* Codes as much as there is room for. Not to be called again after the end.
 *   data, length  what comes next of the input.
 *   is_last       nothing comes after it.
 *   output, size  where the coded bytes go; size is more than 0.
 *   ret_used      bytes of the input that need not be given again.
 *   ret_written   bytes of output; 0 is possible until the last input is used up.
 *   ret_ended     the coded body is complete.
 * Returns false when out of memory, and the coder is then of no more use. */
bool compress_write(struct compress *coder, const char *data, size_t length, bool is_last,
                    char *output, size_t size, size_t *ret_used, size_t *ret_written,
                    bool *ret_ended) __attribute__((warn_unused_result));

/* Takes NULL. */
void compress_free(struct compress *coder);

#endif
