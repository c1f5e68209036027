/* fields: only those, in the order of the resource, whatever else is asked for. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "http.h"
#include "pages.h"

#include <string.h>

/* The names of a collection's fields, in their order, as the index has them. */
static json_t *fields_of(void *daemon, const char *name)
{
    json_auto_t *index = http_get_json(daemon, "/v1");
    size_t at;
    json_t *entry;
    json_array_foreach(json_object_get(index, "data"), at, entry)
    {
        if (strcmp(json_string_value(json_object_get(entry, "name")), name) == 0) {
            return json_incref(json_object_get(entry, "fields"));
        }
    }
    fail_msg("the index has no %s", name);
    return NULL;
}

/* Fails unless `row` has the members of `whole` that `kept` names, in the order of `fields`. */
static void check_row(json_t *row, json_t *whole, json_t *fields, json_t *kept, const char *what)
{
    json_auto_t *expected = json_object();
    size_t at;
    json_t *field;
    json_array_foreach(fields, at, field)
    {
        const char *name = json_string_value(field);
        if (list_has(kept, name)) {
            json_object_set(expected, name, json_object_get(whole, name));
        }
    }
    /* Compared as texts, which shows the order too. */
    TEXT *is = json_dumps(row, JSON_COMPACT);
    TEXT *should_be = json_dumps(expected, JSON_COMPACT);
    if (strcmp(is, should_be) != 0) {
        fail_msg("%s: %s, not %s", what, is, should_be);
    }
}

/* "c,b,a" of the list ["a","b","c"]. The caller frees it. */
static char *reversed(json_t *list)
{
    char *text = text_of("%s", "");
    for (size_t i = json_array_size(list); i-- > 0;) {
        char *longer = text_of("%s%s%s", text, *text != '\0' ? "," : "",
                               json_string_value(json_array_get(list, i)));
        text_release(&text);
        text = longer;
    }
    return text;
}

static void check_kept(void *daemon, const char *name, json_t *rows, json_t *fields, json_t *kept)
{
    TEXT *names = reversed(kept);
    TEXT *target = text_of("/v1/%s?limit=200&fields=%s", name, names);
    json_auto_t *page = http_get_json(daemon, target);
    json_t *data = json_object_get(page, "data");
    assert_int_equal(json_array_size(data), json_array_size(rows));
    size_t at;
    json_t *row;
    json_array_foreach(rows, at, row)
    {
        check_row(json_array_get(data, at), row, fields, kept, target);
    }
    json_t *first = json_array_get(rows, 0);
    TEXT *item_target = text_of("/v1/%s/%s?fields=%s", name, row_id(first), names);
    TEXT *plain_target = text_of("/v1/%s/%s", name, row_id(first));
    json_auto_t *item = http_get_json(daemon, item_target);
    json_auto_t *plain = http_get_json(daemon, plain_target);
    check_row(json_object_get(item, "data"), json_object_get(plain, "data"), fields, kept,
              item_target);
}

/* Each field alone, each two neighbours, all of them. */
static void rows_have_only_what_was_asked_for(void **state)
{
    for (size_t i = 0; i < COLLECTION_COUNT; i++) {
        const char *name = collections[i].name;
        TEXT *target = text_of("/v1/%s", name);
        json_auto_t *rows = rows_of(*state, target);
        json_auto_t *fields = fields_of(*state, name);
        size_t count = json_array_size(fields);
        for (size_t j = 0; j < count; j++) {
            json_auto_t *one = json_pack("[O]", json_array_get(fields, j));
            json_auto_t *two = json_pack("[O, O]", json_array_get(fields, j),
                                         json_array_get(fields, (j + 3) % count));
            check_kept(*state, name, rows, fields, one);
            check_kept(*state, name, rows, fields, two);
        }
        check_kept(*state, name, rows, fields, fields);
    }
}

/* What is not shown still decides: the order, what is found, what is counted and included. */
static void fields_that_are_not_shown_still_count(void **state)
{
    static const char *const queries[] = {
        "sort=-number,modality", "q=china",
        "area=energy,trade",     "facet=area,modality",
        "include=areas,sources", "include=areas.sources,proposals.measures",
        "q=china&sort=-id",
    };
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        TEXT *whole_target = text_of("/v1/measures?limit=200&%s", queries[i]);
        TEXT *target = text_of("/v1/measures?limit=200&%s&fields=text", queries[i]);
        json_auto_t *whole = http_get_json(*state, whole_target);
        json_auto_t *page = http_get_json(*state, target);
        json_t *rows = json_object_get(whole, "data");
        json_t *data = json_object_get(page, "data");
        assert_int_equal(json_array_size(data), json_array_size(rows));
        for (size_t j = 0; j < json_array_size(rows); j++) {
            json_t *row = json_array_get(data, j);
            assert_int_equal(json_object_size(row), 1);
            assert_json_equal(json_object_get(row, "text"),
                              json_object_get(json_array_get(rows, j), "text"), target);
        }
        assert_json_equal(json_object_get(page, "meta"), json_object_get(whole, "meta"), target);
        json_t *included = json_object_get(whole, "included");
        assert_int_equal(included != NULL, strstr(queries[i], "include") != NULL);
        if (included != NULL) {
            assert_json_equal(json_object_get(page, "included"), included, target);
        }
    }
}

/* An item's as well, and the pages that follow keep them. */
static void items_and_later_pages_keep_them(void **state)
{
    json_auto_t *item =
        http_get_json(*state, "/v1/summits/xian-2023?fields=name&include=participants");
    json_auto_t *name = json_pack("{s:s}", "name", "China-Central Asia Summit");
    assert_json_equal(json_object_get(item, "data"), name, "an item's name");
    json_auto_t *participants = rows_of(*state, "/v1/summits/xian-2023/participants");
    assert_json_equal(json_object_get(json_object_get(item, "included"), "participants"),
                      participants, "whole rows are included");
    pages_walk(*state, "/v1/summits/xian-2023/measures?fields=number,text", 3);
    pages_walk(*state, "/v1/measures?fields=text&sort=-modality&q=china", 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_have_only_what_was_asked_for),
        cmocka_unit_test(fields_that_are_not_shown_still_count),
        cmocka_unit_test(items_and_later_pages_keep_them),
    };
    return cmocka_run_group_tests(tests, start_two_summits, daemon_stop_all);
}
