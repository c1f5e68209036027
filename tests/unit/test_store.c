/* What a store answers: documents, lists, includes, scope, pages. */
#include "check.h"
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "resource.h"

static struct fixture *fixture;
static struct summit_store *store;

static int open_all(void **state)
{
    fixture_set_up(state);
    fixture = *state;
    JSON *xian = fixture_xian();
    JSON *lakeside = fixture_record("lakeside-2020");
    json_t *const records[] = {xian, lakeside};
    json_t *problems = NULL;
    if (summit_publish(fixture->path, records, 2, 0, NULL, &problems, NULL) != SUMMIT_OK) {
        return -1;
    }
    store = fixture_open(fixture->path);
    return 0;
}

static int close_all(void **state)
{
    summit_store_close(store);
    return fixture_tear_down(state);
}

/* The fields of a document, in their order, as the API describes them. */
static const struct {
    const char *resource, *fields;
} documents[] = {
    {"summits", "id name series starts_on ends_on city region country summary counts citations"},
    {"participants", "id summit_id name office country role position citations"},
    {"proposals", "id summit_id number title summary proposed_by area_ids measure_count citations"},
    {"measures", "id summit_id proposal_id number text modality amounts area_ids initiative_ids "
                 "mechanism_ids citations"},
    {"areas", "id name description category counts citations"},
    {"statements", "id summit_id kind text said_by area_ids initiative_ids citations"},
    {"initiatives", "id name description launched_by counts citations"},
    {"mechanisms", "id summit_id name description standing area_ids proposal_id citations"},
    {"sources", "id title publisher place published_on language url paragraph_count cited_count"},
};

static char *keys_of(const json_t *object)
{
    char text[512] = "";
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        fixture_append(text, sizeof text, "%s%s", text[0] == '\0' ? "" : " ", key);
    }
    return strdup(text);
}

static void test_documents_have_their_fields_in_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(documents); i++) {
        JSON *page = fixture_list(store, documents[i].resource, NULL, "limit=200", NULL);
        const json_t *rows = json_object_get(page, "data");
        assert_true(json_array_size(rows) > 0);
        for (size_t j = 0; j < json_array_size(rows); j++) {
            TEXT *keys = keys_of(json_array_get(rows, j));
            assert_string_equal(keys, documents[i].fields);
        }
        assert_int_equal(json_integer_value(fixture_at(page, "/meta/total")),
                         json_array_size(rows));
        TEXT *members = keys_of(page);
        assert_string_equal(members, "data meta");
    }
}

/* A list shows of each row what its own address does, but for an area's scope. */
static void test_items_are_as_in_lists(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(documents); i++) {
        JSON *page = fixture_list(store, documents[i].resource, NULL, "limit=200", NULL);
        const json_t *rows = json_object_get(page, "data");
        for (size_t j = 0; j < json_array_size(rows); j++) {
            const json_t *row = json_array_get(rows, j);
            JSON *item = fixture_get(store, documents[i].resource,
                                     json_string_value(json_object_get(row, "id")), "");
            assert_true(json_equal(json_object_get(item, "data"), row));
            assert_string_equal(json_string_value(fixture_at(item, "/meta/revision")),
                                summit_store_revision(store));
        }
    }
}

/* What is unknown is null and what there is none of is []; figures stay exact. */
static void test_values(void **state)
{
    static const struct {
        const char *resource, *id, *pointer, *value;
    } cases[] = {
        {"summits", "xian-2023", "/data/series", "null"},
        {"summits", "lakeside-2020", "/data/region", "null"},
        {"summits", "xian-2023", "/data/country", "{'code': 'CN', 'name': 'China'}"},
        {"summits", "xian-2023", "/data/counts",
         "{'participants': 6, 'proposals': 8, 'measures': 27, 'areas': 35, 'statements': 17, "
         "'initiatives': 4, 'mechanisms': 7, 'sources': 1}"},
        {"measures", "lakeside-2020-boats-paint", "/data/area_ids", "[]"},
        {"measures", "lakeside-2020-boats-paint", "/data/amounts", "[]"},
        {"measures", "lakeside-2020-boats-build", "/data/summit_id", "'lakeside-2020'"},
        {"measures", "lakeside-2020-boats-build", "/data/amounts/1/value", "9007199254740991"},
        {"measures", "lakeside-2020-boats-build", "/data/area_ids", "['trade', 'lake-fishing']"},
        {"proposals", "xian-2023-energy", "/data/measure_count", "6"},
        {"statements", "xian-2023-milestone", "/data/said_by", "null"},
        {"mechanisms", "lakeside-2020-lake-council", "/data/proposal_id", "null"},
        {"areas", "trade", "/data/category", "null"},
        {"areas", "ice-skating", "/data/counts",
         "{'proposals': 0, 'measures': 0, 'statements': 0, 'mechanisms': 0}"},
        {"initiatives", "belt-and-road", "/data/counts", "{'measures': 0, 'statements': 1}"},
        {"sources", "president-xi-charts-course", "/data/published_on", "null"},
        {"sources", "president-xi-charts-course", "/data/cited_count", "27"},
        {"sources", "lakeside-notes", "/data/url", "'https://lakeside.example/notes?page=1'"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        JSON *item = fixture_get(store, cases[i].resource, cases[i].id, "");
        JSON *expected = fixture_json(cases[i].value);
        const json_t *found = fixture_at(item, cases[i].pointer);
        if (!json_equal(found, expected)) {
            TEXT *text = found == NULL ? NULL : json_dumps(found, JSON_ENCODE_ANY);
            fail_msg("%s%s: %s, not %s", cases[i].id, cases[i].pointer, text, cases[i].value);
        }
    }
    JSON *summit = fixture_get(store, "summits", "lakeside-2020", "");
    assert_string_equal(json_string_value(fixture_at(summit, "/data/city")), "Ny-\xc3\x85lesund");
}

/* Category and counts of an area are those of the one summit a query is about, if there is one. */
static void test_scope_of_areas(void **state)
{
    static const struct {
        const char *within, *parameters, *category;
        int proposals;
    } cases[] = {
        {NULL, "", NULL, 3},
        {"xian-2023", "", "traditional", 2},
        {"lakeside-2020", "", "other", 1},
        {NULL, "summit=xian-2023", "traditional", 2},
        {NULL, "summit=lakeside-2020", "other", 1},
        {NULL, "summit=lakeside-2020,xian-2023", NULL, 3},
        {NULL, "category=traditional", NULL, 3},
        {NULL, "summit=xian-2023&category=traditional", "traditional", 2},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        JSON *page = fixture_list(store, "areas", cases[i].within, cases[i].parameters, NULL);
        const json_t *rows = json_object_get(page, "data");
        const json_t *trade = NULL;
        for (size_t j = 0; j < json_array_size(rows); j++) {
            const json_t *row = json_array_get(rows, j);
            if (strcmp(json_string_value(json_object_get(row, "id")), "trade") == 0) {
                trade = row;
            }
        }
        const char *category = json_string_value(json_object_get(trade, "category"));
        assert_string_equal(category == NULL ? "" : category,
                            cases[i].category == NULL ? "" : cases[i].category);
        assert_int_equal(json_integer_value(fixture_at(trade, "/counts/proposals")),
                         cases[i].proposals);
    }
    JSON *none = fixture_list(store, "areas", "lakeside-2020", "category=other", NULL);
    TEXT *ids = fixture_ids(json_object_get(none, "data"));
    assert_string_equal(ids, "trade");
    JSON *summit = fixture_get(store, "summits", "lakeside-2020", "include=areas");
    assert_string_equal(json_string_value(fixture_at(summit, "/included/areas/0/category")),
                        "other");
}

/* The related rows, each once and in its own order. */
static void test_includes(void **state)
{
    static const struct {
        const char *resource, *id, *relation, *ids;
    } cases[] = {
        {"summits", "lakeside-2020", "participants",
         "lakeside-2020-host lakeside-2020-first-guest lakeside-2020-second-guest"},
        {"summits", "lakeside-2020", "proposals", "lakeside-2020-nets lakeside-2020-boats"},
        {"summits", "lakeside-2020", "measures",
         "lakeside-2020-nets-mend lakeside-2020-boats-build lakeside-2020-boats-paint"},
        {"summits", "lakeside-2020", "areas", "trade lake-fishing ice-skating"},
        {"summits", "lakeside-2020", "initiatives", "quiet-lakes clean-lakes"},
        {"summits", "lakeside-2020", "mechanisms",
         "lakeside-2020-lake-council lakeside-2020-net-table"},
        {"summits", "lakeside-2020", "sources", "lakeside-notes"},
        {"participants", "lakeside-2020-host", "summits", "lakeside-2020"},
        {"participants", "lakeside-2020-host", "proposals", "lakeside-2020-nets"},
        {"participants", "lakeside-2020-second-guest", "proposals", ""},
        {"proposals", "lakeside-2020-nets", "participants", "lakeside-2020-host"},
        {"proposals", "lakeside-2020-nets", "measures", "lakeside-2020-nets-mend"},
        {"proposals", "lakeside-2020-nets", "mechanisms", "lakeside-2020-net-table"},
        {"measures", "lakeside-2020-boats-build", "areas", "trade lake-fishing"},
        {"measures", "lakeside-2020-boats-build", "mechanisms", "lakeside-2020-lake-council"},
        {"measures", "lakeside-2020-boats-paint", "areas", ""},
        {"areas", "trade", "proposals", "lakeside-2020-boats xian-2023-trade xian-2023-energy"},
        {"areas", "ice-skating", "measures", ""},
        {"statements", "xian-2023-milestone", "participants", ""},
        {"initiatives", "clean-lakes", "measures",
         "lakeside-2020-nets-mend lakeside-2020-boats-build"},
        {"mechanisms", "lakeside-2020-lake-council", "measures", "lakeside-2020-boats-build"},
        {"mechanisms", "lakeside-2020-lake-council", "proposals", ""},
        {"sources", "lakeside-notes", "summits", "lakeside-2020"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        TEXT *parameters = NULL;
        assert_true(asprintf(&parameters, "include=%s", cases[i].relation) > 0);
        JSON *item = fixture_get(store, cases[i].resource, cases[i].id, parameters);
        const json_t *included = json_object_get(item, "included");
        TEXT *ids = fixture_ids(json_object_get(included, cases[i].relation));
        if (json_object_size(included) != 1 || strcmp(ids, cases[i].ids) != 0) {
            fail_msg("%s?%s: %s", cases[i].id, parameters, ids);
        }
    }
}

/* Every relation of every resource can be asked for at once, on lists too. */
static void test_every_relation_is_answered(void **state)
{
    (void)state;
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        char parameters[256] = "limit=200&include=";
        size_t count = 0;
        for (const struct relation *r = resources[i]->relations; r->target != NULL; r++) {
            /* One with neither is of an item. */
            if (!resource_relation_is_made(r)) {
                fixture_append(parameters, sizeof parameters, "%s%s", count == 0 ? "" : ",",
                               r->target);
                count++;
            }
        }
        JSON *page = fixture_list(store, resources[i]->name, NULL, parameters, NULL);
        assert_int_equal(json_object_size(json_object_get(page, "included")), count);
        const char *key;
        json_t *rows;
        json_object_foreach(json_object_get(page, "included"), key, rows)
        {
            JSON *seen = json_object();
            for (size_t j = 0; j < json_array_size(rows); j++) {
                json_object_set_new(
                    seen, json_string_value(json_object_get(json_array_get(rows, j), "id")),
                    json_true());
            }
            assert_int_equal(json_object_size(seen), json_array_size(rows));
            assert_true(json_array_size(rows) > 0);
        }
    }
}

/* Pages of any size hold, one after another, what one page does. */
static void test_pages(void **state)
{
    static const int limits[] = {1, 2, 7, 29, 30, 31};
    JSON *all = fixture_list(store, "measures", NULL, "limit=200", NULL);
    TEXT *expected = fixture_ids(json_object_get(all, "data"));
    (void)state;
    for (size_t i = 0; i < COUNT(limits); i++) {
        JSON *rows = json_array();
        char parameters[256];
        char *next = NULL;
        snprintf(parameters, sizeof parameters, "limit=%d", limits[i]);
        do {
            JSON *page = fixture_list(store, "measures", NULL, parameters, &next);
            assert_int_equal(json_integer_value(fixture_at(page, "/meta/total")), 30);
            assert_int_equal(json_integer_value(fixture_at(page, "/meta/limit")), limits[i]);
            json_array_extend(rows, json_object_get(page, "data"));
            snprintf(parameters, sizeof parameters, "limit=%d&cursor=%s", limits[i],
                     next == NULL ? "" : next);
            bool more = next != NULL;
            free(next);
            next = more ? parameters : NULL;
        } while (next != NULL);
        TEXT *ids = fixture_ids(rows);
        assert_string_equal(ids, expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_documents_have_their_fields_in_order),
        cmocka_unit_test(test_items_are_as_in_lists),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_scope_of_areas),
        cmocka_unit_test(test_includes),
        cmocka_unit_test(test_every_relation_is_answered),
        cmocka_unit_test(test_pages),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
