/* A cursor is base64url of `REVISION DIGEST RANK CHECK`, the numbers in hexadecimal, CHECK the
 * start of a SHA-256 over what stands before it. CHECK is no secret: it tells a mistyped or made-up
 * cursor from one of another revision, so that each gets its right answer. A forger gains nothing,
 * for a cursor only says where to start. */
#include "cursor.h"

#include <nettle/base64.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"

enum { ID_LENGTH = DIGEST_LENGTH, CURSOR_LENGTH = 4 * ID_LENGTH };

/* Writes the check of what stands before it in text. */
static void write_check(const char *text, char ret_check[ID_LENGTH + 1])
{
    digest_write(text, CURSOR_LENGTH - ID_LENGTH, ret_check);
}

enum { ENCODED_LENGTH = (CURSOR_LENGTH * 8 + 5) / 6 };

/* Writes base64url of text, without padding, and a NUL. */
static void encode_text(const char *text, char ret_cursor[ENCODED_LENGTH + 1])
{
    struct base64_encode_ctx context;
    char cursor[BASE64_ENCODE_LENGTH(CURSOR_LENGTH) + BASE64_ENCODE_FINAL_LENGTH];
    base64url_encode_init(&context);
    size_t length = base64_encode_update(&context, cursor, CURSOR_LENGTH, (const uint8_t *)text);
    base64_encode_final(&context, cursor + length);
    memcpy(ret_cursor, cursor, ENCODED_LENGTH);
    ret_cursor[ENCODED_LENGTH] = '\0';
}

enum summit_status cursor_encode(const char *revision, const char *digest, int64_t after,
                                 char **ret_cursor)
{
    char text[CURSOR_LENGTH + 1];
    char *cursor = malloc(ENCODED_LENGTH + 1);
    if (cursor == NULL) {
        return SUMMIT_NOMEM;
    }
    snprintf(text, sizeof text, "%.16s%.16s%016llx", revision, digest, (unsigned long long)after);
    write_check(text, text + CURSOR_LENGTH - ID_LENGTH);
    encode_text(text, cursor);
    *ret_cursor = cursor;
    return SUMMIT_OK;
}

/* Decodes base64url without padding into exactly CURSOR_LENGTH bytes of text. The last character
 * has bits to spare, so only what encodes to the same cursor again is one. */
static bool decode_text(const char *cursor, char ret_text[CURSOR_LENGTH + 1])
{
    struct base64_decode_ctx context;
    uint8_t buffer[BASE64_DECODE_LENGTH(ENCODED_LENGTH + 2)];
    char again[ENCODED_LENGTH + 1];
    size_t length = sizeof buffer;
    if (strlen(cursor) != ENCODED_LENGTH) {
        return false;
    }
    base64url_decode_init(&context);
    if (base64_decode_update(&context, &length, buffer, ENCODED_LENGTH, cursor) != 1 ||
        length != CURSOR_LENGTH) {
        return false;
    }
    memcpy(ret_text, buffer, CURSOR_LENGTH);
    ret_text[CURSOR_LENGTH] = '\0';
    encode_text(ret_text, again);
    return strcmp(cursor, again) == 0;
}

enum summit_status cursor_decode(const char *cursor, const char *revision, const char *digest,
                                 int64_t *ret_after)
{
    char text[CURSOR_LENGTH + 1];
    char check[ID_LENGTH + 1];
    if (!decode_text(cursor, text)) {
        return SUMMIT_INVALID;
    }
    write_check(text, check);
    const char *rank = text + (ptrdiff_t)2 * ID_LENGTH;
    if (memcmp(check, text + CURSOR_LENGTH - ID_LENGTH, ID_LENGTH) != 0 ||
        strspn(rank, "0123456789abcdef") < ID_LENGTH || rank[0] > '7') {
        return SUMMIT_INVALID;
    }
    if (memcmp(text, revision, ID_LENGTH) != 0) {
        return SUMMIT_GONE;
    }
    if (memcmp(text + ID_LENGTH, digest, ID_LENGTH) != 0) {
        return SUMMIT_INVALID;
    }
    char digits[ID_LENGTH + 1];
    memcpy(digits, rank, ID_LENGTH);
    digits[ID_LENGTH] = '\0';
    *ret_after = (int64_t)strtoull(digits, NULL, 16);
    return SUMMIT_OK;
}
