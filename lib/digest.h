/* Short fingerprints. */
#ifndef DIGEST_H
#define DIGEST_H

#include <stddef.h>

enum { DIGEST_LENGTH = 16 };

/* Writes the first 16 hexadecimal digits of the SHA-256 (FIPS 180-4) of length bytes, and a NUL. */
void digest_write(const char *data, size_t length, char ret_digest[DIGEST_LENGTH + 1]);

#endif
