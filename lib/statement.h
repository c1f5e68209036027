/* Prepared statements of one connection, kept for the next request that needs the same ones. */
#ifndef STATEMENT_H
#define STATEMENT_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "resource.h"
#include "summit.h"

struct statement {
    sqlite3_stmt *stmt;
    char *text;
    const struct field *fields; /* of the rows it shows, or NULL */
    int columns[RESOURCE_FIELD_MAX];
    int rank; /* the parameter :rank; 0 where there is none */
};

enum { STATEMENT_CACHE_SIZE = 64 };

struct statement_cache {
    struct statement entries[STATEMENT_CACHE_SIZE];
    size_t count;
    size_t next_victim;
};

/* The prepared statement of a text, from the cache or new; the cache's until the next call, with
 * nothing bound. Leave it with statement_reset.
 *   fields  whose columns are to be found in it, or NULL.
 * Returns SUMMIT_OK, SUMMIT_NOMEM, SUMMIT_CORRUPT, SUMMIT_INTERNAL or what SQLite reports. */
enum summit_status statement_get(struct statement_cache *cache, sqlite3 *db, const char *text,
                                 const struct field *fields, struct statement **ret_statement)
    __attribute__((warn_unused_result));

/* Frees all prepared statements. */
void statement_cache_clear(struct statement_cache *cache);

/* Resets a statement and clears its bindings; NULL is fine. */
void statement_reset(sqlite3_stmt *stmt);

/* Leaves a cached statement, or finalizes one of a variable's own, at the end of its scope. */
static inline void statement_leave(sqlite3_stmt **stmt)
{
    statement_reset(*stmt);
}

static inline void statement_finalize(sqlite3_stmt **stmt)
{
    sqlite3_finalize(*stmt);
}

#define statement_guard __attribute__((cleanup(statement_leave))) sqlite3_stmt
#define statement_own __attribute__((cleanup(statement_finalize))) sqlite3_stmt

/* Binds to the named parameter, if the statement has it: a text (copied; NULL binds NULL), a JSON
 * value as its compact text, or an integer.
 * Returns SUMMIT_OK or SUMMIT_NOMEM. */
enum summit_status statement_bind_text(sqlite3_stmt *stmt, const char *name, const char *text)
    __attribute__((warn_unused_result));
enum summit_status statement_bind_json(sqlite3_stmt *stmt, const char *name, const json_t *value)
    __attribute__((warn_unused_result));
enum summit_status statement_bind_integer(sqlite3_stmt *stmt, const char *name, int64_t value)
    __attribute__((warn_unused_result));

/* Runs a statement that checks a database, such as PRAGMA integrity_check(1), whose answer is
 * nothing or the one row "ok" when all is well.
 * Returns SUMMIT_OK, `found` when the answer is another, or what kept it from answering. */
enum summit_status statement_check(sqlite3 *db, const char *sql, enum summit_status found)
    __attribute__((warn_unused_result));

/* What an SQLite result code means here. */
enum summit_status statement_status(int sqlite_code);

/* The same for the code of the last call on a connection, with what the connection says about it.
 */
enum summit_status statement_outcome(sqlite3 *db, int sqlite_code);

#endif
