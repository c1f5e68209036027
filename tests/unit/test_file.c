/* The database file as bytes, read through the store. */
#include "check.h"
#include "fixture.h"

#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"

static char *published(void *state, size_t *ret_length)
{
    const struct fixture *fixture = state;
    JSON *record = fixture_xian();
    assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
    return file_read(fixture->path, ret_length);
}

static void the_whole_file_is_read_in_parts(void **state)
{
    static const size_t parts[] = {1, 100, 4096, 65536, 1000000};
    const struct fixture *fixture = *state;
    size_t length = 0;
    TEXT *file = published(*state, &length);
    STORE *store = fixture_open(fixture->path);
    assert_int_equal(summit_store_size(store), length);
    TEXT *copy = malloc(length);
    size_t at = 0;
    for (size_t i = 0; at < length; i++) {
        size_t part = parts[i % COUNT(parts)];
        part = part < length - at ? part : length - at;
        assert_int_equal(summit_store_read(store, (int64_t)at, copy + at, part), SUMMIT_OK);
        at += part;
    }
    assert_memory_equal(copy, file, length);
}

static void nothing_beyond_the_file_is_read(void **state)
{
    const struct fixture *fixture = *state;
    size_t length = 0;
    TEXT *file = published(*state, &length);
    STORE *store = fixture_open(fixture->path);
    int64_t size = (int64_t)length;
    char bytes[16];
    assert_int_equal(summit_store_read(store, size - 16, bytes, 16), SUMMIT_OK);
    assert_memory_equal(bytes, file + length - 16, 16);
    assert_int_equal(summit_store_read(store, size, bytes, 0), SUMMIT_OK);
    assert_int_equal(summit_store_read(store, size - 15, bytes, 16), SUMMIT_INVALID);
    assert_int_equal(summit_store_read(store, size + 1, bytes, 0), SUMMIT_INVALID);
    assert_int_equal(summit_store_read(store, -1, bytes, 1), SUMMIT_INVALID);
    assert_int_equal(summit_store_read(store, INT64_MAX, bytes, 1), SUMMIT_INVALID);
    assert_int_equal(summit_store_read(store, 0, bytes, SIZE_MAX), SUMMIT_INVALID);
}

static void a_store_gives_the_digest_of_its_file(void **state)
{
    const struct fixture *fixture = *state;
    size_t length = 0;
    TEXT *file = published(*state, &length);
    struct sha256_ctx context;
    uint8_t digest[SUMMIT_DIGEST_BYTES];
    sha256_init(&context);
    sha256_update(&context, length, (const uint8_t *)file);
    sha256_digest(&context, sizeof digest, digest);
    STORE *store = fixture_open(fixture->path);
    uint8_t found[SUMMIT_DIGEST_BYTES];
    assert_int_equal(summit_store_digest(store, found), SUMMIT_OK);
    assert_memory_equal(found, digest, sizeof digest);
    STORE *hasty = NULL;
    assert_int_equal(summit_store_open(fixture->path, 0, &hasty, NULL), SUMMIT_OK);
    assert_int_equal(summit_store_size(hasty), length);
}

static void a_replaced_file_is_read_to_its_end(void **state)
{
    const struct fixture *fixture = *state;
    size_t length = 0;
    TEXT *file = published(*state, &length);
    STORE *store = fixture_open(fixture->path);
    TEXT *copy = malloc(length);
    assert_int_equal(summit_store_read(store, 0, copy, 4096), SUMMIT_OK);
    JSON *other = fixture_record("pond-2021");
    assert_int_equal(fixture_publish(fixture->path, other, SUMMIT_PUBLISH_REPLACE, NULL),
                     SUMMIT_OK);
    assert_int_equal(summit_store_read(store, 4096, copy + 4096, length - 4096), SUMMIT_OK);
    assert_memory_equal(copy, file, length);
}

/* Bytes that somebody wrote into the file are not given out, and stay refused when the file has
 * moved away from its path. */
static void a_file_that_was_written_to_is_not_given_out(void **state)
{
    const struct fixture *fixture = *state;
    size_t length = 0;
    free(published(*state, &length));
    STORE *store = fixture_open(fixture->path);
    char bytes[16];
    assert_int_equal(summit_store_read(store, 0, bytes, 16), SUMMIT_OK);
    FILE *stream = fopen(fixture->path, "r+");
    assert_non_null(stream);
    assert_int_equal(fseek(stream, (long)length - 1, SEEK_SET), 0);
    assert_int_equal(fputc('x', stream), 'x');
    assert_int_equal(fclose(stream), 0);
    assert_int_equal(summit_store_read(store, 0, bytes, 16), SUMMIT_CORRUPT);
    assert_int_equal(unlink(fixture->path), 0);
    assert_int_equal(summit_store_read(store, 0, bytes, 16), SUMMIT_CORRUPT);
}

static void a_file_cut_short_is_not_given_out(void **state)
{
    const struct fixture *fixture = *state;
    size_t length = 0;
    free(published(*state, &length));
    STORE *store = fixture_open(fixture->path);
    assert_int_equal(truncate(fixture->path, 4096), 0);
    /* Not even seen at its path, the missing bytes are missed. */
    assert_int_equal(unlink(fixture->path), 0);
    char bytes[16];
    assert_int_equal(summit_store_read(store, (int64_t)length - 16, bytes, 16), SUMMIT_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define EACH(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)
        EACH(the_whole_file_is_read_in_parts),
        EACH(nothing_beyond_the_file_is_read),
        EACH(a_store_gives_the_digest_of_its_file),
        EACH(a_replaced_file_is_read_to_its_end),
        EACH(a_file_that_was_written_to_is_not_given_out),
        EACH(a_file_cut_short_is_not_given_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
