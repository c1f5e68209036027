/* include=a.b: rows related to related rows. Expected is what two steps along the links of the
 * plain documents lead to: each row once, in the order of its own collection, together with the
 * rows of the first step. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "http.h"

#include <string.h>

/* Every collection whole, by its place in `collections`; read once. */
static json_t *whole[COLLECTION_COUNT];

static json_t *all_of(void *daemon, const char *name)
{
    for (size_t i = 0; i < COLLECTION_COUNT; i++) {
        if (strcmp(collections[i].name, name) == 0) {
            if (whole[i] == NULL) {
                TEXT *target = text_of("/v1/%s", name);
                whole[i] = rows_of(daemon, target);
            }
            return whole[i];
        }
    }
    fail_msg("no collection %s", name);
    return NULL;
}

static int forget(void **state)
{
    for (size_t i = 0; i < COLLECTION_COUNT; i++) {
        json_decref(whole[i]);
        whole[i] = NULL;
    }
    return daemon_stop_all(state);
}

/* The rows of `all` that are in one of the two lists. */
static json_t *united(json_t *all, json_t *one, json_t *other)
{
    json_t *rows = json_array();
    size_t at;
    json_t *row;
    json_array_foreach(all, at, row)
    {
        if (rows_find(one, row_id(row)) != NULL || rows_find(other, row_id(row)) != NULL) {
            json_array_append(rows, row);
        }
    }
    return rows;
}

static void check_path(void *daemon, const struct collection *collection, const struct link *first,
                       const struct link *second)
{
    TEXT *target =
        text_of("/v1/%s?limit=200&include=%s.%s", collection->name, first->name, second->name);
    json_t *rows = all_of(daemon, collection->name);
    json_auto_t *middle = rows_related(rows, all_of(daemon, first->name), first);
    json_auto_t *last = rows_related(middle, all_of(daemon, second->name), second);
    json_auto_t *page = http_get_json(daemon, target);
    json_t *included = json_object_get(page, "included");
    assert_json_equal(json_object_get(page, "data"), rows, target);
    assert_int_equal(json_object_size(included), 2);
    assert_json_equal(json_object_get(included, first->name), middle, target);
    assert_json_equal(json_object_get(included, second->name), last, target);
}

static bool is_followed(const struct link *link)
{
    return link->kind != LINK_ELSEWHERE;
}

/* Every second step after a first one. Returns how many there are. */
static size_t check_paths(void *daemon, const struct collection *collection,
                          const struct link *first)
{
    size_t count = 0;
    const struct link *second = collection_named(first->name)->includes;
    for (; second->name != NULL; second++) {
        if (is_followed(second)) {
            check_path(daemon, collection, first, second);
            count++;
        }
    }
    return count;
}

static void two_steps_lead_where_the_links_do(void **state)
{
    size_t count = 0;
    for (size_t i = 0; i < COLLECTION_COUNT; i++) {
        for (const struct link *first = collections[i].includes; first->name != NULL; first++) {
            count += is_followed(first) ? check_paths(*state, &collections[i], first) : 0;
        }
    }
    assert_true(count > 150);
}

/* The links of summits and of areas to them are not in the rows. */
static void summits_are_a_step_too(void **state)
{
    static const char *const cases[][3] = {
        {"/v1/measures?include=summits.areas", "areas", "/v1/areas"},
        {"/v1/sources?include=summits.participants", "participants", "/v1/participants"},
        {"/v1/proposals?include=summits.initiatives", "initiatives", "/v1/initiatives"},
        {"/v1/participants?include=summits.sources", "sources", "/v1/sources"},
        {"/v1/summits?include=areas.measures", "areas", "/v1/areas"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_auto_t *page = http_get_json(*state, cases[i][0]);
        json_auto_t *rows = rows_of(*state, cases[i][2]);
        json_t *included = json_object_get(page, "included");
        assert_int_equal(json_object_size(included), 2);
        assert_json_equal(json_object_get(included, cases[i][1]), rows, cases[i][0]);
    }
}

/* Rows that several paths lead to stand there once. */
static void paths_are_joined(void **state)
{
    static const struct link areas = {"areas", LINK_LIST, "area_ids", false};
    static const struct link proposals = {"proposals", LINK_FIELD, "proposal_id", false};
    static const char *const targets[] = {
        "/v1/mechanisms?limit=200&include=areas,proposals.areas",
        "/v1/mechanisms?limit=200&include=proposals.areas,areas",
        "/v1/mechanisms?limit=200&include=proposals.areas,areas,proposals",
    };
    json_t *mechanisms = all_of(*state, "mechanisms");
    json_auto_t *middle = rows_related(mechanisms, all_of(*state, "proposals"), &proposals);
    json_auto_t *own = rows_related(mechanisms, all_of(*state, "areas"), &areas);
    json_auto_t *others = rows_related(middle, all_of(*state, "areas"), &areas);
    json_auto_t *both = united(all_of(*state, "areas"), own, others);
    assert_true(json_array_size(both) > json_array_size(own));
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        json_auto_t *page = http_get_json(*state, targets[i]);
        json_t *included = json_object_get(page, "included");
        assert_int_equal(json_object_size(included), 2);
        assert_json_equal(json_object_get(included, "proposals"), middle, targets[i]);
        assert_json_equal(json_object_get(included, "areas"), both, targets[i]);
    }
}

/* The rows of a list that are of a summit. */
static json_t *of_summit(json_t *rows, const char *summit)
{
    static const struct link link = {"summit", LINK_FIELD, "summit_id", false};
    json_t *some = json_array();
    size_t at;
    json_t *row;
    json_array_foreach(rows, at, row)
    {
        if (row_has_value(row, &link, summit)) {
            json_array_append(some, row);
        }
    }
    return some;
}

/* The page of a summit with everything that stands on it, in one request: nothing in it is of
 * another summit, also where two share an area. */
static void a_summit_page_keeps_to_its_summit(void **state)
{
    static const char *const targets[] = {
        "/v1/summits/%s?include=areas.measures",
        "/v1/summits/%s?include=areas.measures,participants.proposals",
        "/v1/summits/%s/areas?include=measures&limit=200",
        "/v1/areas?summit=%s&include=measures&limit=200",
        "/v1/summits/%s/proposals?include=areas.measures&limit=200",
    };
    static const char *const summits[] = {"xian-2023", "lakeside-2020"};
    static const struct link by_area = {"areas", LINK_LIST, "area_ids", true};
    for (size_t i = 0; i < 2 * sizeof targets / sizeof targets[0]; i++) {
        const char *summit = summits[i % 2];
        /* One conversion, a string: the list above is all that is ever formatted. */
        const char *format = targets[i / 2];
        size_t before = (size_t)(strstr(format, "%s") - format);
        TEXT *target = text_of("%.*s%s%s", (int)before, format, summit, format + before + 2);
        json_auto_t *page = http_get_json(*state, target);
        json_t *measures = json_object_get(json_object_get(page, "included"), "measures");
        json_t *areas = json_object_get(json_object_get(page, "included"), "areas");
        areas = areas == NULL ? json_object_get(page, "data") : areas;
        json_auto_t *own = of_summit(all_of(*state, "measures"), summit);
        json_auto_t *expected = rows_related(areas, own, &by_area);
        assert_true(json_array_size(expected) > 0);
        assert_json_equal(measures, expected, target);
    }
}

static void an_item_includes_by_two_steps(void **state)
{
    static const struct link measures = {"measures", LINK_FIELD, "proposal_id", true};
    static const struct link areas = {"areas", LINK_LIST, "area_ids", false};
    json_t *proposals = all_of(*state, "proposals");
    size_t at;
    json_t *row;
    json_array_foreach(proposals, at, row)
    {
        TEXT *target = text_of("/v1/proposals/%s?include=measures.areas", row_id(row));
        json_auto_t *item = http_get_json(*state, target);
        json_auto_t *one = json_pack("[O]", row);
        json_auto_t *middle = rows_related(one, all_of(*state, "measures"), &measures);
        json_auto_t *last = rows_related(middle, all_of(*state, "areas"), &areas);
        json_t *included = json_object_get(item, "included");
        assert_json_equal(json_object_get(included, "measures"), middle, target);
        assert_json_equal(json_object_get(included, "areas"), last, target);
    }
}

/* A page includes what its own rows lead to, and the pages together all of it. */
static void each_page_includes_its_own(void **state)
{
    static const struct link proposals = {"proposals", LINK_FIELD, "proposal_id", false};
    static const struct link participants = {"participants", LINK_FIELD, "proposed_by", false};
    TEXT *at = text_of("/v1/measures?limit=7&include=proposals.participants&sort=-number");
    while (at != NULL) {
        json_auto_t *page = http_get_json(*state, at);
        json_t *rows = json_object_get(page, "data");
        json_t *included = json_object_get(page, "included");
        json_auto_t *middle = rows_related(rows, all_of(*state, "proposals"), &proposals);
        json_auto_t *last = rows_related(middle, all_of(*state, "participants"), &participants);
        assert_json_equal(json_object_get(included, "proposals"), middle, at);
        assert_json_equal(json_object_get(included, "participants"), last, at);
        json_t *next = json_object_get(json_object_get(page, "links"), "next");
        text_release(&at);
        at = json_is_null(next) ? NULL : text_of("%s", json_string_value(next));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_steps_lead_where_the_links_do),
        cmocka_unit_test(summits_are_a_step_too),
        cmocka_unit_test(paths_are_joined),
        cmocka_unit_test(a_summit_page_keeps_to_its_summit),
        cmocka_unit_test(an_item_includes_by_two_steps),
        cmocka_unit_test(each_page_includes_its_own),
    };
    return cmocka_run_group_tests(tests, start_two_summits, forget);
}
