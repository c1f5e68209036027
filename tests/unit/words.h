/* A full-text table in memory with the tokenizer of the library. Functions fail the running test
 * when they cannot do what they are asked. */
#ifndef TESTS_UNIT_WORDS_H
#define TESTS_UNIT_WORDS_H

#include <sqlite3.h>

/* A connection with the empty table `t (body)`; rowids are given from 1 on. */
sqlite3 *words_open(void);

static inline void words_close(sqlite3 **db)
{
    sqlite3_close(*db);
}

#define WORDS __attribute__((cleanup(words_close))) sqlite3

/* Runs SQL. */
void words_run(sqlite3 *db, const char *sql);

/* Adds a row; length in bytes, or -1. */
void words_add(sqlite3 *db, const char *text, int length);

/* The first column of what a query gives, joined by blanks; ?1 is the argument, or NULL. The caller
 * frees it. */
char *words_ask(sqlite3 *db, const char *sql, const char *argument);

/* The rows an FTS5 expression finds, "1 3"; the caller frees it. */
char *words_find(sqlite3 *db, const char *expression);

/* The words a text becomes, each with its place, "xian.0 hosts.1"; the caller frees it. */
char *words_of(const char *text);

/* The one row with [ and ] around what an expression finds; the caller frees it. */
char *words_highlight(const char *text, const char *expression);

#endif
