/* Every filter of every collection, verified against the unfiltered list: with each value that
 * occurs, with all of them at once (OR), and together with each other filter (AND). */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "http.h"

#include <string.h>

/* The rows that have one of `values`. */
static json_t *select_rows(json_t *rows, const struct link *link, json_t *values)
{
    json_t *selected = json_array();
    size_t at;
    json_t *row;
    json_array_foreach(rows, at, row)
    {
        json_auto_t *own = row_link_values(row, link);
        size_t i;
        json_t *value;
        json_array_foreach(own, i, value)
        {
            if (list_has(values, json_string_value(value))) {
                json_array_append(selected, row);
                break;
            }
        }
    }
    return selected;
}

/* Every value that occurs in the rows. */
static json_t *values_in(json_t *rows, const struct link *link)
{
    json_t *values = json_array();
    size_t at;
    json_t *row;
    json_array_foreach(rows, at, row)
    {
        json_auto_t *own = row_link_values(row, link);
        size_t i;
        json_t *value;
        json_array_foreach(own, i, value)
        {
            list_add(values, json_string_value(value));
        }
    }
    return values;
}

/* "a,b,c" of the first `count` values, which the caller frees. */
static char *joined(json_t *values, size_t count)
{
    char *text = text_of("%s", "");
    size_t i;
    json_t *value;
    json_array_foreach(values, i, value)
    {
        if (i < count) {
            char *longer = text_of("%s%s%s", text, i > 0 ? "," : "", json_string_value(value));
            text_release(&text);
            text = longer;
        }
    }
    return text;
}

static void check_rows(void *daemon, const char *target, json_t *expected)
{
    json_auto_t *rows = rows_of(daemon, target);
    assert_json_equal(rows, expected, target);
}

static void check_single_values(void *daemon, const char *name, json_t *rows,
                                const struct link *link, json_t *values)
{
    size_t i;
    json_t *value;
    json_array_foreach(values, i, value)
    {
        const char *text = json_string_value(value);
        TEXT *target = text_of("/v1/%s?%s=%s", name, link->name, text);
        json_auto_t *one = json_pack("[s]", text);
        json_auto_t *expected = select_rows(rows, link, one);
        check_rows(daemon, target, expected);
    }
}

static void check_filter(void *daemon, const char *name, json_t *rows, const struct link *link)
{
    json_auto_t *values = values_in(rows, link);
    size_t count = json_array_size(values);
    assert_true(count > 0);
    check_single_values(daemon, name, rows, link, values);
    for (size_t some = 2; some <= count && some <= 50; some += some) {
        json_auto_t *few = json_array();
        for (size_t i = 0; i < some; i++) {
            json_array_append(few, json_array_get(values, i));
        }
        TEXT *list = joined(few, some);
        TEXT *target = text_of("/v1/%s?%s=%s", name, link->name, list);
        json_auto_t *expected = select_rows(rows, link, few);
        check_rows(daemon, target, expected);
    }
}

static bool in_row(const struct link *link)
{
    return link->name != NULL && link->kind != LINK_ELSEWHERE;
}

static void filters_select_by_value(void **state)
{
    for (size_t i = 0; i < COLLECTION_COUNT; i++) {
        TEXT *target = text_of("/v1/%s", collections[i].name);
        json_auto_t *rows = rows_of(*state, target);
        for (const struct link *link = collections[i].filters; link->name != NULL; link++) {
            if (in_row(link)) {
                check_filter(*state, collections[i].name, rows, link);
            }
        }
    }
}

/* Two filters together, with the first and the last value of each. */
static void check_pair(void *daemon, const char *name, json_t *rows, const struct link *one,
                       const struct link *other)
{
    json_auto_t *one_values = values_in(rows, one);
    json_auto_t *other_values = values_in(rows, other);
    size_t one_last = json_array_size(one_values) - 1;
    size_t other_last = json_array_size(other_values) - 1;
    for (size_t i = 0; i < 4; i++) {
        json_t *first = json_array_get(one_values, i % 2 == 0 ? 0 : one_last);
        json_t *second = json_array_get(other_values, i / 2 == 0 ? 0 : other_last);
        json_auto_t *first_list = json_pack("[O]", first);
        json_auto_t *second_list = json_pack("[O]", second);
        json_auto_t *half = select_rows(rows, one, first_list);
        json_auto_t *expected = select_rows(half, other, second_list);
        TEXT *target = text_of("/v1/%s?%s=%s&%s=%s", name, one->name, json_string_value(first),
                               other->name, json_string_value(second));
        check_rows(daemon, target, expected);
    }
}

static void filters_together_mean_and(void **state)
{
    for (size_t i = 0; i < COLLECTION_COUNT; i++) {
        TEXT *target = text_of("/v1/%s", collections[i].name);
        json_auto_t *rows = rows_of(*state, target);
        for (const struct link *one = collections[i].filters; one->name != NULL; one++) {
            for (const struct link *other = one + 1; other->name != NULL; other++) {
                if (in_row(one) && in_row(other)) {
                    check_pair(*state, collections[i].name, rows, one, other);
                }
            }
        }
    }
}

static void filters_work_below_a_summit(void **state)
{
    static const struct link area = {"area", LINK_LIST, "area_ids", false};
    static const struct link modality = {"modality", LINK_FIELD, "modality", false};
    json_auto_t *rows = rows_of(*state, "/v1/summits/lakeside-2020/measures");
    check_filter(*state, "summits/lakeside-2020/measures", rows, &area);
    check_filter(*state, "summits/lakeside-2020/measures", rows, &modality);
    check_pair(*state, "summits/lakeside-2020/measures", rows, &area, &modality);
}

/* Values may be percent-encoded, and a comma's coding makes no difference to what is found. */
static void values_are_decoded(void **state)
{
    json_auto_t *plain = rows_of(*state, "/v1/measures?area=trade,energy");
    assert_true(json_array_size(plain) > 1);
    check_rows(*state, "/v1/measures?area=tr%61de%2Cenergy", plain);
    check_rows(*state, "/v1/measures?%61rea=trade,energy", plain);
    check_rows(*state, "/v1/measures?area=energy,trade", plain);
    check_rows(*state, "/v1/measures?area=energy,trade,trade", plain);
}

static void check_ids(void *daemon, const char *target, json_t *expected)
{
    json_auto_t *rows = rows_of(daemon, target);
    json_auto_t *ids = rows_ids(rows);
    assert_json_equal(ids, expected, target);
}

/* The ids of a record's areas that have a summit in this category; NULL means in any. */
static json_t *areas_in(const char *record_path, const char *category)
{
    json_auto_t *record = json_load_file(record_path, 0, NULL);
    json_t *ids = json_array();
    size_t at;
    json_t *area;
    json_array_foreach(json_object_get(record, "areas"), at, area)
    {
        json_t *entry = json_array_get(json_object_get(area, "summits"), 0);
        const char *is = json_string_value(json_object_get(entry, "category"));
        if (category == NULL || strcmp(is, category) == 0) {
            list_add(ids, row_id(area));
        }
    }
    return ids;
}

static void areas_are_filtered_by_summit_and_category(void **state)
{
    static const char *const categories[] = {"traditional", "growth_driver", "other"};
    json_auto_t *all = areas_in(XIAN, NULL);
    check_ids(*state, "/v1/areas?summit=xian-2023", all);
    for (size_t i = 0; i < 3; i++) {
        TEXT *target = text_of("/v1/areas?category=%s&summit=xian-2023", categories[i]);
        TEXT *nested = text_of("/v1/summits/xian-2023/areas?category=%s", categories[i]);
        json_auto_t *some = areas_in(XIAN, categories[i]);
        check_ids(*state, target, some);
        check_ids(*state, nested, some);
    }
    static const struct {
        const char *target;
        const char *ids; /* in any order */
    } cases[] = {
        {"/v1/areas?summit=lakeside-2020", "lake-fishing trade ice-skating"},
        {"/v1/areas?summit=lakeside-2020&category=other", "trade"},
        {"/v1/areas?summit=lakeside-2020&category=traditional", "lake-fishing"},
        {"/v1/areas?summit=lakeside-2020&category=growth_driver,other", "ice-skating trade"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_auto_t *rows = rows_of(*state, cases[i].target);
        size_t length = 0;
        size_t at;
        json_t *row;
        json_array_foreach(rows, at, row)
        {
            assert_non_null(strstr(cases[i].ids, row_id(row)));
            length += strlen(row_id(row)) + (at > 0 ? 1 : 0);
        }
        assert_int_equal(length, strlen(cases[i].ids));
    }
}

static void initiatives_and_sources_are_filtered_by_summit(void **state)
{
    static const struct {
        const char *target;
        const char *record_path;
        const char *list;
    } cases[] = {
        {"/v1/initiatives?summit=xian-2023", XIAN, "initiatives"},
        {"/v1/initiatives?summit=lakeside-2020", LAKESIDE, "initiatives"},
        {"/v1/sources?summit=xian-2023", XIAN, "sources"},
        {"/v1/sources?summit=lakeside-2020", LAKESIDE, "sources"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_auto_t *record = json_load_file(cases[i].record_path, 0, NULL);
        json_auto_t *expected = rows_ids(json_object_get(record, cases[i].list));
        check_ids(*state, cases[i].target, expected);
    }
}

/* A summit has the areas and initiatives that its own lists have. */
static void summits_are_filtered_by_what_they_are_about(void **state)
{
    static const char *const kinds[][2] = {{"area", "areas"}, {"initiative", "initiatives"}};
    static const char *const summits[] = {"xian-2023", "lakeside-2020"};
    for (size_t i = 0; i < 2; i++) {
        TEXT *target = text_of("/v1/%s", kinds[i][1]);
        json_auto_t *rows = rows_of(*state, target);
        size_t at;
        json_t *row;
        json_array_foreach(rows, at, row)
        {
            TEXT *filtered = text_of("/v1/summits?%s=%s", kinds[i][0], row_id(row));
            json_auto_t *found = rows_of(*state, filtered);
            for (size_t j = 0; j < 2; j++) {
                TEXT *own = text_of("%s?summit=%s", target, summits[j]);
                json_auto_t *own_rows = rows_of(*state, own);
                bool is_about = rows_find(own_rows, row_id(row)) != NULL;
                assert_int_equal(rows_find(found, summits[j]) != NULL, is_about);
            }
            assert_true(json_array_size(found) > 0);
        }
    }
}

static void no_match_is_an_empty_collection(void **state)
{
    json_auto_t *page = http_get_json(*state, "/v1/measures?summit=xian-2023&area=lake-fishing");
    json_t *data = json_object_get(page, "data");
    json_t *meta = json_object_get(page, "meta");
    assert_true(json_is_array(data));
    assert_int_equal(json_array_size(data), 0);
    assert_int_equal(json_integer_value(json_object_get(meta, "total")), 0);
    assert_true(json_is_null(json_object_get(json_object_get(page, "links"), "next")));
}

static void self_has_sorted_parameters(void **state)
{
    json_auto_t *page =
        http_get_json(*state, "/v1/measures?modality=will&limit=7&include=areas&area=trade");
    json_t *self = json_object_get(json_object_get(page, "links"), "self");
    assert_string_equal(json_string_value(self),
                        "/v1/measures?area=trade&include=areas&limit=7&modality=will");
    json_auto_t *again = http_get_json(*state, json_string_value(self));
    assert_json_equal(again, page, "what links.self leads to");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters_select_by_value),
        cmocka_unit_test(filters_together_mean_and),
        cmocka_unit_test(filters_work_below_a_summit),
        cmocka_unit_test(values_are_decoded),
        cmocka_unit_test(areas_are_filtered_by_summit_and_category),
        cmocka_unit_test(initiatives_and_sources_are_filtered_by_summit),
        cmocka_unit_test(summits_are_filtered_by_what_they_are_about),
        cmocka_unit_test(no_match_is_an_empty_collection),
        cmocka_unit_test(self_has_sorted_parameters),
    };
    return cmocka_run_group_tests(tests, start_two_summits, daemon_stop_all);
}
