/* A database that is damaged, in place, under a running server that is being asked by several
 * clients: no answer is wrong, the server stays and says what is the matter, and a good import
 * heals it. And imports, one after the other, under the same load. */
#include "../api/rows.h"
#include "../support/check.h"
#include "../support/daemon.h"
#include "../support/deadline.h"
#include "../support/folder.h"
#include "../support/http.h"
#include "../support/process.h"
#include "load.h"
#include "summit.h"
#include "variants.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MEASURES = 600, VARIANTS = 2, IMPORTS = 20 };

static const char *const targets[] = {
    "/v1/measures?limit=150&include=proposals,areas",
    "/v1/measures?area=reeds&limit=7",
    "/v1/summits/pond-2021?include=statements,proposals,participants",
    "/v1/sources",
    "/v1/measures/pond-2021-reeds-cut-599?include=mechanisms",
    NULL,
};
enum { TARGETS = sizeof targets / sizeof targets[0] - 1 };

struct bench {
    char *folder;
    char *records[VARIANTS];
    char revisions[VARIANTS][17];
    json_t *answers[TARGETS]; /* from variant 0 */
    struct daemon *daemon;
};

static int set_up(void **state)
{
    static struct bench bench;
    bench = (struct bench){.folder = folder_new()};
    for (int i = 0; i < VARIANTS; i++) {
        bench.records[i] = variant_write(bench.folder, i, MEASURES);
        variant_revision(bench.records[i], bench.revisions[i]);
    }
    struct daemon_options options = {.files = WORDS(bench.records[0]),
                                     .args = WORDS("--threads", "4")};
    bench.daemon = daemon_start(&options);
    for (size_t i = 0; i < TARGETS; i++) {
        bench.answers[i] = http_get_json(bench.daemon, targets[i]);
    }
    *state = &bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    daemon_free_all(NULL);
    for (int i = 0; i < VARIANTS; i++) {
        free(bench->records[i]);
    }
    for (size_t i = 0; i < TARGETS; i++) {
        json_decref(bench->answers[i]);
    }
    folder_remove(bench->folder);
    return 0;
}

/* The answer that variant 0 has, or a problem that says the server cannot. */
static bool accept_right(void *context, const struct load_reply *reply, char error[LOAD_ERROR_SIZE])
{
    const struct bench *bench = context;
    bool right = false;
    if (reply->status == 200) {
        right = json_equal(reply->json, bench->answers[reply->target]) == 1;
    } else if (reply->status == 503) {
        const json_t *type = json_object_get(reply->json, "type");
        right = json_object_size(reply->json) == 6 && json_is_string(type) &&
                strcmp(json_string_value(type), "/problems/unavailable") == 0 &&
                json_integer_value(json_object_get(reply->json, "status")) == 503;
    }
    if (!right) {
        char *body = json_dumps(reply->json, JSON_COMPACT);
        snprintf(error, LOAD_ERROR_SIZE, "status %d: %.1800s", reply->status, body);
        free(body);
    }
    return right;
}

/* Writes over the file in place, as an editor or a careless copy would. */
static void overwrite(const char *path, const char *bytes, size_t length)
{
    int file = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    assert_true(file >= 0);
    assert_int_equal(write(file, bytes, length), length);
    assert_int_equal(close(file), 0);
}

static void cut(const char *path, size_t length)
{
    assert_int_equal(truncate(path, (off_t)length), 0);
}

static void cut_to_nothing(const char *path, char *bytes, size_t length)
{
    (void)bytes;
    (void)length;
    cut(path, 0);
}

static void cut_to_a_header(const char *path, char *bytes, size_t length)
{
    (void)bytes;
    (void)length;
    cut(path, 100);
}

static void cut_in_half(const char *path, char *bytes, size_t length)
{
    (void)bytes;
    cut(path, length / 2);
}

static void cut_by_a_page(const char *path, char *bytes, size_t length)
{
    (void)bytes;
    cut(path, length - 4096);
}

static void put_noise(const char *path, char *bytes, size_t length)
{
    unsigned state = 1;
    for (size_t i = length / 4; i < length / 4 * 3; i++) {
        state = state * 1103515245U + 12345U;
        bytes[i] = (char)(state >> 16);
    }
    overwrite(path, bytes, length);
}

static void be_text(const char *path, char *bytes, size_t length)
{
    (void)bytes;
    (void)length;
    static const char text[] = "TODO: put the database here\n";
    overwrite(path, text, sizeof text - 1);
}

static void be_foreign(const char *path, char *bytes, size_t length)
{
    (void)bytes;
    (void)length;
    TEXT *other_path = text_of("%s.other", path);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(other_path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE todo (what TEXT)", NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    size_t other_length = 0;
    TEXT *other = file_read(other_path, &other_length);
    overwrite(path, other, other_length);
    assert_int_equal(unlink(other_path), 0);
}

static void be_newer(const char *path, char *bytes, size_t length)
{
    bytes[63] = 9; /* PRAGMA user_version */
    overwrite(path, bytes, length);
}

static void be_removed(const char *path, char *bytes, size_t length)
{
    (void)bytes;
    (void)length;
    assert_int_equal(unlink(path), 0);
}

struct damage {
    const char *name;
    void (*make)(const char *path, char *bytes, size_t length);
    const char *reason;
    bool import_refuses; /* what is no database of ours is never overwritten */
};

static const struct damage damages[] = {
    {"cut to nothing", cut_to_nothing, "damaged", false},
    {"cut to its header", cut_to_a_header, "damaged", false},
    {"cut in half", cut_in_half, "damaged", false},
    {"cut by a page", cut_by_a_page, "damaged", false},
    {"noise in the middle", put_noise, "damaged", false},
    {"a text", be_text, "foreign", true},
    {"another program's database", be_foreign, "foreign", true},
    {"a newer version", be_newer, "newer_version", true},
    {"removed", be_removed, "missing", false},
};

/* Waits until /readyz has this reason; NULL is ready. */
static void wait_readiness(const struct daemon *daemon, const char *reason)
{
    for (int64_t deadline = deadline_after_ms(3 * DEADLINE_USUAL_MS);;) {
        json_auto_t *ready = http_get_json(daemon, "/readyz");
        json_t *rejected = json_object_get(ready, "rejected");
        const char *is = json_string_value(json_object_get(rejected, "reason"));
        const char *status = json_string_value(json_object_get(ready, "status"));
        assert_string_equal(status, is == NULL ? "ready" : "stale");
        if (is == NULL || reason == NULL ? is == reason : strcmp(is, reason) == 0) {
            return;
        }
        if (deadline_passed(deadline)) {
            fail_msg("/readyz says %s, not %s", is == NULL ? "ready" : is,
                     reason == NULL ? "ready" : reason);
        }
        deadline_pause_ms(10);
    }
}

static void heal(const struct bench *bench, const struct damage *damage)
{
    const char *database = bench->daemon->database;
    const char *const args[] = {"import", "--replace", "-d", database, bench->records[0], NULL};
    if (damage->import_refuses) {
        PROCESS_RESULT refused = process_run(args, NULL);
        assert_int_equal(refused.status, 1);
        assert_non_null(strchr(refused.error, '\n'));
        assert_int_equal(unlink(database), 0);
    }
    PROCESS_RESULT result = process_run(args, NULL);
    if (result.status != 0) {
        fail_msg("after \"%s\" the import fails: %s", damage->name, result.error);
    }
}

static void check_damage(const struct bench *bench, const struct damage *damage)
{
    size_t length = 0;
    TEXT *bytes = file_read(bench->daemon->database, &length);
    struct load_options options = {bench->daemon, targets, accept_right, (void *)(uintptr_t)bench,
                                   NULL};
    struct load *load = load_start(&options);
    load_wait(load, 20);
    damage->make(bench->daemon->database, bytes, length);
    load_wait(load, 50);
    wait_readiness(bench->daemon, damage->reason);
    load_wait(load, 50);
    heal(bench, damage);
    wait_readiness(bench->daemon, NULL);
    load_wait(load, 50);
    struct load_result result = load_stop(load);
    print_message("# %s: %s; %zu answers, %zu of them 304 and %zu 503\n", damage->name,
                  damage->reason, result.answers, result.not_modified, result.refusals);
    if (result.error[0] != '\0') {
        fail_msg("%s: %s", damage->name, result.error);
    }
    HTTP_REPLY *reply = http_get_status(bench->daemon, targets[0], 200);
    assert_true(json_equal(reply->json, bench->answers[0]));
}

static void damaged_under_load(void **state)
{
    const struct bench *bench = *state;
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        check_damage(bench, &damages[i]);
    }
    daemon_stop(bench->daemon);
}

/* The file is open already, so its mode matters only once it has to be opened again. */
static void unreadable_under_load(void **state)
{
    const struct bench *bench = *state;
    const char *database = bench->daemon->database;
    struct load_options options = {bench->daemon, targets, accept_right, (void *)(uintptr_t)bench,
                                   NULL};
    struct load *load = load_start(&options);
    assert_int_equal(chmod(database, 0), 0);
    load_wait(load, 50);
    wait_readiness(bench->daemon, NULL);
    assert_int_equal(utimensat(AT_FDCWD, database, NULL, 0), 0);
    wait_readiness(bench->daemon, "unreadable");
    load_wait(load, 50);
    assert_int_equal(chmod(database, 0644), 0);
    wait_readiness(bench->daemon, NULL);
    load_wait(load, 50);
    struct load_result result = load_stop(load);
    print_message("# unreadable: %zu answers, %zu of them 503\n", result.answers, result.refusals);
    if (result.error[0] != '\0') {
        fail_msg("%s", result.error);
    }
    daemon_stop(bench->daemon);
}

/* All of an answer is of one variant: its texts, its revision, its entity tag. */
static bool accept_whole(void *context, const struct load_reply *reply, char error[LOAD_ERROR_SIZE])
{
    const struct bench *bench = context;
    const json_t *meta = json_object_get(reply->json, "meta");
    const char *revision = json_string_value(json_object_get(meta, "revision"));
    int variant = variant_of(reply->json);
    bool has_texts = strcmp(targets[reply->target], "/v1/sources") != 0;
    bool agrees = reply->status == 200 && revision != NULL &&
                  strncmp(reply->etag + 1, revision, strlen(revision)) == 0;
    if (agrees && has_texts) {
        agrees =
            variant >= 0 && variant < VARIANTS && strcmp(revision, bench->revisions[variant]) == 0;
    }
    if (!agrees) {
        snprintf(error, LOAD_ERROR_SIZE, "status %d, revision %s, ETag %s, variant %d",
                 reply->status, revision == NULL ? "none" : revision, reply->etag, variant);
    }
    return agrees;
}

static void imports_under_load(void **state)
{
    const struct bench *bench = *state;
    struct load_options options = {bench->daemon, targets, accept_whole, (void *)(uintptr_t)bench,
                                   NULL};
    struct load *load = load_start(&options);
    for (int i = 1; i <= IMPORTS; i++) {
        const char *revision = bench->revisions[i % VARIANTS];
        daemon_import(bench->daemon, WORDS(bench->records[i % VARIANTS]));
        for (int64_t deadline = deadline_after_ms(DEADLINE_USUAL_MS);;) {
            json_auto_t *ready = http_get_json(bench->daemon, "/readyz");
            if (strcmp(json_string_value(json_object_get(ready, "revision")), revision) == 0) {
                break;
            }
            assert_false(deadline_passed(deadline));
            deadline_pause_ms(10);
        }
        load_wait(load, 20);
    }
    struct load_result result = load_stop(load);
    print_message("# %d imports: %zu answers, %zu of them 304\n", IMPORTS, result.answers,
                  result.not_modified);
    if (result.error[0] != '\0') {
        fail_msg("%s", result.error);
    }
    daemon_stop(bench->daemon);
}

static enum summit_status list_measures(struct summit_store *store, json_t **ret_page)
{
    struct summit_query *query = NULL;
    json_t *problems = NULL;
    char *next = NULL;
    *ret_page = NULL;
    assert_int_equal(summit_query_new("measures", NULL, &query), SUMMIT_OK);
    enum summit_status status = summit_store_list(store, query, ret_page, &next, &problems);
    free(next);
    json_decref(problems);
    summit_query_free(query);
    return status;
}

/* The file stays a sound database, only with other texts: nothing but its size and time tells. */
static void texts_changed_in_place(void **state)
{
    const struct bench *bench = *state;
    const char *database = bench->daemon->database;
    struct summit_store *warm = NULL;
    struct summit_store *cold = NULL;
    json_t *before = NULL;
    json_t *page = NULL;
    size_t length = 0;
    TEXT *bytes = file_read(database, &length);
    assert_int_equal(summit_store_open(database, 0, &warm, NULL), SUMMIT_OK);
    assert_int_equal(summit_store_open(database, 0, &cold, NULL), SUMMIT_OK);
    assert_int_equal(list_measures(warm, &before), SUMMIT_OK);
    for (char *at = bytes; (at = memmem(at, length - (size_t)(at - bytes), "variant ", 8));) {
        *at = 'V';
    }
    overwrite(database, bytes, length);
    assert_int_equal(list_measures(warm, &page), SUMMIT_OK);
    assert_true(json_equal(page, before));
    json_decref(page);
    assert_int_equal(list_measures(cold, &page), SUMMIT_CORRUPT);
    assert_null(page);
    assert_int_equal(list_measures(cold, &page), SUMMIT_CORRUPT); /* what it read then, too */
    json_decref(before);
    summit_store_close(warm);
    summit_store_close(cold);
    daemon_stop(bench->daemon);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(damaged_under_load, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unreadable_under_load, set_up, tear_down),
        cmocka_unit_test_setup_teardown(texts_changed_in_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(imports_under_load, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
