/* A row never changes once it is published, so neither does its JSON. It is made here, by the same
 * statement and field table that know what a row is; a document is then joined from such texts, at
 * a tenth of what it takes to build each row and write it down anew. */
#include "documents.h"

#include <string.h>

#include "document.h"
#include "parse.h"
#include "resource.h"
#include "sql.h"
#include "statement.h"

struct filling {
    sqlite3 *db;
    struct statement_cache shows; /* the statements that show a row */
    sqlite3_stmt *insert;
};

static enum summit_status prepare(sqlite3 *db, const char *sql, sqlite3_stmt **ret_stmt)
{
    return statement_outcome(db, sqlite3_prepare_v2(db, sql, -1, ret_stmt, NULL));
}

/* Shows a row of what lists all.
 *   row  the current row of sql_publish_shown: resource, rank, place, scope. */
static enum summit_status show(struct filling *filling, sqlite3_stmt *row, json_t **ret_document)
{
    const char *name = (const char *)sqlite3_column_text(row, 0);
    const struct resource *resource = name == NULL ? NULL : resource_find(name);
    struct statement *statement = NULL;
    if (resource == NULL) {
        return name == NULL ? SUMMIT_NOMEM : SUMMIT_INTERNAL;
    }
    enum summit_status status = statement_get(&filling->shows, filling->db, resource->show_sql,
                                              resource->fields, &statement);
    if (status != SUMMIT_OK) {
        return status;
    }
    statement_guard *guard = statement->stmt;
    status = statement_bind_integer(guard, ":rank", sqlite3_column_int64(row, 1));
    if (status == SUMMIT_OK) {
        status = statement_bind_text(guard, ":scope", (const char *)sqlite3_column_text(row, 3));
    }
    if (status != SUMMIT_OK) {
        return status;
    }
    int code = sqlite3_step(guard);
    if (code != SQLITE_ROW) {
        return code == SQLITE_DONE ? SUMMIT_INTERNAL : statement_outcome(filling->db, code);
    }
    return document_row(guard, statement->fields, statement->columns, FIELD_DOCUMENT, ret_document);
}

static enum summit_status fill_row(struct filling *filling, sqlite3_stmt *row)
{
    json_auto_t *document = NULL;
    enum summit_status status = show(filling, row, &document);
    if (status != SUMMIT_OK) {
        return status;
    }
    statement_guard *guard = filling->insert;
    status = statement_bind_integer(guard, ":place", sqlite3_column_int64(row, 2));
    if (status == SUMMIT_OK) {
        status = statement_bind_json(guard, ":json", document);
    }
    return status == SUMMIT_OK ? statement_outcome(filling->db, sqlite3_step(guard)) : status;
}

static enum summit_status fill_rows(struct filling *filling)
{
    statement_own *rows = NULL;
    statement_own *insert = NULL;
    enum summit_status status = prepare(filling->db, sql_publish_shown, &rows);
    if (status == SUMMIT_OK) {
        status = prepare(filling->db, sql_publish_document, &insert);
    }
    filling->insert = insert;
    int code = SQLITE_DONE;
    while (status == SUMMIT_OK && (code = sqlite3_step(rows)) == SQLITE_ROW) {
        status = fill_row(filling, rows);
    }
    return status == SUMMIT_OK ? statement_outcome(filling->db, code) : status;
}

enum summit_status documents_fill(sqlite3 *db)
{
    struct filling filling = {.db = db};
    enum summit_status status = fill_rows(&filling);
    statement_cache_clear(&filling.shows);
    return status;
}

/* SQLite's json_valid finds any text wrong when it is out of memory, so what it finds is looked at
 * once more. */
enum summit_status documents_check(sqlite3 *db)
{
    statement_own *stmt = NULL;
    enum summit_status status = prepare(db, sql_check_documents, &stmt);
    int code = status == SUMMIT_OK ? sqlite3_step(stmt) : SQLITE_OK;
    if (status != SUMMIT_OK || code != SQLITE_ROW) {
        return status == SUMMIT_OK ? statement_outcome(db, code) : status;
    }
    json_auto_t *document = NULL;
    json_error_t error;
    const char *text = (const char *)sqlite3_column_text(stmt, 0);
    size_t length = (size_t)sqlite3_column_bytes(stmt, 0);
    status = text == NULL ? SUMMIT_NOMEM : parse_json(text, length, 0, &document, &error);
    return status == SUMMIT_INVALID ? SUMMIT_CORRUPT : SUMMIT_NOMEM;
}

/* The text of a row, as SQLite's handle for incremental reading: to move it to another row takes a
 * quarter of what it takes to run a statement anew. */
static int seek(struct summit_store *store, int64_t place)
{
    return store->document == NULL ? sqlite3_blob_open(store->db, "main", "document", "json", place,
                                                       0, &store->document)
                                   : sqlite3_blob_reopen(store->document, place);
}

static int read_text(struct summit_store *store, int64_t place, struct buffer *text)
{
    int code = seek(store, place);
    if (code != SQLITE_OK) {
        return code;
    }
    int length = sqlite3_blob_bytes(store->document);
    if (!buffer_reserve(text, (size_t)length)) {
        return SQLITE_NOMEM;
    }
    code = sqlite3_blob_read(store->document, text->text + text->length, length, 0);
    text->length += code == SQLITE_OK ? (size_t)length : 0;
    return code;
}

/* A handle that failed is of no use any more. SQLITE_ERROR is that there is no such row, or no text
 * in it. */
enum summit_status documents_append(struct summit_store *store, int64_t place, struct buffer *text)
{
    int code = read_text(store, place, text);
    if (code == SQLITE_OK) {
        return SUMMIT_OK;
    }
    sqlite3_blob_close(store->document);
    store->document = NULL;
    return code == SQLITE_ERROR ? SUMMIT_CORRUPT : statement_outcome(store->db, code);
}
