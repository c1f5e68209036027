/* The cache of prepared statements: found by their texts, as many as have room, and left as they
 * were found. */
#include "check.h"
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "sql.h"
#include "statement.h"
#include "tokenizer.h"

struct database {
    sqlite3 *db;
    struct statement_cache cache;
};

static int open_database(void **state)
{
    struct database *database = calloc(1, sizeof *database);
    assert_non_null(database);
    assert_int_equal(sqlite3_open(":memory:", &database->db), SQLITE_OK);
    assert_int_equal(tokenizer_register(database->db), SUMMIT_OK);
    assert_int_equal(sqlite3_exec(database->db, sql_schema, NULL, NULL, NULL), SQLITE_OK);
    *state = database;
    return 0;
}

static int close_database(void **state)
{
    struct database *database = *state;
    statement_cache_clear(&database->cache);
    assert_int_equal(sqlite3_close(database->db), SQLITE_OK);
    free(database);
    return 0;
}

/* A statement of our own that is told apart by a number. */
static struct statement *get(struct database *database, size_t number)
{
    char text[64];
    struct statement *statement = NULL;
    snprintf(text, sizeof text, "SELECT %zu, :a, :b", number);
    assert_int_equal(statement_get(&database->cache, database->db, text, NULL, &statement),
                     SUMMIT_OK);
    assert_string_equal(statement->text, text);
    assert_string_equal(sqlite3_sql(statement->stmt), text);
    return statement;
}

/* How many statements the connection holds prepared. */
static size_t prepared(const struct database *database)
{
    size_t count = 0;
    sqlite3_stmt *stmt = NULL;
    while ((stmt = sqlite3_next_stmt(database->db, stmt)) != NULL) {
        /* FTS5 keeps some of its own. */
        count += strncmp(sqlite3_sql(stmt), "SELECT ", 7) == 0 &&
                         strstr(sqlite3_sql(stmt), ", :a, :b") != NULL
                     ? 1
                     : 0;
    }
    return count;
}

static void test_a_text_is_prepared_once(void **state)
{
    struct database *database = *state;
    const struct statement *first = get(database, 1);
    const sqlite3_stmt *stmt = first->stmt;
    const struct statement *other = get(database, 2);
    assert_ptr_not_equal(first, other);
    assert_ptr_equal(get(database, 1), first);
    assert_ptr_equal(get(database, 1)->stmt, stmt);
    assert_int_equal(database->cache.count, 2);
    assert_int_equal(prepared(database), 2);
}

/* The text is looked at, not where it lies; and all of it. */
static void test_texts_are_compared_whole(void **state)
{
    struct database *database = *state;
    char text[] = "SELECT 1, :a, :b";
    struct statement *one = NULL;
    struct statement *other = NULL;
    assert_int_equal(statement_get(&database->cache, database->db, text, NULL, &one), SUMMIT_OK);
    text[7] = '2';
    assert_int_equal(statement_get(&database->cache, database->db, text, NULL, &other), SUMMIT_OK);
    assert_ptr_not_equal(one, other);
    assert_string_equal(one->text, "SELECT 1, :a, :b");
    assert_ptr_equal(get(database, 1), one);
    assert_ptr_equal(get(database, 2), other);
}

static void test_one_after_the_other_makes_room(void **state)
{
    struct database *database = *state;
    for (size_t i = 0; i < STATEMENT_CACHE_SIZE; i++) {
        get(database, i);
    }
    assert_int_equal(database->cache.count, STATEMENT_CACHE_SIZE);
    assert_int_equal(prepared(database), STATEMENT_CACHE_SIZE);
    const struct statement *second = get(database, 1);
    /* The first has to go, and no other. */
    get(database, 1000);
    assert_int_equal(database->cache.count, STATEMENT_CACHE_SIZE);
    assert_int_equal(prepared(database), STATEMENT_CACHE_SIZE);
    assert_ptr_equal(get(database, 1), second);
    for (size_t i = 1; i < STATEMENT_CACHE_SIZE; i++) {
        get(database, i);
    }
    assert_int_equal(database->cache.next_victim, 1);
    /* It comes back at the cost of the next. */
    get(database, 0);
    assert_int_equal(database->cache.next_victim, 2);
    get(database, 1000);
    assert_int_equal(database->cache.next_victim, 2);
    get(database, 1);
    assert_int_equal(database->cache.next_victim, 3);
}

static void test_many_texts_go_round(void **state)
{
    struct database *database = *state;
    enum { TEXTS = 3 * STATEMENT_CACHE_SIZE + 5 };
    for (size_t i = 0; i < TEXTS; i++) {
        struct statement *statement = get(database, i);
        assert_int_equal(sqlite3_step(statement->stmt), SQLITE_ROW);
        assert_int_equal(sqlite3_column_int64(statement->stmt, 0), i);
        statement_reset(statement->stmt);
    }
    assert_int_equal(prepared(database), STATEMENT_CACHE_SIZE);
    for (size_t i = TEXTS - STATEMENT_CACHE_SIZE; i < TEXTS; i++) {
        size_t victim = database->cache.next_victim;
        get(database, i);
        assert_int_equal(database->cache.next_victim, victim);
    }
    statement_cache_clear(&database->cache);
    assert_int_equal(database->cache.count, 0);
    assert_int_equal(prepared(database), 0);
}

/* What stands bound, as "a b". */
static char *bound(sqlite3_stmt *stmt)
{
    char *text = NULL;
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    const char *a = (const char *)sqlite3_column_text(stmt, 1);
    const char *b = (const char *)sqlite3_column_text(stmt, 2);
    assert_true(asprintf(&text, "%s %s", a == NULL ? "null" : a, b == NULL ? "null" : b) > 0);
    return text;
}

static void test_leaving_clears_what_was_bound(void **state)
{
    struct database *database = *state;
    {
        statement_guard *guard = get(database, 1)->stmt;
        char text[] = "before";
        assert_int_equal(statement_bind_text(guard, ":a", text), SUMMIT_OK);
        assert_int_equal(statement_bind_integer(guard, ":b", -7), SUMMIT_OK);
        memcpy(text, "after!", sizeof text);
        TEXT *both = bound(guard);
        assert_string_equal(both, "before -7");
        assert_true(sqlite3_stmt_busy(guard));
    }
    statement_guard *again = get(database, 1)->stmt;
    assert_false(sqlite3_stmt_busy(again));
    TEXT *both = bound(again);
    assert_string_equal(both, "null null");
    statement_reset(NULL);
}

static void test_what_is_bound(void **state)
{
    struct database *database = *state;
    JSON *value = json_pack("{s:[i, n]}", "k", 1);
    JSON *word = json_string("w");
    statement_guard *guard = get(database, 1)->stmt;
    /* What the statement has not got is no mistake: its text depends on what is asked. */
    assert_int_equal(statement_bind_text(guard, ":none", "x"), SUMMIT_OK);
    assert_int_equal(statement_bind_integer(guard, ":none", 1), SUMMIT_OK);
    assert_int_equal(statement_bind_json(guard, ":none", value), SUMMIT_OK);
    assert_int_equal(statement_bind_text(guard, ":a", NULL), SUMMIT_OK);
    assert_int_equal(statement_bind_json(guard, ":b", NULL), SUMMIT_OK);
    TEXT *none = bound(guard);
    assert_string_equal(none, "null null");
    sqlite3_reset(guard);
    assert_int_equal(statement_bind_json(guard, ":a", value), SUMMIT_OK);
    assert_int_equal(statement_bind_json(guard, ":b", word), SUMMIT_OK);
    TEXT *both = bound(guard);
    assert_string_equal(both, "{\"k\":[1,null]} \"w\"");
}

/* A file without the table is not what it says it is; nothing of the failure stays. */
static void test_what_cannot_be_prepared(void **state)
{
    struct database *database = *state;
    struct statement *statement = NULL;
    assert_int_equal(
        statement_get(&database->cache, database->db, "SELECT a FROM treaty", NULL, &statement),
        SUMMIT_CORRUPT);
    assert_null(statement);
    assert_int_equal(database->cache.count, 0);
    /* It lacks the columns of the resource. */
    assert_int_equal(statement_get(&database->cache, database->db, "SELECT 1 AS id",
                                   measures_resource.fields, &statement),
                     SUMMIT_INTERNAL);
    assert_null(statement);
    assert_int_equal(database->cache.count, 0);
}

/* The columns of the fields are found by their names. */
static void test_every_row_is_shown(void **state)
{
    struct database *database = *state;
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        const struct field *fields = resources[i]->fields;
        struct statement *statement = NULL;
        assert_int_equal(statement_get(&database->cache, database->db, resources[i]->show_sql,
                                       fields, &statement),
                         SUMMIT_OK);
        assert_ptr_equal(statement->fields, fields);
        for (size_t j = 0; fields[j].name != NULL; j++) {
            assert_string_equal(sqlite3_column_name(statement->stmt, statement->columns[j]),
                                fields[j].name);
        }
    }
    assert_int_equal(database->cache.count, RESOURCE_COUNT);
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
        {SQLITE_TOOBIG, SUMMIT_FULL},
        {SQLITE_INTERRUPT, SUMMIT_TIMEOUT},
        {SQLITE_BUSY, SUMMIT_BUSY},
        {SQLITE_LOCKED, SUMMIT_BUSY},
        {SQLITE_CORRUPT, SUMMIT_CORRUPT},
        {SQLITE_CORRUPT_INDEX, SUMMIT_CORRUPT},
        {SQLITE_CORRUPT_VTAB, SUMMIT_CORRUPT},
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

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_database, close_database)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_text_is_prepared_once),
        TEST(test_texts_are_compared_whole),
        TEST(test_one_after_the_other_makes_room),
        TEST(test_many_texts_go_round),
        TEST(test_leaving_clears_what_was_bound),
        TEST(test_what_is_bound),
        TEST(test_what_cannot_be_prepared),
        TEST(test_every_row_is_shown),
        cmocka_unit_test(test_status_of_sqlite_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
