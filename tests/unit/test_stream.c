/* What a stream gives, when it fails, and that it frees all. */
#include "check.h"
#include "source.h"

#include <stdlib.h>

/* Reads a stream to its end or failure, `room` bytes at a time. */
static enum summit_status read_all(struct stream *stream, size_t room, char *body,
                                   size_t *ret_length)
{
    *ret_length = 0;
    for (;;) {
        size_t length = 0;
        enum summit_status status = stream_read(stream, body + *ret_length, room, &length);
        if (status != SUMMIT_OK || length == 0) {
            return status;
        }
        assert_in_range(length, 1, room);
        *ret_length += length;
    }
}

static void a_short_one_is_a_text(void **state)
{
    (void)state;
    for (size_t count = 0; count < 3; count++) {
        for (int known = 0; known < 2; known++) {
            struct source source = {.count = count, .length = 1000, .fail_at = SOURCE_NEVER};
            struct answer answer;
            struct stream *stream = NULL;
            int64_t size = known ? (int64_t)(count * 1000) : -1;
            assert_int_equal(source_start(&source, size, &answer, &stream), SUMMIT_OK);
            assert_null(stream);
            assert_true(source_is_body(&source, answer.text, answer.text_length));
            answer_clear(&answer);
            assert_int_equal(source.released, 1);
        }
    }
}

static void a_long_one_is_read_in_any_steps(void **state)
{
    static const size_t rooms[] = {1000, 32768, 1000000};
    (void)state;
    char *body = malloc(2000000);
    for (size_t i = 0; i < 6; i++) {
        struct source source = {.count = 20, .length = SOURCE_PIECE, .fail_at = SOURCE_NEVER};
        struct answer answer;
        struct stream *stream = NULL;
        size_t length = 0;
        int64_t size = i < 3 ? 20 * SOURCE_PIECE : -1;
        assert_int_equal(source_start(&source, size, &answer, &stream), SUMMIT_OK);
        assert_non_null(stream);
        assert_int_equal(stream_size(stream), size);
        assert_in_range(source.made, 1, 4);
        assert_int_equal(read_all(stream, rooms[i % 3], body, &length), SUMMIT_OK);
        assert_true(source_is_body(&source, body, length));
        answer_clear(&answer);
        stream_free(stream);
        assert_int_equal(source.released, 1);
    }
    free(body);
}

static void gzip_is_made_on_the_way(void **state)
{
    static const size_t rooms[] = {10, 32768};
    (void)state;
    char *body = malloc(2000000);
    for (size_t i = 0; i < 2; i++) {
        struct source source = {.count = 50, .length = SOURCE_PIECE, .fail_at = SOURCE_NEVER};
        struct answer answer;
        struct stream *stream = NULL;
        size_t length = 0;
        size_t plain_length = 0;
        assert_int_equal(source_start(&source, 50 * SOURCE_PIECE, &answer, &stream), SUMMIT_OK);
        assert_true(stream_compress(stream, CODING_GZIP));
        assert_int_equal(stream_size(stream), -1);
        assert_int_equal(read_all(stream, rooms[i], body, &length), SUMMIT_OK);
        assert_in_range(length, 1, 50 * SOURCE_PIECE / 10);
        char *plain = source_gunzip(body, length, &plain_length);
        assert_non_null(plain);
        assert_true(source_is_body(&source, plain, plain_length));
        free(plain);
        answer_clear(&answer);
        stream_free(stream);
    }
    free(body);
}

static void a_failure_at_the_start_is_told_there(void **state)
{
    (void)state;
    for (size_t fail_at = 0; fail_at < 3; fail_at++) {
        struct source source = {.count = 50, .length = SOURCE_PIECE, .fail_at = fail_at};
        struct answer answer;
        struct stream *stream = NULL;
        assert_int_equal(source_start(&source, -1, &answer, &stream), SUMMIT_TIMEOUT);
        assert_null(stream);
        assert_null(answer.text);
        answer_clear(&answer);
        assert_int_equal(source.released, 1);
    }
}

static void a_later_failure_comes_after_what_was_made(void **state)
{
    (void)state;
    char *body = malloc(2000000);
    for (int coding = CODING_IDENTITY; coding < CODING_NONE; coding++) {
        struct source source = {.count = 50, .length = SOURCE_PIECE, .fail_at = 10};
        struct answer answer;
        struct stream *stream = NULL;
        size_t length = 0;
        assert_int_equal(source_start(&source, -1, &answer, &stream), SUMMIT_OK);
        assert_true(coding == CODING_IDENTITY || stream_compress(stream, (enum coding)coding));
        assert_int_equal(read_all(stream, 32768, body, &length), SUMMIT_TIMEOUT);
        assert_true(coding != CODING_IDENTITY || length == 10 * SOURCE_PIECE);
        stream_free(stream);
        answer_clear(&answer);
        assert_int_equal(source.released, 1);
    }
    free(body);
}

/* A size that was told in Content-Length is kept, or the answer fails. */
static void a_wrong_size_is_a_failure(void **state)
{
    static const int64_t sizes[] = {20 * SOURCE_PIECE - 1, 20 * SOURCE_PIECE + 1};
    (void)state;
    char *body = malloc(2000000);
    for (size_t i = 0; i < 2; i++) {
        struct source source = {.count = 20, .length = SOURCE_PIECE, .fail_at = SOURCE_NEVER};
        struct answer answer;
        struct stream *stream = NULL;
        size_t length = 0;
        assert_int_equal(source_start(&source, sizes[i], &answer, &stream), SUMMIT_OK);
        assert_int_equal(read_all(stream, 32768, body, &length), SUMMIT_INTERNAL);
        assert_true((int64_t)length <= sizes[i]);
        stream_free(stream);
        answer_clear(&answer);
    }
    struct source source = {.count = 2, .length = 10, .fail_at = SOURCE_NEVER};
    struct answer answer;
    struct stream *stream = NULL;
    assert_int_equal(source_start(&source, 5, &answer, &stream), SUMMIT_INTERNAL);
    assert_int_equal(source.released, 1);
    answer_clear(&answer);
    free(body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_short_one_is_a_text),
        cmocka_unit_test(a_long_one_is_read_in_any_steps),
        cmocka_unit_test(gzip_is_made_on_the_way),
        cmocka_unit_test(a_failure_at_the_start_is_told_there),
        cmocka_unit_test(a_later_failure_comes_after_what_was_made),
        cmocka_unit_test(a_wrong_size_is_a_failure),
    };
    return cmocka_run_group_tests(tests, source_set_up, source_tear_down);
}
