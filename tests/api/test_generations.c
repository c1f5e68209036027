/* Databases that change under a running server: imports that show up, and files that are refused
 * while the old generation goes on serving. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "deadline.h"
#include "folder.h"
#include "http.h"
#include "process.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { APPLICATION_ID_AT = 68, USER_VERSION_AT = 60 }; /* in the header of an SQLite file */

static char *revision_of(const struct daemon *daemon)
{
    json_auto_t *index = http_get_json(daemon, "/v1");
    json_t *meta = json_object_get(index, "meta");
    return text_of("%s", json_string_value(json_object_get(meta, "revision")));
}

/* Waits until /readyz has this status and, unless NULL, this reason. */
static json_t *wait_readiness(const struct daemon *daemon, const char *status, const char *reason)
{
    int64_t deadline = deadline_after_ms(DEADLINE_USUAL_MS);
    for (;;) {
        json_t *ready = http_get_json(daemon, "/readyz");
        json_t *rejected = json_object_get(ready, "rejected");
        const char *is = json_string_value(json_object_get(ready, "status"));
        const char *why = json_string_value(json_object_get(rejected, "reason"));
        bool same_reason = reason == NULL || (why != NULL && strcmp(why, reason) == 0);
        if (is != NULL && strcmp(is, status) == 0 && same_reason) {
            return ready;
        }
        if (deadline_passed(deadline)) {
            fail_msg("/readyz is %s (%s), not %s (%s)", is != NULL ? is : "null",
                     why != NULL ? why : "null", status, reason != NULL ? reason : "null");
        }
        json_decref(ready);
        deadline_pause_ms(20);
    }
}

static void a_start_without_a_database_publishes_one(void **state)
{
    (void)state;
    struct daemon *daemon = daemon_start(NULL);
    assert_int_equal(access(daemon->database, R_OK), 0);
    json_auto_t *summits = rows_of(daemon, "/v1/summits");
    assert_int_equal(json_array_size(summits), 1);
    assert_string_equal(row_id(json_array_get(summits, 0)), "xian-2023");
    json_auto_t *ready = wait_readiness(daemon, "ready", NULL);
    TEXT *revision = revision_of(daemon);
    assert_string_equal(json_string_value(json_object_get(ready, "revision")), revision);
    assert_true(json_is_null(json_object_get(ready, "rejected")));
    assert_int_equal(json_object_size(ready), 3);
    json_auto_t *health = http_get_json(daemon, "/healthz");
    assert_string_equal(json_string_value(json_object_get(health, "status")), "ok");
    TEXT *log = daemon_log(daemon);
    assert_non_null(strstr(log, "\"event\":\"published\""));
    daemon_stop(daemon);
}

static void an_existing_database_is_served_as_it_is(void **state)
{
    (void)state;
    struct daemon_options options = {.files = WORDS(POND)};
    struct daemon *daemon = daemon_start(&options);
    json_auto_t *summits = rows_of(daemon, "/v1/summits");
    assert_int_equal(json_array_size(summits), 1);
    assert_string_equal(row_id(json_array_get(summits, 0)), "pond-2021");
    daemon_stop(daemon);
}

/* Documents, ETag and revision are of the new database; nothing of the old one is left cached. */
static void check_import_shows_up(struct daemon *daemon, const char *record, const char *item)
{
    TEXT *before = revision_of(daemon);
    HTTP_REPLY *missing = http_get_status(daemon, item, 404);
    HTTP_REPLY *old = http_get_status(daemon, "/v1/summits", 200);
    daemon_import(daemon, WORDS(record));
    HTTP_REPLY *found = http_wait_status(daemon, item, 200);
    HTTP_REPLY *now = http_get_status(daemon, "/v1/summits", 200);
    TEXT *after = revision_of(daemon);
    assert_int_equal(missing->status, 404);
    assert_int_equal(found->status, 200);
    assert_string_not_equal(after, before);
    assert_string_not_equal(http_header(now, "ETag"), http_header(old, "ETag"));
    assert_int_equal(json_array_size(json_object_get(now->json, "data")),
                     json_array_size(json_object_get(old->json, "data")) + 1);
    TEXT *match = text_of("If-None-Match: %s", http_header(old, "ETag"));
    HTTP_REPLY *changed = http_request(daemon, "GET", "/v1/summits", WORDS(match));
    assert_int_equal(changed->status, 200);
}

static void an_import_shows_up(void **state)
{
    (void)state;
    struct daemon *daemon = daemon_start(NULL);
    check_import_shows_up(daemon, POND, "/v1/summits/pond-2021");
    check_import_shows_up(daemon, LAKESIDE, "/v1/summits/lakeside-2020");
    daemon_stop(daemon);
}

static void a_hangup_makes_it_look_at_once(void **state)
{
    (void)state;
    struct daemon *daemon = daemon_start(NULL);
    daemon_signal(daemon, SIGHUP);
    TEXT *before = revision_of(daemon);
    daemon_import(daemon, WORDS(POND));
    daemon_signal(daemon, SIGHUP);
    HTTP_REPLY *found = http_wait_status(daemon, "/v1/summits/pond-2021", 200);
    TEXT *after = revision_of(daemon);
    assert_non_null(found);
    for (;;) {
        json_auto_t *line = daemon_wait_event(daemon, "generation");
        const char *revision = json_string_value(json_object_get(line, "revision"));
        assert_non_null(revision);
        if (strcmp(revision, after) == 0) {
            break;
        }
        assert_string_equal(revision, before);
    }
    daemon_stop(daemon);
}

/* Requests that are answered while generations change are each of one generation. */
static void readers_see_whole_generations(void **state)
{
    (void)state;
    struct daemon *daemon = daemon_start(NULL);
    const char *const records[] = {POND, LAKESIDE};
    for (size_t i = 0; i < 2; i++) {
        daemon_import(daemon, WORDS(records[i]));
        int64_t deadline = deadline_after_ms(DEADLINE_USUAL_MS);
        size_t summits = 0;
        while (summits < i + 2) {
            assert_false(deadline_passed(deadline));
            const char *target = "/v1/summits?include=participants";
            json_auto_t *page = http_get_json(daemon, target);
            json_t *data = json_object_get(page, "data");
            json_t *people = json_object_get(json_object_get(page, "included"), "participants");
            summits = json_array_size(data);
            static const size_t people_of[] = {0, 6, 7, 10};
            assert_in_range(summits, 1, 3);
            assert_int_equal(json_array_size(people), people_of[summits]);
        }
    }
    daemon_stop(daemon);
}

struct damage {
    const char *name;
    void (*make)(char *bytes, size_t *length);
    const char *reason;
};

static void cut_in_half(char *bytes, size_t *length)
{
    (void)bytes;
    *length /= 2;
}

/* cppcheck-suppress constParameter ; its type is that of all kinds of damage */
static void scramble(char *bytes, size_t *length)
{
    for (size_t i = 4096; i < *length; i += 7) {
        bytes[i] = (char)(bytes[i] ^ 0x5a);
    }
}

static void empty(char *bytes, size_t *length)
{
    (void)bytes;
    *length = 0;
}

static void be_no_database(char *bytes, size_t *length)
{
    *length = 100;
    memset(bytes, 'x', *length);
}

static void be_of_another_application(char *bytes, size_t *length)
{
    (void)length;
    memcpy(bytes + APPLICATION_ID_AT, "\x01\x02\x03\x04", 4);
}

static void be_newer(char *bytes, size_t *length)
{
    (void)length;
    bytes[USER_VERSION_AT + 2] = 0x7f;
}

static const struct damage damages[] = {
    {"cut in half", cut_in_half, "damaged"},
    {"scrambled", scramble, "damaged"},
    {"empty", empty, NULL},
    {"no database", be_no_database, NULL},
    {"another application's", be_of_another_application, "foreign"},
    {"newer", be_newer, "newer_version"},
};

static void check_still_serves(struct daemon *daemon, const char *revision, const char *name,
                               const char *reason)
{
    json_auto_t *stale = wait_readiness(daemon, "stale", reason);
    json_t *rejected = json_object_get(stale, "rejected");
    assert_int_equal(json_object_size(rejected), 3);
    assert_true(json_string_length(json_object_get(rejected, "detail")) > 0);
    const char *since = json_string_value(json_object_get(rejected, "since"));
    assert_non_null(since);
    assert_int_equal(since[strlen(since) - 1], 'Z');
    assert_string_equal(json_string_value(json_object_get(stale, "revision")), revision);
    TEXT *now = revision_of(daemon);
    if (strcmp(now, revision) != 0) {
        fail_msg("%s: revision %s is served", name, now);
    }
    json_auto_t *measures = rows_of(daemon, "/v1/measures?area=trade&include=areas");
    assert_true(json_array_size(measures) > 0);
}

static void bad_files_leave_the_old_generation_serving(void **state)
{
    (void)state;
    struct daemon *daemon = daemon_start(NULL);
    TEXT *revision = revision_of(daemon);
    size_t length = 0;
    TEXT *good = file_read(daemon->database, &length);
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        TEXT *bad = file_read(daemon->database, &length);
        size_t bad_length = length;
        damages[i].make(bad, &bad_length);
        file_replace(daemon->database, bad, bad_length);
        check_still_serves(daemon, revision, damages[i].name, damages[i].reason);
        daemon_expect_event(daemon, "generation_rejected");
        file_replace(daemon->database, good, length);
        json_auto_t *ready = wait_readiness(daemon, "ready", NULL);
        assert_true(json_is_null(json_object_get(ready, "rejected")));
    }
    daemon_stop(daemon);
}

static void a_missing_file_leaves_the_old_generation_serving(void **state)
{
    (void)state;
    struct daemon *daemon = daemon_start(NULL);
    TEXT *revision = revision_of(daemon);
    assert_int_equal(unlink(daemon->database), 0);
    check_still_serves(daemon, revision, "missing", "missing");
    daemon_import(daemon, WORDS(XIAN, POND));
    HTTP_REPLY *found = http_wait_status(daemon, "/v1/summits/pond-2021", 200);
    json_auto_t *ready = wait_readiness(daemon, "ready", NULL);
    assert_non_null(found);
    assert_true(json_is_null(json_object_get(ready, "rejected")));
    daemon_stop(daemon);
}

/* The daemon is not root, even if root started it. */
static void an_unreadable_file_leaves_the_old_generation_serving(void **state)
{
    (void)state;
    struct daemon *daemon = daemon_start(NULL);
    TEXT *revision = revision_of(daemon);
    TEXT *other = folder_join(daemon->folder, "other.db");
    file_replace_by_copy(other, daemon->database);
    assert_int_equal(chmod(other, 0), 0);
    assert_int_equal(rename(other, daemon->database), 0);
    check_still_serves(daemon, revision, "unreadable", "unreadable");
    daemon_stop(daemon);
}

/* Cut under the server's feet, in place: whatever is answered is right or an error, and the process
 * stays. Afterwards a good file heals it. */
static void a_file_cut_in_place_does_not_crash(void **state)
{
    (void)state;
    struct daemon *daemon = daemon_start(NULL);
    size_t length = 0;
    TEXT *good = file_read(daemon->database, &length);
    assert_int_equal(truncate(daemon->database, (off_t)(length / 2)), 0);
    for (size_t i = 0; i < COLLECTION_COUNT; i++) {
        TEXT *target = text_of("/v1/%s?limit=%zu", collections[i].name, i + 10);
        HTTP_REPLY *reply = http_get(daemon, target);
        assert_true(reply->status == 200 || reply->status == 500 || reply->status == 503);
    }
    file_replace(daemon->database, good, length);
    HTTP_REPLY *healed = http_wait_status(daemon, "/v1/measures?limit=77", 200);
    assert_non_null(healed);
    daemon_stop(daemon);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_start_without_a_database_publishes_one, daemon_free_all),
        cmocka_unit_test_teardown(an_existing_database_is_served_as_it_is, daemon_free_all),
        cmocka_unit_test_teardown(an_import_shows_up, daemon_free_all),
        cmocka_unit_test_teardown(a_hangup_makes_it_look_at_once, daemon_free_all),
        cmocka_unit_test_teardown(readers_see_whole_generations, daemon_free_all),
        cmocka_unit_test_teardown(bad_files_leave_the_old_generation_serving, daemon_free_all),
        cmocka_unit_test_teardown(a_missing_file_leaves_the_old_generation_serving,
                                  daemon_free_all),
        cmocka_unit_test_teardown(an_unreadable_file_leaves_the_old_generation_serving,
                                  daemon_free_all),
        cmocka_unit_test_teardown(a_file_cut_in_place_does_not_crash, daemon_free_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
