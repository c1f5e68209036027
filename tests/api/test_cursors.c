/* Cursors that do not fit: of another query, mistyped, made up, or of a record that is no more. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "http.h"
#include "pages.h"
#include "problem.h"
#include "process.h"

#include <nettle/base64.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>

/* The cursor of a page's next one. The caller frees it. */
static char *cursor_of(void *daemon, const char *target)
{
    json_auto_t *page = http_get_json(daemon, target);
    const char *next = page_next(page);
    if (next == NULL) {
        fail_msg("%s has no next page", target);
    }
    const char *cursor = strstr(next, "cursor=");
    assert_non_null(cursor);
    cursor += strlen("cursor=");
    return text_of("%.*s", (int)strcspn(cursor, "&"), cursor);
}

static char *with_cursor(const char *target, const char *cursor)
{
    return text_of("%s%ccursor=%s", target, strchr(target, '?') != NULL ? '&' : '?', cursor);
}

static void a_cursor_of_another_query_is_refused(void **state)
{
    /* Each row: what the cursor is of, then what it does not fit. */
    static const char *const cases[][5] = {
        {"/v1/measures?area=trade&limit=1", "/v1/proposals", "/v1/measures?area=energy",
         "/v1/measures", "/v1/measures?area=trade&modality=will"},
        {"/v1/measures?sort=number&limit=1", "/v1/measures", "/v1/measures?sort=-number",
         "/v1/measures?sort=number,modality", "/v1/measures?sort=modality"},
        {"/v1/measures?sort=number,-modality&limit=1", "/v1/measures?sort=-modality,number",
         "/v1/measures?sort=number,modality", "/v1/measures?sort=number",
         "/v1/proposals?sort=number"},
        {"/v1/measures?q=china&limit=1", "/v1/measures", "/v1/measures?q=chin",
         "/v1/measures?q=china&sort=id", "/v1/search?q=china"},
        {"/v1/search?q=china&limit=1", "/v1/search?q=asia", "/v1/search?q=china&type=measures",
         "/v1/measures?q=china", "/v1/measures"},
        {"/v1/summits/xian-2023/measures?limit=1", "/v1/summits/lakeside-2020/measures",
         "/v1/measures", "/v1/summits/xian-2023/proposals",
         "/v1/summits/xian-2023/measures?sort=id"},
    };
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        TEXT *cursor = cursor_of(*state, cases[i][0]);
        for (size_t j = 1; j < 5; j++) {
            TEXT *target = with_cursor(cases[i][j], cursor);
            struct parameter_case refused = {target, "cursor", "invalid_value", NULL};
            wrong += !parameter_is_refused(*state, &refused);
        }
    }
    assert_int_equal(wrong, 0);
}

/* What only changes how rows are shown may change on the way. */
static void a_cursor_fits_whatever_is_shown(void **state)
{
    static const char *const shown[] = {
        "limit=3",       "fields=id",  "include=areas", "facet=area", "format=json",
        "format=ndjson", "format=csv", "format=jsonld", "pretty",     "limit=1&pretty",
    };
    TEXT *cursor = cursor_of(*state, "/v1/measures?sort=-number&q=china&limit=1");
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        TEXT *query = text_of("/v1/measures?sort=-number&q=china&%s", shown[i]);
        TEXT *target = with_cursor(query, cursor);
        HTTP_REPLY *reply = http_get_status(*state, target, 200);
        assert_true(reply->body_length > 0);
    }
}

/* A mistake anywhere in it, or a part of it missing. */
static void a_mistyped_cursor_is_refused(void **state)
{
    TEXT *cursor = cursor_of(*state, "/v1/measures?limit=1");
    size_t length = strlen(cursor);
    size_t wrong = 0;
    for (size_t i = 0; i < length; i++) {
        TEXT *other = strdup(cursor);
        other[i] = other[i] == 'A' ? 'B' : 'A';
        TEXT *target = with_cursor("/v1/measures", other);
        TEXT *shorter = text_of("/v1/measures?cursor=%.*s", (int)i, cursor);
        struct parameter_case cases[] = {{target, "cursor", "invalid_value", NULL},
                                         {shorter, "cursor", "invalid_value", NULL}};
        wrong += !parameter_is_refused(*state, &cases[0]);
        wrong += !parameter_is_refused(*state, &cases[1]);
    }
    TEXT *longer = text_of("/v1/measures?cursor=%sA", cursor);
    TEXT *padded = text_of("/v1/measures?cursor=%s%%3D%%3D", cursor);
    struct parameter_case cases[] = {{longer, "cursor", "invalid_value", NULL},
                                     {padded, "cursor", "invalid_value", NULL}};
    wrong += !parameter_is_refused(*state, &cases[0]);
    wrong += !parameter_is_refused(*state, &cases[1]);
    assert_int_equal(wrong, 0);
}

enum { CURSOR_BYTES = 64, PART_BYTES = 16 };

/* The cursor with another place, and with the check that then belongs to it. */
static char *forge(const char *cursor, unsigned long long place)
{
    struct base64_decode_ctx decoding;
    uint8_t text[CURSOR_BYTES + 8] = {0};
    size_t length = sizeof text;
    base64url_decode_init(&decoding);
    assert_int_equal(base64_decode_update(&decoding, &length, text, strlen(cursor), cursor), 1);
    assert_int_equal(length, CURSOR_BYTES);
    char part[PART_BYTES + 1];
    snprintf(part, sizeof part, "%016llx", place);
    memcpy(text + 2 * PART_BYTES, part, PART_BYTES);
    struct sha256_ctx hashing;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&hashing);
    sha256_update(&hashing, 3 * PART_BYTES, text);
    sha256_digest(&hashing, sizeof digest, digest);
    for (size_t i = 0; i < PART_BYTES / 2; i++) {
        snprintf(part, sizeof part, "%02x", digest[i]);
        memcpy(text + 3 * PART_BYTES + 2 * i, part, 2);
    }
    struct base64_encode_ctx encoding;
    char forged[BASE64_ENCODE_LENGTH(CURSOR_BYTES) + BASE64_ENCODE_FINAL_LENGTH + 1];
    base64url_encode_init(&encoding);
    length = base64_encode_update(&encoding, forged, CURSOR_BYTES, text);
    length += base64_encode_final(&encoding, forged + length);
    return text_of("%.*s", (int)strcspn(forged, "="), forged);
}

/* Who makes up a cursor with a check that fits sees some page of the list, if any, or a 400. */
static void a_forged_cursor_does_no_harm(void **state)
{
    static const char *const targets[] = {
        "/v1/measures?limit=2",
        "/v1/measures?limit=2&sort=-number",
        "/v1/measures?limit=2&q=china",
        "/v1/measures?limit=2&q=china&sort=modality,-id",
        "/v1/measures?limit=2&area=energy",
        "/v1/sources?limit=1&sort=published_on",
        "/v1/search?limit=2&q=china",
    };
    static const unsigned long long places[] = {
        0,
        1,
        5,
        30,
        31,
        1000,
        0x7fffffff,
        0x80000000,
        0xffffffff,
        0x7fffffffffffffff,
        0x8000000000000000,
        0xffffffffffffffff,
    };
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        TEXT *cursor = cursor_of(*state, targets[i]);
        for (size_t j = 0; j < sizeof places / sizeof places[0]; j++) {
            TEXT *forged = forge(cursor, places[j]);
            TEXT *target = with_cursor(targets[i], forged);
            bool is_possible = places[j] <= 0x7fffffffffffffff;
            HTTP_REPLY *reply = http_get_status(*state, target, is_possible ? 200 : 400);
            assert_non_null(reply->json);
            assert_int_equal(json_is_array(json_object_get(reply->json, "data")), is_possible);
        }
    }
    TEXT *cursor = cursor_of(*state, "/v1/measures?limit=2");
    json_auto_t *page = http_get_json(*state, "/v1/measures?limit=2");
    TEXT *again = forge(cursor, 0);
    TEXT *target = with_cursor("/v1/measures?limit=2", again);
    json_auto_t *first = http_get_json(*state, target);
    assert_json_equal(json_object_get(first, "data"), json_object_get(page, "data"), target);
}

/* One of them goes with each kind of list; the last test, as it changes what is served. */
static void an_import_makes_cursors_expire(void **state)
{
    static const char *const targets[] = {
        "/v1/measures?limit=1",
        "/v1/measures?limit=1&sort=-number&q=china",
        "/v1/summits/xian-2023/areas?limit=1&category=other",
        "/v1/search?limit=1&q=china",
        "/v1/measures?limit=1&format=csv",
    };
    enum { COUNT = sizeof targets / sizeof targets[0] };
    struct daemon *daemon = *state;
    char *expired[COUNT];
    for (size_t i = 0; i + 1 < COUNT; i++) {
        TEXT *cursor = cursor_of(daemon, targets[i]);
        expired[i] = with_cursor(targets[i], cursor);
    }
    TEXT *cursor = cursor_of(daemon, targets[0]);
    expired[COUNT - 1] = with_cursor(targets[COUNT - 1], cursor);
    daemon_import(daemon, WORDS(POND));
    http_reply_free(http_wait_status(daemon, expired[0], 410));
    for (size_t i = 0; i < COUNT; i++) {
        TEXT *path = text_of("%.*s", (int)strcspn(targets[i], "?"), targets[i]);
        HTTP_REPLY *reply = http_get(daemon, expired[i]);
        problem_check(reply, 410, "cursor-expired", path);
        json_t *entry = problem_error(reply, "cursor");
        const char *code = json_string_value(json_object_get(entry, "code"));
        assert_non_null(code);
        assert_string_equal(code, "expired_cursor");
        const char *detail = json_string_value(json_object_get(entry, "detail"));
        if (strstr(detail, "start again") == NULL) {
            fail_msg("it does not say what to do: %s", detail);
        }
        text_release(&expired[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cursor_of_another_query_is_refused),
        cmocka_unit_test(a_cursor_fits_whatever_is_shown),
        cmocka_unit_test(a_mistyped_cursor_is_refused),
        cmocka_unit_test(a_forged_cursor_does_no_harm),
        cmocka_unit_test(an_import_makes_cursors_expire),
    };
    return cmocka_run_group_tests(tests, start_two_summits, daemon_stop_all);
}
