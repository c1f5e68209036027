/* include=: every relation of every resource, on collections and on items. The expected rows are
 * found by following the links in the plain documents; each has to stand there once, equal to the
 * row at its own address and in the order of its own collection. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "http.h"

#include <string.h>

static void check_included(json_t *document, const char *relation, json_t *expected,
                           const char *target)
{
    json_t *included = json_object_get(document, "included");
    assert_int_equal(json_object_size(included), 1);
    assert_json_equal(json_object_get(included, relation), expected, target);
}

/* One relation of a collection and of each of its items. */
static void check_relation(void *daemon, const char *name, const struct link *link)
{
    TEXT *plain = text_of("/v1/%s", name);
    TEXT *other_target = text_of("/v1/%s", link->name);
    TEXT *target = text_of("/v1/%s?include=%s&limit=200", name, link->name);
    json_auto_t *rows = rows_of(daemon, plain);
    json_auto_t *others = rows_of(daemon, other_target);
    json_auto_t *expected = rows_related(rows, others, link);
    json_auto_t *page = http_get_json(daemon, target);
    assert_json_equal(json_object_get(page, "data"), rows, target);
    check_included(page, link->name, expected, target);
    size_t at;
    json_t *row;
    json_array_foreach(rows, at, row)
    {
        TEXT *item_target = text_of("/v1/%s/%s?include=%s", name, row_id(row), link->name);
        json_auto_t *item = http_get_json(daemon, item_target);
        json_auto_t *one = json_pack("[O]", row);
        json_auto_t *of_one = rows_related(one, others, link);
        assert_json_equal(json_object_get(item, "data"), row, item_target);
        if (strcmp(link->name, "areas") == 0) {
            json_auto_t *ids = rows_ids(of_one);
            json_t *areas = json_object_get(json_object_get(item, "included"), "areas");
            json_auto_t *included_ids = rows_ids(areas);
            assert_json_equal(included_ids, ids, item_target);
        } else {
            check_included(item, link->name, of_one, item_target);
        }
    }
}

static void includes_equal_the_rows_at_their_own_addresses(void **state)
{
    for (size_t i = 0; i < COLLECTION_COUNT; i++) {
        for (const struct link *link = collections[i].includes; link->name != NULL; link++) {
            if (link->kind != LINK_ELSEWHERE) {
                check_relation(*state, collections[i].name, link);
            }
        }
    }
}

/* Within one summit, every relation of it equals its nested path, areas with their category. */
static void a_summit_includes_its_nested_collections(void **state)
{
    static const char *const summits[] = {"xian-2023", "lakeside-2020"};
    for (size_t s = 0; s < 2; s++) {
        for (size_t i = 1; i < COLLECTION_COUNT; i++) {
            const char *name = collections[i].name;
            TEXT *target = text_of("/v1/summits/%s?include=%s", summits[s], name);
            TEXT *own = collections[i].nested ? text_of("/v1/summits/%s/%s", summits[s], name)
                                              : text_of("/v1/%s?summit=%s", name, summits[s]);
            json_auto_t *item = http_get_json(*state, target);
            json_auto_t *rows = rows_of(*state, own);
            assert_true(json_array_size(rows) > 0);
            check_included(item, name, rows, target);
        }
    }
}

static void both_summits_include_each_row_once(void **state)
{
    for (size_t i = 1; i < COLLECTION_COUNT; i++) {
        const char *name = collections[i].name;
        TEXT *target = text_of("/v1/summits?include=%s", name);
        TEXT *own = text_of("/v1/%s", name);
        json_auto_t *page = http_get_json(*state, target);
        json_auto_t *rows = rows_of(*state, own);
        check_included(page, name, rows, target);
    }
}

static void sources_include_the_summits_that_cite_them(void **state)
{
    json_auto_t *item = http_get_json(*state, "/v1/sources/lakeside-notes?include=summits");
    json_auto_t *summit = http_get_json(*state, "/v1/summits/lakeside-2020");
    json_auto_t *expected = json_pack("[O]", json_object_get(summit, "data"));
    check_included(item, "summits", expected, "the summits of a source");
    json_auto_t *page = http_get_json(*state, "/v1/sources?include=summits");
    json_auto_t *summits = rows_of(*state, "/v1/summits");
    check_included(page, "summits", summits, "the summits of all sources");
}

static void areas_and_initiatives_include_their_summits(void **state)
{
    static const char *const targets[][2] = {
        {"/v1/areas/trade?include=summits", "/v1/summits?area=trade"},
        {"/v1/areas/lake-fishing?include=summits", "/v1/summits?area=lake-fishing"},
        {"/v1/initiatives/clean-lakes?include=summits", "/v1/summits?initiative=clean-lakes"},
        {"/v1/areas?include=summits&limit=200", "/v1/summits"},
        {"/v1/initiatives?include=summits", "/v1/summits"},
    };
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        json_auto_t *document = http_get_json(*state, targets[i][0]);
        json_auto_t *summits = rows_of(*state, targets[i][1]);
        assert_true(json_array_size(summits) > 0);
        check_included(document, "summits", summits, targets[i][0]);
    }
}

static void several_relations_come_together(void **state)
{
    const char *target = "/v1/summits/xian-2023?include=participants,proposals,areas";
    json_auto_t *item = http_get_json(*state, target);
    json_t *included = json_object_get(item, "included");
    assert_int_equal(json_object_size(included), 3);
    static const char *const names[] = {"participants", "proposals", "areas"};
    for (size_t i = 0; i < 3; i++) {
        TEXT *own = text_of("/v1/summits/xian-2023/%s", names[i]);
        json_auto_t *rows = rows_of(*state, own);
        assert_json_equal(json_object_get(included, names[i]), rows, own);
    }
}

static void a_page_includes_what_its_own_rows_need(void **state)
{
    json_auto_t *page = http_get_json(*state, "/v1/measures?limit=1&include=proposals,areas");
    json_t *row = json_array_get(json_object_get(page, "data"), 0);
    json_t *included = json_object_get(page, "included");
    json_t *proposals = json_object_get(included, "proposals");
    assert_int_equal(json_array_size(proposals), 1);
    assert_non_null(rows_find(proposals, json_string_value(json_object_get(row, "proposal_id"))));
    assert_int_equal(json_array_size(json_object_get(included, "areas")),
                     json_array_size(json_object_get(row, "area_ids")));
    json_t *next = json_object_get(json_object_get(page, "links"), "next");
    assert_non_null(strstr(json_string_value(next), "include="));
}

static void without_related_rows_the_list_is_empty(void **state)
{
    json_auto_t *item =
        http_get_json(*state, "/v1/statements/lakeside-2020-weather?include=participants,areas");
    json_t *included = json_object_get(item, "included");
    assert_int_equal(json_object_size(included), 2);
    assert_int_equal(json_array_size(json_object_get(included, "participants")), 0);
    assert_int_equal(json_array_size(json_object_get(included, "areas")), 0);
}

static void nested_paths_include_too(void **state)
{
    json_auto_t *page =
        http_get_json(*state, "/v1/summits/lakeside-2020/measures?include=areas,initiatives");
    json_t *areas = json_object_get(json_object_get(page, "included"), "areas");
    json_auto_t *nested = rows_of(*state, "/v1/summits/lakeside-2020/areas");
    assert_int_equal(json_array_size(areas), 2);
    assert_json_equal(rows_find(areas, "trade"), rows_find(nested, "trade"), "the area trade");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(includes_equal_the_rows_at_their_own_addresses),
        cmocka_unit_test(a_summit_includes_its_nested_collections),
        cmocka_unit_test(both_summits_include_each_row_once),
        cmocka_unit_test(sources_include_the_summits_that_cite_them),
        cmocka_unit_test(areas_and_initiatives_include_their_summits),
        cmocka_unit_test(several_relations_come_together),
        cmocka_unit_test(a_page_includes_what_its_own_rows_need),
        cmocka_unit_test(without_related_rows_the_list_is_empty),
        cmocka_unit_test(nested_paths_include_too),
    };
    return cmocka_run_group_tests(tests, start_two_summits, daemon_stop_all);
}
