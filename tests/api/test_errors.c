/* Every way to ask wrongly over a decent HTTP library, and the problem document that comes back.
 * What no library would send is in test_guards.c. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "http.h"
#include "problem.h"
#include "process.h"

#include <string.h>

struct parameter_case {
    const char *target;
    const char *parameter;
    const char *code;
    const char *suggestion; /* NULL: there is none; "*": anything or none */
};

static const struct parameter_case parameter_cases[] = {
    {"/v1/measures?aera=trade", "aera", "unknown_parameter", "area"},
    {"/v1/measures?Area=trade", "Area", "unknown_parameter", "area"},
    {"/v1/measures?q=trade", "q", "unknown_parameter", "*"},
    {"/v1/measures?sort=number", "sort", "unknown_parameter", "*"},
    {"/v1/measures?fields=id", "fields", "unknown_parameter", "*"},
    {"/v1/measures?format=csv", "format", "unknown_parameter", "*"},
    {"/v1/measures?pretty", "pretty", "unknown_parameter", "*"},
    {"/v1/measures?country=KZ", "country", "unknown_parameter", "*"},
    {"/v1/measures?offset=2", "offset", "unknown_parameter", "*"},
    {"/v1/summits/xian-2023?limit=1", "limit", "unknown_parameter", "*"},
    {"/v1/summits/xian-2023?inclde=areas", "inclde", "unknown_parameter", "include"},
    {"/v1/summits/xian-2023/measures?summit=xian-2023", "summit", "unknown_parameter", "*"},
    {"/v1?limit=1", "limit", "unknown_parameter", "*"},
    {"/healthz?verbose=1", "verbose", "unknown_parameter", "*"},
    {"/openapi.json?pretty=1", "pretty", "unknown_parameter", "*"},
    {"/v1/measures?area=trade&area=energy", "area", "repeated_parameter", "*"},
    {"/v1/measures?limit=1&limit=1", "limit", "repeated_parameter", "*"},
    {"/v1/measures?include=areas&include=sources", "include", "repeated_parameter", "*"},
    {"/v1/measures?%61rea=trade&area=energy", "area", "repeated_parameter", "*"},
    {"/v1/summits/xian-2023?include=areas&include=areas", "include", "repeated_parameter", "*"},
    {"/v1/measures?limit=0", "limit", "invalid_value", "1"},
    {"/v1/measures?limit=201", "limit", "invalid_value", "200"},
    {"/v1/measures?limit=-1", "limit", "invalid_value", "*"},
    {"/v1/measures?limit=%2B5", "limit", "invalid_value", "*"},
    {"/v1/measures?limit=1.5", "limit", "invalid_value", "*"},
    {"/v1/measures?limit=1e2", "limit", "invalid_value", "*"},
    {"/v1/measures?limit=0x10", "limit", "invalid_value", "*"},
    {"/v1/measures?limit=%205", "limit", "invalid_value", "*"},
    {"/v1/measures?limit=5%20", "limit", "invalid_value", "*"},
    {"/v1/measures?limit=many", "limit", "invalid_value", "*"},
    {"/v1/measures?limit=", "limit", "invalid_value", "*"},
    {"/v1/measures?limit", "limit", "invalid_value", "*"},
    {"/v1/measures?limit=18446744073709551617", "limit", "invalid_value", "200"},
    {"/v1/measures?limit=99999999999999999999999999", "limit", "invalid_value", "200"},
    {"/v1/measures?modality=wil", "modality", "invalid_value", "will"},
    {"/v1/measures?modality=WILL", "modality", "invalid_value", "will"},
    {"/v1/statements?kind=principl", "kind", "invalid_value", "principle"},
    {"/v1/participants?role=hots", "role", "invalid_value", "host"},
    {"/v1/areas?category=tradition", "category", "invalid_value", "*"},
    {"/v1/mechanisms?standing=exist", "standing", "invalid_value", "*"},
    {"/v1/measures?area=", "area", "invalid_value", NULL},
    {"/v1/measures?area=trade,", "area", "invalid_value", NULL},
    {"/v1/measures?area=trade,,energy", "area", "invalid_value", NULL},
    {"/v1/measures?include=", "include", "invalid_value", "*"},
    {"/v1/measures?include=area", "include", "invalid_value", "areas"},
    {"/v1/measures?include=participants", "include", "invalid_value", "*"},
    {"/v1/measures?include=areas.sources", "include", "invalid_value", "*"},
    {"/v1/summits/xian-2023?include=area", "include", "invalid_value", "areas"},
    {"/v1/measures?cursor=", "cursor", "invalid_value", NULL},
    {"/v1/measures?cursor=abc", "cursor", "invalid_value", NULL},
    {"/v1/measures?cursor=%00", "cursor", "invalid_encoding", "*"},
    {"/v1/measures?area=%FF", "area", "invalid_encoding", "*"},
    {"/v1/measures?area=%C0%AF", "area", "invalid_encoding", "*"},
    {"/v1/measures?area=%ED%A0%80", "area", "invalid_encoding", "*"},
    {"/v1/measures?area=tra%0Ade", "area", "invalid_encoding", "*"},
    {"/v1/measures?area=%zz", "area", "invalid_encoding", "*"},
    {"/v1/measures?area=%4", "area", "invalid_encoding", "*"},
    {"/v1/measures?area=trde", "area", "unknown_value", "trade"},
    {"/v1/measures?area=trade,energie", "area", "unknown_value", "energy"},
    {"/v1/measures?area=Trade", "area", "unknown_value", "trade"},
    {"/v1/measures?area=q%27%20OR%201=1--", "area", "unknown_value", "*"},
    {"/v1/measures?summit=xian-2022", "summit", "unknown_value", "xian-2023"},
    {"/v1/measures?proposal=xian-2023-enrgy", "proposal", "unknown_value", "xian-2023-energy"},
    {"/v1/measures?initiative=belt-and-raod", "initiative", "unknown_value", "belt-and-road"},
    {"/v1/measures?mechanism=nothing-like-it", "mechanism", "unknown_value", NULL},
    {"/v1/proposals?participant=xian-2023-xi-jinpin", "participant", "unknown_value",
     "xian-2023-xi-jinping"},
    {"/v1/participants?country=KS", "country", "unknown_value", "*"},
    {"/v1/participants?country=kz", "country", "unknown_value", "KZ"},
    {"/v1/measures?source=presidentxi-charts-course", "source", "unknown_value",
     "president-xi-charts-course"},
    {"/v1/summits/xian-2023/measures?area=trde", "area", "unknown_value", "trade"},
};

/* Whether the answer is the right one; if not, it is shown. */
static bool is_refused(void *daemon, const struct parameter_case *wrong)
{
    HTTP_REPLY *reply = http_get(daemon, wrong->target);
    if (reply->status != 400) {
        print_error("%s: %d: %s", wrong->target, reply->status, reply->body);
        return false;
    }
    TEXT *path = text_of("%.*s", (int)strcspn(wrong->target, "?"), wrong->target);
    problem_check(reply, 400, "invalid-parameter", path);
    json_t *entry = problem_error(reply, wrong->parameter);
    const char *code = json_string_value(json_object_get(entry, "code"));
    const char *suggestion = json_string_value(json_object_get(entry, "suggestion"));
    bool code_fits = code != NULL && strcmp(code, wrong->code) == 0;
    bool open = wrong->suggestion != NULL && strcmp(wrong->suggestion, "*") == 0;
    bool same = (wrong->suggestion == NULL) == (suggestion == NULL) &&
                (suggestion == NULL || open || strcmp(suggestion, wrong->suggestion) == 0);
    bool right = code_fits && (open || same);
    if (!right) {
        print_error("%s: not %s with suggestion %s: %s", wrong->target, wrong->code,
                    wrong->suggestion != NULL ? wrong->suggestion : "null", reply->body);
    }
    return right;
}

static void bad_parameters_are_named(void **state)
{
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof parameter_cases / sizeof parameter_cases[0]; i++) {
        wrong += !is_refused(*state, &parameter_cases[i]);
    }
    assert_int_equal(wrong, 0);
}

static void all_bad_parameters_are_told_at_once(void **state)
{
    HTTP_REPLY *reply =
        http_get(*state, "/v1/measures?limit=0&aera=trade&modality=wil&area=trade&cursor=x"
                         "&proposal=nope&limit=1");
    problem_check(reply, 400, "invalid-parameter", "/v1/measures");
    assert_non_null(problem_error(reply, "limit"));
    assert_non_null(problem_error(reply, "aera"));
    assert_non_null(problem_error(reply, "modality"));
    assert_non_null(problem_error(reply, "cursor"));
    assert_non_null(problem_error(reply, "proposal"));
    assert_null(problem_error(reply, "area"));
}

/* Suggestions cost time, so a request gets a few and no more, however much of it is wrong. */
static void suggestions_are_few(void **state)
{
    HTTP_REPLY *reply = http_get(*state, "/v1/measures?area=trad,energ,financ,healt,cultur");
    problem_check(reply, 400, "invalid-parameter", "/v1/measures");
    json_t *errors = json_object_get(reply->json, "errors");
    assert_int_equal(json_array_size(errors), 5);
    size_t suggested = 0;
    for (size_t i = 0; i < 5; i++) {
        suggested +=
            json_is_string(json_object_get(json_array_get(errors, i), "suggestion")) ? 1 : 0;
    }
    assert_int_equal(suggested, 3);
}

static void more_than_50_values_are_too_many(void **state)
{
    char target[1024] = "/v1/measures?area=trade";
    for (size_t i = 1; i < 50; i++) {
        strcat(target, ",trade");
    }
    HTTP_REPLY *most = http_get(*state, target);
    assert_int_equal(most->status, 200);
    strcat(target, ",trade");
    struct parameter_case wrong = {target, "area", "too_many_values", "*"};
    assert_true(is_refused(*state, &wrong));
}

/* A cursor belongs to the query that it came from. */
static void a_cursor_of_another_query_is_refused(void **state)
{
    json_auto_t *page = http_get_json(*state, "/v1/measures?area=trade&limit=1");
    const char *next = json_string_value(json_object_get(json_object_get(page, "links"), "next"));
    const char *cursor = strstr(next, "cursor=");
    assert_non_null(cursor);
    int length = (int)strcspn(cursor, "&");
    static const char *const others[] = {"/v1/proposals?", "/v1/measures?area=energy&",
                                         "/v1/measures?"};
    for (size_t i = 0; i < 3; i++) {
        TEXT *target = text_of("%s%.*s", others[i], length, cursor);
        struct parameter_case wrong = {target, "cursor", "invalid_value", "*"};
        assert_true(is_refused(*state, &wrong));
    }
    TEXT *damaged = text_of("/v1/measures?area=trade&%.*sx", length - 1, cursor);
    struct parameter_case wrong = {damaged, "cursor", "invalid_value", "*"};
    assert_true(is_refused(*state, &wrong));
}

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
        "/v1/search",
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
        "Accept: text/csv",
        "Accept: image/png, text/html",
        "Accept: application/json;q=0",
        "Accept: application/json;q=0.000, text/plain",
        "Accept: application/json;q=0, */*",
    };
    for (size_t i = 0; i < sizeof accepts / sizeof accepts[0]; i++) {
        HTTP_REPLY *reply = http_request(*state, "GET", "/v1/measures", WORDS(accepts[i]));
        problem_check(reply, 406, "not-acceptable", "/v1/measures");
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

static void header_fields_over_8192_bytes_are_a_431(void **state)
{
    char header[9000] = "X-Long: ";
    memset(header + strlen(header), 'a', 7000);
    HTTP_REPLY *fine = http_request(*state, "GET", "/v1", WORDS(header));
    assert_int_equal(fine->status, 200);
    memset(header + strlen(header), 'a', 1400);
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

/* Nothing that an error says comes from inside: no SQL, no file, no library. */
static void errors_tell_nothing_of_the_inside(void **state)
{
    static const char *const inside[] = {"sqlite", "SELECT", "summit.db", "/tmp/", ".c:", "MHD"};
    for (size_t i = 0; i < sizeof parameter_cases / sizeof parameter_cases[0]; i++) {
        HTTP_REPLY *reply = http_get(*state, parameter_cases[i].target);
        for (size_t j = 0; j < sizeof inside / sizeof inside[0]; j++) {
            assert_null(strstr(reply->body, inside[j]));
        }
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

static void an_import_makes_cursors_expire(void **state)
{
    struct daemon *daemon = *state;
    json_auto_t *page = http_get_json(daemon, "/v1/measures?limit=1");
    const char *next = json_string_value(json_object_get(json_object_get(page, "links"), "next"));
    daemon_import(daemon, WORDS(POND));
    HTTP_REPLY *reply = http_wait_status(daemon, next, 410);
    problem_check(reply, 410, "cursor-expired", "/v1/measures");
    json_t *entry = problem_error(reply, "cursor");
    assert_string_equal(json_string_value(json_object_get(entry, "code")), "expired_cursor");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_parameters_are_named),
        cmocka_unit_test(all_bad_parameters_are_told_at_once),
        cmocka_unit_test(suggestions_are_few),
        cmocka_unit_test(more_than_50_values_are_too_many),
        cmocka_unit_test(a_cursor_of_another_query_is_refused),
        cmocka_unit_test(what_is_not_there_is_a_404),
        cmocka_unit_test(other_methods_are_a_405),
        cmocka_unit_test(media_types_that_are_not_served_are_a_406),
        cmocka_unit_test(a_target_over_4096_bytes_is_a_414),
        cmocka_unit_test(header_fields_over_8192_bytes_are_a_431),
        cmocka_unit_test(every_problem_type_has_a_page),
        cmocka_unit_test(errors_tell_nothing_of_the_inside),
        cmocka_unit_test(request_ids_differ_and_stand_in_the_log),
        cmocka_unit_test(an_import_makes_cursors_expire),
    };
    return cmocka_run_group_tests(tests, start_two_summits, daemon_stop_all);
}
