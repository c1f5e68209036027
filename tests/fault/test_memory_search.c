/* Memory that runs out while texts are taken apart for search, and searched. */
#include "../support/check.h"
#include "alloc.h"
#include "match.h"
#include "memory.h"
#include "snippet.h"
#include "statement.h"
#include "tokenizer.h"

#include <stdlib.h>
#include <string.h>

struct searching {
    sqlite3 *db; /* of the last run */
    char *expression;
    json_t *snippet;
};

static void check_match(void *context, enum summit_status status)
{
    struct searching *searching = context;
    if (status == SUMMIT_OK) {
        assert_string_equal(searching->expression, "\"26 billion\" \"xi'an\"*");
    }
    free(searching->expression);
    searching->expression = NULL;
}

static enum summit_status match(void *context)
{
    struct searching *searching = context;
    return match_expression("\"26 billion\" xi'an", &searching->expression);
}

static void making_an_expression(void **state)
{
    struct searching searching = {.db = NULL};
    (void)state;
    operation_fail_all(
        &(struct operation){
            .name = "match", .run = match, .check = check_match, .expected = SUMMIT_OK},
        &searching);
}

static enum summit_status snip(void *context)
{
    static const char marked[] = "in \2Xi'an\3, \2two\3 \2three\3";
    struct searching *searching = context;
    return snippet_parse(marked, sizeof marked - 1, &searching->snippet);
}

static void check_snippet(void *context, enum summit_status status)
{
    struct searching *searching = context;
    assert_int_equal(json_array_size(json_object_get(searching->snippet, "matches")),
                     status == SUMMIT_OK ? 3 : 0);
    json_decref(searching->snippet);
    searching->snippet = NULL;
}

static void reading_a_snippet(void **state)
{
    struct searching searching = {.db = NULL};
    (void)state;
    operation_fail_all(
        &(struct operation){
            .name = "snippet", .run = snip, .check = check_snippet, .expected = SUMMIT_OK},
        &searching);
}

static enum summit_status run_sql(sqlite3 *db, const char *sql)
{
    return statement_status(sqlite3_exec(db, sql, NULL, NULL, NULL));
}

static void open_before(void *context)
{
    struct searching *searching = context;
    assert_int_equal(sqlite3_open(":memory:", &searching->db), SQLITE_OK);
}

static void close_after(void *context, enum summit_status status)
{
    struct searching *searching = context;
    (void)status;
    assert_int_equal(sqlite3_close(searching->db), SQLITE_OK);
}

static enum summit_status add_tokenizer(void *context)
{
    const struct searching *searching = context;
    return tokenizer_register(searching->db);
}

static void adding_the_tokenizer(void **state)
{
    struct searching searching = {.db = NULL};
    (void)state;
    operation_fail_all(&(struct operation){.name = "tokenizer",
                                           .prepare = open_before,
                                           .run = add_tokenizer,
                                           .check = close_after,
                                           .expected = SUMMIT_OK,
                                           .each_way = true},
                       &searching);
}

static void add_tokenizer_before(void *context)
{
    open_before(context);
    assert_int_equal(add_tokenizer(context), SUMMIT_OK);
}

static enum summit_status make_table(void *context)
{
    const struct searching *searching = context;
    return run_sql(searching->db, "CREATE VIRTUAL TABLE t USING fts5(body, tokenize='summit')");
}

static void making_a_table(void **state)
{
    struct searching searching = {.db = NULL};
    (void)state;
    operation_fail_all(&(struct operation){.name = "table",
                                           .prepare = add_tokenizer_before,
                                           .run = make_table,
                                           .check = close_after,
                                           .expected = SUMMIT_OK,
                                           .each_way = true},
                       &searching);
}

static void make_table_before(void *context)
{
    add_tokenizer_before(context);
    assert_int_equal(make_table(context), SUMMIT_OK);
}

static enum summit_status search(void *context)
{
    const struct searching *searching = context;
    enum summit_status status = run_sql(
        searching->db,
        "INSERT INTO t (body) VALUES ('\xe4\xb9\xa0\xe8\xbf\x91 in Xi''an''s T\xc3\xbcrk')");
    return status == SUMMIT_OK
               ? run_sql(searching->db, "SELECT highlight(t, 0, char(2), char(3)) FROM t WHERE t "
                                        "MATCH '\"Xi''an\"* \"\xe4\xb9\xa0\"*'")
               : status;
}

static void searching_a_table(void **state)
{
    struct searching searching = {.db = NULL};
    (void)state;
    operation_fail_all(&(struct operation){.name = "search",
                                           .prepare = make_table_before,
                                           .run = search,
                                           .check = close_after,
                                           .expected = SUMMIT_OK,
                                           .each_way = true},
                       &searching);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(making_an_expression), cmocka_unit_test(reading_a_snippet),
        cmocka_unit_test(adding_the_tokenizer), cmocka_unit_test(making_a_table),
        cmocka_unit_test(searching_a_table),
    };
    alloc_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
