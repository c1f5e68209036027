/* A coder of one brotli stream (RFC 7932) that outlives a lack of memory. */
#ifndef SERVER_BROTLI_H
#define SERVER_BROTLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct brotli;

/* Begins a stream.
 *   quality      0 to 11, the more the smaller and slower.
 *   window_bits  10 to 24: how far it looks back, as a power of two of bytes.
 * Freed with brotli_free. NULL when out of memory. */
struct brotli *brotli_new(uint32_t quality, uint32_t window_bits)
    __attribute__((warn_unused_result));

/* As compress_write. */
bool brotli_write(struct brotli *coder, const char *data, size_t length, bool is_last, char *output,
                  size_t size, size_t *ret_used, size_t *ret_written, bool *ret_ended)
    __attribute__((warn_unused_result));

/* Takes NULL. */
void brotli_free(struct brotli *coder);

#endif
