/* The documents of every resource: their shape, totals, order and content, compared with the record
 * that was imported and with each other. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "http.h"
#include "process.h"

#include <string.h>

static json_t *number_at(json_t *row, const char *object, const char *member)
{
    json_t *value = json_object_get(json_object_get(row, object), member);
    assert_true(json_is_integer(value));
    return value;
}

static void assert_self(json_t *document, const char *target)
{
    json_t *self = json_object_get(json_object_get(document, "links"), "self");
    assert_string_equal(json_string_value(self), target);
}

/* What every collection's page has beside its rows. */
static void check_page(json_t *page, const char *target)
{
    assert_int_equal(json_object_size(page), 3);
    json_t *links = json_object_get(page, "links");
    json_t *meta = json_object_get(page, "meta");
    assert_int_equal(json_object_size(links), 2);
    assert_self(page, target);
    assert_true(json_is_null(json_object_get(links, "next")));
    assert_int_equal(json_object_size(meta), 4);
    assert_int_equal(json_integer_value(json_object_get(meta, "limit")), 50);
    json_t *qualifier = json_object_get(meta, "total_qualifier");
    assert_string_equal(json_string_value(qualifier), "exact");
    const char *revision = json_string_value(json_object_get(meta, "revision"));
    assert_non_null(revision);
    assert_int_equal(strlen(revision), 16);
    assert_int_equal(strspn(revision, "0123456789abcdef"), 16);
}

static void collections_have_the_documented_shape(void **state)
{
    for (size_t i = 0; i < COLLECTION_COUNT; i++) {
        TEXT *target = text_of("/v1/%s", collections[i].name);
        json_auto_t *page = http_get_json(*state, target);
        json_t *rows = json_object_get(page, "data");
        size_t at;
        json_t *row;
        json_t *meta = json_object_get(page, "meta");
        size_t total = (size_t)json_integer_value(json_object_get(meta, "total"));
        assert_true(total >= 2);
        assert_int_equal(json_array_size(rows), total < 50 ? total : 50);
        if (total <= 50) {
            check_page(page, target);
        }
        json_array_foreach(rows, at, row)
        {
            collection_check_row(&collections[i], row);
        }
    }
}

static void items_equal_their_rows(void **state)
{
    for (size_t i = 0; i < COLLECTION_COUNT; i++) {
        TEXT *target = text_of("/v1/%s", collections[i].name);
        json_auto_t *rows = rows_of(*state, target);
        size_t at;
        json_t *row;
        json_array_foreach(rows, at, row)
        {
            TEXT *path = text_of("/v1/%s/%s", collections[i].name, row_id(row));
            json_auto_t *item = http_get_json(*state, path);
            assert_int_equal(json_object_size(item), 3);
            bool is_summit = strcmp(collections[i].name, "summits") == 0;
            assert_int_equal(json_object_size(json_object_get(item, "links")), is_summit ? 2 : 1);
            assert_int_equal(json_object_size(json_object_get(item, "meta")), 1);
            assert_self(item, path);
            assert_json_equal(json_object_get(item, "data"), row, path);
        }
    }
}

static void nested_paths_equal_the_filter(void **state)
{
    json_auto_t *summits = rows_of(*state, "/v1/summits");
    size_t at;
    json_t *summit;
    json_array_foreach(summits, at, summit)
    {
        for (size_t i = 0; i < COLLECTION_COUNT; i++) {
            if (!collections[i].nested) {
                continue;
            }
            const char *name = collections[i].name;
            TEXT *nested = text_of("/v1/summits/%s/%s", row_id(summit), name);
            TEXT *filtered = text_of("/v1/%s?summit=%s", name, row_id(summit));
            json_auto_t *page = http_get_json(*state, nested);
            if (json_array_size(json_object_get(page, "data")) < 50) {
                check_page(page, nested);
            }
            json_auto_t *rows = rows_of(*state, nested);
            json_auto_t *same = rows_of(*state, filtered);
            assert_json_equal(rows, same, nested);
            json_t *count = number_at(summit, "counts", name);
            assert_int_equal(json_integer_value(count), json_array_size(rows));
        }
    }
}

/* How many rows of a collection match a query. */
static json_int_t total_of(void *daemon, const char *target)
{
    json_auto_t *page = http_get_json(daemon, target);
    return json_integer_value(number_at(page, "meta", "total"));
}

/* Each count in a row equals the total of the collection filtered by the row. */
static void check_counts(void *daemon, const char *target, const char *filter, const char *more)
{
    json_auto_t *rows = rows_of(daemon, target);
    size_t at;
    json_t *row;
    json_array_foreach(rows, at, row)
    {
        const char *name;
        json_t *count;
        json_object_foreach(json_object_get(row, "counts"), name, count)
        {
            TEXT *counted = text_of("/v1/%s?%s=%s%s", name, filter, row_id(row), more);
            json_int_t total = total_of(daemon, counted);
            if (total != json_integer_value(count)) {
                fail_msg("%s: %lld rows, but %s says %lld", counted, (long long)total, target,
                         (long long)json_integer_value(count));
            }
        }
    }
}

static void counts_equal_totals(void **state)
{
    check_counts(*state, "/v1/summits", "summit", "");
    check_counts(*state, "/v1/initiatives", "initiative", "");
    check_counts(*state, "/v1/areas", "area", "");
    check_counts(*state, "/v1/areas?summit=lakeside-2020,xian-2023", "area", "");
    check_counts(*state, "/v1/areas?summit=lakeside-2020", "area", "&summit=lakeside-2020");
    check_counts(*state, "/v1/summits/xian-2023/areas", "area", "&summit=xian-2023");

    json_auto_t *proposals = rows_of(*state, "/v1/proposals");
    size_t at;
    json_t *row;
    json_array_foreach(proposals, at, row)
    {
        TEXT *counted = text_of("/v1/measures?proposal=%s", row_id(row));
        json_t *count = json_object_get(row, "measure_count");
        assert_int_equal(json_integer_value(count), total_of(*state, counted));
    }
}

static void counted_collections_are_all_named(void **state)
{
    static const struct {
        const char *target;
        size_t count;
    } cases[] = {{"/v1/summits", 8}, {"/v1/areas", 4}, {"/v1/initiatives", 2}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_auto_t *rows = rows_of(*state, cases[i].target);
        json_t *counts = json_object_get(json_array_get(rows, 0), "counts");
        assert_int_equal(json_object_size(counts), cases[i].count);
    }
}

static void category_needs_one_summit(void **state)
{
    static const struct {
        const char *target;
        const char *category; /* of the area trade */
    } cases[] = {
        {"/v1/areas", NULL},
        {"/v1/areas?summit=xian-2023,lakeside-2020", NULL},
        {"/v1/areas?summit=xian-2023", "traditional"},
        {"/v1/areas?summit=lakeside-2020", "other"},
        {"/v1/summits/xian-2023/areas", "traditional"},
        {"/v1/summits/lakeside-2020/areas", "other"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_auto_t *rows = rows_of(*state, cases[i].target);
        json_t *category = json_object_get(rows_find(rows, "trade"), "category");
        assert_non_null(category);
        if (cases[i].category == NULL) {
            assert_true(json_is_null(category));
        } else {
            assert_string_equal(json_string_value(category), cases[i].category);
        }
    }
}

static json_t *exported(const struct daemon *daemon)
{
    PROCESS_RESULT result = process_run(WORDS("export", "-d", daemon->database), NULL);
    assert_int_equal(result.status, 0);
    json_t *record = json_loads(result.output, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(record);
    return record;
}

/* What the record states stands unchanged in the API. */
static void check_row_against_record(const char *name, json_t *row, json_t *stated)
{
    const char *member;
    json_t *value;
    json_object_foreach(stated, member, value)
    {
        bool internal = (strcmp(name, "areas") == 0 && strcmp(member, "summits") == 0) ||
                        strcmp(member, "omitted_paragraphs") == 0 || strcmp(member, "aliases") == 0;
        if (internal) {
            assert_null(json_object_get(row, member));
        } else {
            TEXT *what = text_of("%s %s: %s", name, row_id(row), member);
            assert_json_equal(json_object_get(row, member), value, what);
        }
    }
}

static void documents_state_what_the_record_states(void **state)
{
    json_auto_t *record = exported(*state);
    for (size_t i = 0; i < COLLECTION_COUNT; i++) {
        const char *name = collections[i].name;
        TEXT *target = text_of("/v1/%s", name);
        json_auto_t *rows = rows_of(*state, target);
        json_t *list = json_object_get(record, name);
        assert_int_equal(json_array_size(list), json_array_size(rows));
        size_t at;
        json_t *stated;
        json_array_foreach(list, at, stated)
        {
            json_t *row = rows_find(rows, row_id(stated));
            assert_non_null(row);
            check_row_against_record(name, row, stated);
        }
    }
}

static void cited_count_is_of_distinct_paragraphs(void **state)
{
    json_auto_t *record = exported(*state);
    json_auto_t *sources = rows_of(*state, "/v1/sources");
    size_t at;
    json_t *row;
    json_array_foreach(sources, at, row)
    {
        json_t *stated = rows_find(json_object_get(record, "sources"), row_id(row));
        json_t *omitted = json_object_get(stated, "omitted_paragraphs");
        json_int_t all = json_integer_value(json_object_get(row, "paragraph_count"));
        json_int_t cited = json_integer_value(json_object_get(row, "cited_count"));
        assert_int_equal(cited, all - (json_int_t)json_array_size(omitted));
    }
}

/* The rows of a summit, in the order of a record's rows of the same ids. */
static void check_record_order(void *daemon, const char *name, const char *record_path)
{
    json_auto_t *record = json_load_file(record_path, 0, NULL);
    assert_non_null(record);
    TEXT *target = text_of("/v1/%s", name);
    json_auto_t *rows = rows_of(daemon, target);
    json_auto_t *record_ids = rows_ids(json_object_get(record, name));
    json_auto_t *ids = json_array();
    size_t at;
    json_t *row;
    json_array_foreach(rows, at, row)
    {
        if (list_has(record_ids, row_id(row))) {
            list_add(ids, row_id(row));
        }
    }
    assert_json_equal(ids, record_ids, target);
}

static void rows_keep_the_order_of_the_record(void **state)
{
    static const char *const kept[] = {"areas", "statements", "initiatives", "mechanisms",
                                       "sources"};
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        check_record_order(*state, kept[i], XIAN);
    }
    check_record_order(*state, "statements", LAKESIDE);
    check_record_order(*state, "mechanisms", LAKESIDE);
    check_record_order(*state, "initiatives", LAKESIDE);
}

/* The rows of each summit stand together, and a member counts up from 1 among them, beginning again
 * where the row's `group` changes. */
static void check_numbered(void *daemon, const char *target, const char *group, const char *member)
{
    json_auto_t *rows = rows_of(daemon, target);
    json_auto_t *seen = json_array();
    const char *current = "";
    json_int_t next = 1;
    size_t at;
    json_t *row;
    json_array_foreach(rows, at, row)
    {
        const char *of = json_string_value(json_object_get(row, group));
        if (strcmp(of, current) != 0) {
            assert_false(list_has(seen, of));
            list_add(seen, of);
            current = of;
            next = 1;
        }
        assert_int_equal(json_integer_value(json_object_get(row, member)), next);
        next++;
    }
}

static void numbered_rows_follow_their_numbers(void **state)
{
    check_numbered(*state, "/v1/participants", "summit_id", "position");
    check_numbered(*state, "/v1/proposals", "summit_id", "number");
    check_numbered(*state, "/v1/measures", "proposal_id", "number");
    json_auto_t *proposals = rows_of(*state, "/v1/proposals");
    json_auto_t *proposal_ids = rows_ids(proposals);
    json_auto_t *measures = rows_of(*state, "/v1/measures");
    json_auto_t *with_measures = json_array();
    size_t at;
    json_t *row;
    json_array_foreach(measures, at, row)
    {
        list_add(with_measures, json_string_value(json_object_get(row, "proposal_id")));
    }
    assert_json_equal(with_measures, proposal_ids, "proposals in the order of their measures");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(collections_have_the_documented_shape),
        cmocka_unit_test(items_equal_their_rows),
        cmocka_unit_test(nested_paths_equal_the_filter),
        cmocka_unit_test(counts_equal_totals),
        cmocka_unit_test(counted_collections_are_all_named),
        cmocka_unit_test(category_needs_one_summit),
        cmocka_unit_test(documents_state_what_the_record_states),
        cmocka_unit_test(cited_count_is_of_distinct_paragraphs),
        cmocka_unit_test(rows_keep_the_order_of_the_record),
        cmocka_unit_test(numbered_rows_follow_their_numbers),
    };
    return cmocka_run_group_tests(tests, start_two_summits, daemon_stop_all);
}
