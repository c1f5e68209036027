/* Answers that are kept: the second is the first, and both are what a server gives that keeps
 * nothing. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "deadline.h"
#include "folder.h"
#include "http.h"
#include "process.h"
#include "same.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const codings[] = {"identity", "gzip", "br"};

static const char *const media_types[] = {
    "*/*",
    "application/json",
    "application/x-ndjson",
    "text/csv",
    "application/ld+json",
    "application/vnd.citationstyles.csl+json",
    "application/x-bibtex",
    "text/plain",
    "application/vnd.sqlite3",
    "text/html",
    "application/yaml",
    "application/linkset+json",
};

enum {
    CODING_COUNT = sizeof codings / sizeof codings[0],
    MEDIA_TYPE_COUNT = sizeof media_types / sizeof media_types[0]
};

static struct http_reply *ask(const struct daemon *daemon, const char *method, const char *target,
                              const char *media_type, const char *coding)
{
    TEXT *accept = text_of("Accept: %s", media_type);
    TEXT *accept_encoding = text_of("Accept-Encoding: %s", coding);
    return http_request(daemon, method, target, WORDS(accept, accept_encoding));
}

/* Asks in both methods and all codings. Returns whether the target can be had in this form. */
static bool check_form(const struct pair *pair, const char *target, const char *media_type)
{
    static const char *const methods[] = {"GET", "HEAD"};
    for (size_t i = 0; i < 2 * CODING_COUNT; i++) {
        const char *method = methods[i % 2];
        const char *coding = codings[i / 2];
        TEXT *what = text_of("%s %s as %s, %s", method, target, media_type, coding);
        HTTP_REPLY *first = ask(pair->keeping, method, target, media_type, coding);
        if (first->status == 406) {
            return false;
        }
        HTTP_REPLY *second = ask(pair->keeping, method, target, media_type, coding);
        HTTP_REPLY *other = ask(pair->forgetting, method, target, media_type, coding);
        if (first->status != 200) {
            fail_msg("%s: %d", what, first->status);
        }
        assert_true((first->body_length > 0) == (i % 2 == 0));
        check_same(first, second, what);
        check_same(first, other, what);
    }
    return true;
}

static void check_forms(const struct pair *pair, const char *target)
{
    size_t forms = 0;
    for (size_t i = 0; i < MEDIA_TYPE_COUNT; i++) {
        forms += check_form(pair, target, media_types[i]);
    }
    assert_in_range(forms, 2, MEDIA_TYPE_COUNT); /* any, and one of its own */
}

/* A target of a path with {id} and the like in it. */
static char *target_of(const struct daemon *daemon, const char *path)
{
    const char *brace = strchr(path, '{');
    if (strcmp(path, "/v1/search") == 0) {
        return text_of("/v1/search?q=cooperation");
    }
    if (brace == NULL) {
        return text_of("%s", path);
    }
    if (strcmp(path, "/problems/{slug}") == 0) {
        return text_of("/problems/not-found");
    }
    if (strcmp(path, "/v1/citations/{type}/{id}") == 0) {
        return text_of("/v1/citations/summits/xian-2023");
    }
    assert_int_equal(strncmp(brace, "{id}", 4), 0);
    TEXT *collection = text_of("%.*s?limit=1", (int)(brace - path - 1), path);
    json_auto_t *page = http_get_json(daemon, collection);
    json_t *row = json_array_get(json_object_get(page, "data"), 0);
    return text_of("%.*s%s%s", (int)(brace - path), path, row_id(row), brace + 4);
}

static void every_route_answers_again_what_it_did(void **state)
{
    const struct pair *pair = *state;
    PROCESS_RESULT routes = process_run(WORDS("routes"), NULL);
    size_t count = 0;
    char *rest = routes.output;
    for (char *line = strtok_r(rest, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        char path[128];
        assert_int_equal(sscanf(line, "GET\t%127s", path), 1);
        TEXT *target = target_of(pair->keeping, path);
        check_forms(pair, target);
        count++;
    }
    assert_in_range(count, 30, 1000);
}

static const char *const with_parameters[] = {
    "/v1/measures?area=trade&limit=2",
    "/v1/measures?limit=2&area=trade",
    "/v1/measures?limit=2&pretty=true",
    "/v1/measures?pretty",
    "/v1/measures?include=areas%2Cproposals&limit=200",
    "/v1/measures?facet=area,modality&limit=1&sort=-number",
    "/v1/measures?fields=id&q=railway",
    "/v1/summits/xian-2023?include=participants,proposals,areas",
    "/v1/sources/lakeside-notes?include=coverage",
    "/v1/search?q=%22free+trade%22&type=measures",
    "/v1/graph?summit=lakeside-2020",
};

static void targets_with_parameters_do_so_as_well(void **state)
{
    const struct pair *pair = *state;
    for (size_t i = 0; i < sizeof with_parameters / sizeof with_parameters[0]; i++) {
        for (size_t j = 0; j < 2 * CODING_COUNT; j++) {
            const char *method = j % 2 == 0 ? "GET" : "HEAD";
            const char *target = with_parameters[i];
            HTTP_REPLY *first = ask(pair->keeping, method, target, "*/*", codings[j / 2]);
            HTTP_REPLY *second = ask(pair->keeping, method, target, "*/*", codings[j / 2]);
            HTTP_REPLY *other = ask(pair->forgetting, method, target, "*/*", codings[j / 2]);
            assert_int_equal(first->status, 200);
            check_same(first, second, target);
            check_same(first, other, target);
        }
    }
}

/* One form of it for a format that is named, whatever Accept prefers. */
static void a_format_that_is_named_is_kept_apart(void **state)
{
    static const char *const formats[] = {"json", "ndjson", "csv", "jsonld"};
    const struct pair *pair = *state;
    for (size_t i = 0; i < 4 * MEDIA_TYPE_COUNT; i++) {
        TEXT *target = text_of("/v1/areas?format=%s&limit=3", formats[i % 4]);
        const char *media_type = media_types[i / 4];
        HTTP_REPLY *plain = ask(pair->forgetting, "GET", target, "*/*", "identity");
        HTTP_REPLY *first = ask(pair->keeping, "GET", target, media_type, "identity");
        HTTP_REPLY *second = ask(pair->keeping, "GET", target, media_type, "identity");
        assert_int_equal(first->status, 200);
        check_same(first, plain, target);
        check_same(second, plain, target);
    }
}

static const char *const spellings[][4] = {
    {"/v1/measures?area=trade&limit=3&sort=number", "/v1/measures?sort=number&limit=3&area=trade",
     "/v1/measures?limit=3&area=trade&sort=number",
     "/v1/measures?limit=3&%61rea=tr%61de&sort=number"},
    {"/v1/search?limit=4&q=railway%20links", "/v1/search?q=railway+links&limit=4",
     "/v1/search?limit=4&q=r%61ilway%20links", "/v1/%73earch?q=railway%20links&limit=4"},
    {"/v1/areas?include=measures&pretty", "/v1/areas?pretty&include=measures",
     "/v1/areas?pretty=&include=measures", "/v1/areas?include=measures&pretty="},
};

static void the_order_of_parameters_makes_no_difference(void **state)
{
    const struct pair *pair = *state;
    for (size_t i = 0; i < 3 * CODING_COUNT; i++) {
        const char *const *targets = spellings[i / CODING_COUNT];
        const char *coding = codings[i % CODING_COUNT];
        HTTP_REPLY *right = ask(pair->forgetting, "GET", targets[0], "*/*", coding);
        assert_int_equal(right->status, 200);
        assert_non_null(http_header(right, "ETag"));
        for (size_t j = 0; j < 8; j++) {
            HTTP_REPLY *reply = ask(pair->keeping, "GET", targets[(i + j) % 4], "*/*", coding);
            check_same(reply, right, targets[(i + j) % 4]);
        }
    }
}

/* Fails unless a 304 has what a cache needs of the 200, and says nothing else than that did. */
static void check_not_modified(const struct http_reply *is, const struct http_reply *full)
{
    static const char *const needed[] = {"ETag", "Cache-Control", "Vary",
                                         "Access-Control-Allow-Origin",
                                         "Access-Control-Expose-Headers"};
    static const char *const of_content[] = {"Content-Type", "Content-Encoding",
                                             "Content-Disposition", "Content-Security-Policy"};
    assert_int_equal(is->status, 304);
    assert_int_equal(is->body_length, 0);
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        assert_int_equal(http_header_count(is, needed[i]), 1);
    }
    for (size_t i = 0; i < sizeof of_content / sizeof of_content[0]; i++) {
        assert_null(http_header(is, of_content[i]));
    }
    for (size_t i = 0; i < is->header_count; i++) {
        const char *value = http_header(full, is->names[i]);
        if (strcmp(is->names[i], "Date") != 0 &&
            (value == NULL || strcmp(value, is->values[i]) != 0)) {
            fail_msg("a 304 says %s: %s, not %s", is->names[i], is->values[i],
                     value == NULL ? "nothing" : value);
        }
    }
}

static void check_conditions(const struct pair *pair, const char *target)
{
    struct http_reply *full[CODING_COUNT];
    for (size_t i = 0; i < CODING_COUNT; i++) {
        full[i] = ask(pair->keeping, "GET", target, "*/*", codings[i]);
        assert_non_null(http_header(full[i], "ETag"));
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(http_header(full[i], "ETag"), http_header(full[j], "ETag"));
        }
    }
    /* Each with the entity tag of each, both methods, twice. */
    for (size_t i = 0; i < CODING_COUNT * CODING_COUNT * 4; i++) {
        size_t coding = i / 4 / CODING_COUNT;
        size_t tag = i / 4 % CODING_COUNT;
        TEXT *match = text_of("If-None-Match: %s", http_header(full[tag], "ETag"));
        TEXT *accept = text_of("Accept-Encoding: %s", codings[coding]);
        HTTP_REPLY *reply =
            http_request(pair->keeping, i % 2 == 0 ? "GET" : "HEAD", target, WORDS(match, accept));
        if (coding == tag) {
            check_not_modified(reply, full[coding]);
        } else if (i % 2 == 0) {
            check_same(reply, full[coding], target);
        } else {
            assert_int_equal(reply->status, 200);
        }
    }
    for (size_t i = 0; i < CODING_COUNT; i++) {
        http_reply_free(full[i]);
    }
}

static void each_coding_has_its_own_tag_and_its_own_304(void **state)
{
    static const char *const targets[] = {"/v1", "/v1/measures?limit=7", "/openapi.json", "/",
                                          "/v1/mechanisms?format=csv&limit=30"};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        check_conditions(*state, targets[i]);
    }
}

static void a_head_gives_no_body_and_takes_none_away(void **state)
{
    const struct pair *pair = *state;
    for (size_t i = 0; i < 2 * CODING_COUNT; i++) {
        TEXT *target = text_of("/v1/measures?limit=%zu", 11 + i); /* not asked for before */
        const char *coding = codings[i / 2];
        bool is_head_first = i % 2 == 0;
        HTTP_REPLY *first =
            ask(pair->keeping, is_head_first ? "HEAD" : "GET", target, "*/*", coding);
        HTTP_REPLY *second =
            ask(pair->keeping, is_head_first ? "GET" : "HEAD", target, "*/*", coding);
        HTTP_REPLY *head = ask(pair->forgetting, "HEAD", target, "*/*", coding);
        HTTP_REPLY *get = ask(pair->forgetting, "GET", target, "*/*", coding);
        check_same(is_head_first ? first : second, head, target);
        check_same(is_head_first ? second : first, get, target);
        assert_int_equal(head->body_length, 0);
        assert_true(get->body_length > 0);
    }
}

/* One line a request, with what was sent of the answer. */
static void the_log_says_what_was_sent_of_what_is_kept(void **state)
{
    static const struct {
        const char *method;
        const char *field;
        int status;
        bool has_body;
    } requests[] = {
        {"GET", NULL, 200, true},
        {"GET", NULL, 200, true},
        {"HEAD", NULL, 200, false},
        {"GET", "If-None-Match: *", 304, false},
        {"HEAD", "If-None-Match: *", 304, false},
        {"GET", "Accept-Encoding: br", 200, true},
        {"GET", "Accept-Encoding: br", 200, true},
    };
    (void)state;
    struct daemon *daemon = daemon_start(NULL);
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        const char *method = requests[i].method;
        HTTP_REPLY *reply = http_request(daemon, method, "/v1/areas", WORDS(requests[i].field));
        assert_int_equal(reply->status, requests[i].status);
        assert_true((reply->body_length > 0) == requests[i].has_body);
        json_auto_t *line = daemon_wait_event(daemon, "request");
        assert_string_equal(json_string_value(json_object_get(line, "method")), method);
        assert_int_equal(json_integer_value(json_object_get(line, "status")), reply->status);
        assert_int_equal(json_integer_value(json_object_get(line, "bytes")), reply->body_length);
    }
    daemon_stop(daemon);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route_answers_again_what_it_did),
        cmocka_unit_test(targets_with_parameters_do_so_as_well),
        cmocka_unit_test(a_format_that_is_named_is_kept_apart),
        cmocka_unit_test(the_order_of_parameters_makes_no_difference),
        cmocka_unit_test(each_coding_has_its_own_tag_and_its_own_304),
        cmocka_unit_test(a_head_gives_no_body_and_takes_none_away),
        cmocka_unit_test(the_log_says_what_was_sent_of_what_is_kept),
    };
    return cmocka_run_group_tests(tests, start_pair, daemon_stop_all);
}
