/* Coded bodies come back byte for byte, through decoders that are not ours. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <brotli/decode.h>
#include <zlib.h>

#include "compress.h"

enum { LENGTH_MAX = 1 << 20 };

static const size_t lengths[] = {
    0,
    1,
    2,
    15,
    16,
    17,
    255,
    256,
    257,
    1023,
    1024,
    1025,
    4095,
    4096,
    65534,
    65535,
    65536,
    65537,
    LENGTH_MAX - 1,
    LENGTH_MAX,
};

enum { LENGTH_COUNT = sizeof lengths / sizeof lengths[0] };

enum filling { TEXT_LIKE, RANDOM, ONE_BYTE, FILLINGS };

static char *plain[FILLINGS];

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* A list of rows, as ours are. */
static void fill_with_rows(char *text)
{
    size_t length = 0;
    for (unsigned i = 0; length < LENGTH_MAX - 64; i++) {
        length += (size_t)snprintf(text + length, LENGTH_MAX - length,
                                   "{\"id\":\"row-%u\",\"number\":%u},", i, i * i % 1000);
    }
    memset(text + length, ' ', LENGTH_MAX - length);
}

static int set_up(void **state)
{
    (void)state;
    uint64_t random = 88172645463325252U;
    for (int i = 0; i < FILLINGS; i++) {
        plain[i] = malloc(LENGTH_MAX);
        assert_non_null(plain[i]);
    }
    fill_with_rows(plain[TEXT_LIKE]);
    for (size_t i = 0; i < LENGTH_MAX; i++) {
        plain[RANDOM][i] = (char)next_random(&random);
    }
    memset(plain[ONE_BYTE], 'x', LENGTH_MAX);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (int i = 0; i < FILLINGS; i++) {
        free(plain[i]);
    }
    return 0;
}

/* Undoes gzip; false unless it is one member, whole, with nothing after it. */
static bool gunzip(const char *data, size_t length, char *room, size_t size, size_t *ret_length)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)data,
                       .avail_in = (uInt)length,
                       .next_out = (Bytef *)room,
                       .avail_out = (uInt)size};
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    bool is_whole = inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_in == 0;
    *ret_length = stream.total_out;
    inflateEnd(&stream);
    return is_whole;
}

static bool unbrotli(const char *data, size_t length, char *room, size_t size, size_t *ret_length)
{
    *ret_length = size;
    return BrotliDecoderDecompress(length, (const uint8_t *)data, ret_length, (uint8_t *)room) ==
           BROTLI_DECODER_RESULT_SUCCESS;
}

/* Fails the test unless the coded bytes are the body. */
static void check_coded(enum coding coding, const char *data, size_t data_length, const char *body,
                        size_t length)
{
    size_t size = length + 1000;
    size_t got = 0;
    char *room = malloc(size);
    assert_non_null(room);
    bool is_whole = coding == CODING_GZIP ? gunzip(data, data_length, room, size, &got)
                                          : unbrotli(data, data_length, room, size, &got);
    if (!is_whole || got != length || memcmp(room, body, length) != 0) {
        fail_msg("%s of %zu bytes comes back as %zu%s", coding_token(coding), length, got,
                 is_whole ? "" : ", and is not whole");
    }
    free(room);
}

static void bodies_come_back_byte_for_byte(void **state)
{
    (void)state;
    for (int coding = CODING_GZIP; coding < CODING_NONE; coding++) {
        for (size_t i = 0; i < FILLINGS * LENGTH_COUNT; i++) {
            const char *body = plain[i % FILLINGS];
            size_t length = lengths[i / FILLINGS];
            char *data = NULL;
            size_t data_length = 0;
            assert_true(compress_body((enum coding)coding, body, length, &data, &data_length));
            check_coded((enum coding)coding, data, data_length, body, length);
            free(data);
        }
    }
}

static void rows_become_smaller_and_noise_hardly_larger(void **state)
{
    (void)state;
    for (int coding = CODING_GZIP; coding < CODING_NONE; coding++) {
        for (size_t i = 0; i < LENGTH_COUNT; i++) {
            char *data = NULL;
            size_t length = 0;
            assert_true(
                compress_body((enum coding)coding, plain[RANDOM], lengths[i], &data, &length));
            assert_in_range(length, 1, lengths[i] + lengths[i] / 100 + 32);
            free(data);
            assert_true(
                compress_body((enum coding)coding, plain[TEXT_LIKE], lengths[i], &data, &length));
            assert_true(lengths[i] < COMPRESS_MIN_BYTES || length < lengths[i] * 3 / 4);
            free(data);
        }
    }
}

/* An entity tag stands for the bytes, so they may not change from one time to the next. */
static void equal_bodies_give_equal_bytes(void **state)
{
    (void)state;
    for (int coding = CODING_GZIP; coding < CODING_NONE; coding++) {
        for (size_t i = 0; i < FILLINGS * LENGTH_COUNT; i++) {
            const char *body = plain[i % FILLINGS];
            size_t length = lengths[i / FILLINGS];
            char *copy = malloc(length + 1); /* it is not the place that matters */
            assert_non_null(copy);
            memcpy(copy, body, length);
            char *data[2] = {NULL};
            size_t data_length[2] = {0};
            assert_true(
                compress_body((enum coding)coding, body, length, &data[0], &data_length[0]));
            assert_true(
                compress_body((enum coding)coding, copy, length, &data[1], &data_length[1]));
            assert_int_equal(data_length[0], data_length[1]);
            assert_memory_equal(data[0], data[1], data_length[0]);
            free(data[0]);
            free(data[1]);
            free(copy);
        }
    }
}

/* How a body is fed to a coder. */
struct feeding {
    size_t piece;      /* of the input: from 0 to so many bytes */
    size_t room;       /* of the output: from 1 to so many */
    bool is_end_apart; /* that it is the last is told with no bytes left */
};

/* Codes a body piece by piece. Returns the length of what is written to output. */
static size_t code_in_pieces(struct compress *coder, const char *body, size_t length,
                             const struct feeding *feeding, char *output, size_t size)
{
    uint64_t random = 123456789 + length;
    size_t at = 0;
    size_t made = 0;
    bool ended = false;
    while (!ended) {
        size_t piece = next_random(&random) % (feeding->piece + 1);
        size_t room = 1 + next_random(&random) % feeding->room;
        piece = piece < length - at ? piece : length - at;
        bool is_last = at + piece == length && (!feeding->is_end_apart || piece == 0);
        size_t used = SIZE_MAX;
        size_t written = SIZE_MAX;
        assert_true(made + room <= size);
        /* A copy, so that a byte read beside the piece is found by a sanitizer. */
        char *input = malloc(piece + 1);
        memcpy(input, body + at, piece);
        assert_true(compress_write(coder, input, piece, is_last, output + made, room, &used,
                                   &written, &ended));
        free(input);
        assert_in_range(used, 0, piece);
        assert_in_range(written, 0, room);
        assert_true(!ended || (is_last && used == piece));
        at += used;
        made += written;
    }
    assert_int_equal(at, length);
    return made;
}

static void pieces_give_the_body_whatever_room_there_is(void **state)
{
    static const struct feeding feedings[] = {
        {.piece = 1, .room = 1},
        {.piece = 3000, .room = 1},
        {.piece = 7, .room = 13, .is_end_apart = true},
        {.piece = 30000, .room = 100, .is_end_apart = true},
        {.piece = LENGTH_MAX, .room = 32768},
    };
    (void)state;
    const size_t size = 2 * LENGTH_MAX;
    char *output = malloc(size);
    assert_non_null(output);
    for (int coding = CODING_GZIP; coding < CODING_NONE; coding++) {
        for (size_t i = 0; i < FILLINGS * LENGTH_COUNT; i++) {
            for (size_t j = 0; j < sizeof feedings / sizeof feedings[0]; j++) {
                size_t length = lengths[i / FILLINGS];
                /* A million calls for each byte of the largest would say no more. */
                if (length > 70000 && feedings[j].piece < 30000) {
                    continue;
                }
                const char *body = plain[i % FILLINGS];
                struct compress *coder = compress_new((enum coding)coding);
                assert_non_null(coder);
                size_t made = code_in_pieces(coder, body, length, &feedings[j], output, size);
                compress_free(coder);
                check_coded((enum coding)coding, output, made, body, length);
            }
        }
    }
    free(output);
}

/* The client has gone. */
static void a_coder_may_be_left_at_any_point(void **state)
{
    (void)state;
    char output[100];
    for (int coding = CODING_GZIP; coding < CODING_NONE; coding++) {
        compress_free(compress_new((enum coding)coding));
        for (size_t length = 1; length <= LENGTH_MAX; length *= 4) {
            struct compress *coder = compress_new((enum coding)coding);
            size_t used = 0;
            size_t written = 0;
            bool ended = true;
            assert_non_null(coder);
            assert_true(compress_write(coder, plain[RANDOM], length, false, output, sizeof output,
                                       &used, &written, &ended));
            assert_false(ended);
            compress_free(coder);
        }
    }
    compress_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_come_back_byte_for_byte),
        cmocka_unit_test(rows_become_smaller_and_noise_hardly_larger),
        cmocka_unit_test(equal_bodies_give_equal_bytes),
        cmocka_unit_test(pieces_give_the_body_whatever_room_there_is),
        cmocka_unit_test(a_coder_may_be_left_at_any_point),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
