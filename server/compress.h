/* The gzip form of a body. */
#ifndef SERVER_COMPRESS_H
#define SERVER_COMPRESS_H

#include <stdbool.h>
#include <stddef.h>

/* Below this many bytes gzip does not pay. */
enum { COMPRESS_MIN_BYTES = 256 };

/* Compresses to one gzip member (RFC 1952) without a time or name, so equal bodies give equal
 * bytes. ret_data  the caller frees it. Returns false when out of memory. */
bool compress_gzip(const char *data, size_t length, char **ret_data, size_t *ret_length)
    __attribute__((warn_unused_result));

/* A coder of one gzip member whose input comes piece by piece. */
struct compress;

/* Freed with compress_free. NULL when out of memory. */
struct compress *compress_new(void) __attribute__((warn_unused_result));

/* Codes as much as there is room for.
 *   data, length  what comes next of the input.
 *   is_last       nothing comes after it.
 *   output, size  where the coded bytes go; size is more than 0.
 *   ret_used      bytes of the input that need not be given again.
 *   ret_written   bytes of output; 0 is possible until the last input is used up.
 *   ret_ended     the member is complete.
 * Returns false if the coder was used beyond its end. */
bool compress_write(struct compress *coder, const char *data, size_t length, bool is_last,
                    char *output, size_t size, size_t *ret_used, size_t *ret_written,
                    bool *ret_ended) __attribute__((warn_unused_result));

/* Takes NULL. */
void compress_free(struct compress *coder);

#endif
