/* How SQLite means to run each list that can be written, on the built-in record and on one of many
 * rows: an unfiltered page is a walk along an index that stops by itself, a filtered one never
 * reads a whole table, and nothing is sorted that stands in order already. Plans are made by hand
 * here, with every driver, so that what the data at hand would not choose is looked at as well. */
#include "check.h"
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "plan.h"
#include "sql.h"
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

/* How SQLite means to run a statement, one step a line; the caller frees it. */
static char *explain(struct summit_store *store, const char *text)
{
    TEXT *question = NULL;
    statement_own *stmt = NULL;
    char *steps = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&steps, &size);
    assert_true(asprintf(&question, "EXPLAIN QUERY PLAN %s", text) > 0);
    if (sqlite3_prepare_v2(store->db, question, -1, &stmt, NULL) != SQLITE_OK) {
        fail_msg("%s\n%s", sqlite3_errmsg(store->db), text);
    }
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        fprintf(stream, "%s\n", (const char *)sqlite3_column_text(stmt, 3));
    }
    fclose(stream);
    return steps;
}

/* Whether the rows come in the order wanted, so that nothing is left to sort. */
static bool stands_in_order(const struct plan *plan)
{
    if (plan->driver == PLAN_TABLE) {
        return true;
    }
    bool is_single =
        plan->driver == PLAN_MATCHES || json_array_size(plan->clauses[plan->driving].terms) == 1;
    return plan->order == NULL && !plan->is_ranked && is_single;
}

/* The index that has a key's order: "INDEX measure_by_number". */
static void index_of_key(const struct plan *plan, char ret_name[64])
{
    const char *table = plan->resource->table;
    if (strcmp(plan->order[0].key->name, "id") == 0) {
        snprintf(ret_name, 64, "INDEX sqlite_autoindex_%s_1", table);
    } else {
        snprintf(ret_name, 64, "INDEX %s_by_%s", table, plan->order[0].key->name);
    }
}

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* A step that reads all of something: lists of values, what a search has found, what is bounded
 * already; and the index of an order, which is left when the page is full. */
static bool is_good_scan(const struct plan *plan, const char *step)
{
    static const char *const bounded[] = {"SCAN p", "SCAN h", "SCAN hit"};
    for (size_t i = 0; i < COUNT(bounded); i++) {
        if (strcmp(step, bounded[i]) == 0) {
            return true;
        }
    }
    if (starts_with(step, "SCAN search VIRTUAL TABLE INDEX ")) {
        return strchr(step, 'M') != NULL; /* by MATCH */
    }
    if (plan->driver == PLAN_TABLE && plan->order != NULL && !plan->continues) {
        char index[64];
        index_of_key(plan, index);
        return starts_with(step, "SCAN m USING ") && strstr(step, index) != NULL;
    }
    return false;
}

/* A step that reads the rows of the resource. */
static bool is_good_search_of_rows(const struct plan *plan, const char *step)
{
    char index[64];
    if (plan->driver != PLAN_TABLE) {
        return strstr(step, "USING INTEGER PRIMARY KEY (rowid=?)") != NULL;
    }
    if (plan->order == NULL) {
        return strstr(step, "USING INTEGER PRIMARY KEY (rowid>?)") != NULL;
    }
    index_of_key(plan, index);
    return plan->continues && strstr(step, index) != NULL && strstr(step, "?)") != NULL;
}

static bool is_good_step(const struct plan *plan, const char *step)
{
    if (strstr(step, "AUTOMATIC") != NULL || strstr(step, "ANY(") != NULL) {
        return false;
    }
    if (starts_with(step, "SCAN ")) {
        return is_good_scan(plan, step) || starts_with(step, "SCAN w VIRTUAL TABLE ") ||
               starts_with(step, "SCAN json_each VIRTUAL TABLE ");
    }
    if (starts_with(step, "SEARCH x ")) {
        return strstr(step, "(term=? AND row=?)") != NULL ||
               strstr(step, "(row=? AND term=?)") != NULL;
    }
    if (starts_with(step, "SEARCH posting ")) {
        return strstr(step, "USING PRIMARY KEY (term=?") != NULL;
    }
    if (starts_with(step, "SEARCH a ")) {
        return strstr(step, "USING INTEGER PRIMARY KEY (rowid=?)") != NULL;
    }
    if (starts_with(step, "SEARCH m ")) {
        return is_good_search_of_rows(plan, step);
    }
    if (strcmp(step, "USE TEMP B-TREE FOR ORDER BY") == 0) {
        return !stands_in_order(plan);
    }
    if (strcmp(step, "USE TEMP B-TREE FOR RIGHT PART OF ORDER BY") == 0) {
        return plan->order[1].key != NULL || !stands_in_order(plan);
    }
    return !starts_with(step, "SEARCH ");
}

static size_t looked_at;

static void check_list(struct summit_store *store, const struct plan *plan)
{
    TEXT *text = plan_text(plan);
    assert_non_null(text);
    TEXT *steps = explain(store, text);
    TEXT *copy = strdup(steps);
    char *rest = copy;
    for (char *step = strsep(&rest, "\n"); rest != NULL; step = strsep(&rest, "\n")) {
        if (!is_good_step(plan, step)) {
            fail_msg("%s\n\n%s\nnot: %s", text, steps, step);
        }
    }
    looked_at++;
}

/* A count looks at no more than :limit of what its driver finds, in whatever order. */
static void check_count(struct summit_store *store, const struct plan *plan)
{
    TEXT *text = plan_count_text(plan);
    assert_non_null(text);
    TEXT *steps = explain(store, text);
    char table[64];
    snprintf(table, sizeof table, "SCAN %s ", plan->resource->table);
    TEXT *copy = strdup(steps);
    char *rest = copy;
    for (char *step = strsep(&rest, "\n"); rest != NULL; step = strsep(&rest, "\n")) {
        bool walks = plan->driver == PLAN_TABLE && starts_with(step, table);
        if (!walks && (!is_good_step(plan, step) || strstr(step, "ORDER BY") != NULL)) {
            fail_msg("%s\n\n%s\nnot: %s", text, steps, step);
        }
    }
    assert_non_null(strstr(text, "LIMIT :limit)"));
}

/* Every list of these clauses in this order: from the start and further on, with a search and
 * without, by every driver there can be. */
static void check_drivers(struct summit_store *store, struct plan *plan)
{
    for (unsigned i = 0; i < 4; i++) {
        plan->continues = (i & 1) != 0;
        plan->has_match = (i & 2) != 0;
        for (int driver = PLAN_TABLE; driver <= PLAN_MATCHES; driver++) {
            if ((driver == PLAN_TERMS && plan->clause_count == 0) ||
                (driver == PLAN_MATCHES && !plan->has_match)) {
                continue;
            }
            plan->driver = (enum plan_driver)driver;
            for (plan->driving = 0; plan->driving < plan->clause_count || plan->driving == 0;
                 plan->driving++) {
                check_list(store, plan);
                if (plan->order == NULL && !plan->continues) {
                    check_count(store, plan);
                }
            }
            plan->driving = 0;
            if (driver == PLAN_MATCHES && plan->order == NULL) {
                plan->is_ranked = true;
                check_list(store, plan);
                plan->is_ranked = false;
            }
        }
    }
}

/* How many terms each clause has: one, or several. */
static const char *const clause_shapes[] = {"", "1", "n", "11", "1n", "nn", "1n1"};

static void check_clauses(struct summit_store *store, const struct resource *resource,
                          const struct order *order, size_t shapes)
{
    for (size_t i = 0; i < shapes; i++) {
        plan_auto plan = {.resource = resource, .order = order};
        for (const char *c = clause_shapes[i]; *c != '\0'; c++) {
            plan.clauses[plan.clause_count++].terms = fixture_json(*c == '1' ? "[1]" : "[1, 2]");
        }
        check_drivers(store, &plan);
    }
}

/* All ways to sort by two fields; a third changes nothing but what is compared. */
static void check_pairs(struct summit_store *store, const struct resource *resource)
{
    for (const struct sort *first = resource->sorts; first->name != NULL; first++) {
        for (const struct sort *second = resource->sorts; second->name != NULL; second++) {
            for (unsigned i = 0; first != second && i < 4; i++) {
                const struct order order[] = {{.key = first, .is_descending = (i & 1) != 0},
                                              {.key = second, .is_descending = (i & 2) != 0},
                                              {.key = NULL}};
                check_clauses(store, resource, order, 3);
            }
        }
    }
}

static void check_lists(const char *path)
{
    STORE *store = fixture_open(path);
    looked_at = 0;
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        const struct resource *resource = resources[i];
        check_clauses(store, resource, NULL, COUNT(clause_shapes));
        for (const struct sort *sort = resource->sorts; sort->name != NULL; sort++) {
            const struct order up[] = {{.key = sort}, {.key = NULL}};
            const struct order down[] = {{.key = sort, .is_descending = true}, {.key = NULL}};
            check_clauses(store, resource, up, COUNT(clause_shapes));
            check_clauses(store, resource, down, COUNT(clause_shapes));
        }
        check_pairs(store, resource);
    }
    assert_in_range(looked_at, 5000, 50000);
}

static void test_lists_of_the_record(void **state)
{
    (void)state;
    check_lists(fixture->path);
}

static void test_lists_of_many_rows(void **state)
{
    (void)state;
    check_lists(large_path);
}

/* An item, and the rows that others name, are found by the index of ids. */
static void test_items_are_found_by_id(void **state)
{
    STORE *store = fixture_open(large_path);
    (void)state;
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        struct plan plan = {.resource = resources[i], .has_ids = true};
        plan_choose(&plan, 1);
        TEXT *text = plan_text(&plan);
        TEXT *steps = explain(store, text);
        if (strstr(steps, "SEARCH m USING COVERING INDEX ") == NULL ||
            strstr(steps, "(id=?") == NULL || strstr(steps, "SCAN m") != NULL) {
            fail_msg("%s\n%s", text, steps);
        }
    }
}

/* The search over all resources knows a document's resource by its rowid. */
static void test_searches_of_all(void **state)
{
    STORE *store = fixture_open(large_path);
    (void)state;
    for (unsigned i = 0; i < 8; i++) {
        struct plan plan = {.has_match = true,
                            .driver = PLAN_MATCHES,
                            .is_ranked = (i & 1) != 0,
                            .has_types = (i & 2) != 0,
                            .continues = (i & 4) != 0};
        TEXT *text = plan_text(&plan);
        TEXT *steps = explain(store, text);
        bool sorts = strstr(steps, "TEMP B-TREE") != NULL;
        if (strstr(steps, "SCAN search VIRTUAL TABLE INDEX ") == NULL || sorts != plan.is_ranked ||
            (plan.has_types && strstr(steps, "SEARCH y USING PRIMARY KEY (name=?)") == NULL)) {
            fail_msg("%s\n%s", text, steps);
        }
    }
}

/* The ids of rows, and the rows that they name, are looked up one by one, whatever there is. */
static void test_named_rows(void **state)
{
    const char *const paths[] = {fixture->path, large_path};
    (void)state;
    for (size_t i = 0; i < COUNT(paths) * RESOURCE_COUNT; i++) {
        STORE *store = fixture_open(paths[i / RESOURCE_COUNT]);
        TEXT *text = plan_named_text(resources[i % RESOURCE_COUNT]);
        TEXT *steps = explain(store, text);
        TEXT *ids = plan_ids_text(resources[i % RESOURCE_COUNT]);
        TEXT *id_steps = explain(store, ids);
        if (strstr(id_steps, "SEARCH m USING INTEGER PRIMARY KEY (rowid=?)") == NULL ||
            strstr(steps, "SEARCH p USING COVERING INDEX posting_by_row (row=? AND term>") ==
                NULL ||
            strstr(steps, "SEARCH t USING INTEGER PRIMARY KEY (rowid=?)") == NULL ||
            strstr(steps, "SEARCH m USING COVERING INDEX sqlite_autoindex_") == NULL ||
            strstr(steps, "B-TREE") != NULL) {
            fail_msg("%s\n%s", text, steps);
        }
    }
}

/* What each statement of lib/sql must do, and what it must not. */
static void test_other_statements(void **state)
{
    static const struct {
        const char *text, *step, *never;
    } cases[] = {
        {sql_term, "(resource=? AND filter=? AND value=?)", "SCAN"},
        {sql_area_place, "SEARCH l USING PRIMARY KEY (summit=? AND area=?)", "SCAN"},
        {sql_term_pair, "SEARCH term_pair USING PRIMARY KEY (term=? AND other=?)", "SCAN term"},
        {sql_facet_all, "SEARCH term USING COVERING INDEX term_by_row_count", "TEMP B-TREE"},
        {sql_facet_pair, "SEARCH p USING PRIMARY KEY (term=?", "SCAN p"},
        {sql_facet_pair, "SEARCH o USING", "SCAN o"},
        {sql_facet_rows, "SEARCH p USING COVERING INDEX posting_by_row (row=? AND term>?",
         "SCAN p"},
        {sql_facet_rows, "SEARCH t USING INTEGER PRIMARY KEY (rowid=?)", "SCAN t"},
        {sql_facet_width, "SEARCH term USING COVERING INDEX", "SCAN term"},
        {sql_match_count, "SCAN search VIRTUAL TABLE INDEX 0:M3", "B-TREE"},
        {sql_snippet, "SCAN search VIRTUAL TABLE INDEX 0:=M3", "B-TREE"},
        {sql_resources, "resource", "AUTOMATIC"},
    };
    const char *const paths[] = {fixture->path, large_path};
    (void)state;
    for (size_t i = 0; i < COUNT(paths) * COUNT(cases); i++) {
        STORE *store = fixture_open(paths[i / COUNT(cases)]);
        size_t place = i % COUNT(cases);
        TEXT *steps = explain(store, cases[place].text);
        if (strstr(steps, cases[place].step) == NULL || strstr(steps, cases[place].never) != NULL ||
            strstr(steps, "BLOOM FILTER") != NULL) {
            fail_msg("%s\n%s\n%s or %s", cases[place].text, steps, cases[place].step,
                     cases[place].never);
        }
    }
}

/* A row is shown by its rank, whatever it is joined with. */
static void test_rows_are_shown_by_rank(void **state)
{
    STORE *store = fixture_open(large_path);
    (void)state;
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        TEXT *steps = explain(store, resources[i]->show_sql);
        if (strstr(steps, "USING INTEGER PRIMARY KEY (rowid=?)") == NULL ||
            strstr(steps, "SCAN") != NULL || strstr(steps, "TEMP B-TREE") != NULL) {
            fail_msg("%s\n%s", resources[i]->show_sql, steps);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists_of_the_record),
        cmocka_unit_test(test_lists_of_many_rows),
        cmocka_unit_test(test_items_are_found_by_id),
        cmocka_unit_test(test_searches_of_all),
        cmocka_unit_test(test_named_rows),
        cmocka_unit_test(test_other_statements),
        cmocka_unit_test(test_rows_are_shown_by_rank),
    };
    return cmocka_run_group_tests(tests, publish_both, remove_both);
}
