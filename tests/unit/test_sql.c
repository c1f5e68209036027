/* The rules of the files under lib/sql. */
#include "check.h"
#include "fixture.h"
#include "folder.h"

#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "sql.h"

#define SQL_DIR TESTS_DIR "/../lib/sql"

enum { FILES_MAX = 128 };

static char *paths[FILES_MAX];
static size_t path_count;

static int note_file(const char *path, const struct stat *status, int kind, struct FTW *position)
{
    (void)status;
    (void)position;
    if (kind == FTW_F && path_count < FILES_MAX) {
        paths[path_count++] = strdup(path);
    }
    return 0;
}

static int find_files(void **state)
{
    sqlite3 *db = NULL;
    if (nftw(SQL_DIR, note_file, 16, FTW_PHYS) != 0 || sqlite3_open(":memory:", &db) != SQLITE_OK ||
        sqlite3_exec(db, sql_schema, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(db, "ANALYZE", NULL, NULL, NULL) != SQLITE_OK) {
        return -1;
    }
    *state = db;
    return 0;
}

static int forget_files(void **state)
{
    for (size_t i = 0; i < path_count; i++) {
        free(paths[i]);
    }
    sqlite3_close(*state);
    return 0;
}

/* The statement without its comments and texts: what is left are SQL's own words. */
static void strip(char *sql)
{
    char *end = sql;
    for (const char *c = sql; *c != '\0';) {
        if (c[0] == '-' && c[1] == '-') {
            c += strcspn(c, "\n");
        } else if (*c == '\'') {
            c += 1 + strcspn(c + 1, "'");
            c += *c == '\'' ? 1 : 0;
        } else {
            *end++ = *c++;
        }
    }
    *end = '\0';
}

static bool is_schema(const char *path)
{
    return strcmp(strrchr(path, '/'), "/schema.sql") == 0;
}

/* A row of them is in the program: one that is not would be tested for nothing. */
static void test_every_file_is_found(void **state)
{
    (void)state;
    assert_in_range(path_count, 40, FILES_MAX - 1);
    for (size_t i = 0; i < path_count; i++) {
        assert_string_equal(paths[i] + strlen(paths[i]) - 4, ".sql");
    }
}

static void test_each_starts_with_a_comment_and_ends_a_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < path_count; i++) {
        size_t length = 0;
        TEXT *text = file_read(paths[i], &length);
        size_t first = strcspn(text, "\n");
        if (strncmp(text, "-- ", 3) != 0 || first < 10 || text[length - 1] != '\n' ||
            text[length - 2] == '\n' || strchr(text, '\t') != NULL) {
            fail_msg("%s", paths[i]);
        }
    }
}

static void test_each_holds_one_statement(void **state)
{
    sqlite3 *db = *state;
    for (size_t i = 0; i < path_count; i++) {
        TEXT *text = file_read(paths[i], NULL);
        sqlite3_stmt *stmt = NULL;
        const char *tail = NULL;
        if (is_schema(paths[i])) {
            continue;
        }
        if (sqlite3_prepare_v2(db, text, -1, &stmt, &tail) != SQLITE_OK) {
            fail_msg("%s: %s", paths[i], sqlite3_errmsg(db));
        }
        assert_non_null(stmt);
        sqlite3_finalize(stmt);
        if (tail[strspn(tail, " \n")] != '\0') {
            fail_msg("%s: something follows the statement", paths[i]);
        }
    }
}

static void test_parameters_are_named(void **state)
{
    sqlite3 *db = *state;
    for (size_t i = 0; i < path_count; i++) {
        TEXT *text = file_read(paths[i], NULL);
        sqlite3_stmt *stmt = NULL;
        if (is_schema(paths[i])) {
            continue;
        }
        assert_int_equal(sqlite3_prepare_v2(db, text, -1, &stmt, NULL), SQLITE_OK);
        for (int j = 1; stmt != NULL && j <= sqlite3_bind_parameter_count(stmt); j++) {
            const char *name = sqlite3_bind_parameter_name(stmt, j);
            if (name == NULL || name[0] != ':') {
                fail_msg("%s: parameter %d is %s", paths[i], j, name == NULL ? "?" : name);
            }
        }
        sqlite3_finalize(stmt);
    }
}

static void test_columns_are_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < path_count; i++) {
        TEXT *text = file_read(paths[i], NULL);
        strip(text);
        for (const char *star = strchr(text, '*'); star != NULL; star = strchr(star + 1, '*')) {
            if (star - text < 6 || strncmp(star - 6, "count(*)", 8) != 0) {
                fail_msg("%s: *", paths[i]);
            }
        }
    }
}

/* What answers with several rows has an order and an end. */
static void test_lists_have_an_order_and_a_limit(void **state)
{
    size_t lists = 0;
    (void)state;
    for (size_t i = 0; i < path_count; i++) {
        if (strstr(paths[i], "/sql/list/") == NULL && strstr(paths[i], "/sql/values/") == NULL) {
            continue;
        }
        TEXT *text = file_read(paths[i], NULL);
        const char *order = strstr(text, "\nORDER BY ");
        const char *limit = strstr(text, "\nLIMIT :limit\n");
        if (order == NULL || limit == NULL || limit < order || limit[14] != '\0') {
            fail_msg("%s", paths[i]);
        }
        lists++;
    }
    assert_int_equal(lists, 9 + 8);
}

/* Tables are STRICT, so that a wrong type is refused when it is written. */
static void test_tables_are_strict(void **state)
{
    sqlite3 *db = *state;
    sqlite3_stmt *stmt = NULL;
    static const char sql[] = "SELECT name FROM pragma_table_list "
                              "WHERE type = 'table' AND schema = 'main' AND NOT strict "
                              "AND name NOT LIKE 'sqlite_%'";
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    if (sqlite3_step(stmt) == SQLITE_ROW) {
        fail_msg("%s", (const char *)sqlite3_column_text(stmt, 0));
    }
    sqlite3_finalize(stmt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_file_is_found),
        cmocka_unit_test(test_each_starts_with_a_comment_and_ends_a_line),
        cmocka_unit_test(test_each_holds_one_statement),
        cmocka_unit_test(test_parameters_are_named),
        cmocka_unit_test(test_columns_are_named),
        cmocka_unit_test(test_lists_have_an_order_and_a_limit),
        cmocka_unit_test(test_tables_are_strict),
    };
    return cmocka_run_group_tests(tests, find_files, forget_files);
}
