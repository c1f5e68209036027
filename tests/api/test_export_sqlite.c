/* The database file over HTTP: whole and in parts, with what tells one file from another. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "folder.h"
#include "http.h"
#include "problem.h"
#include "process.h"

#include <nettle/base64.h>
#include <nettle/sha2.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char target[] = "/v1/export.sqlite";

static char *database_of(const struct daemon *daemon, size_t *ret_length)
{
    return file_read(daemon->database, ret_length);
}

/* As RFC 9530 writes it. */
static char *digest_of(const char *bytes, size_t length)
{
    struct sha256_ctx context;
    uint8_t digest[SHA256_DIGEST_SIZE];
    char base64[BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE) + 1] = "";
    sha256_init(&context);
    sha256_update(&context, length, (const uint8_t *)bytes);
    sha256_digest(&context, sizeof digest, digest);
    base64_encode_raw(base64, sizeof digest, digest);
    return text_of("sha-256=:%s:", base64);
}

static void assert_header(const struct http_reply *reply, const char *name, const char *value)
{
    const char *is = http_header(reply, name);
    if (is == NULL || strcmp(is, value) != 0) {
        fail_msg("%s is %s, not %s", name, is == NULL ? "absent" : is, value);
    }
}

static void the_file_is_given_as_it_is(void **state)
{
    size_t length = 0;
    TEXT *file = database_of(*state, &length);
    TEXT *digest = digest_of(file, length);
    HTTP_REPLY *reply = http_request(*state, "GET", target, WORDS("Accept-Encoding: gzip"));
    assert_int_equal(reply->status, 200);
    assert_int_equal(reply->body_length, length);
    assert_memory_equal(reply->body, file, length);
    assert_header(reply, "Content-Type", "application/vnd.sqlite3");
    assert_header(reply, "Content-Disposition", "attachment; filename=\"summit.sqlite\"");
    assert_header(reply, "Repr-Digest", digest);
    assert_header(reply, "Accept-Ranges", "bytes");
    assert_header(reply, "Cache-Control", "public, max-age=60, stale-while-revalidate=86400");
    assert_null(http_header(reply, "Content-Encoding"));
    assert_null(http_header(reply, "Content-Range"));
    assert_non_null(http_header(reply, "Last-Modified"));
    assert_int_equal(http_header(reply, "ETag")[0], '"');
    const char *exposed = http_header(reply, "Access-Control-Expose-Headers");
    static const char *const names[] = {"Accept-Ranges", "Content-Disposition", "Content-Range",
                                        "Repr-Digest"};
    for (size_t i = 0; i < 4; i++) {
        assert_non_null(strstr(exposed, names[i]));
    }
}

static void a_download_is_a_sound_database(void **state)
{
    HTTP_REPLY *reply = http_get_status(*state, target, 200);
    char *folder = folder_new();
    TEXT *path = folder_join(folder, "copy.sqlite");
    file_write(path, reply->body, reply->body_length);
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(stmt, 0), "ok");
    sqlite3_finalize(stmt);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM summit", -1, &stmt, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(stmt, 0), 2);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    folder_remove(folder);
}

static void parts_joined_are_the_file(void **state)
{
    enum { PART = 70001 };
    size_t length = 0;
    TEXT *file = database_of(*state, &length);
    HTTP_REPLY *whole = http_get_status(*state, target, 200);
    TEXT *joined = malloc(length);
    assert_non_null(joined);
    size_t parts = 0;
    for (size_t at = 0; at < length; at += PART, parts++) {
        size_t last = at + PART < length ? at + PART - 1 : length - 1;
        TEXT *range = text_of("Range: bytes=%zu-%zu", at, at + PART - 1);
        TEXT *is = text_of("bytes %zu-%zu/%zu", at, last, length);
        HTTP_REPLY *reply = http_request(*state, "GET", target, WORDS(range));
        assert_int_equal(reply->status, 206);
        assert_int_equal(reply->body_length, last + 1 - at);
        assert_header(reply, "Content-Range", is);
        assert_header(reply, "Repr-Digest", http_header(whole, "Repr-Digest"));
        assert_header(reply, "ETag", http_header(whole, "ETag"));
        memcpy(joined + at, reply->body, reply->body_length);
    }
    assert_true(parts > 2);
    assert_memory_equal(joined, file, length);
}

/* %N is the size of the file, %M one less, %L ten less. */
static const struct {
    const char *range;
    int status;
    const char *content_range;
    size_t length; /* of a part */
} ranges[] = {
    {"bytes=0-0", 206, "bytes 0-0/%N", 1},
    {"bytes=0-15", 206, "bytes 0-15/%N", 16},
    {"bytes=%M-", 206, "bytes %M-%M/%N", 1},
    {"bytes=%L-%N", 206, "bytes %L-%M/%N", 10},
    {"bytes=-10", 206, "bytes %L-%M/%N", 10},
    {"bytes=%N-", 416, "bytes */%N", 0},
    {"bytes=-0", 416, "bytes */%N", 0},
    {"bytes=0-1,5-6", 200, NULL, 0},
    {"bytes=5-1", 200, NULL, 0},
    {"bytes=x", 200, NULL, 0},
    {"lines=0-1", 200, NULL, 0},
};

static char *fill_in(const char *text, size_t size)
{
    char *filled = text_of("%s", "");
    for (; *text != '\0'; text++) {
        size_t less = text[1] == 'M' ? 1 : text[1] == 'L' ? 10 : 0;
        char *more =
            *text == '%' ? text_of("%s%zu", filled, size - less) : text_of("%s%c", filled, *text);
        text += *text == '%' ? 1 : 0;
        free(filled);
        filled = more;
    }
    return filled;
}

static void a_range_is_a_part_of_the_file(void **state)
{
    size_t length = 0;
    TEXT *file = database_of(*state, &length);
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        TEXT *range = fill_in(ranges[i].range, length);
        TEXT *field = text_of("Range: %s", range);
        HTTP_REPLY *reply = http_request(*state, "GET", target, WORDS(field));
        if (reply->status != ranges[i].status) {
            fail_msg("%s: %d, not %d", field, reply->status, ranges[i].status);
        }
        if (ranges[i].content_range == NULL) {
            assert_null(http_header(reply, "Content-Range"));
            assert_int_equal(reply->body_length, length);
            continue;
        }
        TEXT *is = fill_in(ranges[i].content_range, length);
        assert_header(reply, "Content-Range", is);
        if (ranges[i].status == 416) {
            problem_check(reply, 416, "range-not-satisfiable", target);
            assert_null(http_header(reply, "Repr-Digest"));
            continue;
        }
        assert_int_equal(reply->body_length, ranges[i].length);
        size_t at = strtoul(is + strlen("bytes "), NULL, 10);
        assert_memory_equal(reply->body, file + at, reply->body_length);
    }
}

/* Conditions come first, then If-Range, then Range (RFC 9110 section 13.2.2). */
static void conditions_come_before_ranges(void **state)
{
    HTTP_REPLY *whole = http_get_status(*state, target, 200);
    const char *etag = http_header(whole, "ETag");
    TEXT *match = text_of("If-None-Match: %s", etag);
    HTTP_REPLY *same = http_request(*state, "GET", target, WORDS(match, "Range: bytes=0-1"));
    assert_int_equal(same->status, 304);
    assert_int_equal(same->body_length, 0);
    assert_header(same, "ETag", etag);
    assert_header(same, "Repr-Digest", http_header(whole, "Repr-Digest"));
    assert_null(http_header(same, "Content-Range"));
    HTTP_REPLY *beyond =
        http_request(*state, "GET", target, WORDS(match, "Range: bytes=999999999-"));
    assert_int_equal(beyond->status, 304);
    HTTP_REPLY *other =
        http_request(*state, "GET", target, WORDS("If-None-Match: \"other\"", "Range: bytes=0-1"));
    assert_int_equal(other->status, 206);
    TEXT *if_same = text_of("If-Range: %s", etag);
    HTTP_REPLY *part = http_request(*state, "GET", target, WORDS(if_same, "Range: bytes=0-1"));
    assert_int_equal(part->status, 206);
    TEXT *if_weak = text_of("If-Range: W/%s", etag);
    static const char other_tag[] = "If-Range: \"other\"";
    static const char other_date[] = "If-Range: Sun, 06 Nov 1994 08:49:37 GMT";
    const char *const unmatched[] = {if_weak, other_tag, other_date};
    for (size_t i = 0; i < 3; i++) {
        HTTP_REPLY *reply =
            http_request(*state, "GET", target, WORDS(unmatched[i], "Range: bytes=0-1"));
        assert_int_equal(reply->status, 200);
        assert_int_equal(reply->body_length, whole->body_length);
    }
}

static void head_answers_without_the_file(void **state)
{
    HTTP_REPLY *get = http_get_status(*state, target, 200);
    TEXT *length = text_of("%zu", get->body_length);
    const char *const *const fields[] = {NULL, WORDS("Range: bytes=0-1"),
                                         WORDS("Range: bytes=999999999-")};
    for (size_t i = 0; i < 3; i++) {
        HTTP_REPLY *head = http_request(*state, "HEAD", target, fields[i]);
        assert_int_equal(head->status, 200);
        assert_int_equal(head->body_length, 0);
        assert_int_equal(head->header_count, get->header_count);
        assert_header(head, "Content-Length", length);
        assert_header(head, "Repr-Digest", http_header(get, "Repr-Digest"));
        assert_header(head, "ETag", http_header(get, "ETag"));
        assert_header(head, "Accept-Ranges", "bytes");
    }
}

static void other_forms_and_parameters_are_refused(void **state)
{
    HTTP_REPLY *form = http_request(*state, "GET", target, WORDS("Accept: application/json"));
    problem_check(form, 406, "not-acceptable", target);
    const char *detail = json_string_value(json_object_get(form->json, "detail"));
    assert_non_null(strstr(detail, "application/vnd.sqlite3"));
    HTTP_REPLY *parameter = http_get(*state, "/v1/export.sqlite?format=csv");
    problem_check(parameter, 400, "invalid-parameter", target);
    assert_non_null(problem_error(parameter, "format"));
}

/* What is imported is in the file, and the file is another then. */
static void a_new_generation_is_another_file(void **state)
{
    (void)state;
    struct daemon_options options = {.files = WORDS(XIAN)};
    struct daemon *daemon = daemon_start(&options);
    HTTP_REPLY *before = http_get_status(daemon, target, 200);
    daemon_import(daemon, WORDS(POND));
    HTTP_REPLY *there = http_wait_status(daemon, "/v1/summits/pond-2021", 200);
    assert_int_equal(there->status, 200);
    TEXT *if_range = text_of("If-Range: %s", http_header(before, "ETag"));
    HTTP_REPLY *after = http_request(daemon, "GET", target, WORDS(if_range, "Range: bytes=0-1"));
    assert_int_equal(after->status, 200);
    size_t length = 0;
    TEXT *file = database_of(daemon, &length);
    assert_int_equal(after->body_length, length);
    assert_memory_equal(after->body, file, length);
    assert_string_not_equal(http_header(after, "ETag"), http_header(before, "ETag"));
    daemon_stop(daemon);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_is_given_as_it_is),
        cmocka_unit_test(a_download_is_a_sound_database),
        cmocka_unit_test(parts_joined_are_the_file),
        cmocka_unit_test(a_range_is_a_part_of_the_file),
        cmocka_unit_test(conditions_come_before_ranges),
        cmocka_unit_test(head_answers_without_the_file),
        cmocka_unit_test(other_forms_and_parameters_are_refused),
        cmocka_unit_test(a_new_generation_is_another_file),
    };
    return cmocka_run_group_tests(tests, start_two_summits, daemon_stop_all);
}
