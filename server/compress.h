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

#endif
