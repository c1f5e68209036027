/* Statements are found again by their text. Which texts there are is bounded by the shapes that
 * plan.c writes; the cache holds the ones in use and lets go of one after the other. */
#include "statement.h"

#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "dump.h"
#include "text.h"

enum summit_status statement_status(int sqlite_code)
{
    switch (sqlite_code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return SUMMIT_OK;
    case SQLITE_NOMEM:
        return SUMMIT_NOMEM;
    case SQLITE_INTERRUPT:
        return SUMMIT_TIMEOUT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return SUMMIT_BUSY;
    case SQLITE_CORRUPT:
        return SUMMIT_CORRUPT;
    case SQLITE_NOTADB:
        return SUMMIT_FOREIGN;
    case SQLITE_FULL:
    case SQLITE_TOOBIG:
        return SUMMIT_FULL;
    case SQLITE_IOERR:
        if (sqlite_code == SQLITE_IOERR_NOMEM) {
            return SUMMIT_NOMEM;
        }
        return sqlite_code == SQLITE_IOERR_SHORT_READ ? SUMMIT_CORRUPT : SUMMIT_IO;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
        return SUMMIT_IO;
    default:
        return SUMMIT_INTERNAL;
    }
}

/* Without memory SQLite's json_each calls any text malformed; what it is given here was written by
 * Jansson. */
enum summit_status statement_outcome(sqlite3 *db, int sqlite_code)
{
    if (sqlite_code == SQLITE_ERROR && strcmp(sqlite3_errmsg(db), "malformed JSON") == 0) {
        return SUMMIT_NOMEM;
    }
    return statement_status(sqlite_code);
}

static enum summit_status prepare(sqlite3 *db, struct statement *statement)
{
    int code = sqlite3_prepare_v3(db, statement->text, -1, SQLITE_PREPARE_PERSISTENT,
                                  &statement->stmt, NULL);
    if (code != SQLITE_OK) {
        /* SQLITE_ERROR: the file lacks a table or column that the schema of its version has. */
        return code == SQLITE_ERROR ? SUMMIT_CORRUPT : statement_status(code);
    }
    statement->rank = sqlite3_bind_parameter_index(statement->stmt, ":rank");
    if (statement->fields == NULL) {
        return SUMMIT_OK;
    }
    return document_columns(statement->stmt, statement->fields, statement->columns);
}

static void clear(struct statement *statement)
{
    sqlite3_finalize(statement->stmt);
    free(statement->text);
    *statement = (struct statement){.stmt = NULL};
}

enum summit_status statement_get(struct statement_cache *cache, sqlite3 *db, const char *text,
                                 const struct field *fields, struct statement **ret_statement)
{
    for (size_t i = 0; i < cache->count; i++) {
        struct statement *entry = &cache->entries[i];
        if (strcmp(entry->text, text) == 0) {
            *ret_statement = entry;
            return SUMMIT_OK;
        }
    }
    struct statement new = {.text = strdup(text), .fields = fields};
    enum summit_status status = new.text == NULL ? SUMMIT_NOMEM : prepare(db, &new);
    if (status != SUMMIT_OK) {
        clear(&new);
        return status;
    }
    size_t place = cache->count;
    if (place == STATEMENT_CACHE_SIZE) {
        place = cache->next_victim;
        cache->next_victim = (place + 1) % STATEMENT_CACHE_SIZE;
        clear(&cache->entries[place]);
    } else {
        cache->count++;
    }
    cache->entries[place] = new;
    *ret_statement = &cache->entries[place];
    return SUMMIT_OK;
}

void statement_cache_clear(struct statement_cache *cache)
{
    for (size_t i = 0; i < cache->count; i++) {
        clear(&cache->entries[i]);
    }
    cache->count = 0;
}

void statement_reset(sqlite3_stmt *stmt)
{
    if (stmt != NULL) {
        sqlite3_reset(stmt);
        sqlite3_clear_bindings(stmt);
    }
}

enum summit_status statement_bind_text(sqlite3_stmt *stmt, const char *name, const char *text)
{
    int index = text == NULL ? 0 : sqlite3_bind_parameter_index(stmt, name);
    if (index == 0) {
        return SUMMIT_OK;
    }
    return statement_status(
        sqlite3_bind_text64(stmt, index, text, strlen(text), SQLITE_TRANSIENT, SQLITE_UTF8));
}

enum summit_status statement_bind_json(sqlite3_stmt *stmt, const char *name, const json_t *value)
{
    int index = value == NULL ? 0 : sqlite3_bind_parameter_index(stmt, name);
    if (index == 0) {
        return SUMMIT_OK;
    }
    char *text = dump_json(value, JSON_COMPACT | JSON_ENCODE_ANY);
    if (text == NULL) {
        return SUMMIT_NOMEM;
    }
    /* SQLite frees it, also when it cannot take it. */
    return statement_status(
        sqlite3_bind_text64(stmt, index, text, strlen(text), free, SQLITE_UTF8));
}

enum summit_status statement_bind_integer(sqlite3_stmt *stmt, const char *name, int64_t value)
{
    int index = sqlite3_bind_parameter_index(stmt, name);
    return index == 0 ? SUMMIT_OK : statement_status(sqlite3_bind_int64(stmt, index, value));
}

/* A page that cannot be read for want of memory, or of a disk that works, is a finding to SQLite:
 * "unable to get the page. error code=7". */
static enum summit_status finding_status(const char *finding, enum summit_status found)
{
    static const char label[] = "error code=";
    const char *code = strstr(finding, label);
    enum summit_status status =
        code == NULL ? found : statement_status((int)strtol(code + sizeof label - 1, NULL, 10));
    return status == SUMMIT_OK ? found : status;
}

enum summit_status statement_check(sqlite3 *db, const char *sql, enum summit_status found)
{
    statement_own *stmt = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    code = code == SQLITE_OK ? sqlite3_step(stmt) : code;
    if (code != SQLITE_ROW) {
        return statement_status(code);
    }
    const char *finding = (const char *)sqlite3_column_text(stmt, 0);
    if (finding == NULL) {
        return SUMMIT_NOMEM;
    }
    return strcmp(finding, "ok") == 0 ? SUMMIT_OK : finding_status(finding, found);
}
