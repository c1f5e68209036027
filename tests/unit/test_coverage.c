/* The rows that cite each paragraph of a source, against the record itself. */
#include "check.h"
#include "fixture.h"
#include "sharers.h"

#include <stdio.h>
#include <string.h>

#include "coverage.h"
#include "query.h"
#include "resource.h"
#include "sql.h"

static json_t *coverage_of(struct summit_store *store, const char *source, int64_t limit,
                           bool *ret_more)
{
    json_t *paragraphs = NULL;
    assert_int_equal(coverage_list(store, source, limit, &paragraphs, ret_more), SUMMIT_OK);
    return paragraphs;
}

static size_t count_rows(const json_t *paragraphs)
{
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(paragraphs); i++) {
        count += json_array_size(json_object_get(json_array_get(paragraphs, i), "rows"));
    }
    return count;
}

/* Whether the coverage of a paragraph names a row. */
static bool names(const json_t *paragraphs, json_int_t number, const char *type, const char *id)
{
    const json_t *entry = json_array_get(paragraphs, (size_t)number - 1);
    const json_t *rows = json_object_get(entry, "rows");
    assert_int_equal(json_integer_value(json_object_get(entry, "paragraph")), number);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        if (strcmp(json_string_value(json_object_get(row, "type")), type) == 0 &&
            strcmp(json_string_value(json_object_get(row, "id")), id) == 0) {
            return true;
        }
    }
    return false;
}

static void test_a_small_record(void **state)
{
    struct fixture *fixture = *state;
    bool more = true;
    JSON *record = fixture_record("pond-2021");
    assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    JSON *paragraphs = coverage_of(store, "pond-report", 100, &more);
    JSON *expected = fixture_json(
        "[{'paragraph': 1, 'omitted': null, 'rows': ["
        "{'type': 'participants', 'id': 'pond-2021-host', 'title': 'Host'}, "
        "{'type': 'summits', 'id': 'pond-2021', 'title': 'Pond Meeting'}]}, "
        "{'paragraph': 2, 'omitted': null, 'rows': ["
        "{'type': 'areas', 'id': 'reeds', 'title': 'Reeds'}, "
        "{'type': 'initiatives', 'id': 'green-ponds', 'title': 'Green Ponds'}, "
        "{'type': 'measures', 'id': 'pond-2021-reeds-cut', 'title': 'Reeds will be cut.'}, "
        "{'type': 'mechanisms', 'id': 'pond-2021-council', 'title': 'Pond council'}, "
        "{'type': 'proposals', 'id': 'pond-2021-reeds', 'title': 'Reeds'}, "
        "{'type': 'statements', 'id': 'pond-2021-calm', 'title': 'Ponds should be calm.'}]}, "
        "{'paragraph': 3, 'omitted': 'Signature.', 'rows': []}]");
    assert_true(json_equal(paragraphs, expected));
    assert_false(more);
}

/* Every citation of the record is there, and nothing else. */
static void check_source(struct summit_store *store, const json_t *record, const char *source)
{
    bool more = true;
    size_t citations = 0;
    JSON *paragraphs = coverage_of(store, source, 1000000, &more);
    for (size_t r = 0; r < RESOURCE_COUNT; r++) {
        const json_t *rows = json_object_get(record, resources[r]->name);
        for (size_t i = 0; i < json_array_size(rows); i++) {
            const json_t *row = json_array_get(rows, i);
            const char *id = json_string_value(json_object_get(row, "id"));
            const json_t *list = json_object_get(row, "citations");
            for (size_t c = 0; c < json_array_size(list); c++) {
                const json_t *citation = json_array_get(list, c);
                const char *cited = json_string_value(json_object_get(citation, "source_id"));
                json_int_t number = json_integer_value(json_object_get(citation, "paragraph"));
                if (strcmp(cited, source) == 0) {
                    assert_true(names(paragraphs, number, resources[r]->name, id));
                    citations++;
                }
            }
        }
    }
    assert_int_equal(count_rows(paragraphs), citations);
    assert_false(more);
    for (size_t i = 0; i < json_array_size(paragraphs); i++) {
        const json_t *entry = json_array_get(paragraphs, i);
        bool is_omitted = json_is_string(json_object_get(entry, "omitted"));
        assert_int_equal(is_omitted, json_array_size(json_object_get(entry, "rows")) == 0);
    }
}

static void test_every_citation(void **state)
{
    struct fixture *fixture = *state;
    JSON *xian = fixture_xian();
    sharers_publish(fixture->path, true);
    assert_int_equal(fixture_publish(fixture->path, xian, 0, NULL), SUMMIT_OK);
    JSON *record = fixture_export(fixture->path);
    STORE *store = fixture_open(fixture->path);
    const json_t *sources = json_object_get(record, "sources");
    assert_int_equal(json_array_size(sources), 4);
    for (size_t i = 0; i < json_array_size(sources); i++) {
        const char *id = json_string_value(json_object_get(json_array_get(sources, i), "id"));
        check_source(store, record, id);
    }
}

static void test_limits(void **state)
{
    struct fixture *fixture = *state;
    JSON *record = fixture_record("lakeside-2020");
    assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    bool more = true;
    JSON *all = coverage_of(store, "lakeside-notes", 1000, &more);
    size_t count = count_rows(all);
    assert_false(more);
    assert_int_equal(json_array_size(all), 10);
    for (size_t limit = 0; limit <= count + 1; limit++) {
        JSON *some = coverage_of(store, "lakeside-notes", (int64_t)limit, &more);
        assert_int_equal(count_rows(some), limit < count ? limit : count);
        assert_int_equal(more, limit < count);
        assert_int_equal(json_array_size(some), 10);
    }
}

static void test_long_texts_are_shortened(void **state)
{
    struct fixture *fixture = *state;
    bool more = true;
    JSON *record = fixture_large(2);
    assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    JSON *paragraphs = coverage_of(store, "pond-report", 100, &more);
    const char *title = json_string_value(fixture_at(paragraphs, "/1/rows/4/title"));
    assert_int_equal(strlen(title), COVERAGE_TITLE_MAX + strlen("…"));
    assert_int_equal(strspn(title, "x"), COVERAGE_TITLE_MAX);
}

static void test_no_such_source(void **state)
{
    struct fixture *fixture = *state;
    JSON *record = fixture_record("pond-2021");
    json_t *paragraphs = NULL;
    bool more = true;
    assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    assert_int_equal(coverage_list(store, "pond", 10, &paragraphs, &more), SUMMIT_NOT_FOUND);
    assert_null(paragraphs);
    assert_true(more);
}

/* The rows come in the index's order: nothing is sorted, and no table is read whole. */
static void test_the_plan_walks_an_index(void **state)
{
    struct fixture *fixture = *state;
    JSON *record = fixture_large(1000);
    assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    TEXT *question = NULL;
    statement_own *stmt = NULL;
    size_t steps = 0;
    assert_true(asprintf(&question, "EXPLAIN QUERY PLAN %s", sql_coverage) > 0);
    assert_int_equal(sqlite3_prepare_v2(store->db, question, -1, &stmt, NULL), SQLITE_OK);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        const char *step = (const char *)sqlite3_column_text(stmt, 3);
        if (strncmp(step, "SEARCH ", 7) != 0) {
            fail_msg("%s", step);
        }
        steps++;
    }
    assert_int_equal(steps, 10);
}

/* Coverage cannot be asked for in part, so what is advised instead is a list, which works. */
static void test_too_much_coverage(void **state)
{
    const struct fixture *fixture = *state;
    JSON *record = fixture_large(QUERY_INCLUDED_MAX + 1);
    const char *source = json_string_value(fixture_at(record, "/sources/0/id"));
    assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
    STORE *large = fixture_open(fixture->path);
    QUERY *query = fixture_query("sources", source, NULL, "include=coverage");
    json_t *item = NULL;
    JSON *problems = NULL;
    assert_int_equal(summit_store_get(large, query, &item, &problems), SUMMIT_INVALID);
    assert_null(item);
    assert_int_equal(json_array_size(problems), 1);
    assert_string_equal(json_string_value(fixture_at(problems, "/0/code")), "include_too_large");
    char filter[128];
    snprintf(filter, sizeof filter, "source=%s", source);
    assert_non_null(strstr(json_string_value(fixture_at(problems, "/0/detail")), filter));
    JSON *page = fixture_list(large, "measures", NULL, filter, NULL);
    assert_int_equal(json_integer_value(fixture_at(page, "/meta/total")), QUERY_INCLUDED_MAX + 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_a_small_record),
        TEST(test_every_citation),
        TEST(test_limits),
        TEST(test_long_texts_are_shortened),
        TEST(test_no_such_source),
        TEST(test_the_plan_walks_an_index),
        TEST(test_too_much_coverage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
