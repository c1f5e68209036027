/* A list statement stands whole in its file, with an optional term for each filter:
 *
 *   AND (:area IS NULL OR m.rank IN (...))
 *
 * Run as it is, SQLite cannot use an index for `:area IS NULL OR ...`. So a request gets the same
 * statement with the terms it does not use left out and `:area IS NULL OR` dropped from those it
 * does; the total is the same statement with count(*) for its columns and without its end. All of
 * it is constant text: a user's values are only ever bound. */
#include "statement.h"

#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "dump.h"
#include "text.h"

static const char term_start[] = "  AND (:";
static const char term_test[] = " IS NULL OR ";

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

uint32_t statement_term(const struct resource *resource, const struct filter *filter)
{
    return filter == NULL ? 1U : 2U << (filter - resource->filters);
}

/* The bit of the term that starts at line, which begins with term_start. */
static uint32_t term_at(const struct resource *resource, const char *line)
{
    const char *name = line + sizeof term_start - 1;
    size_t length = strcspn(name, " ");
    for (const struct filter *filter = resource->filters; filter->name != NULL; filter++) {
        if (strlen(filter->name) == length && strncmp(filter->name, name, length) == 0) {
            return statement_term(resource, filter);
        }
    }
    return statement_term(resource, NULL);
}

static char *append(char *end, const char *text, size_t length)
{
    memcpy(end, text, length);
    return end + length;
}

char *statement_text(const struct resource *resource, uint32_t terms, enum statement_shape shape)
{
    static const char total_start[] = "SELECT count(*)\n";
    const char *sql = resource->list_sql;
    char *text = malloc(strlen(sql) + sizeof total_start);
    if (text == NULL) {
        return NULL;
    }
    char *end = text;
    bool wanted = true;
    for (const char *line = sql; *line != '\0';) {
        size_t length = strcspn(line, "\n") + 1;
        if (strncmp(line, "SELECT", 6) == 0 && shape == STATEMENT_TOTAL) {
            end = append(end, total_start, sizeof total_start - 1);
            wanted = false;
        } else if (strncmp(line, "FROM", 4) == 0) {
            wanted = true;
        } else if (strncmp(line, "ORDER BY", 8) == 0) {
            wanted = shape == STATEMENT_ROWS;
        }
        if (strncmp(line, term_start, sizeof term_start - 1) == 0) {
            wanted = (term_at(resource, line) & terms) != 0;
            if (wanted) {
                const char *expression = strstr(line, term_test) + sizeof term_test - 1;
                end = append(end, "  AND (", 7);
                length -= (size_t)(expression - line);
                line = expression;
            }
        }
        if (wanted) {
            end = append(end, line, length);
        }
        line += length;
    }
    *end = '\0';
    return text;
}

static enum summit_status prepare(sqlite3 *db, struct statement *statement)
{
    text_auto *text = statement_text(statement->resource, statement->terms, statement->shape);
    if (text == NULL) {
        return SUMMIT_NOMEM;
    }
    int code = sqlite3_prepare_v3(db, text, -1, SQLITE_PREPARE_PERSISTENT, &statement->stmt, NULL);
    if (code != SQLITE_OK) {
        /* SQLITE_ERROR: the file lacks a table or column that the schema of its version has. */
        return code == SQLITE_ERROR ? SUMMIT_CORRUPT : statement_status(code);
    }
    if (statement->shape == STATEMENT_TOTAL) {
        return SUMMIT_OK;
    }
    enum summit_status status =
        document_columns(statement->stmt, statement->resource->fields, statement->columns);
    if (status != SUMMIT_OK) {
        sqlite3_finalize(statement->stmt);
        statement->stmt = NULL;
    }
    return status;
}

enum summit_status statement_get(struct statement_cache *cache, sqlite3 *db,
                                 const struct resource *resource, uint32_t terms,
                                 enum statement_shape shape, struct statement **ret_statement)
{
    for (size_t i = 0; i < cache->count; i++) {
        struct statement *entry = &cache->entries[i];
        if (entry->resource == resource && entry->terms == terms && entry->shape == shape) {
            *ret_statement = entry;
            return SUMMIT_OK;
        }
    }
    struct statement new = {.resource = resource, .terms = terms, .shape = shape};
    enum summit_status status = prepare(db, &new);
    if (status != SUMMIT_OK) {
        return status;
    }
    size_t place = cache->count;
    if (place == STATEMENT_CACHE_SIZE) {
        place = cache->next_victim;
        cache->next_victim = (place + 1) % STATEMENT_CACHE_SIZE;
        sqlite3_finalize(cache->entries[place].stmt);
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
        sqlite3_finalize(cache->entries[i].stmt);
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
    int index = sqlite3_bind_parameter_index(stmt, name);
    if (index == 0 || text == NULL) {
        return SUMMIT_OK;
    }
    return statement_status(
        sqlite3_bind_text64(stmt, index, text, strlen(text), SQLITE_TRANSIENT, SQLITE_UTF8));
}

enum summit_status statement_bind_json(sqlite3_stmt *stmt, const char *name, const json_t *value)
{
    int index = sqlite3_bind_parameter_index(stmt, name);
    if (index == 0 || value == NULL) {
        return SUMMIT_OK;
    }
    text_auto *text = dump_json(value, JSON_COMPACT | JSON_ENCODE_ANY);
    return text == NULL ? SUMMIT_NOMEM : statement_bind_text(stmt, name, text);
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
