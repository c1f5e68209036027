/* Short fingerprints. */
#ifndef DIGEST_H
#define DIGEST_H

#include <stddef.h>

#include "summit.h"

enum { DIGEST_LENGTH = 16 };

/* Writes the first 16 hexadecimal digits of the SHA-256 (FIPS 180-4) of length bytes, and a NUL. */
void digest_write(const char *data, size_t length, char ret_digest[DIGEST_LENGTH + 1]);

/* The same of the text of a JSON value as json_dumps gives it with these flags, without holding
 * that text. SUMMIT_OK or SUMMIT_NOMEM. */
enum summit_status digest_write_json(const json_t *value, size_t flags,
                                     char ret_digest[DIGEST_LENGTH + 1])
    __attribute__((warn_unused_result));

#endif
