/* facet: how many rows of a list have each value. Every count is compared with the total of the
 * list that this value filters, and every value of the rows has to be counted. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "http.h"
#include "pages.h"

#include <string.h>

static char *with(const char *target, const char *name, const char *value)
{
    return text_of("%s%c%s=%s", target, strchr(target, '?') != NULL ? '&' : '?', name, value);
}

static json_int_t total_of(void *daemon, const char *target)
{
    TEXT *shortest = with(target, "limit", "1");
    json_auto_t *page = http_get_json(daemon, shortest);
    return page_number(page, "total");
}

/* The facets of a list, which is shown one row long: they are of all its rows. */
static json_t *facets_of(void *daemon, const char *target, const char *names)
{
    TEXT *faceted = with(target, "facet", names);
    TEXT *shortest = with(faceted, "limit", "1");
    json_auto_t *page = http_get_json(daemon, shortest);
    json_t *meta = json_object_get(page, "meta");
    const char *qualifier = json_string_value(json_object_get(meta, "facets_qualifier"));
    assert_non_null(qualifier);
    assert_string_equal(qualifier, "exact");
    assert_int_equal(page_number(page, "total"), total_of(daemon, target));
    return json_incref(json_object_get(meta, "facets"));
}

/* The most frequent first, each once, with a count of one or more. */
static void check_counts(json_t *facet, const char *what)
{
    assert_true(json_is_array(facet));
    json_auto_t *seen = json_array();
    json_int_t before = INT64_MAX;
    size_t at;
    json_t *entry;
    json_array_foreach(facet, at, entry)
    {
        const char *value = json_string_value(json_object_get(entry, "value"));
        json_int_t count = json_integer_value(json_object_get(entry, "count"));
        if (json_object_size(entry) != 2 || value == NULL || count < 1 || count > before ||
            list_has(seen, value)) {
            fail_msg("%s: entry %zu is wrong", what, at);
        }
        list_add(seen, value);
        before = count;
    }
}

static json_int_t count_of(json_t *facet, const char *value)
{
    size_t at;
    json_t *entry;
    json_array_foreach(facet, at, entry)
    {
        if (strcmp(json_string_value(json_object_get(entry, "value")), value) == 0) {
            return json_integer_value(json_object_get(entry, "count"));
        }
    }
    return 0;
}

/* What the rows at hand say themselves. */
static void check_against_rows(json_t *facet, json_t *rows, const struct link *link,
                               const char *what)
{
    json_auto_t *counts = json_object();
    size_t at;
    json_t *row;
    json_array_foreach(rows, at, row)
    {
        json_auto_t *values = row_link_values(row, link);
        size_t i;
        json_t *value;
        json_array_foreach(values, i, value)
        {
            const char *name = json_string_value(value);
            json_int_t count = json_integer_value(json_object_get(counts, name));
            json_object_set_new(counts, name, json_integer(count + 1));
        }
    }
    json_auto_t *is = json_object();
    json_array_foreach(facet, at, row)
    {
        json_object_set(is, json_string_value(json_object_get(row, "value")),
                        json_object_get(row, "count"));
    }
    assert_json_equal(is, counts, what);
}

/* Each value filters to as many rows as were counted. */
static void check_against_filters(void *daemon, json_t *facet, const char *target,
                                  const char *filter)
{
    size_t at;
    json_t *entry;
    json_array_foreach(facet, at, entry)
    {
        const char *value = json_string_value(json_object_get(entry, "value"));
        TEXT *filtered = with(target, filter, value);
        json_int_t total = total_of(daemon, filtered);
        if (total != json_integer_value(json_object_get(entry, "count"))) {
            fail_msg("%s has %lld rows", filtered, (long long)total);
        }
    }
}

static bool has_filter(const char *target, const char *name)
{
    TEXT *first = text_of("?%s=", name);
    TEXT *other = text_of("&%s=", name);
    return strstr(target, first) != NULL || strstr(target, other) != NULL;
}

/* Every facet of a list. */
static void check_list(void *daemon, const char *target, const struct collection *collection)
{
    json_auto_t *rows = rows_of(daemon, target);
    bool is_nested = strstr(target, "/v1/summits/") != NULL;
    for (const struct link *link = collection->filters; link->name != NULL; link++) {
        TEXT *what = with(target, "facet", link->name);
        json_auto_t *facets = facets_of(daemon, target, link->name);
        assert_int_equal(json_object_size(facets), 1);
        json_t *facet = json_object_get(facets, link->name);
        check_counts(facet, what);
        if (link->kind != LINK_ELSEWHERE) {
            check_against_rows(facet, rows, link, what);
        } else {
            assert_int_equal(json_array_size(facet) > 0, json_array_size(rows) > 0);
        }
        bool is_summit = strcmp(link->name, "summit") == 0;
        /* A summit's filter changes what category means: see the test of that. */
        bool is_other = is_summit && (is_nested || has_filter(target, "category"));
        if (!is_other && !has_filter(target, link->name)) {
            check_against_filters(daemon, facet, target, link->name);
        }
    }
}

static void whole_collections_are_counted(void **state)
{
    for (size_t i = 0; i < COLLECTION_COUNT; i++) {
        TEXT *target = text_of("/v1/%s", collections[i].name);
        check_list(*state, target, &collections[i]);
    }
}

static void lists_below_a_summit_are_counted(void **state)
{
    for (size_t i = 0; i < COLLECTION_COUNT; i++) {
        if (collections[i].nested) {
            TEXT *target = text_of("/v1/summits/lakeside-2020/%s", collections[i].name);
            check_list(*state, target, &collections[i]);
        }
    }
}

/* What a filter or q has left is counted, and nothing else. */
static void filtered_lists_are_counted(void **state)
{
    static const char *const lists[][2] = {
        {"/v1/measures?area=energy", "measures"},
        {"/v1/measures?area=energy,trade&modality=will,proposes", "measures"},
        {"/v1/measures?q=china", "measures"},
        {"/v1/measures?q=china&area=energy", "measures"},
        {"/v1/measures?summit=xian-2023&sort=-number", "measures"},
        {"/v1/areas?summit=xian-2023", "areas"},
        {"/v1/areas?category=other", "areas"},
        {"/v1/areas?summit=lakeside-2020,xian-2023&category=other,traditional", "areas"},
        {"/v1/participants?country=KZ", "participants"},
        {"/v1/statements?q=nothingofthekind", "statements"},
        {"/v1/proposals?area=lake-fishing&participant=xian-2023-xi-jinping", "proposals"},
        {"/v1/summits/xian-2023/measures?area=energy&q=gas", "measures"},
    };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        check_list(*state, lists[i][0], collection_named(lists[i][1]));
    }
}

static void several_facets_come_together(void **state)
{
    static const char *const names[] = {"area", "modality", "source", "summit"};
    json_auto_t *facets = facets_of(*state, "/v1/measures", "area,modality,source,summit");
    assert_int_equal(json_object_size(facets), 4);
    for (size_t i = 0; i < 4; i++) {
        json_auto_t *one = facets_of(*state, "/v1/measures", names[i]);
        assert_json_equal(json_object_get(facets, names[i]), json_object_get(one, names[i]),
                          names[i]);
    }
}

/* An area may be of one category at one summit and of another at the next: within a summit it
 * counts with the one it has there. */
static void a_category_is_that_of_the_summit(void **state)
{
    json_auto_t *everywhere = facets_of(*state, "/v1/areas", "category");
    json_auto_t *xian = facets_of(*state, "/v1/areas?summit=xian-2023", "category");
    json_auto_t *lakeside = facets_of(*state, "/v1/summits/lakeside-2020/areas", "category");
    json_t *both = json_object_get(everywhere, "category");
    static const char *const categories[] = {"traditional", "growth_driver", "other"};
    for (size_t i = 0; i < 3; i++) {
        json_int_t sum = count_of(json_object_get(xian, "category"), categories[i]) +
                         count_of(json_object_get(lakeside, "category"), categories[i]);
        assert_int_equal(count_of(both, categories[i]), sum);
    }
    assert_int_equal(count_of(json_object_get(lakeside, "category"), "other"), 1);
    /* "trade" is other at the lake and traditional in Xi'an. Of the areas that are other anywhere
     * it is one, and it is of both summits. */
    json_auto_t *others = facets_of(*state, "/v1/areas?category=other", "summit");
    json_int_t in_xian = total_of(*state, "/v1/areas?summit=xian-2023&category=other");
    assert_int_equal(count_of(json_object_get(others, "summit"), "lakeside-2020"), 1);
    assert_int_equal(count_of(json_object_get(others, "summit"), "xian-2023"), in_xian + 1);
}

/* They go with the first page and with any other. */
static void a_later_page_has_the_same_counts(void **state)
{
    json_auto_t *page = http_get_json(*state, "/v1/measures?facet=area&limit=1&sort=number");
    const char *next = page_next(page);
    assert_non_null(next);
    json_auto_t *other = http_get_json(*state, next);
    json_t *facets = json_object_get(json_object_get(page, "meta"), "facets");
    assert_json_equal(json_object_get(json_object_get(other, "meta"), "facets"), facets, next);
    json_auto_t *plain = http_get_json(*state, "/v1/measures?limit=1&sort=number");
    assert_null(json_object_get(json_object_get(plain, "meta"), "facets"));
    assert_null(json_object_get(json_object_get(plain, "meta"), "facets_qualifier"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_collections_are_counted),
        cmocka_unit_test(lists_below_a_summit_are_counted),
        cmocka_unit_test(filtered_lists_are_counted),
        cmocka_unit_test(several_facets_come_together),
        cmocka_unit_test(a_category_is_that_of_the_summit),
        cmocka_unit_test(a_later_page_has_the_same_counts),
    };
    return cmocka_run_group_tests(tests, start_two_summits, daemon_stop_all);
}
