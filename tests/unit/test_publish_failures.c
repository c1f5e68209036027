/* Publishing that must not happen: each time the old file is there, byte for byte, nothing new lies
 * beside it, and one line says why. */
#include "check.h"
#include "fixture.h"
#include "folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store.h"

/* Publishes into a file of these bytes, which must then be refused and unchanged. */
static void check_refused(const char *path, json_t *record, unsigned flags,
                          enum summit_status expected)
{
    size_t before = 0;
    size_t after = 0;
    TEXT *old = file_read(path, &before);
    enum summit_status status = fixture_publish(path, record, flags, NULL);
    TEXT *kept = file_read(path, &after);
    if (status != expected) {
        fail_msg("%s, not %s", summit_status_text(status), summit_status_text(expected));
    }
    assert_int_equal(before, after);
    assert_memory_equal(old, kept, before);
}

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    }
    sqlite3_close(db);
}

static void test_foreign_files_are_never_overwritten(void **state)
{
    const struct fixture *fixture = *state;
    JSON *pond = fixture_record("pond-2021");
    file_write(fixture->path, "Dear diary, this is no database at all.\n", 40);
    check_refused(fixture->path, pond, 0, SUMMIT_FOREIGN);
    check_refused(fixture->path, pond, SUMMIT_PUBLISH_REPLACE, SUMMIT_FOREIGN);
    assert_int_equal(unlink(fixture->path), 0);
    run_sql(fixture->path, "CREATE TABLE diary (entry TEXT)");
    check_refused(fixture->path, pond, 0, SUMMIT_FOREIGN);
    check_refused(fixture->path, pond, SUMMIT_PUBLISH_REPLACE, SUMMIT_FOREIGN);
    /* Another application's, with a schema version like ours. */
    run_sql(fixture->path, "PRAGMA application_id=1; PRAGMA user_version=2");
    check_refused(fixture->path, pond, SUMMIT_PUBLISH_REPLACE, SUMMIT_FOREIGN);
    assert_int_equal(unlink(fixture->path), 0);
    file_write(fixture->path, "{\"version\": 1}", 14);
    check_refused(fixture->path, pond, SUMMIT_PUBLISH_REPLACE, SUMMIT_FOREIGN);
}

static void test_folders_and_pipes_are_foreign(void **state)
{
    const struct fixture *fixture = *state;
    JSON *pond = fixture_record("pond-2021");
    assert_int_equal(mkdir(fixture->path, 0755), 0);
    assert_int_equal(fixture_publish(fixture->path, pond, 0, NULL), SUMMIT_FOREIGN);
    assert_int_equal(fixture_publish(fixture->path, pond, SUMMIT_PUBLISH_REPLACE, NULL),
                     SUMMIT_FOREIGN);
    assert_int_equal(rmdir(fixture->path), 0);
    assert_int_equal(mkfifo(fixture->path, 0644), 0);
    assert_int_equal(fixture_publish(fixture->path, pond, 0, NULL), SUMMIT_FOREIGN);
}

static void test_newer_databases_stay(void **state)
{
    const struct fixture *fixture = *state;
    JSON *pond = fixture_record("pond-2021");
    assert_int_equal(fixture_publish(fixture->path, pond, 0, NULL), SUMMIT_OK);
    char newer[64];
    snprintf(newer, sizeof newer, "PRAGMA user_version=%d", STORE_SCHEMA_VERSION + 1);
    run_sql(fixture->path, newer);
    check_refused(fixture->path, pond, 0, SUMMIT_NEWER);
    check_refused(fixture->path, pond, SUMMIT_PUBLISH_REPLACE, SUMMIT_NEWER);
}

/* What an older version published cannot be added to, but it may be replaced, as the message says.
 */
static void test_older_databases_can_only_be_replaced(void **state)
{
    const struct fixture *fixture = *state;
    struct summit_store *store = NULL;
    struct summit_error error = {.message = ""};
    JSON *pond = fixture_record("pond-2021");
    assert_int_equal(fixture_publish(fixture->path, pond, 0, NULL), SUMMIT_OK);
    run_sql(fixture->path, "PRAGMA user_version=1");
    assert_int_equal(summit_store_open(fixture->path, 0, &store, &error), SUMMIT_FOREIGN);
    char expected[64];
    snprintf(expected, sizeof expected, "older summitd (schema 1, this one reads %d); import",
             STORE_SCHEMA_VERSION);
    assert_non_null(strstr(error.message, expected));
    check_refused(fixture->path, pond, 0, SUMMIT_FOREIGN);
    assert_int_equal(fixture_publish(fixture->path, pond, SUMMIT_PUBLISH_REPLACE, NULL), SUMMIT_OK);
    run_sql(fixture->path, "PRAGMA user_version=0");
    assert_int_equal(summit_store_open(fixture->path, 0, &store, &error), SUMMIT_FOREIGN);
    assert_non_null(strstr(error.message, "not a database"));
    check_refused(fixture->path, pond, SUMMIT_PUBLISH_REPLACE, SUMMIT_FOREIGN);
}

/* A damaged database cannot be added to; replacing it is what mends it. */
static void test_damaged_databases_can_only_be_replaced(void **state)
{
    const struct fixture *fixture = *state;
    JSON *xian = fixture_xian();
    JSON *pond = fixture_record("pond-2021");
    size_t length = 0;
    assert_int_equal(fixture_publish(fixture->path, xian, 0, NULL), SUMMIT_OK);
    TEXT *bytes = file_read(fixture->path, &length);
    memset(bytes + length / 2, 0xa5, 4096);
    file_write(fixture->path, bytes, length);
    check_refused(fixture->path, pond, 0, SUMMIT_CORRUPT);
    assert_int_equal(fixture_publish(fixture->path, pond, SUMMIT_PUBLISH_REPLACE, NULL), SUMMIT_OK);
    file_write(fixture->path, bytes, length / 2);
    check_refused(fixture->path, pond, 0, SUMMIT_CORRUPT);
    file_write(fixture->path, "", 0);
    check_refused(fixture->path, pond, 0, SUMMIT_CORRUPT);
    assert_int_equal(fixture_publish(fixture->path, pond, SUMMIT_PUBLISH_REPLACE, NULL), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    assert_non_null(store);
}

/* A file whose pages are whole but whose rows are not what a record says is damaged too. */
static void test_wrong_rows_are_damage(void **state)
{
    static const char *const damages[] = {
        "UPDATE area SET citations = 'no JSON'",
        "UPDATE area SET name = CAST(x'ff' AS TEXT)",
        "DELETE FROM publication",
        "UPDATE publication SET revision = 'x'",
        "DROP TABLE posting",
        "DROP TABLE term_pair",
        "ALTER TABLE term RENAME COLUMN filter TO sieve",
        "DROP TABLE search_data",
        "DELETE FROM resource",
        "DELETE FROM resource WHERE name = 'areas'",
        "UPDATE resource SET base = base + 1",
        "UPDATE resource SET name = 'treaties' WHERE name = 'areas'",
        "DELETE FROM participant",
        "UPDATE area SET citations = '[]'",
    };
    const struct fixture *fixture = *state;
    JSON *pond = fixture_record("pond-2021");
    JSON *lakeside = fixture_record("lakeside-2020");
    for (size_t i = 0; i < COUNT(damages); i++) {
        assert_int_equal(fixture_publish(fixture->path, pond, SUMMIT_PUBLISH_REPLACE, NULL),
                         SUMMIT_OK);
        run_sql(fixture->path, damages[i]);
        size_t before = 0;
        size_t after = 0;
        TEXT *old = file_read(fixture->path, &before);
        enum summit_status status = fixture_publish(fixture->path, lakeside, 0, NULL);
        TEXT *kept = file_read(fixture->path, &after);
        if (status != SUMMIT_CORRUPT && status != SUMMIT_INVALID) {
            fail_msg("%s: %s", damages[i], summit_status_text(status));
        }
        assert_int_equal(before, after);
        assert_memory_equal(old, kept, before);
    }
}

static void test_a_second_import_is_told_to_wait(void **state)
{
    const struct fixture *fixture = *state;
    JSON *pond = fixture_record("pond-2021");
    int ready[2];
    char byte = 0;
    TEXT *lock = NULL;
    assert_int_equal(fixture_publish(fixture->path, pond, 0, NULL), SUMMIT_OK);
    assert_true(asprintf(&lock, "%s.lock", fixture->path) > 0);
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    assert_int_not_equal(child, -1);
    if (child == 0) {
        int file = open(lock, O_RDWR);
        byte = flock(file, LOCK_EX) == 0 ? 'y' : 'n';
        _exit(write(ready[1], &byte, 1) == 1 && pause() == 0);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    check_refused(fixture->path, pond, 0, SUMMIT_BUSY);
    check_refused(fixture->path, pond, SUMMIT_PUBLISH_REPLACE, SUMMIT_BUSY);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    close(ready[0]);
    close(ready[1]);
    /* The lock died with its holder; the file of it does not matter. */
    assert_int_equal(fixture_publish(fixture->path, pond, 0, NULL), SUMMIT_OK);
}

static void test_missing_folders(void **state)
{
    const struct fixture *fixture = *state;
    JSON *pond = fixture_record("pond-2021");
    TEXT *nowhere = NULL;
    TEXT *below_file = NULL;
    TEXT *file = NULL;
    assert_true(asprintf(&nowhere, "%s/none/summit.db", fixture->folder) > 0);
    assert_true(asprintf(&file, "%s/file", fixture->folder) > 0);
    assert_true(asprintf(&below_file, "%s/summit.db", file) > 0);
    file_write(file, "x", 1);
    assert_int_equal(fixture_publish(nowhere, pond, 0, NULL), SUMMIT_NOT_FOUND);
    assert_int_equal(fixture_publish(below_file, pond, 0, NULL), SUMMIT_NOT_FOUND);
    json_t *problems = NULL;
    assert_int_equal(summit_publish(nowhere, &pond, 1, 0, NULL, &problems, NULL), SUMMIT_NOT_FOUND);
}

static void test_unchecked_records_are_refused(void **state)
{
    const struct fixture *fixture = *state;
    JSON *pond = fixture_record("pond-2021");
    JSON *nothing = json_object();
    struct summit_error error = {""};
    json_t *problems = NULL;
    assert_int_equal(fixture_publish(fixture->path, pond, 0, NULL), SUMMIT_OK);
    check_refused(fixture->path, nothing, SUMMIT_PUBLISH_REPLACE, SUMMIT_INVALID);
    fixture_set_new(pond, "/measures/0/proposal_id", json_string("nothing"));
    check_refused(fixture->path, pond, SUMMIT_PUBLISH_REPLACE, SUMMIT_INVALID);
    TEXT *fresh = NULL;
    assert_true(asprintf(&fresh, "%s.fresh", fixture->path) > 0);
    assert_int_equal(summit_publish(fresh, NULL, 0, 0, NULL, &problems, &error), SUMMIT_INVALID);
    assert_true(json_array_size(problems) > 0);
    json_decref(problems);
    assert_int_equal(access(fresh, F_OK), -1);
}

/* A full disk, as a limit on the size of files. */
static void test_a_full_disk(void **state)
{
    const struct fixture *fixture = *state;
    JSON *pond = fixture_record("pond-2021");
    JSON *large = fixture_large(2000);
    struct rlimit old;
    assert_int_equal(fixture_publish(fixture->path, pond, 0, NULL), SUMMIT_OK);
    size_t before = 0;
    size_t after = 0;
    TEXT *bytes = file_read(fixture->path, &before);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    struct rlimit small = {.rlim_cur = before + 4096, .rlim_max = old.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum summit_status status = fixture_publish(fixture->path, large, 0, NULL);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_true(status == SUMMIT_FULL || status == SUMMIT_IO);
    TEXT *kept = file_read(fixture->path, &after);
    assert_int_equal(before, after);
    assert_memory_equal(bytes, kept, before);
    DIR *folder = opendir(fixture->folder);
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        assert_null(strstr(entry->d_name, ".tmp."));
    }
    closedir(folder);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_foreign_files_are_never_overwritten),
        TEST(test_folders_and_pipes_are_foreign),
        TEST(test_newer_databases_stay),
        TEST(test_older_databases_can_only_be_replaced),
        TEST(test_damaged_databases_can_only_be_replaced),
        TEST(test_wrong_rows_are_damage),
        TEST(test_a_second_import_is_told_to_wait),
        TEST(test_missing_folders),
        TEST(test_unchecked_records_are_refused),
        TEST(test_a_full_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
