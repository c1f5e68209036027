#include "digest.h"

#include <nettle/sha2.h>

void digest_write(const char *data, size_t length, char ret_digest[DIGEST_LENGTH + 1])
{
    static const char hexadecimal[] = "0123456789abcdef";
    struct sha256_ctx context;
    uint8_t bytes[DIGEST_LENGTH / 2];
    sha256_init(&context);
    sha256_update(&context, length, (const uint8_t *)data);
    sha256_digest(&context, sizeof bytes, bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        ret_digest[2 * i] = hexadecimal[bytes[i] >> 4];
        ret_digest[2 * i + 1] = hexadecimal[bytes[i] & 15];
    }
    ret_digest[DIGEST_LENGTH] = '\0';
}
