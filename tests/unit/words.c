#include "words.h"
#include "check.h"

#include <stdio.h>
#include <string.h>

#include "statement.h"
#include "tokenizer.h"

void words_run(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    }
}

sqlite3 *words_open(void)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(tokenizer_register(db), SUMMIT_OK);
    words_run(db, "CREATE VIRTUAL TABLE t USING fts5(body, tokenize='summit');"
                  "CREATE VIRTUAL TABLE v USING fts5vocab(t, instance)");
    return db;
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    }
    return stmt;
}

void words_add(sqlite3 *db, const char *text, int length)
{
    statement_own *stmt = prepare(db, "INSERT INTO t (body) VALUES (?1)");
    sqlite3_bind_text(stmt, 1, text, length, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
}

char *words_ask(sqlite3 *db, const char *sql, const char *argument)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    statement_own *stmt = prepare(db, sql);
    if (argument != NULL) {
        sqlite3_bind_text(stmt, 1, argument, -1, SQLITE_STATIC);
    }
    int code;
    while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
        fprintf(stream, "%s%s", ftell(stream) == 0 ? "" : " ",
                (const char *)sqlite3_column_text(stmt, 0));
    }
    fclose(stream);
    if (code != SQLITE_DONE) {
        fail_msg("%s: %s: %s", sql, argument, sqlite3_errmsg(db));
    }
    return text;
}

char *words_find(sqlite3 *db, const char *expression)
{
    return words_ask(db, "SELECT rowid FROM t WHERE t MATCH ?1 ORDER BY rowid", expression);
}

char *words_of(const char *text)
{
    WORDS *db = words_open();
    words_add(db, text, -1);
    return words_ask(db, "SELECT term || '.' || offset FROM v ORDER BY offset, term", NULL);
}

char *words_highlight(const char *text, const char *expression)
{
    WORDS *db = words_open();
    words_add(db, text, -1);
    return words_ask(db, "SELECT highlight(t, 0, '[', ']') FROM t WHERE t MATCH ?1", expression);
}
