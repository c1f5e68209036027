/* Memory that runs out while a body is coded. The library for brotli would end the process then. */
#include "../support/check.h"
#include "alloc.h"
#include "compress.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

enum { LENGTH = 300000, ROOM = 1000 };

struct body {
    enum coding coding;
    size_t length;
    char *data; /* what was made; freed by check */
    size_t made;
    char *plain;  /* LENGTH bytes */
    char *wanted; /* what is made without a failure; NULL at first */
    size_t wanted_length;
};

/* At once. */
static enum summit_status code(void *context)
{
    struct body *body = context;
    body->data = NULL;
    body->made = 0;
    bool is_made = compress_body(body->coding, body->plain, body->length, &body->data, &body->made);
    return is_made ? SUMMIT_OK : SUMMIT_NOMEM;
}

/* Piece by piece; what is made stays in a room that has memory. */
static enum summit_status code_in_pieces(void *context)
{
    static char room[2 * LENGTH];
    struct body *body = context;
    struct compress *coder = compress_new(body->coding);
    size_t at = 0;
    bool is_good = coder != NULL;
    bool ended = false;
    body->data = room;
    body->made = 0;
    while (is_good && !ended) {
        size_t used = 0;
        size_t written = 0;
        size_t piece = body->length - at < ROOM ? body->length - at : ROOM;
        is_good = compress_write(coder, body->plain + at, piece, at + piece == body->length,
                                 room + body->made, ROOM, &used, &written, &ended);
        at += used;
        body->made += written;
        assert_true(body->made + ROOM <= sizeof room);
    }
    compress_free(coder);
    return is_good ? SUMMIT_OK : SUMMIT_NOMEM;
}

static void check_made(struct body *body, enum summit_status status)
{
    if (status != SUMMIT_OK) {
        return;
    }
    if (body->wanted == NULL) {
        body->wanted = malloc(body->made);
        assert_non_null(body->wanted);
        memcpy(body->wanted, body->data, body->made);
        body->wanted_length = body->made;
    }
    assert_int_equal(body->made, body->wanted_length);
    assert_memory_equal(body->data, body->wanted, body->made);
}

static void check_coded(void *context, enum summit_status status)
{
    struct body *body = context;
    assert_true((body->data != NULL) == (status == SUMMIT_OK));
    check_made(body, status);
    free(body->data);
}

static void check_pieces(void *context, enum summit_status status)
{
    check_made(context, status);
}

static void fail_all(struct operation *operation)
{
    static const size_t lengths[] = {0, 1, COMPRESS_MIN_BYTES, 5000, LENGTH};
    struct body body = {.plain = malloc(LENGTH)};
    assert_non_null(body.plain);
    for (size_t i = 0; i < LENGTH; i++) {
        body.plain[i] = (char)('a' + i % 26 * (i / 4096) % 26);
    }
    for (int coding = CODING_GZIP; coding < CODING_NONE; coding++) {
        for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
            body.coding = (enum coding)coding;
            body.length = lengths[i];
            body.wanted = NULL;
            operation->name = coding_token(body.coding);
            operation_fail_all(operation, &body);
            free(body.wanted);
        }
    }
    free(body.plain);
}

static void coding_a_body(void **state)
{
    (void)state;
    struct operation operation = {.run = code, .check = check_coded};
    fail_all(&operation);
}

static void coding_pieces(void **state)
{
    (void)state;
    struct operation operation = {.run = code_in_pieces, .check = check_pieces};
    fail_all(&operation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(coding_a_body),
        cmocka_unit_test(coding_pieces),
    };
    alloc_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
