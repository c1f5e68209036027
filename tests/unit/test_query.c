#include "check.h"
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "query.h"

/* What each resource takes, as the API describes it. */
static const struct {
    const char *resource, *filters, *includes, *sorts, *fields;
} resources_expected[] = {
    {"summits", "country area initiative source",
     "participants proposals measures areas statements initiatives mechanisms sources",
     "id name starts_on city",
     "id name series starts_on ends_on city region country summary counts citations"},
    {"participants", "summit country role source", "summits proposals statements sources",
     "id name position", "id summit_id name office country role position citations"},
    {"proposals", "summit area participant source",
     "summits participants measures areas mechanisms sources", "id number title measure_count",
     "id summit_id number title summary proposed_by area_ids measure_count citations"},
    {"measures", "summit proposal area initiative mechanism modality source",
     "summits proposals areas initiatives mechanisms sources", "id number modality",
     "id summit_id proposal_id number text modality amounts area_ids initiative_ids "
     "mechanism_ids citations"},
    {"areas", "summit category source", "summits proposals measures statements mechanisms sources",
     "id name", "id name description category counts citations"},
    {"statements", "summit kind area initiative participant source",
     "summits participants areas initiatives sources", "id kind",
     "id summit_id kind text said_by area_ids initiative_ids citations"},
    {"initiatives", "summit source", "summits measures statements sources", "id name",
     "id name description launched_by counts citations"},
    {"mechanisms", "summit proposal area standing source",
     "summits proposals measures areas sources", "id name standing",
     "id summit_id name description standing area_ids proposal_id citations"},
    {"sources", "summit",
     "summits participants proposals measures areas statements initiatives mechanisms",
     "id title published_on",
     "id title publisher place published_on language url paragraph_count cited_count"},
};

static char *join(const json_t *words)
{
    char text[256] = "";
    for (size_t i = 0; i < json_array_size(words); i++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s", i == 0 ? "" : " ",
                 json_string_value(json_array_get(words, i)));
    }
    return strdup(text);
}

static void test_resources(void **state)
{
    JSON *all = NULL;
    (void)state;
    assert_int_equal(summit_resources(&all), SUMMIT_OK);
    assert_int_equal(json_array_size(all), COUNT(resources_expected));
    for (size_t i = 0; i < COUNT(resources_expected); i++) {
        const json_t *resource = json_array_get(all, i);
        TEXT *filters = join(json_object_get(resource, "filters"));
        TEXT *includes = join(json_object_get(resource, "includes"));
        assert_string_equal(json_string_value(json_object_get(resource, "name")),
                            resources_expected[i].resource);
        assert_string_equal(filters, resources_expected[i].filters);
        assert_string_equal(includes, resources_expected[i].includes);
        TEXT *sorts = join(json_object_get(resource, "sorts"));
        TEXT *fields = join(json_object_get(resource, "fields"));
        assert_string_equal(sorts, resources_expected[i].sorts);
        assert_string_equal(fields, resources_expected[i].fields);
        assert_true(json_string_length(json_object_get(resource, "description")) > 0);
        TEXT *item_includes = join(json_object_get(resource, "item_includes"));
        bool is_source = strcmp(resources_expected[i].resource, "sources") == 0;
        assert_string_equal(item_includes, is_source ? "coverage" : "");
        assert_int_equal(json_object_size(resource), 7);
    }
}

/* Every filter of any resource, tried on each. */
static void test_filters_are_known_where_they_apply(void **state)
{
    static const struct {
        const char *name, *value;
    } filters[] = {
        {"summit", "xian-2023"},  {"country", "KZ"},    {"source", "s"},       {"role", "host"},
        {"area", "trade"},        {"participant", "p"}, {"proposal", "p"},     {"initiative", "i"},
        {"mechanism", "m"},       {"modality", "will"}, {"category", "other"}, {"kind", "call"},
        {"standing", "existing"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(resources_expected); i++) {
        for (size_t j = 0; j < COUNT(filters); j++) {
            QUERY *query = fixture_query(resources_expected[i].resource, NULL, NULL, "");
            JSON *problems = json_array();
            TEXT *known = NULL;
            TEXT *wanted = NULL;
            assert_true(asprintf(&known, " %s ", resources_expected[i].filters) > 0);
            assert_true(asprintf(&wanted, " %s ", filters[j].name) > 0);
            bool applies = strstr(known, wanted) != NULL;
            enum summit_status status =
                summit_query_set(query, filters[j].name, filters[j].value, problems);
            assert_int_equal(status, applies ? SUMMIT_OK : SUMMIT_INVALID);
            assert_int_equal(json_array_size(problems), applies ? 0 : 1);
        }
    }
}

struct refusal {
    const char *resource, *name, *value, *code, *suggestion;
};

static const char *text_or(const json_t *value)
{
    return json_is_string(value) ? json_string_value(value) : "(none)";
}

/* Sets one parameter and compares the problems, each "code suggestion" after ';'. */
static void check_refusal(struct summit_query *query, const struct refusal *expected)
{
    JSON *problems = json_array();
    enum summit_status status = summit_query_set(query, expected->name, expected->value, problems);
    if (status != SUMMIT_INVALID || json_array_size(problems) != 1) {
        fail_msg("%s?%s=%.80s: status %d, %zu problems", expected->resource, expected->name,
                 expected->value, status, json_array_size(problems));
    }
    const json_t *problem = json_array_get(problems, 0);
    assert_int_equal(json_object_size(problem), 4);
    assert_string_equal(text_or(json_object_get(problem, "parameter")), expected->name);
    assert_string_equal(text_or(json_object_get(problem, "code")), expected->code);
    assert_string_not_equal(text_or(json_object_get(problem, "detail")), "(none)");
    const char *suggestion = expected->suggestion == NULL ? "(none)" : expected->suggestion;
    if (strcmp(text_or(json_object_get(problem, "suggestion")), suggestion) != 0) {
        fail_msg("%s?%s=%.80s: suggests %s, not %s", expected->resource, expected->name,
                 expected->value, text_or(json_object_get(problem, "suggestion")), suggestion);
    }
}

static void test_refusals(void **state)
{
    static const struct refusal refusals[] = {
        {"measures", "aera", "trade", "unknown_parameter", "area"},
        {"measures", "AREA", "trade", "unknown_parameter", "area"},
        {"measures", "summits", "xian-2023", "unknown_parameter", "summit"},
        {"measures", "", "x", "unknown_parameter", NULL},
        {"measures", "query", "gas", "unknown_parameter", NULL},
        {"measures", "type", "areas", "unknown_parameter", NULL},
        {"measures", "limits", "5", "unknown_parameter", "limit"},
        {"measures", "limit", "0", "invalid_value", "1"},
        {"measures", "limit", "201", "invalid_value", "200"},
        {"measures", "limit", "99999999999999999999999", "invalid_value", "200"},
        {"measures", "limit", "", "invalid_value", "50"},
        {"measures", "limit", "-1", "invalid_value", "50"},
        {"measures", "limit", "+1", "invalid_value", "50"},
        {"measures", "limit", " 1", "invalid_value", "50"},
        {"measures", "limit", "1 ", "invalid_value", "50"},
        {"measures", "limit", "1.0", "invalid_value", "50"},
        {"measures", "limit", "0x10", "invalid_value", "50"},
        {"measures", "limit", "1e2", "invalid_value", "50"},
        {"measures", "limit", "ten", "invalid_value", "50"},
        {"measures", "cursor", "", "invalid_value", NULL},
        {"measures", "modality", "wil", "invalid_value", "will"},
        {"measures", "modality", "WILL", "invalid_value", "will"},
        {"measures", "modality", "", "invalid_value", NULL},
        {"measures", "modality", "will,shall", "invalid_value", NULL},
        {"measures", "modality", "will,", "invalid_value", NULL},
        {"measures", "area", "", "invalid_value", NULL},
        {"measures", "area", "trade,", "invalid_value", NULL},
        {"measures", "area", ",trade", "invalid_value", NULL},
        {"measures", "include", "area", "invalid_value", "areas"},
        {"measures", "include", "measures", "invalid_value", NULL},
        {"measures", "include", "areas,sauces", "invalid_value", "sources"},
        {"measures", "include", "", "invalid_value", NULL},
        {"participants", "role", "hosts", "invalid_value", "host"},
        {"areas", "category", "growth-driver", "invalid_value", "growth_driver"},
        {"statements", "kind", "cal", "invalid_value", "call"},
        {"mechanisms", "standing", "exsiting", "invalid_value", "existing"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(refusals); i++) {
        QUERY *query = fixture_query(refusals[i].resource, NULL, NULL, "");
        check_refusal(query, &refusals[i]);
    }
}

static void test_limits_and_includes(void **state)
{
    QUERY *query = fixture_query("measures", NULL, NULL, "");
    (void)state;
    assert_int_equal(query->limit, QUERY_LIMIT_DEFAULT);
    assert_int_equal(query->include_count, 0);
    QUERY *one = fixture_query("measures", NULL, NULL, "limit=1&include=areas,sources");
    assert_int_equal(one->limit, 1);
    assert_string_equal(one->includes[0].first->target, "areas");
    assert_string_equal(one->includes[1].first->target, "sources");
    assert_int_equal(one->include_count, 2);
    QUERY *most = fixture_query("summits", NULL, NULL,
                                "limit=200&include=participants,proposals,measures,areas,"
                                "statements,initiatives,mechanisms,sources");
    assert_int_equal(most->limit, QUERY_LIMIT_MAX);
    assert_int_equal(most->include_count, 8);
    assert_string_equal(most->includes[7].first->target, "sources");
}

static void test_lists_hold_each_value_once(void **state)
{
    QUERY *query = fixture_query("measures", NULL, NULL, "area=trade,energy,trade&modality=will");
    JSON *expected = fixture_json("{'area': ['trade', 'energy'], 'modality': ['will']}");
    (void)state;
    assert_true(json_equal(query->filters, expected));
    assert_null(query_scope(query));
    QUERY *scoped = fixture_query("measures", NULL, NULL, "summit=a,a");
    assert_string_equal(query_scope(scoped), "a");
    QUERY *two = fixture_query("measures", NULL, NULL, "summit=a,b");
    assert_null(query_scope(two));
    QUERY *summit = fixture_query("summits", "a", NULL, "");
    assert_string_equal(query_scope(summit), "a");
    QUERY *measure = fixture_query("measures", "a", NULL, "");
    assert_null(query_scope(measure));
}

static void test_repeated_parameters(void **state)
{
    static const struct refusal repeated[] = {
        {"measures", "area", "trade", "repeated_parameter", NULL},
        {"measures", "modality", "will", "repeated_parameter", NULL},
        {"measures", "limit", "5", "repeated_parameter", NULL},
        {"measures", "include", "areas", "repeated_parameter", NULL},
        {"measures", "cursor", "abc", "repeated_parameter", NULL},
    };
    QUERY *query = fixture_query("measures", NULL, NULL,
                                 "area=energy&modality=proposes&limit=5&include=areas&cursor=abc");
    (void)state;
    for (size_t i = 0; i < COUNT(repeated); i++) {
        check_refusal(query, &repeated[i]);
    }
}

/* A list of count values; the caller frees it. */
static char *many(size_t count, const char *value)
{
    char *list = calloc(count, strlen(value) + 8);
    assert_non_null(list);
    char *end = list;
    for (size_t i = 0; i < count; i++) {
        end += sprintf(end, "%s%s%zu", i == 0 ? "" : ",", value, i);
    }
    return list;
}

static void test_too_many_values(void **state)
{
    TEXT *fifty = many(50, "v");
    TEXT *more = many(51, "v");
    TEXT *bomb = many(100000, "v");
    const struct refusal refusals[] = {
        {"measures", "area", more, "too_many_values", NULL},
        {"measures", "area", bomb, "too_many_values", NULL},
        {"measures", "include", more, "too_many_values", NULL},
        {"measures", "modality", more, "too_many_values", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(refusals); i++) {
        QUERY *query = fixture_query("measures", NULL, NULL, "");
        check_refusal(query, &refusals[i]);
    }
    QUERY *query = fixture_query("measures", NULL, NULL, "");
    JSON *problems = json_array();
    assert_int_equal(summit_query_set(query, "area", fifty, problems), SUMMIT_OK);
    assert_int_equal(json_array_size(json_object_get(query->filters, "area")), 50);
}

static void test_long_values(void **state)
{
    char value[300];
    memset(value, 'x', sizeof value);
    value[257] = '\0';
    const struct refusal cursor = {"measures", "cursor", value, "invalid_value", NULL};
    const struct refusal area = {"measures", "area", value + 257 - 65, "invalid_value", NULL};
    const struct refusal include = {"measures", "include", value, "invalid_value", NULL};
    const struct refusal unknown = {"measures", value, "x", "unknown_parameter", NULL};
    const struct refusal *const all[] = {&cursor, &area, &include, &unknown};
    (void)state;
    for (size_t i = 0; i < COUNT(all); i++) {
        QUERY *query = fixture_query("measures", NULL, NULL, "");
        check_refusal(query, all[i]);
    }
    QUERY *query = fixture_query("measures", NULL, NULL, "");
    JSON *problems = json_array();
    assert_int_equal(summit_query_set(query, "area", value + 257 - 64, problems), SUMMIT_OK);
}

static void test_within_and_items(void **state)
{
    static const struct refusal nested = {"measures", "summit", "x", "unknown_parameter", NULL};
    static const struct refusal of_items[] = {
        {"measures", "area", "trade", "unknown_parameter", NULL},
        {"measures", "limit", "5", "unknown_parameter", NULL},
        {"measures", "cursor", "abc", "unknown_parameter", NULL},
        {"measures", "includes", "areas", "unknown_parameter", "include"},
    };
    QUERY *within = fixture_query("measures", NULL, "xian-2023", "area=trade&include=areas");
    QUERY *item = fixture_query("measures", "some-id", NULL, "include=areas");
    QUERY *summits = fixture_query("summits", NULL, NULL, "");
    (void)state;
    check_refusal(within, &nested);
    assert_string_equal(query_scope(within), "xian-2023");
    for (size_t i = 0; i < COUNT(of_items); i++) {
        check_refusal(item, &of_items[i]);
    }
    assert_int_equal(summit_query_within(summits, "xian-2023"), SUMMIT_NOT_FOUND);
    assert_int_equal(summit_query_within(within, "another"), SUMMIT_OK);
    assert_string_equal(query_scope(within), "another");
    struct summit_query *none = NULL;
    assert_int_equal(summit_query_new("treaties", NULL, &none), SUMMIT_NOT_FOUND);
    assert_int_equal(summit_query_new("", NULL, &none), SUMMIT_NOT_FOUND);
    assert_null(none);
    summit_query_free(NULL);
}

/* The digest of a query tells lists apart, and does not mind the order of parameters. */
static void test_digests(void **state)
{
    static const struct {
        const char *resource, *parameters;
        size_t class;
    } cases[] = {
        {"measures", "", 0},
        {"measures", "limit=5&include=areas", 0},
        {"measures", "area=trade&modality=will", 1},
        {"measures", "modality=will&area=trade", 1},
        {"measures", "area=trade", 2},
        {"proposals", "area=trade", 3},
        {"proposals", "", 4},
        {"measures", "area=trade,energy", 5},
    };
    char digests[COUNT(cases)][17];
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        QUERY *query = fixture_query(cases[i].resource, NULL, NULL, cases[i].parameters);
        assert_int_equal(query_digest(query, digests[i]), SUMMIT_OK);
        for (size_t j = 0; j < i; j++) {
            bool equal = strcmp(digests[i], digests[j]) == 0;
            assert_int_equal(equal, cases[i].class == cases[j].class);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resources),
        cmocka_unit_test(test_filters_are_known_where_they_apply),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_limits_and_includes),
        cmocka_unit_test(test_lists_hold_each_value_once),
        cmocka_unit_test(test_repeated_parameters),
        cmocka_unit_test(test_too_many_values),
        cmocka_unit_test(test_long_values),
        cmocka_unit_test(test_within_and_items),
        cmocka_unit_test(test_digests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
