/* The rules of the files under lib/sql. */
#include "check.h"
#include "fixture.h"
#include "folder.h"

#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "relevance.h"
#include "sql.h"
#include "tokenizer.h"

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

/* If the file is in the folder of lib/sql. Above lib/sql a folder may have any name. */
static bool is_in(const char *path, const char *folder)
{
    const char *name = path + strlen(SQL_DIR "/");
    size_t length = strlen(folder);
    return strncmp(name, folder, length) == 0 && name[length] == '/';
}

/* An empty database; while it is built, there are tables of all tags and all words. */
static sqlite3 *open_database(bool has_tags)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(tokenizer_register(db), SUMMIT_OK);
    assert_int_equal(relevance_register(db), SUMMIT_OK);
    assert_int_equal(sqlite3_exec(db, sql_schema, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "ANALYZE", NULL, NULL, NULL), SQLITE_OK);
    if (has_tags) {
        static const char vocabulary[] =
            "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab (main, search, row)";
        assert_int_equal(sqlite3_exec(db, sql_publish_tag, NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_exec(db, vocabulary, NULL, NULL, NULL), SQLITE_OK);
    }
    return db;
}

static sqlite3 *published;
static sqlite3 *tagged;

static int find_files(void **state)
{
    (void)state;
    published = open_database(false);
    tagged = open_database(true);
    return nftw(SQL_DIR, note_file, 16, FTW_PHYS);
}

static int forget_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < path_count; i++) {
        free(paths[i]);
    }
    sqlite3_close(published);
    sqlite3_close(tagged);
    return 0;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    size_t size = strlen(end);
    return length >= size && strcmp(text + length - size, end) == 0;
}

/* Prepares a file's statement where it is to run: those that publish may read the tags, which one
 * of them makes. */
static sqlite3_stmt *prepare(const char *path, const char *text, const char **ret_tail)
{
    bool needs_tags = is_in(path, "publish") && !ends_with(path, "/tag.sql");
    sqlite3 *db = needs_tags ? tagged : published;
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, text, -1, &stmt, ret_tail) != SQLITE_OK) {
        fail_msg("%s: %s", path, sqlite3_errmsg(db));
    }
    return stmt;
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
    (void)state;
    for (size_t i = 0; i < path_count; i++) {
        TEXT *text = file_read(paths[i], NULL);
        const char *tail = NULL;
        if (is_schema(paths[i])) {
            continue;
        }
        sqlite3_stmt *stmt = prepare(paths[i], text, &tail);
        assert_non_null(stmt);
        sqlite3_finalize(stmt);
        if (tail[strspn(tail, " \n")] != '\0') {
            fail_msg("%s: something follows the statement", paths[i]);
        }
    }
}

static void test_parameters_are_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < path_count; i++) {
        TEXT *text = file_read(paths[i], NULL);
        if (is_schema(paths[i])) {
            continue;
        }
        sqlite3_stmt *stmt = prepare(paths[i], text, NULL);
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

/* What answers with several rows has an order and an end; what answers with one says so, or is a
 * count. */
static void test_lists_have_an_order_and_a_limit(void **state)
{
    size_t lists = 0;
    size_t rows = 0;
    (void)state;
    for (size_t i = 0; i < path_count; i++) {
        if (is_in(paths[i], "publish") || is_in(paths[i], "check") || is_schema(paths[i])) {
            continue;
        }
        TEXT *text = file_read(paths[i], NULL);
        const char *order = strstr(text, "\nORDER BY ");
        bool is_list = ends_with(text, "\nLIMIT :limit\n");
        bool is_row = ends_with(text, "LIMIT 1\n");
        bool is_count = strstr(text, "\nSELECT count(*) AS ") != NULL;
        if (is_in(paths[i], "show") && !is_row) {
            fail_msg("%s: not one row", paths[i]);
        }
        if (is_list ? order == NULL : !is_row && !is_count) {
            fail_msg("%s", paths[i]);
        }
        lists += is_list ? 1 : 0;
        rows += is_row ? 1 : 0;
    }
    assert_in_range(lists, 8 + 5, FILES_MAX);
    assert_in_range(rows, 9 + 3, FILES_MAX);
}

/* Tables are STRICT, so that a wrong type is refused when it is written; but for the search index
 * and the five tables FTS5 keeps it in. */
static void test_tables_are_strict(void **state)
{
    static const char loose[] = "SELECT group_concat(name, ' ') FROM (SELECT name "
                                "FROM pragma_table_list "
                                "WHERE type IN ('table', 'virtual', 'shadow') "
                                "AND schema = 'main' AND NOT strict "
                                "AND name NOT LIKE 'sqlite_%' ORDER BY name)";
    sqlite3_stmt *stmt = NULL;
    (void)state;
    assert_int_equal(sqlite3_prepare_v2(published, loose, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_string_equal(sqlite3_column_text(stmt, 0), "search search_config search_content "
                                                      "search_data search_docsize search_idx");
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
