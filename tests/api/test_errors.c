/* Every way to ask wrongly over a decent HTTP library, and the problem document that comes back.
 * What no library would send is in test_guards.c; the parameters are in test_parameters.c. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "http.h"
#include "problem.h"
#include "process.h"

#include <string.h>

static void what_is_not_there_is_a_404(void **state)
{
    static const char *const targets[] = {
        "/nothing",
        "/v2",
        "/v1/",
        "/v1/nothing",
        "/v1/measures/",
        "/v1/measures/none",
        "/v1/Measures",
        "/V1/measures",
        "/v1/summits/none",
        "/v1/summits/none/measures",
        "/v1/summits/xian-2023/",
        "/v1/summits/xian-2023/nothing",
        "/v1/summits/xian-2023/initiatives",
        "/v1/summits/xian-2023/measures/",
        "/v1/summits/xian-2023/measures/xian-2023-energy-line-d",
        "/v1/measures/xian-2023/areas",
        "/v1/Search",
        "/v1/search/measures",
        "/v1/graph/xian-2023",
        "/v1/citations",
        "/v1/citations/measures",
        "/v1/citations/measures/none",
        "/v1/citations/nothing/xian-2023",
        "/v1/summits/none/record",
        "/v1/measures/xian-2023-energy-line-d/record",
        "/problems",
        "/problems/nothing",
        "/openapi",
        "/.well-known",
        "/v1/measures/XIAN-2023-ENERGY-LINE-D",
        "/v1/measures/xian-2023-energy-line-d.json",
        "/a/b/c/d/e/f/g/h/i/j/k/l",
        "/v1/measures/%C3%A9",
    };
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        HTTP_REPLY *reply = http_get_status(*state, targets[i], 404);
        problem_check(reply, 404, "not-found", targets[i]);
    }
}

static void other_methods_are_a_405(void **state)
{
    static const char *const methods[] = {"POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"};
    static const char *const targets[] = {"/v1", "/v1/measures", "/v1/summits/xian-2023",
                                          "/",   "/healthz",     "/openapi.yaml"};
    for (size_t m = 0; m < sizeof methods / sizeof methods[0]; m++) {
        for (size_t t = 0; t < sizeof targets / sizeof targets[0]; t++) {
            HTTP_REPLY *reply = http_request(*state, methods[m], targets[t], NULL);
            problem_check(reply, 405, "method-not-allowed", targets[t]);
            assert_string_equal(http_header(reply, "Allow"), "GET, HEAD, OPTIONS");
        }
    }
}

static void media_types_that_are_not_served_are_a_406(void **state)
{
    static const char *const accepts[] = {
        "Accept: application/xml",
        "Accept: image/png, text/html",
        "Accept: application/json;q=0",
        "Accept: application/json;q=0.000, text/plain",
        "Accept: text/csv;q=0, application/*;q=0, */*;q=0",
    };
    for (size_t i = 0; i < sizeof accepts / sizeof accepts[0]; i++) {
        HTTP_REPLY *reply = http_request(*state, "GET", "/v1/measures", WORDS(accepts[i]));
        problem_check(reply, 406, "not-acceptable", "/v1/measures");
        const char *detail = json_string_value(json_object_get(reply->json, "detail"));
        assert_non_null(strstr(detail, "application/json, application/x-ndjson, text/csv"));
        assert_non_null(strstr(detail, "application/ld+json"));
    }
    static const char *const fine[] = {
        "Accept: application/json",
        "Accept: application/*",
        "Accept: */*;q=0.1",
        "Accept: text/html, application/json;q=0.2",
        "Accept:",
        "Accept: APPLICATION/JSON",
    };
    for (size_t i = 0; i < sizeof fine / sizeof fine[0]; i++) {
        HTTP_REPLY *reply = http_request(*state, "GET", "/v1/measures", WORDS(fine[i]));
        assert_int_equal(reply->status, 200);
    }
}

static void a_target_over_4096_bytes_is_a_414(void **state)
{
    char target[4200] = "/v1/measures?area=";
    memset(target + strlen(target), 'a', 4096 - strlen(target));
    target[4096] = '\0';
    HTTP_REPLY *longest = http_get(*state, target);
    problem_check(longest, 400, "invalid-parameter", "/v1/measures");
    strcat(target, "a");
    HTTP_REPLY *reply = http_get(*state, target);
    problem_check(reply, 414, "uri-too-long", NULL);
}

static void header_fields_over_6144_bytes_are_a_431(void **state)
{
    char header[9000] = "X-Long: ";
    memset(header + strlen(header), 'a', 6000);
    HTTP_REPLY *fine = http_request(*state, "GET", "/v1", WORDS(header));
    assert_int_equal(fine->status, 200);
    memset(header + strlen(header), 'a', 200);
    HTTP_REPLY *reply = http_request(*state, "GET", "/v1", WORDS(header));
    problem_check(reply, 431, "headers-too-large", NULL);
    http_disconnect();
}

static void every_problem_type_has_a_page(void **state)
{
    static const char *const slugs[] = {
        "bad-request",
        "invalid-parameter",
        "not-found",
        "method-not-allowed",
        "not-acceptable",
        "cursor-expired",
        "uri-too-long",
        "headers-too-large",
        "internal-error",
        "unavailable",
        "http-version-not-supported",
    };
    for (size_t i = 0; i < sizeof slugs / sizeof slugs[0]; i++) {
        TEXT *target = text_of("/problems/%s", slugs[i]);
        HTTP_REPLY *reply = http_get_status(*state, target, 200);
        assert_int_equal(strncmp(http_header(reply, "Content-Type"), "text/html", 9), 0);
        assert_non_null(strstr(reply->body, "<html"));
    }
}

static void request_ids_differ_and_stand_in_the_log(void **state)
{
    HTTP_REPLY *one = http_get_status(*state, "/v1/none", 404);
    HTTP_REPLY *other = http_get_status(*state, "/v1/none", 404);
    const char *one_id = json_string_value(json_object_get(one->json, "request_id"));
    const char *other_id = json_string_value(json_object_get(other->json, "request_id"));
    assert_string_not_equal(one_id, other_id);
    for (;;) {
        json_auto_t *line = daemon_wait_event(*state, "request");
        const char *id = json_string_value(json_object_get(line, "id"));
        assert_non_null(id);
        if (strcmp(id, other_id) == 0) {
            assert_string_equal(json_string_value(json_object_get(line, "target")), "/v1/none");
            assert_int_equal(json_integer_value(json_object_get(line, "status")), 404);
            return;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_there_is_a_404),
        cmocka_unit_test(other_methods_are_a_405),
        cmocka_unit_test(media_types_that_are_not_served_are_a_406),
        cmocka_unit_test(a_target_over_4096_bytes_is_a_414),
        cmocka_unit_test(header_fields_over_6144_bytes_are_a_431),
        cmocka_unit_test(every_problem_type_has_a_page),
        cmocka_unit_test(request_ids_differ_and_stand_in_the_log),
    };
    return cmocka_run_group_tests(tests, start_two_summits, daemon_stop_all);
}
