/* The checksum of a published file: it is there, any change shows, and a file without it is looked
 * at in full. */
#include "check.h"
#include "fixture.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "checksum.h"
#include "folder.h"
#include "sql.h"

static void publish(const struct fixture *fixture)
{
    JSON *record = fixture_xian();
    assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
}

/* Whether the file at the path carries its checksum. It is opened unverified. */
static bool carries(const char *path)
{
    STORE *store = NULL;
    bool matches = false;
    assert_int_equal(summit_store_open(path, 0, &store, NULL), SUMMIT_OK);
    assert_int_equal(checksum_check(store, &matches), SUMMIT_OK);
    return matches;
}

static enum summit_status verify(const char *path)
{
    STORE *store = NULL;
    return summit_store_open(path, SUMMIT_STORE_VERIFY, &store, NULL);
}

/* Runs SQL as another program would. */
static void run(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void a_published_file_carries_its_checksum(void **state)
{
    const struct fixture *fixture = *state;
    publish(fixture);
    assert_true(carries(fixture->path));
    JSON *pond = fixture_record("pond-2021");
    assert_int_equal(fixture_publish(fixture->path, pond, 0, NULL), SUMMIT_OK);
    assert_true(carries(fixture->path));
}

enum { PAGE = 4096, CHECKSUM = PAGE - 16 };

/* Changes a bit of one byte, which must show. Returns whether the store still opens. */
static bool check_change(const struct fixture *fixture, char *bytes, size_t length, size_t at,
                         uint64_t original)
{
    bool is_of_checksum = at >= CHECKSUM && at < CHECKSUM + sizeof original;
    TEXT *path = folder_join(fixture->folder, "changed.db");
    STORE *changed = NULL;
    bool matches = true;
    uint64_t computed = 0;
    bytes[at] = (char)(bytes[at] ^ (1 << at % 8));
    file_write(path, bytes, length);
    bytes[at] = (char)(bytes[at] ^ (1 << at % 8));
    if (summit_store_open(path, 0, &changed, NULL) != SUMMIT_OK) {
        return false;
    }
    assert_int_equal(checksum_check(changed, &matches), SUMMIT_OK);
    assert_int_equal(checksum_compute(changed, &computed), SUMMIT_OK);
    if (matches || (computed == original) != is_of_checksum) {
        fail_msg("byte %zu is another, and it does not show", at);
    }
    return true;
}

/* Of every 499th byte after the header, and each of the bytes set aside. */
static void any_change_shows(void **state)
{
    enum { FIRST = 101, STEP = 499 };
    const struct fixture *fixture = *state;
    size_t length = 0;
    size_t compared = 0;
    uint64_t original = 0;
    publish(fixture);
    TEXT *bytes = file_read(fixture->path, &length);
    STORE *store = fixture_open(fixture->path);
    assert_int_equal(checksum_compute(store, &original), SUMMIT_OK);
    for (size_t at = CHECKSUM; at < PAGE; at++) {
        assert_true(check_change(fixture, bytes, length, at, original));
    }
    for (size_t at = FIRST; at < length; at += STEP) {
        compared += check_change(fixture, bytes, length, at, original);
    }
    assert_in_range(compared, length / STEP / 2, length / STEP);
}

/* The sum is of the version and the schema, then of the file with zeros in the sum's place: another
 * version's word does not count. */
static void it_says_who_verified_the_file(void **state)
{
    const struct fixture *fixture = *state;
    size_t length = 0;
    uint64_t computed = 0;
    publish(fixture);
    TEXT *bytes = file_read(fixture->path, &length);
    STORE *store = fixture_open(fixture->path);
    assert_int_equal(checksum_compute(store, &computed), SUMMIT_OK);
    memset(bytes + CHECKSUM, 0, sizeof computed);
    XXH3_state_t *sum = XXH3_createState();
    assert_non_null(sum);
    XXH3_64bits_reset(sum);
    XXH3_64bits_update(sum, bytes, length);
    assert_true(XXH3_64bits_digest(sum) != computed);
    XXH3_64bits_reset(sum);
    XXH3_64bits_update(sum, summit_version(), strlen(summit_version()));
    XXH3_64bits_update(sum, sql_schema, strlen(sql_schema));
    XXH3_64bits_update(sum, bytes, length);
    assert_true(XXH3_64bits_digest(sum) == computed);
    XXH3_freeState(sum);
}

/* Two pages that changed places, and pages more. */
static void the_order_and_the_length_count(void **state)
{
    const struct fixture *fixture = *state;
    size_t length = 0;
    publish(fixture);
    TEXT *bytes = file_read(fixture->path, &length);
    TEXT *longer = calloc(1, length + 4096);
    memcpy(longer, bytes, length);
    file_write(fixture->path, longer, length + 4096);
    assert_false(carries(fixture->path));
    memcpy(longer + length - 8192, bytes + length - 4096, 4096);
    memcpy(longer + length - 4096, bytes + length - 8192, 4096);
    file_write(fixture->path, longer, length);
    assert_false(carries(fixture->path));
    assert_int_equal(verify(fixture->path), SUMMIT_CORRUPT);
}

/* What another program changed, and left sound, is found sound the long way. */
static void a_sound_file_without_it_is_accepted(void **state)
{
    const struct fixture *fixture = *state;
    publish(fixture);
    run(fixture->path, "UPDATE summit SET city = 'Elsewhere'");
    assert_false(carries(fixture->path));
    assert_int_equal(verify(fixture->path), SUMMIT_OK);
    run(fixture->path, "DROP TABLE term_pair");
    assert_int_equal(verify(fixture->path), SUMMIT_CORRUPT);
}

/* Of older versions, which set no bytes of a page aside, or of a program that sets more aside. */
static void a_file_of_another_form_is_accepted(void **state)
{
    const struct fixture *fixture = *state;
    sqlite3 *db = NULL;
    int more = 32;
    publish(fixture);
    TEXT *path = folder_join(fixture->folder, "old.db");
    TEXT *sql = NULL;
    assert_true(asprintf(&sql, "VACUUM INTO '%s'", path) > 0);
    assert_int_equal(sqlite3_open(fixture->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_file_control(db, "main", SQLITE_FCNTL_RESERVE_BYTES, &more),
                     SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    STORE *store = fixture_open(path);
    uint64_t computed = 0;
    assert_int_equal(checksum_compute(store, &computed), SUMMIT_CORRUPT);
    assert_false(carries(path));
    assert_int_equal(verify(path), SUMMIT_OK);
}

static void a_checksum_that_cannot_be_written_is_told(void **state)
{
    const struct fixture *fixture = *state;
    publish(fixture);
    int file = open(fixture->path, O_RDONLY | O_CLOEXEC);
    assert_int_equal(checksum_write(file, 1), -1);
    assert_int_equal(close(file), 0);
    assert_true(carries(fixture->path));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_published_file_carries_its_checksum),
        TEST(any_change_shows),
        TEST(it_says_who_verified_the_file),
        TEST(the_order_and_the_length_count),
        TEST(a_sound_file_without_it_is_accepted),
        TEST(a_file_of_another_form_is_accepted),
        TEST(a_checksum_that_cannot_be_written_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
