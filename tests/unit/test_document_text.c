/* Documents as text. Joined from the rows' own texts they are byte for byte what building them
 * gives, and those texts are what the tables say. */
#include "check.h"

#include <stdio.h>
#include <string.h>

#include "document.h"
#include "dump.h"
#include "fixture.h"
#include "resource.h"
#include "show.h"
#include "statement.h"
#include "store.h"

static struct summit_store *store;

/* Three summits that share areas, so that rows have scopes. */
static int set_up(void **state)
{
    int failed = fixture_set_up(state);
    const struct fixture *fixture = *state;
    JSON *xian = fixture_xian();
    JSON *lakeside = fixture_record("lakeside-2020");
    JSON *pond = fixture_record("pond-2021");
    failed |= fixture_publish(fixture->path, xian, 0, NULL) != SUMMIT_OK;
    failed |= fixture_publish(fixture->path, lakeside, 0, NULL) != SUMMIT_OK;
    failed |= fixture_publish(fixture->path, pond, 0, NULL) != SUMMIT_OK;
    store = failed ? NULL : fixture_open(fixture->path);
    return failed;
}

static int tear_down(void **state)
{
    summit_store_close(store);
    return fixture_tear_down(state);
}

/* What a query answers, in one form of rows or the other. */
static char *answer(const char *resource, const char *id, const char *within,
                    const char *parameters, bool allows_texts, json_t **ret_document)
{
    QUERY *query = fixture_query(resource, id, within, parameters);
    TEXT *cursor = NULL;
    JSON *problems = NULL;
    char *text = NULL;
    size_t length = 0;
    if (allows_texts) {
        summit_query_allow_texts(query);
    }
    enum summit_status status =
        id != NULL ? summit_store_get(store, query, ret_document, &problems)
                   : summit_store_list(store, query, ret_document, &cursor, &problems);
    if (status != SUMMIT_OK) {
        fail_msg("%s?%s: %s", resource, parameters, summit_status_text(status));
    }
    assert_int_equal(summit_document_text(*ret_document, false, &text, &length), SUMMIT_OK);
    assert_int_equal(strlen(text), length);
    assert_int_equal(text[length - 1], '\n');
    return text;
}

/* Both forms give the same bytes.
 *   has_texts  whether rows are to be a text where they may be. */
static void check_forms(const char *resource, const char *id, const char *within,
                        const char *parameters, bool has_texts)
{
    JSON *of_texts = NULL;
    JSON *of_objects = NULL;
    TEXT *joined = answer(resource, id, within, parameters, true, &of_texts);
    TEXT *built = answer(resource, id, within, parameters, false, &of_objects);
    assert_int_equal(json_is_string(json_object_get(of_texts, "data")), has_texts);
    const json_t *data = json_object_get(of_objects, "data");
    assert_true(id != NULL ? json_is_object(data) : json_is_array(data));
    assert_string_equal(joined, built);
    JSON *read = json_loads(joined, 0, NULL);
    assert_true(json_equal(read, of_objects));
}

static void lists_are_the_same_in_both_forms(void **state)
{
    static const char *const summits[] = {NULL, "xian-2023", "lakeside-2020", "pond-2021"};
    (void)state;
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        for (size_t j = 0; j < COUNT(summits); j++) {
            bool has_filter = resource_filter(resources[i], "summit") != NULL;
            if (summits[j] == NULL || has_filter) {
                check_forms(resources[i]->name, NULL, summits[j], "", true);
                check_forms(resources[i]->name, NULL, summits[j], "limit=2&sort=-id", true);
            }
        }
    }
    check_forms("measures", NULL, NULL, "area=trade&modality=will", true);
    /* A page is JSON also when the same rows were to be streamed as something else. */
    check_forms("measures", NULL, NULL, "area=trade&format=ndjson", false);
    check_forms("measures", NULL, NULL, "area=trade&format=csv", false);
    check_forms("measures", NULL, NULL,
                "area=trade&modality=is_ready_to&proposal="
                "xian-2023-energy",
                true);
}

static void items_are_the_same_in_both_forms(void **state)
{
    (void)state;
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        JSON *page = fixture_list(store, resources[i]->name, NULL, "limit=200", NULL);
        size_t index;
        json_t *row;
        json_array_foreach(json_object_get(page, "data"), index, row)
        {
            const char *id = json_string_value(json_object_get(row, "id"));
            check_forms(resources[i]->name, id, NULL, "", true);
        }
    }
}

static void included_rows_are_the_same_in_both_forms(void **state)
{
    (void)state;
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        for (const struct relation *r = resources[i]->relations; r->target != NULL; r++) {
            char text[128];
            snprintf(text, sizeof text, "include=%s", r->target);
            if (resource_relation_is_made(r)) {
                check_forms(resources[i]->name, "lakeside-notes", NULL, text, true);
                continue;
            }
            check_forms(resources[i]->name, NULL, NULL, text, true);
        }
    }
    check_forms("summits", "xian-2023", NULL, "include=areas,measures.areas,proposals.measures",
                true);
    check_forms("measures", NULL, "lakeside-2020", "include=areas,proposals.areas", true);
}

static void what_is_taken_out_or_marked_is_built(void **state)
{
    (void)state;
    check_forms("measures", NULL, NULL, "fields=id,number", false);
    check_forms("measures", NULL, NULL, "q=trade", false);
    check_forms("measures", NULL, NULL, "pretty=", false);
    check_forms("areas", "trade", NULL, "fields=id", false);
}

/* The current row of what the tables say, beside the text that is kept of it. */
static void check_row(const struct resource *resource, int64_t rank, const char *scope)
{
    const struct selection selection = {
        .resource = resource, .scope = scope, .use = FIELD_DOCUMENT, .form = LIST_LINES};
    struct statement *shown = NULL;
    JSON *ranks = json_pack("[I]", (json_int_t)rank);
    JSON *row = NULL;
    JSON *text = NULL;
    assert_int_equal(show_rows(store, &selection, ranks, &text), SUMMIT_OK);
    assert_int_equal(
        statement_get(&store->statements, store->db, resource->show_sql, resource->fields, &shown),
        SUMMIT_OK);
    assert_int_equal(statement_bind_integer(shown->stmt, ":rank", rank), SUMMIT_OK);
    assert_int_equal(statement_bind_text(shown->stmt, ":scope", scope), SUMMIT_OK);
    assert_int_equal(sqlite3_step(shown->stmt), SQLITE_ROW);
    assert_int_equal(
        document_row(shown->stmt, resource->fields, shown->columns, FIELD_DOCUMENT, &row),
        SUMMIT_OK);
    statement_reset(shown->stmt);
    TEXT *built = dump_json(row, JSON_COMPACT);
    size_t length = strlen(built);
    assert_int_equal(json_string_length(text), length + 1);
    assert_memory_equal(json_string_value(text), built, length);
    assert_string_equal(json_string_value(text) + length, "\n");
}

static void kept_texts_are_what_the_tables_say(void **state)
{
    static const char *const scopes[] = {NULL, "xian-2023", "lakeside-2020", "pond-2021", "none"};
    (void)state;
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        assert_true(store->row_counts[i] > 0);
        for (int64_t rank = 1; rank <= store->row_counts[i]; rank++) {
            for (size_t j = 0; j < COUNT(scopes); j++) {
                check_row(resources[i], rank, scopes[j]);
            }
        }
    }
}

static void check_text(bool is_pretty, const char *right)
{
    JSON *document = json_pack("{s:[i, i], s:{}, s:s}", "b", 1, 2, "a", "c", "\xc3\xa9");
    TEXT *text = NULL;
    size_t length = 0;
    assert_int_equal(summit_document_text(document, is_pretty, &text, &length), SUMMIT_OK);
    assert_int_equal(length, strlen(right));
    assert_string_equal(text, right);
}

static void a_line_has_no_blanks(void **state)
{
    (void)state;
    check_text(false, "{\"b\":[1,2],\"a\":{},\"c\":\"\xc3\xa9\"}\n");
}

static void for_people_each_value_has_its_line(void **state)
{
    (void)state;
    check_text(true,
               "{\n  \"b\": [\n    1,\n    2\n  ],\n  \"a\": {},\n  \"c\": \"\xc3\xa9\"\n}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_the_same_in_both_forms),
        cmocka_unit_test(items_are_the_same_in_both_forms),
        cmocka_unit_test(included_rows_are_the_same_in_both_forms),
        cmocka_unit_test(what_is_taken_out_or_marked_is_built),
        cmocka_unit_test(kept_texts_are_what_the_tables_say),
        cmocka_unit_test(a_line_has_no_blanks),
        cmocka_unit_test(for_people_each_value_has_its_line),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
