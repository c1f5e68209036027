/* Disks that fail: each operation of SQLite's and each system call of a publication in turn, and
 * the reads of a database that is opened and listed. */
#include "../support/check.h"
#include "../support/folder.h"
#include "calls.h"
#include "leftovers.h"
#include "summit.h"
#include "vfs.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define LAKESIDE TESTS_DIR "/fixtures/records/lakeside-2020.json"
#define POND TESTS_DIR "/fixtures/records/pond-2021.json"

struct publishing {
    char *folder;
    char *path;
    char *old; /* the database to begin with */
    size_t old_length;
    json_t *record;
    char revision[17];
    struct summit_error error;
};

static json_t *load(const char *path)
{
    json_t *record = NULL;
    json_t *problems = NULL;
    assert_int_equal(summit_record_load(path, &record, &problems, NULL), SUMMIT_OK);
    return record;
}

static enum summit_status publish(struct publishing *publishing)
{
    json_t *problems = NULL;
    struct summit_publication publication;
    publishing->error.message[0] = '\0';
    enum summit_status status = summit_publish(publishing->path, &publishing->record, 1, 0,
                                               &publication, &problems, &publishing->error);
    assert_null(problems);
    if (status == SUMMIT_OK) {
        memcpy(publishing->revision, publication.revision, sizeof publication.revision);
    }
    return status;
}

static int set_up(void **state)
{
    static struct publishing publishing;
    publishing = (struct publishing){.folder = folder_new()};
    publishing.path = folder_join(publishing.folder, "summit.db");
    publishing.record = load(LAKESIDE);
    assert_int_equal(publish(&publishing), SUMMIT_OK);
    publishing.old = file_read(publishing.path, &publishing.old_length);
    json_decref(publishing.record);
    publishing.record = load(POND);
    assert_int_equal(publish(&publishing), SUMMIT_OK);
    *state = &publishing;
    return 0;
}

static int tear_down(void **state)
{
    struct publishing *publishing = *state;
    json_decref(publishing->record);
    free(publishing->old);
    free(publishing->path);
    folder_remove(publishing->folder);
    return 0;
}

static bool is_old_in_place(const struct publishing *publishing)
{
    size_t length = 0;
    char *bytes = file_read(publishing->path, &length);
    bool same = length == publishing->old_length && memcmp(bytes, publishing->old, length) == 0;
    free(bytes);
    return same;
}

/* The new database is in place, whole. */
static void check_new(const struct publishing *publishing)
{
    struct summit_store *store = NULL;
    assert_int_equal(summit_store_open(publishing->path, SUMMIT_STORE_VERIFY, &store, NULL),
                     SUMMIT_OK);
    assert_string_equal(summit_store_revision(store), publishing->revision);
    summit_store_close(store);
}

/* After a failure the old database is in place, and the next try succeeds. */
static void check_failed(struct publishing *publishing, const char *what, enum summit_status status)
{
    if (publishing->error.message[0] == '\0' || strchr(publishing->error.message, '\n') != NULL) {
        fail_msg("%s: %s, explained as \"%s\"", what, summit_status_text(status),
                 publishing->error.message);
    }
    assert_int_equal(leftovers_count(publishing->folder), 0);
    if (!is_old_in_place(publishing)) {
        fail_msg("%s: %s, but the old database is not in place", what, summit_status_text(status));
    }
    assert_int_equal(publish(publishing), SUMMIT_OK);
    check_new(publishing);
}

struct fault {
    enum vfs_kind kind;
    int code;
    const char *name;
    unsigned allowed; /* bits of statuses */
};

enum { IO = 1U << SUMMIT_IO, FULL = 1U << SUMMIT_FULL, CORRUPT = 1U << SUMMIT_CORRUPT };

/* Fails one operation of the given kind. Returns whether it came to that. */
static bool publish_with_fault(struct publishing *publishing, const struct fault *fault,
                               size_t index, bool persists, size_t *absorbed)
{
    file_replace(publishing->path, publishing->old, publishing->old_length);
    vfs_arm(fault->kind, index, fault->code, persists);
    enum summit_status status = publish(publishing);
    bool injected = vfs_disarm();
    if (status == SUMMIT_OK) {
        *absorbed += injected;
        assert_int_equal(leftovers_count(publishing->folder), 0);
        check_new(publishing);
    } else if (!injected || (1U << status & fault->allowed) == 0) {
        fail_msg("%s %zu: %s: %s", fault->name, index, summit_status_text(status),
                 publishing->error.message);
    } else {
        check_failed(publishing, fault->name, status);
    }
    return injected;
}

static void publishing_on_a_failing_disk(void **state)
{
    static const struct fault faults[] = {
        {VFS_OPEN, SQLITE_CANTOPEN, "open", IO},
        {VFS_DELETE, SQLITE_IOERR_DELETE, "delete", IO},
        {VFS_READ, SQLITE_IOERR_READ, "read", IO},
        {VFS_READ, SQLITE_IOERR_SHORT_READ, "short read", IO | CORRUPT | 1U << SUMMIT_FOREIGN},
        {VFS_WRITE, SQLITE_IOERR_WRITE, "write", IO},
        {VFS_WRITE, SQLITE_FULL, "write to a full disk", FULL},
        {VFS_SYNC, SQLITE_IOERR_FSYNC, "sync", IO},
        {VFS_TRUNCATE, SQLITE_IOERR_TRUNCATE, "truncate", IO},
    };
    for (size_t f = 0; f < sizeof faults / sizeof faults[0]; f++) {
        for (int persists = 0; persists < 2; persists++) {
            size_t count = 0;
            size_t absorbed = 0;
            while (publish_with_fault(*state, &faults[f], count, persists, &absorbed)) {
                count++;
            }
            print_message("# publish, %s fails%s: %zu times, %zu absorbed\n", faults[f].name,
                          persists ? " with all after" : "", count, absorbed);
        }
    }
}

static void publishing_when_a_call_fails(void **state)
{
    static const int codes[] = {EIO, ENOSPC, EDQUOT, EACCES, EMFILE, EROFS};
    struct publishing *publishing = *state;
    for (size_t c = 0; c < sizeof codes / sizeof codes[0]; c++) {
        size_t index = 0;
        for (const char *call = ""; call != NULL; index++) {
            file_replace(publishing->path, publishing->old, publishing->old_length);
            calls_arm(index, codes[c]);
            enum summit_status status = publish(publishing);
            call = calls_disarm();
            if (call == NULL) {
                assert_int_equal(status, SUMMIT_OK);
                continue;
            }
            bool full = codes[c] == ENOSPC || codes[c] == EDQUOT;
            if (status != (full ? SUMMIT_FULL : SUMMIT_IO)) {
                fail_msg("%s: %s: %s", call, strerror(codes[c]), summit_status_text(status));
            }
            if (strcmp(call, "fsync 2") == 0) {
                /* Too late for the old one, as the header says. */
                assert_non_null(strstr(publishing->error.message, "is published, but"));
                assert_int_equal(leftovers_count(publishing->folder), 0);
                check_new(publishing);
            } else {
                check_failed(publishing, call, status);
            }
        }
        print_message("# publish, %zu calls fail: %s\n", index - 1, strerror(codes[c]));
    }
}

/* The page of a list, whatever its status. */
static enum summit_status list(struct summit_store *store, json_t **ret_page)
{
    struct summit_query *query = NULL;
    json_t *problems = json_array();
    json_t *wrong = NULL;
    char *next = NULL;
    *ret_page = NULL;
    assert_int_equal(summit_query_new("measures", NULL, &query), SUMMIT_OK);
    assert_int_equal(summit_query_set(query, "include", "areas,summits,sources", problems),
                     SUMMIT_OK);
    enum summit_status status = summit_store_list(store, query, ret_page, &next, &wrong);
    assert_null(wrong);
    assert_null(next);
    json_decref(problems);
    summit_query_free(query);
    return status;
}

static struct summit_store *open_store(const struct publishing *publishing)
{
    struct summit_store *store = NULL;
    assert_int_equal(summit_store_open(publishing->path, 0, &store, NULL), SUMMIT_OK);
    return store;
}

static json_t *list_expected(const struct publishing *publishing)
{
    struct summit_store *store = open_store(publishing);
    json_t *page = NULL;
    assert_int_equal(list(store, &page), SUMMIT_OK);
    summit_store_close(store);
    return page;
}

static void check_lists(struct summit_store *store, const json_t *expected)
{
    json_t *page = NULL;
    assert_int_equal(list(store, &page), SUMMIT_OK);
    assert_true(json_equal(page, expected));
    json_decref(page);
}

/* Opens with one read failing. SQLite does without the statistics, if those are what it cannot
 * read. */
static bool open_with_fault(const struct publishing *publishing, size_t index, int code,
                            const json_t *expected, size_t *absorbed)
{
    struct summit_store *store = NULL;
    struct summit_error error = {{0}};
    vfs_arm(VFS_READ, index, code, false);
    enum summit_status status =
        summit_store_open(publishing->path, SUMMIT_STORE_VERIFY, &store, &error);
    bool injected = vfs_disarm();
    if (status == SUMMIT_OK) {
        *absorbed += injected;
        check_lists(store, expected);
        summit_store_close(store);
        return injected;
    }
    bool allowed = status == SUMMIT_IO || status == SUMMIT_CORRUPT || status == SUMMIT_FOREIGN;
    if (!injected || !allowed || store != NULL || error.message[0] == '\0') {
        fail_msg("read %zu fails: %s, \"%s\"", index, summit_status_text(status), error.message);
    }
    return injected;
}

static void opening_from_a_failing_disk(void **state)
{
    static const int codes[] = {SQLITE_IOERR_READ, SQLITE_IOERR_SHORT_READ, SQLITE_IOERR_CORRUPTFS};
    json_t *expected = list_expected(*state);
    for (size_t c = 0; c < sizeof codes / sizeof codes[0]; c++) {
        size_t count = 0;
        size_t absorbed = 0;
        while (open_with_fault(*state, count, codes[c], expected, &absorbed)) {
            count++;
        }
        print_message("# open: %zu reads fail with %d, %zu absorbed\n", count, codes[c], absorbed);
    }
    json_decref(expected);
}

/* What could not be read once can be later, from the same store. */
static void listing_from_a_failing_disk(void **state)
{
    json_t *expected = list_expected(*state);
    size_t count = 0;
    for (bool injected = true; injected; count++) {
        struct summit_store *store = open_store(*state);
        json_t *page = NULL;
        vfs_arm(VFS_READ, count, SQLITE_IOERR_READ, false);
        enum summit_status status = list(store, &page);
        injected = vfs_disarm();
        assert_int_equal(status, injected ? SUMMIT_IO : SUMMIT_OK);
        assert_true((page != NULL) == (status == SUMMIT_OK));
        json_decref(page);
        check_lists(store, expected);
        summit_store_close(store);
    }
    print_message("# list: %zu reads fail\n", count - 1);
    json_decref(expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(publishing_on_a_failing_disk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(publishing_when_a_call_fails, set_up, tear_down),
        cmocka_unit_test_setup_teardown(opening_from_a_failing_disk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(listing_from_a_failing_disk, set_up, tear_down),
    };
    vfs_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
