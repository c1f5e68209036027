/* /v1/summits/{id}/record: what it gives is a record, and publishing it gives the same rows. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "folder.h"
#include "http.h"
#include "problem.h"
#include "process.h"

#include <stdlib.h>
#include <string.h>

#define XIAN_RECORD "/v1/summits/xian-2023/record"
#define LAKESIDE_RECORD "/v1/summits/lakeside-2020/record"

/* Fetches a record into the daemon's folder. The caller frees the path. */
static char *fetch(struct daemon *daemon, const char *target, const char *name)
{
    HTTP_REPLY *reply = http_get_status(daemon, target, 200);
    char *path = folder_join(daemon->folder, name);
    file_write(path, reply->body, reply->body_length);
    return path;
}

static void check_is_valid(const char *path)
{
    PROCESS_RESULT result = process_run(WORDS("check", path), NULL);
    if (result.status != 0) {
        fail_msg("check %s: %s%s", path, result.output, result.error);
    }
}

/* Publishes records into a database of their own. The caller frees its path. */
static char *publish(const struct daemon *daemon, const char *name, const char *first,
                     const char *second)
{
    char *database = folder_join(daemon->folder, name);
    PROCESS_RESULT result = process_run(WORDS("import", "-d", database, first, second), NULL);
    if (result.status != 0) {
        fail_msg("import: %s%s", result.output, result.error);
    }
    return database;
}

/* The record of the only summit is all there is: publishing it gives the same revision. */
static void the_record_of_the_only_summit_is_everything(void **state)
{
    (void)state;
    static const char *const summits[][2] = {{XIAN, XIAN_RECORD}, {LAKESIDE, LAKESIDE_RECORD}};
    for (size_t i = 0; i < 2; i++) {
        struct daemon_options options = {.files = WORDS(summits[i][0])};
        struct daemon *daemon = daemon_start(&options);
        TEXT *path = fetch(daemon, summits[i][1], "record.json");
        check_is_valid(path);
        TEXT *database = publish(daemon, "fresh.db", path, NULL);
        PROCESS_RESULT again = process_run(WORDS("export", "-d", database), NULL);
        PROCESS_RESULT own = process_run(WORDS("export", "-d", daemon->database), NULL);
        assert_int_equal(again.status, 0);
        assert_string_equal(again.output, own.output);
        json_auto_t *index = http_get_json(daemon, "/v1");
        json_t *revision = json_object_get(json_object_get(index, "meta"), "revision");
        PROCESS_RESULT import = process_run(WORDS("import", "-d", database, path), NULL);
        if (strstr(import.output, json_string_value(revision)) == NULL) {
            fail_msg("the revision is %s: %s", json_string_value(revision), import.output);
        }
        daemon_stop(daemon);
    }
}

/* The same rows in whatever order. */
static void assert_same_rows(json_t *is, json_t *should_be, const char *what)
{
    assert_int_equal(json_array_size(is), json_array_size(should_be));
    size_t at;
    json_t *row;
    json_array_foreach(should_be, at, row)
    {
        json_t *other = rows_find(is, row_id(row));
        if (other == NULL) {
            fail_msg("%s: %s is missing", what, row_id(row));
        }
        json_auto_t *mine = json_deep_copy(other);
        json_auto_t *theirs = json_deep_copy(row);
        /* Of what is shared the citations may be in another order. */
        json_t *citations = json_object_get(theirs, "citations");
        assert_int_equal(json_array_size(json_object_get(mine, "citations")),
                         json_array_size(citations));
        json_object_del(mine, "citations");
        json_object_del(theirs, "citations");
        assert_json_equal(mine, theirs, what);
    }
}

/* The records of all summits together are everything, too. */
static void the_records_of_all_summits_are_everything(void **state)
{
    struct daemon *daemon = *state;
    TEXT *xian = fetch(daemon, XIAN_RECORD, "xian.json");
    TEXT *lakeside = fetch(daemon, LAKESIDE_RECORD, "lakeside.json");
    check_is_valid(xian);
    check_is_valid(lakeside);
    struct daemon_options options = {.files = WORDS(lakeside, xian)};
    struct daemon *other = daemon_start(&options);
    for (size_t i = 0; i < COLLECTION_COUNT; i++) {
        TEXT *target = text_of("/v1/%s", collections[i].name);
        json_auto_t *rows = rows_of(daemon, target);
        json_auto_t *again = rows_of(other, target);
        assert_same_rows(again, rows, target);
    }
    static const char *const targets[] = {"/v1/summits/xian-2023/areas",
                                          "/v1/summits/lakeside-2020/areas",
                                          "/v1/search?q=Zhaparov", "/v1/search?q=%E4%B9%A0"};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        json_auto_t *rows = rows_of(daemon, targets[i]);
        json_auto_t *again = rows_of(other, targets[i]);
        assert_same_rows(again, rows, targets[i]);
    }
    daemon_stop(other);
}

/* Nothing of another summit is in it, though they share an area. */
static void a_record_is_of_one_summit(void **state)
{
    json_auto_t *record = http_get_json(*state, LAKESIDE_RECORD);
    TEXT *text = json_dumps(record, JSON_COMPACT);
    assert_null(strstr(text, "xian"));
    assert_null(strstr(text, "president-xi"));
    json_auto_t *given = json_load_file(LAKESIDE, 0, NULL);
    static const char *const lists[] = {"summits",    "participants", "proposals",
                                        "measures",   "areas",        "statements",
                                        "mechanisms", "initiatives",  "sources"};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        json_t *rows = json_object_get(record, lists[i]);
        json_t *wanted = json_object_get(given, lists[i]);
        assert_int_equal(json_array_size(rows), json_array_size(wanted));
        size_t at;
        json_t *row;
        json_array_foreach(wanted, at, row)
        {
            assert_non_null(rows_find(rows, row_id(row)));
        }
    }
    assert_int_equal(json_integer_value(json_object_get(record, "version")), 1);
}

static void it_is_saved_as_a_file(void **state)
{
    HTTP_REPLY *get = http_get_status(*state, XIAN_RECORD, 200);
    HTTP_REPLY *head = http_request(*state, "HEAD", XIAN_RECORD, NULL);
    static const char *const same[] = {"Content-Type", "Content-Length", "Content-Disposition",
                                       "ETag",         "Last-Modified",  "Cache-Control"};
    assert_int_equal(head->status, 200);
    assert_int_equal(head->body_length, 0);
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        assert_non_null(http_header(get, same[i]));
        assert_string_equal(http_header(head, same[i]), http_header(get, same[i]));
    }
    assert_string_equal(http_header(get, "Content-Type"), "application/json");
    assert_string_equal(http_header(get, "Content-Disposition"),
                        "attachment; filename=\"record.json\"");
    TEXT *match = text_of("If-None-Match: %s", http_header(get, "ETag"));
    HTTP_REPLY *unchanged = http_request(*state, "GET", XIAN_RECORD, WORDS(match));
    assert_int_equal(unchanged->status, 304);
}

static void there_is_none_of_another_summit(void **state)
{
    static const char *const missing[] = {
        "/v1/summits/none/record",           "/v1/summits/XIAN-2023/record",
        "/v1/summits/xian-2023/record/",     "/v1/summits/xian-2023/records",
        "/v1/summits/%27%20OR%201=1/record",
    };
    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++) {
        HTTP_REPLY *reply = http_get(*state, missing[i]);
        problem_check(reply, 404, "not-found", missing[i]);
        assert_null(http_header(reply, "Content-Disposition"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_record_of_the_only_summit_is_everything),
        cmocka_unit_test(the_records_of_all_summits_are_everything),
        cmocka_unit_test(a_record_is_of_one_summit),
        cmocka_unit_test(it_is_saved_as_a_file),
        cmocka_unit_test(there_is_none_of_another_summit),
    };
    return cmocka_run_group_tests(tests, start_two_summits, daemon_stop_all);
}
