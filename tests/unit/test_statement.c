/* A list statement with only the terms in use must answer what the whole statement does when the
 * other parameters are not bound. */
#include "check.h"
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "list.h"
#include "sql.h"
#include "statement.h"
#include "store.h"

static struct fixture *fixture;
static struct summit_store *store;

static int open_all(void **state)
{
    fixture_set_up(state);
    fixture = *state;
    JSON *xian = fixture_xian();
    JSON *lakeside = fixture_record("lakeside-2020");
    json_t *const records[] = {xian, lakeside};
    json_t *problems = NULL;
    struct summit_error error;
    if (summit_publish(fixture->path, records, 2, 0, NULL, &problems, &error) != SUMMIT_OK) {
        return -1;
    }
    store = fixture_open(fixture->path);
    return 0;
}

static int close_all(void **state)
{
    summit_store_close(store);
    return fixture_tear_down(state);
}

/* What each parameter is bound to: values of both summits, some of which several rows have. */
static const struct {
    const char *name, *values;
} bindings[] = {
    {":summit", "['xian-2023', 'lakeside-2020']"},
    {":country", "['CN', 'KZ', 'NO']"},
    {":source", "['president-xi-charts-course']"},
    {":role", "['guest']"},
    {":area", "['trade', 'energy', 'lake-fishing', 'agriculture']"},
    {":participant", "['xian-2023-xi-jinping', 'lakeside-2020-host']"},
    {":proposal", "['xian-2023-trade', 'xian-2023-cooperation-mechanisms', 'lakeside-2020-boats']"},
    {":initiative", "['belt-and-road', 'clean-lakes']"},
    {":mechanism", "['lakeside-2020-lake-council']"},
    {":modality", "['will', 'proposes']"},
    {":category", "['traditional', 'other']"},
    {":kind", "['principle', 'call']"},
    {":standing", "['existing']"},
};

static size_t term_count(const struct resource *resource)
{
    size_t count = 1;
    while (resource->filters[count - 1].name != NULL) {
        count++;
    }
    return count;
}

static const char *term_name(const struct resource *resource, size_t term)
{
    return term == 0 ? "id" : resource->filters[term - 1].name;
}

static uint32_t term_bit(const struct resource *resource, size_t term)
{
    return statement_term(resource, term == 0 ? NULL : &resource->filters[term - 1]);
}

/* Binds the terms of a subset and no other. Parameters of another term that stand in this one (the
 * summit of a category) stay unbound too. */
static void bind(sqlite3_stmt *stmt, const struct resource *resource, uint32_t terms,
                 const json_t *ids, const char *scope)
{
    assert_int_equal(statement_bind_integer(stmt, ":after", 0), SUMMIT_OK);
    assert_int_equal(statement_bind_integer(stmt, ":limit", -1), SUMMIT_OK);
    assert_int_equal(statement_bind_text(stmt, ":scope", scope), SUMMIT_OK);
    if ((terms & statement_term(resource, NULL)) != 0) {
        assert_int_equal(statement_bind_json(stmt, ":id", ids), SUMMIT_OK);
    }
    for (size_t i = 0; i < COUNT(bindings); i++) {
        const struct filter *filter = resource_filter(resource, bindings[i].name + 1);
        if (filter != NULL && (terms & statement_term(resource, filter)) != 0) {
            JSON *values = fixture_json(bindings[i].values);
            assert_int_equal(statement_bind_json(stmt, bindings[i].name, values), SUMMIT_OK);
        }
    }
}

static sqlite3_stmt *prepare(const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL) != SQLITE_OK) {
        fail_msg("%s\n%s", sqlite3_errmsg(store->db), sql);
    }
    return stmt;
}

/* All columns of all rows, as one text. */
static char *run(sqlite3_stmt *stmt, size_t *ret_rows)
{
    char *text = NULL;
    size_t size = 0;
    int code;
    FILE *stream = open_memstream(&text, &size);
    *ret_rows = 0;
    while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            const unsigned char *value = sqlite3_column_text(stmt, i);
            fprintf(stream, "%s|", value == NULL ? "(null)" : (const char *)value);
        }
        fputc('\n', stream);
        (*ret_rows)++;
    }
    fclose(stream);
    assert_int_equal(code, SQLITE_DONE);
    return text;
}

/* Half of the resource's ids, and one it has not got. */
static json_t *some_ids(const struct resource *resource)
{
    struct selection selection = {.resource = resource, .limit = -1, .use = FIELD_DOCUMENT};
    struct selected all = {.rows = NULL};
    assert_int_equal(list_select(store, &selection, &all), SUMMIT_OK);
    json_t *ids = fixture_json("['nothing']");
    for (size_t i = 0; i < json_array_size(all.rows); i += 2) {
        json_array_append(ids, json_object_get(json_array_get(all.rows, i), "id"));
    }
    json_decref(all.rows);
    return ids;
}

/* Compares one subset; returns how many rows it has. */
static size_t compare(const struct resource *resource, uint32_t terms, const json_t *ids,
                      const char *scope)
{
    size_t whole_rows = 0;
    size_t rows = 0;
    statement_own *whole = prepare(resource->list_sql);
    TEXT *text = statement_text(resource, terms, STATEMENT_ROWS);
    statement_own *narrowed = prepare(text);
    TEXT *total_text = statement_text(resource, terms, STATEMENT_TOTAL);
    statement_own *total = prepare(total_text);
    assert_int_equal(sqlite3_column_count(total), 1);
    bind(whole, resource, terms, ids, scope);
    bind(narrowed, resource, terms, ids, scope);
    bind(total, resource, terms, ids, scope);
    TEXT *expected = run(whole, &whole_rows);
    TEXT *answer = run(narrowed, &rows);
    if (strcmp(expected, answer) != 0) {
        fail_msg("%s, terms %x:\n%s", resource->name, terms, text);
    }
    assert_int_equal(sqlite3_step(total), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int64(total, 0), rows);
    return rows;
}

static void test_every_subset_of_terms(void **state)
{
    (void)state;
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        const struct resource *resource = resources[i];
        size_t count = term_count(resource);
        JSON *ids = some_ids(resource);
        size_t answered = 0;
        size_t all_rows = compare(resource, 0, ids, NULL);
        for (uint32_t subset = 0; subset < 1U << count; subset++) {
            uint32_t terms = 0;
            for (size_t term = 0; term < count; term++) {
                terms |= (subset >> term & 1) != 0 ? term_bit(resource, term) : 0;
            }
            size_t rows = compare(resource, terms, ids, subset % 2 == 0 ? NULL : "xian-2023");
            answered += rows > 0 ? 1 : 0;
            assert_true(rows <= all_rows);
        }
        /* The values chosen must find something, or nothing was compared. */
        assert_true(answered > count);
    }
}

static void test_every_single_term_narrows(void **state)
{
    (void)state;
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        JSON *ids = some_ids(resources[i]);
        for (size_t term = 0; term < term_count(resources[i]); term++) {
            size_t rows = compare(resources[i], term_bit(resources[i], term), ids, NULL);
            if (rows == 0) {
                fail_msg("%s by %s finds nothing", resources[i]->name,
                         term_name(resources[i], term));
            }
        }
    }
}

/* Each filter has its term and its bit; no term is of a filter that is not there. */
static void test_terms_and_filters_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        const struct resource *resource = resources[i];
        size_t found = 0;
        uint32_t seen = 0;
        for (const char *at = strstr(resource->list_sql, "\n  AND (:"); at != NULL;
             at = strstr(at + 1, "\n  AND (:")) {
            found++;
        }
        assert_int_equal(found, term_count(resource));
        for (size_t term = 0; term < term_count(resource); term++) {
            char start[64];
            snprintf(start, sizeof start, "\n  AND (:%s IS NULL OR ", term_name(resource, term));
            if (strstr(resource->list_sql, start) == NULL) {
                fail_msg("%s has no term for %s", resource->name, term_name(resource, term));
            }
            assert_int_equal(seen & term_bit(resource, term), 0);
            seen |= term_bit(resource, term);
        }
    }
}

static void test_all_is_prepared_against_the_schema(void **state)
{
    sqlite3 *db = NULL;
    (void)state;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql_schema, NULL, NULL, NULL), SQLITE_OK);
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        static struct statement_cache cache;
        struct statement *statement = NULL;
        for (uint32_t terms = 0; terms < 1U << term_count(resources[i]); terms++) {
            assert_int_equal(
                statement_get(&cache, db, resources[i], terms, STATEMENT_ROWS, &statement),
                SUMMIT_OK);
            assert_int_equal(
                statement_get(&cache, db, resources[i], terms, STATEMENT_TOTAL, &statement),
                SUMMIT_OK);
            assert_int_equal(statement->terms, terms);
        }
        assert_true(cache.count <= STATEMENT_CACHE_SIZE);
        statement_cache_clear(&cache);
        assert_int_equal(cache.count, 0);
    }
    sqlite3_close(db);
}

static void test_the_cache_gives_a_statement_again(void **state)
{
    struct statement *first = NULL;
    struct statement *second = NULL;
    (void)state;
    assert_int_equal(
        statement_get(&store->statements, store->db, &areas_resource, 1, STATEMENT_ROWS, &first),
        SUMMIT_OK);
    assert_int_equal(
        statement_get(&store->statements, store->db, &areas_resource, 1, STATEMENT_ROWS, &second),
        SUMMIT_OK);
    assert_ptr_equal(first, second);
    statement_reset(NULL);
}

static void test_status_of_sqlite_codes(void **state)
{
    static const struct {
        int code;
        enum summit_status status;
    } cases[] = {
        {SQLITE_OK, SUMMIT_OK},
        {SQLITE_ROW, SUMMIT_OK},
        {SQLITE_DONE, SUMMIT_OK},
        {SQLITE_NOMEM, SUMMIT_NOMEM},
        {SQLITE_FULL, SUMMIT_FULL},
        {SQLITE_INTERRUPT, SUMMIT_TIMEOUT},
        {SQLITE_BUSY, SUMMIT_BUSY},
        {SQLITE_LOCKED, SUMMIT_BUSY},
        {SQLITE_CORRUPT, SUMMIT_CORRUPT},
        {SQLITE_CORRUPT_INDEX, SUMMIT_CORRUPT},
        {SQLITE_NOTADB, SUMMIT_FOREIGN},
        {SQLITE_IOERR_READ, SUMMIT_IO},
        {SQLITE_IOERR_NOMEM, SUMMIT_NOMEM},
        {SQLITE_IOERR_SHORT_READ, SUMMIT_CORRUPT},
        {SQLITE_CANTOPEN, SUMMIT_IO},
        {SQLITE_MISUSE, SUMMIT_INTERNAL},
        {SQLITE_ERROR, SUMMIT_INTERNAL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(statement_status(cases[i].code), cases[i].status);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_terms_and_filters_agree),
        cmocka_unit_test(test_all_is_prepared_against_the_schema),
        cmocka_unit_test(test_every_single_term_narrows),
        cmocka_unit_test(test_every_subset_of_terms),
        cmocka_unit_test(test_the_cache_gives_a_statement_again),
        cmocka_unit_test(test_status_of_sqlite_codes),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
