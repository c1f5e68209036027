/* How SQLite means to run each list, on the built-in record and on one of many rows: the main table
 * by an index or by rank, and never a whole table read only to be sorted. */
#include "check.h"
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "resource.h"
#include "statement.h"
#include "store.h"

enum { MANY_MEASURES = 5000 };

static struct fixture *fixture;
static char *large_path;

static int publish_both(void **state)
{
    fixture_set_up(state);
    fixture = *state;
    JSON *xian = fixture_xian();
    JSON *large = fixture_large(MANY_MEASURES);
    if (asprintf(&large_path, "%s/large.db", fixture->folder) < 0 ||
        fixture_publish(fixture->path, xian, 0, NULL) != SUMMIT_OK ||
        fixture_publish(large_path, large, 0, NULL) != SUMMIT_OK) {
        return -1;
    }
    return 0;
}

static int remove_both(void **state)
{
    free(large_path);
    return fixture_tear_down(state);
}

/* The plan, one step a line. */
static char *explain(struct summit_store *store, const struct resource *resource, uint32_t terms,
                     enum statement_shape shape)
{
    TEXT *text = statement_text(resource, terms, shape);
    TEXT *question = NULL;
    statement_own *stmt = NULL;
    char *plan = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&plan, &size);
    assert_true(asprintf(&question, "EXPLAIN QUERY PLAN %s", text) > 0);
    assert_int_equal(sqlite3_prepare_v2(store->db, question, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(statement_bind_integer(stmt, ":after", 0), SUMMIT_OK);
    assert_int_equal(statement_bind_integer(stmt, ":limit", 51), SUMMIT_OK);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        fprintf(stream, "%s\n", (const char *)sqlite3_column_text(stmt, 3));
    }
    fclose(stream);
    return plan;
}

/* The alias of the table a list is of: "FROM measure AS m". */
static void main_alias(const struct resource *resource, char ret_alias[8])
{
    const char *from = strstr(resource->list_sql, "\nFROM ");
    assert_non_null(from);
    assert_int_equal(sscanf(from, "\nFROM %*s AS %7s", ret_alias), 1);
}

/* Whether a step reads a whole table of ours (json_each is a list of values). */
static bool scans(const char *plan)
{
    for (const char *step = strstr(plan, "SCAN "); step != NULL; step = strstr(step + 1, "SCAN ")) {
        if (strncmp(step, "SCAN json_each ", 15) != 0) {
            return true;
        }
    }
    return false;
}

static void check_plan(struct summit_store *store, const struct resource *resource, uint32_t terms,
                       const char *filter)
{
    TEXT *plan = explain(store, resource, terms, STATEMENT_ROWS);
    char alias[8];
    char wanted[32];
    main_alias(resource, alias);
    snprintf(wanted, sizeof wanted, "SEARCH %s USING ", alias);
    bool sorts = strstr(plan, "USE TEMP B-TREE FOR ORDER BY") != NULL;
    if (strstr(plan, wanted) == NULL || (sorts && scans(plan))) {
        fail_msg("%s by %s:\n%s", resource->name, filter, plan);
    }
}

static void check_plans(const char *path)
{
    STORE *store = fixture_open(path);
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        const struct resource *resource = resources[i];
        check_plan(store, resource, 0, "nothing");
        check_plan(store, resource, statement_term(resource, NULL), "id");
        for (const struct filter *filter = resource->filters; filter->name != NULL; filter++) {
            check_plan(store, resource, statement_term(resource, filter), filter->name);
        }
    }
}

static void test_lists_of_the_record(void **state)
{
    (void)state;
    check_plans(fixture->path);
}

static void test_lists_of_many_rows(void **state)
{
    (void)state;
    check_plans(large_path);
}

/* An unfiltered page is a range of ranks: it needs no sorting at all. */
static void test_pages_are_ranges_of_ranks(void **state)
{
    STORE *store = fixture_open(large_path);
    (void)state;
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        TEXT *plan = explain(store, resources[i], 0, STATEMENT_ROWS);
        assert_non_null(strstr(plan, "USING INTEGER PRIMARY KEY (rowid>?)"));
        assert_null(strstr(plan, "TEMP B-TREE"));
    }
}

/* An item is found by the index of ids, not by walking the table. */
static void test_items_of_many_are_found_by_id(void **state)
{
    STORE *store = fixture_open(large_path);
    TEXT *plan = explain(store, &measures_resource, statement_term(&measures_resource, NULL),
                         STATEMENT_ROWS);
    (void)state;
    if (strstr(plan, "(id=?") == NULL) {
        fail_msg("%s", plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists_of_the_record),
        cmocka_unit_test(test_lists_of_many_rows),
        cmocka_unit_test(test_pages_are_ranges_of_ranks),
        cmocka_unit_test(test_items_of_many_are_found_by_id),
    };
    return cmocka_run_group_tests(tests, publish_both, remove_both);
}
