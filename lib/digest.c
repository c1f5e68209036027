#include "digest.h"

#include <nettle/sha2.h>

static void write_digest(struct sha256_ctx *context, char ret_digest[DIGEST_LENGTH + 1])
{
    static const char hexadecimal[] = "0123456789abcdef";
    uint8_t bytes[DIGEST_LENGTH / 2];
    sha256_digest(context, sizeof bytes, bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        ret_digest[2 * i] = hexadecimal[bytes[i] >> 4];
        ret_digest[2 * i + 1] = hexadecimal[bytes[i] & 15];
    }
    ret_digest[DIGEST_LENGTH] = '\0';
}

void digest_write(const char *data, size_t length, char ret_digest[DIGEST_LENGTH + 1])
{
    struct sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, length, (const uint8_t *)data);
    write_digest(&context, ret_digest);
}

static int update(const char *piece, size_t length, void *context)
{
    sha256_update(context, length, (const uint8_t *)piece);
    return 0;
}

enum summit_status digest_write_json(const json_t *value, size_t flags,
                                     char ret_digest[DIGEST_LENGTH + 1])
{
    struct sha256_ctx context;
    sha256_init(&context);
    if (json_dump_callback(value, update, &context, flags) != 0) {
        return SUMMIT_NOMEM;
    }
    write_digest(&context, ret_digest);
    return SUMMIT_OK;
}
