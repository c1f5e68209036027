/* What is wrong with a parameter, of each kind of address: the problem names it, says what is wrong
 * with a code, and suggests the nearest right thing. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "http.h"
#include "problem.h"

#include <string.h>

#define LINE_D_CITATION "/v1/citations/measures/xian-2023-energy-line-d"

static const struct parameter_case filter_cases[] = {
    {"/v1/measures?aera=trade", "aera", "unknown_parameter", "area"},
    {"/v1/measures?Area=trade", "Area", "unknown_parameter", "area"},
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

static const struct parameter_case q_cases[] = {
    {"/v1/measures?q", "q", "invalid_value", NULL},
    {"/v1/measures?q=", "q", "invalid_value", NULL},
    {"/v1/measures?q=%20%20", "q", "invalid_value", NULL},
    {"/v1/measures?q=+", "q", "invalid_value", NULL},
    {"/v1/measures?q=%00", "q", "invalid_encoding", NULL},
    {"/v1/measures?q=gas%00", "q", "invalid_encoding", NULL},
    {"/v1/measures?q=%09", "q", "invalid_encoding", NULL},
    {"/v1/measures?q=%FF", "q", "invalid_encoding", NULL},
    {"/v1/measures?q=%F4%90%80%80", "q", "invalid_encoding", NULL},
    {"/v1/measures?q=%E4%B9", "q", "invalid_encoding", NULL},
    {"/v1/measures?q=a&q=b", "q", "repeated_parameter", NULL},
    {"/v1/measures?Q=a", "Q", "unknown_parameter", "q"},
    {"/v1/summits/xian-2023?q=a", "q", "unknown_parameter", NULL},
    {"/v1/search", "q", "missing_parameter", NULL},
    {"/v1/search?type=measures", "q", "missing_parameter", NULL},
    {"/v1/search?q=", "q", "invalid_value", NULL},
    {"/v1/search?q=a&q=a", "q", "repeated_parameter", NULL},
};

static const struct parameter_case sort_cases[] = {
    {"/v1/measures?sort", "sort", "invalid_value", NULL},
    {"/v1/measures?sort=", "sort", "invalid_value", NULL},
    {"/v1/measures?sort=-", "sort", "invalid_value", NULL},
    {"/v1/measures?sort=--id", "sort", "invalid_value", "-id"},
    {"/v1/measures?sort=numbr", "sort", "invalid_value", "number"},
    {"/v1/measures?sort=-numbr", "sort", "invalid_value", "-number"},
    {"/v1/measures?sort=id,-numbr", "sort", "invalid_value", "-number"},
    {"/v1/measures?sort=Number", "sort", "invalid_value", "number"},
    {"/v1/measures?sort=%2Bnumber", "sort", "invalid_value", "number"},
    {"/v1/measures?sort=number,", "sort", "invalid_value", NULL},
    {"/v1/measures?sort=text", "sort", "invalid_value", NULL},
    {"/v1/areas?sort=counts", "sort", "invalid_value", NULL},
    {"/v1/measures?sort=number,number", "sort", "repeated_value", NULL},
    {"/v1/measures?sort=number,-number", "sort", "repeated_value", NULL},
    {"/v1/measures?sort=id&sort=number", "sort", "repeated_parameter", NULL},
    {"/v1/measures?fields=id,id", "fields", "repeated_value", NULL},
    {"/v1/measures?include=areas,areas", "include", "repeated_value", NULL},
    {"/v1/measures?facet=area,area", "facet", "repeated_value", NULL},
    {"/v1/measures/xian-2023-energy-line-d?sort=id", "sort", "unknown_parameter", NULL},
    {"/v1/search?q=a&sort=id", "sort", "unknown_parameter", NULL},
};

static const struct parameter_case fields_cases[] = {
    {"/v1/measures?fields", "fields", "invalid_value", NULL},
    {"/v1/measures?fields=", "fields", "invalid_value", NULL},
    {"/v1/measures?fields=txt", "fields", "invalid_value", "text"},
    {"/v1/measures?fields=id,,text", "fields", "invalid_value", NULL},
    {"/v1/participants?fields=aliases", "fields", "invalid_value", NULL},
    {"/v1/summits?fields=country.code", "fields", "invalid_value", NULL},
    {"/v1/measures?fields=id&fields=id", "fields", "repeated_parameter", NULL},
    {"/v1/summits/xian-2023?fields=nam", "fields", "invalid_value", "name"},
    {"/v1/summits/xian-2023?feilds=id", "feilds", "unknown_parameter", "fields"},
    {"/v1/measures?fields=id&format=jsonld", "fields", "wrong_format", NULL},
    {"/v1/summits/xian-2023?fields=id&format=jsonld", "fields", "wrong_format", NULL},
    {"/v1/search?q=a&fields=id", "fields", "unknown_parameter", NULL},
};

static const struct parameter_case facet_cases[] = {
    {"/v1/measures?facet", "facet", "invalid_value", NULL},
    {"/v1/measures?facet=aera", "facet", "invalid_value", "area"},
    {"/v1/measures?facet=area,", "facet", "invalid_value", NULL},
    {"/v1/measures?facet=text", "facet", "invalid_value", NULL},
    {"/v1/measures?facets=area", "facets", "unknown_parameter", "facet"},
    {"/v1/measures?facet=area&facet=area", "facet", "repeated_parameter", NULL},
    {"/v1/measures?facet=area&format=csv", "facet", "wrong_format", NULL},
    {"/v1/measures?facet=area&format=ndjson", "facet", "wrong_format", NULL},
    {"/v1/measures?facet=area&format=jsonld", "facet", "wrong_format", NULL},
    {"/v1/summits/xian-2023?facet=country", "facet", "unknown_parameter", NULL},
    {"/v1/search?q=a&facet=type", "facet", "unknown_parameter", NULL},
};

static const struct parameter_case format_cases[] = {
    {"/v1/measures?format", "format", "invalid_value", NULL},
    {"/v1/measures?format=xml", "format", "invalid_value", NULL},
    {"/v1/measures?format=cvs", "format", "invalid_value", "csv"},
    {"/v1/measures?format=CSV", "format", "invalid_value", "csv"},
    {"/v1/measures?format=json,csv", "format", "invalid_value", NULL},
    {"/v1/measures?format=bibtex", "format", "invalid_value", NULL},
    {"/v1/measures?format=json&format=csv", "format", "repeated_parameter", NULL},
    {"/v1/summits/xian-2023?format=csv", "format", "invalid_value", NULL},
    {"/v1/summits/xian-2023?format=jsonl", "format", "invalid_value", "json"},
    {"/v1/search?q=a&format=json", "format", "unknown_parameter", NULL},
    {"/v1/graph?format=json", "format", "unknown_parameter", NULL},
    {"/v1/summits/xian-2023/record?format=json", "format", "unknown_parameter", NULL},
    {LINE_D_CITATION "?format=json", "format", "invalid_value", NULL},
    {LINE_D_CITATION "?format=bibtx", "format", "invalid_value", "bibtex"},
    {LINE_D_CITATION "?formt=text", "formt", "unknown_parameter", "format"},
    {"/v1/measures?pretty=yes", "pretty", "invalid_value", NULL},
    {"/v1/measures?pretty=tru", "pretty", "invalid_value", "true"},
    {"/v1/measures?pretty&pretty", "pretty", "repeated_parameter", NULL},
    {"/v1/measures?pretty&format=csv", "pretty", "wrong_format", NULL},
    {"/v1/measures?pretty=false&format=ndjson", "pretty", "wrong_format", NULL},
    {"/v1/summits/xian-2023?pretty=nope", "pretty", "invalid_value", NULL},
    {"/v1/search?q=a&pretty=no", "pretty", "invalid_value", NULL},
    {"/v1/graph?pretty=on", "pretty", "invalid_value", NULL},
    {LINE_D_CITATION "?pretty=x", "pretty", "invalid_value", NULL},
    {LINE_D_CITATION "?pretty&format=text", "pretty", "wrong_format", NULL},
    {"/v1/summits/xian-2023/record?pretty", "pretty", "unknown_parameter", NULL},
    {"/v1/export.sqlite?pretty", "pretty", "unknown_parameter", NULL},
};

static const struct parameter_case include_cases[] = {
    {"/v1/measures?include=areas.sorces", "include", "invalid_value", "areas.sources"},
    {"/v1/measures?include=areas.", "include", "invalid_value", NULL},
    {"/v1/measures?include=.areas", "include", "invalid_value", NULL},
    {"/v1/measures?include=aeras.sources", "include", "invalid_value", "areas"},
    {"/v1/measures?include=areas.areas", "include", "invalid_value", NULL},
    {"/v1/measures?include=areas.sources.summits", "include", "invalid_value", NULL},
    {"/v1/measures?include=areas&format=csv", "include", "wrong_format", NULL},
    {"/v1/measures?include=areas&format=ndjson", "include", "wrong_format", NULL},
    {"/v1/measures?include=areas&format=jsonld", "include", "wrong_format", NULL},
    {"/v1/sources?include=coverage", "include", "invalid_value", NULL},
    {"/v1/sources/lakeside-notes?include=coverag", "include", "invalid_value", "coverage"},
    {"/v1/sources/lakeside-notes?include=coverage.rows", "include", "invalid_value", NULL},
    {"/v1/summits/xian-2023?include=sources.coverage", "include", "invalid_value", NULL},
    {"/v1/summits/xian-2023?include=measures.aras", "include", "invalid_value", "measures.areas"},
    {"/v1/search?q=a&include=areas", "include", "unknown_parameter", NULL},
};

static const struct parameter_case other_cases[] = {
    {"/v1/search?q=a&type=", "type", "invalid_value", NULL},
    {"/v1/search?q=a&type=measure", "type", "invalid_value", "measures"},
    {"/v1/search?q=a&typ=measures", "typ", "unknown_parameter", "type"},
    {"/v1/search?q=a&type=areas&type=areas", "type", "repeated_parameter", NULL},
    {"/v1/search?q=a&summit=xian-2023", "summit", "unknown_parameter", NULL},
    {"/v1/search?q=a&limit=0", "limit", "invalid_value", "1"},
    {"/v1/search?q=a&limit=201", "limit", "invalid_value", "200"},
    {"/v1/search?q=a&cursor=abc", "cursor", "invalid_value", NULL},
    {"/v1/search?q=a&cursor=", "cursor", "invalid_value", NULL},
    {"/v1/graph?summit=xian-2022", "summit", "unknown_value", "xian-2023"},
    {"/v1/graph?summit=", "summit", "invalid_value", NULL},
    {"/v1/graph?sumit=xian-2023", "sumit", "unknown_parameter", "summit"},
    {"/v1/graph?summit=xian-2023&summit=xian-2023", "summit", "repeated_parameter", NULL},
    {"/v1/graph?limit=1", "limit", "unknown_parameter", NULL},
    {"/v1/graph?area=trade", "area", "unknown_parameter", NULL},
    {LINE_D_CITATION "?style=apa", "style", "unknown_parameter", NULL},
    {LINE_D_CITATION "?limit=1", "limit", "unknown_parameter", NULL},
    {"/v1/summits/xian-2023?cursor=x", "cursor", "unknown_parameter", NULL},
    {"/v1/summits/xian-2023?area=trade", "area", "unknown_parameter", NULL},
    {"/v1/summits/xian-2023/measures?summit=lakeside-2020", "summit", "unknown_parameter", NULL},
    {"/v1/summits/xian-2023/record?summit=xian-2023", "summit", "unknown_parameter", NULL},
};

/* All of them, one group for each parameter or so. */
static const struct {
    const struct parameter_case *cases;
    size_t count;
} groups[] = {
#define GROUP(cases)                                                                               \
    {                                                                                              \
        cases, sizeof(cases) / sizeof(cases)[0]                                                    \
    }
    GROUP(filter_cases), GROUP(q_cases),      GROUP(sort_cases),    GROUP(fields_cases),
    GROUP(facet_cases),  GROUP(format_cases), GROUP(include_cases), GROUP(other_cases),
};

enum { GROUP_COUNT = sizeof groups / sizeof groups[0] };

static void bad_parameters_are_named(void **state)
{
    size_t wrong = 0;
    for (size_t i = 0; i < GROUP_COUNT; i++) {
        for (size_t j = 0; j < groups[i].count; j++) {
            wrong += !parameter_is_refused(*state, &groups[i].cases[j]);
        }
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
    HTTP_REPLY *newer = http_get(*state, "/v1/measures?format=csv&include=areas&facet=aera&q=&sort="
                                         "numbr&fields=txt&pretty=yes&area=trde");
    problem_check(newer, 400, "invalid-parameter", "/v1/measures");
    static const char *const names[] = {"include", "facet",  "q",   "sort",
                                        "fields",  "pretty", "area"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_non_null(problem_error(newer, names[i]));
    }
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
    assert_true(parameter_is_refused(*state, &wrong));
}

/* Nothing that an error says comes from inside: no SQL, no file, no library. */
static void check_tells_nothing(void *daemon, const char *target)
{
    static const char *const inside[] = {"sqlite3", "SQLITE", "SELECT", "MATCH",     "fts5",
                                         "bm25",    "/tmp/",  ".c:",    "summit.db", "MHD"};
    HTTP_REPLY *reply = http_get_status(daemon, target, 400);
    for (size_t i = 0; i < sizeof inside / sizeof inside[0]; i++) {
        assert_null(strstr(reply->body, inside[i]));
    }
}

static void errors_tell_nothing_of_the_inside(void **state)
{
    for (size_t i = 0; i < GROUP_COUNT; i++) {
        for (size_t j = 0; j < groups[i].count; j++) {
            check_tells_nothing(*state, groups[i].cases[j].target);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_parameters_are_named),
        cmocka_unit_test(all_bad_parameters_are_told_at_once),
        cmocka_unit_test(suggestions_are_few),
        cmocka_unit_test(more_than_50_values_are_too_many),
        cmocka_unit_test(errors_tell_nothing_of_the_inside),
    };
    return cmocka_run_group_tests(tests, start_two_summits, daemon_stop_all);
}
