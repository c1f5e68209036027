/* Every sort key that the index names, alone and with every other, both ways: the rows are in that
 * order, and the id decides between equals in the direction of the last key. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "folder.h"
#include "http.h"
#include "pages.h"
#include "process.h"

#include <string.h>
#include <strings.h>

/* Names are in the order of their letters, whatever their case. */
static bool is_name(const char *field)
{
    return strcmp(field, "name") == 0 || strcmp(field, "title") == 0 || strcmp(field, "city") == 0;
}

/* As strcmp does; null comes before everything else. */
static int compare_values(json_t *one, json_t *other, bool by_name)
{
    if (json_is_null(one) || json_is_null(other)) {
        return (int)json_is_null(other) - (int)json_is_null(one);
    }
    if (json_is_integer(one) && json_is_integer(other)) {
        json_int_t first = json_integer_value(one);
        json_int_t second = json_integer_value(other);
        return (first > second) - (first < second);
    }
    const char *first = json_string_value(one);
    const char *second = json_string_value(other);
    assert_non_null(first);
    assert_non_null(second);
    return by_name ? strcasecmp(first, second) : strcmp(first, second);
}

static int compare_by(json_t *one, json_t *other, const char *key)
{
    bool is_descending = *key == '-';
    const char *field = key + (is_descending ? 1 : 0);
    int order =
        compare_values(json_object_get(one, field), json_object_get(other, field), is_name(field));
    return is_descending ? -order : order;
}

/* Fails unless each row comes after the one before it. */
static void check_order(json_t *rows, const char *first, const char *second, const char *target)
{
    const char *last = second != NULL ? second : first;
    const char *by_id = *last == '-' ? "-id" : "id";
    for (size_t i = 1; i < json_array_size(rows); i++) {
        json_t *before = json_array_get(rows, i - 1);
        json_t *row = json_array_get(rows, i);
        int order = compare_by(before, row, first);
        order = order == 0 && second != NULL ? compare_by(before, row, second) : order;
        order = order == 0 ? compare_by(before, row, by_id) : order;
        if (order >= 0) {
            fail_msg("%s: %s stands before %s", target, row_id(before), row_id(row));
        }
    }
}

/* The same rows in this order; second may be NULL. */
static void check_sorted(void *daemon, const char *path, json_t *unsorted, const char *first,
                         const char *second)
{
    TEXT *target = text_of("%s?sort=%s%s%s", path, first, second != NULL ? "," : "",
                           second != NULL ? second : "");
    json_auto_t *rows = rows_of(daemon, target);
    assert_int_equal(json_array_size(rows), json_array_size(unsorted));
    check_order(rows, first, second, target);
    size_t at;
    json_t *row;
    json_array_foreach(unsorted, at, row)
    {
        assert_json_equal(rows_find(rows, row_id(row)), row, target);
    }
}

/* Each key both ways, then each two of them. */
static void check_keys(void *daemon, const char *path, json_t *keys)
{
    json_auto_t *unsorted = rows_of(daemon, path);
    for (size_t i = 0; i < 2 * json_array_size(keys); i++) {
        const char *first = json_string_value(json_array_get(keys, i / 2));
        TEXT *one = text_of("%s%s", i % 2 == 0 ? "" : "-", first);
        check_sorted(daemon, path, unsorted, one, NULL);
        for (size_t j = 0; j < 2 * json_array_size(keys); j++) {
            const char *second = json_string_value(json_array_get(keys, j / 2));
            TEXT *other = text_of("%s%s", j % 2 == 0 ? "" : "-", second);
            if (j / 2 != i / 2) {
                check_sorted(daemon, path, unsorted, one, other);
            }
        }
    }
}

static void lists_are_in_the_order_asked_for(void **state)
{
    json_auto_t *index = http_get_json(*state, "/v1");
    json_t *data = json_object_get(index, "data");
    size_t at;
    json_t *entry;
    json_array_foreach(data, at, entry)
    {
        json_t *sorts = json_object_get(entry, "sorts");
        assert_true(json_array_size(sorts) >= 2);
        check_keys(*state, json_string_value(json_object_get(entry, "href")), sorts);
    }
}

static void lists_below_a_summit_are_sorted_too(void **state)
{
    static const char *const paths[][2] = {
        {"/v1/summits/xian-2023/measures", "-number"},
        {"/v1/summits/xian-2023/areas", "name"},
        {"/v1/summits/lakeside-2020/participants", "-position"},
    };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        json_auto_t *unsorted = rows_of(*state, paths[i][0]);
        check_sorted(*state, paths[i][0], unsorted, paths[i][1], NULL);
    }
}

/* Every key there is decides, not only the first two. */
static void many_keys_are_taken(void **state)
{
    json_auto_t *rows = rows_of(*state, "/v1/proposals?sort=-measure_count,number,-title,id");
    for (size_t i = 1; i < json_array_size(rows); i++) {
        json_t *before = json_array_get(rows, i - 1);
        json_t *row = json_array_get(rows, i);
        int order = compare_by(before, row, "-measure_count");
        order = order == 0 ? compare_by(before, row, "number") : order;
        order = order == 0 ? compare_by(before, row, "-title") : order;
        order = order == 0 ? compare_by(before, row, "id") : order;
        assert_true(order < 0);
    }
}

static void sorted_pages_join_to_the_whole(void **state)
{
    static const char *const targets[] = {
        "/v1/measures?sort=-modality",
        "/v1/measures?sort=number,-modality&summit=xian-2023",
        "/v1/measures?sort=-number,id&modality=will,proposes&area=energy,trade",
        "/v1/measures?sort=modality&q=china",
        "/v1/measures?sort=-id&q=china&area=energy",
        "/v1/measures?q=china",
        "/v1/areas?q=development&summit=xian-2023",
        "/v1/areas?sort=name&category=other,growth_driver",
        "/v1/areas?sort=-name",
        "/v1/sources?sort=published_on",
        "/v1/sources?sort=-published_on,title",
        "/v1/summits/xian-2023/statements?sort=kind",
        "/v1/summits/xian-2023/measures?sort=-number&q=china",
        "/v1/search?q=xi",
        "/v1/search?q=china&type=measures,proposals",
    };
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        for (json_int_t limit = 1; limit <= 3; limit++) {
            pages_walk(*state, targets[i], limit);
        }
    }
}

/* The pond's record with names that differ in their case only, and sources without a date. */
static void write_twins(const char *path)
{
    static const char *const names[] = {"reed",  "REED",  "Reed", "alder", "Alder",
                                        "Ålder", "ålder", "Zinc", "zinc",  "_x"};
    json_auto_t *record = json_load_file(POND, 0, NULL);
    json_t *areas = json_object_get(record, "areas");
    json_t *sources = json_object_get(record, "sources");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        TEXT *id = text_of("twin-%zu", (i * 7) % 10);
        TEXT *source_id = text_of("paper-%zu", (i * 3) % 10);
        json_t *area = json_deep_copy(json_array_get(areas, 0));
        json_object_set_new(area, "id", json_string(id));
        json_object_set_new(area, "name", json_string(names[i]));
        json_object_set_new(area, "citations",
                            json_pack("[{s:s,s:i}]", "source_id", source_id, "paragraph", 1));
        json_array_append_new(areas, area);
        json_t *source = json_deep_copy(json_array_get(sources, 0));
        json_object_set_new(source, "id", json_string(source_id));
        json_object_set_new(source, "title", json_string(names[i]));
        json_object_set_new(source, "paragraph_count", json_integer(1));
        json_object_set_new(source, "omitted_paragraphs", json_array());
        if (i % 3 == 0) {
            json_object_set_new(source, "published_on", json_string("2021-05-03"));
        }
        json_array_append_new(sources, source);
    }
    assert_int_equal(json_dump_file(record, path, 0), 0);
}

static void the_id_decides_between_equals(void **state)
{
    struct daemon *daemon = *state;
    TEXT *record = folder_join(daemon->folder, "twins.json");
    write_twins(record);
    daemon_import(daemon, WORDS(record));
    http_reply_free(http_wait_status(daemon, "/v1/areas/twin-0", 200));
    json_auto_t *name = json_pack("[s, s]", "id", "name");
    json_auto_t *date = json_pack("[s, s, s]", "id", "title", "published_on");
    check_keys(daemon, "/v1/areas", name);
    check_keys(daemon, "/v1/sources", date);
    pages_walk(daemon, "/v1/areas?sort=-name", 1);
    pages_walk(daemon, "/v1/sources?sort=published_on", 1);
    pages_walk(daemon, "/v1/sources?sort=-published_on,title", 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_in_the_order_asked_for),
        cmocka_unit_test(lists_below_a_summit_are_sorted_too),
        cmocka_unit_test(many_keys_are_taken),
        cmocka_unit_test(sorted_pages_join_to_the_whole),
        cmocka_unit_test(the_id_decides_between_equals),
    };
    return cmocka_run_group_tests(tests, start_two_summits, daemon_stop_all);
}
