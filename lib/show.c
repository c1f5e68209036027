/* What a record states is read from a row's own columns; what documents show was made of them when
 * the database was published, and is copied from there. */
#include "show.h"

#include "buffer.h"
#include "document.h"
#include "documents.h"
#include "parse.h"

enum { ROW_LENGTH = 400 }; /* of most rows */

/* Binds a rank to a statement and takes its first step. */
static int step_rank(const struct statement *statement, int64_t rank)
{
    sqlite3_reset(statement->stmt);
    int code = sqlite3_bind_int64(statement->stmt, statement->rank, rank);
    return code == SQLITE_OK ? sqlite3_step(statement->stmt) : code;
}

static enum summit_status read_record(const struct summit_store *store,
                                      const struct statement *statement, enum field_use use,
                                      int64_t rank, json_t **ret_row)
{
    int code = step_rank(statement, rank);
    if (code != SQLITE_ROW) {
        return code == SQLITE_DONE ? SUMMIT_CORRUPT : statement_outcome(store->db, code);
    }
    return document_row(statement->stmt, statement->fields, statement->columns, use, ret_row);
}

static enum summit_status read_records(struct summit_store *store,
                                       const struct selection *selection, const json_t *ranks,
                                       json_t **ret_rows)
{
    struct statement *statement = NULL;
    json_auto_t *rows = json_array();
    const struct resource *resource = selection->resource;
    if (rows == NULL) {
        return SUMMIT_NOMEM;
    }
    enum summit_status status = statement_get(&store->statements, store->db, resource->show_sql,
                                              resource->fields, &statement);
    if (status != SUMMIT_OK) {
        return status;
    }
    statement_guard *guard = statement->stmt;
    status = statement_bind_text(guard, ":scope", selection->scope);
    for (size_t i = 0; status == SUMMIT_OK && i < json_array_size(ranks); i++) {
        json_t *row = NULL;
        status = read_record(store, statement, selection->use,
                             json_integer_value(json_array_get(ranks, i)), &row);
        if (status == SUMMIT_OK && json_array_append_new(rows, row) != 0) {
            status = SUMMIT_NOMEM;
        }
    }
    if (status == SUMMIT_OK) {
        *ret_rows = json_incref(rows);
    }
    return status;
}

/* The statement that finds the places of rows for documents of one summit; NULL where they have
 * none of their own. */
static enum summit_status get_places(struct summit_store *store, const struct selection *selection,
                                     struct statement **ret_places)
{
    const char *sql = selection->scope == NULL ? NULL : selection->resource->place_sql;
    if (sql == NULL) {
        *ret_places = NULL;
        return SUMMIT_OK;
    }
    return statement_get(&store->statements, store->db, sql, NULL, ret_places);
}

/* The place of a row among all that documents show. */
static enum summit_status find_place(const struct summit_store *store,
                                     const struct selection *selection,
                                     const struct statement *places, int64_t rank,
                                     int64_t *ret_place)
{
    *ret_place = store->bases[resource_index(selection->resource)] + rank;
    if (places == NULL) {
        return SUMMIT_OK;
    }
    int code = step_rank(places, rank);
    if (code == SQLITE_ROW) {
        *ret_place = sqlite3_column_int64(places->stmt, 0);
    }
    return statement_outcome(store->db, code);
}

/* Takes what a row's text says as one more of an array of objects, and empties the text. */
static enum summit_status take_object(struct buffer *text, json_t *rows)
{
    json_t *row = NULL;
    json_error_t error;
    enum summit_status status = parse_json(text->text, text->length, 0, &row, &error);
    text->length = 0;
    if (status != SUMMIT_OK) {
        return status == SUMMIT_INVALID ? SUMMIT_CORRUPT : status;
    }
    return json_array_append_new(rows, row) == 0 ? SUMMIT_OK : SUMMIT_NOMEM;
}

/* Appends the texts of rows, or makes objects of them, by the form. */
static enum summit_status append_rows(struct summit_store *store, const struct selection *selection,
                                      const struct statement *places, const json_t *ranks,
                                      struct buffer *text, json_t *rows)
{
    enum summit_status status = SUMMIT_OK;
    for (size_t i = 0; status == SUMMIT_OK && i < json_array_size(ranks); i++) {
        int64_t rank = json_integer_value(json_array_get(ranks, i));
        int64_t place = 0;
        if (selection->form == LIST_ARRAY && i > 0) {
            (void)buffer_append_byte(text, ','); /* the buffer remembers a failure */
        }
        status = find_place(store, selection, places, rank, &place);
        if (status == SUMMIT_OK) {
            status = documents_append(store, place, text);
        }
        if (status == SUMMIT_OK && selection->form == LIST_OBJECTS) {
            status = take_object(text, rows);
        }
        if (selection->form == LIST_LINES) {
            (void)buffer_append_byte(text, '\n');
        }
    }
    return status;
}

static enum summit_status read_documents(struct summit_store *store,
                                         const struct selection *selection, const json_t *ranks,
                                         json_t **ret_rows)
{
    buffer_auto text = {.text = NULL};
    json_auto_t *rows = json_array();
    struct statement *places = NULL;
    enum summit_status status = get_places(store, selection, &places);
    if (status != SUMMIT_OK || rows == NULL) {
        return status == SUMMIT_OK ? SUMMIT_NOMEM : status;
    }
    statement_guard *guard = places == NULL ? NULL : places->stmt;
    if (selection->form != LIST_OBJECTS) {
        (void)buffer_reserve(&text, json_array_size(ranks) * ROW_LENGTH);
    }
    (void)buffer_append(&text, selection->form == LIST_ARRAY ? "[" : "");
    status = statement_bind_text(guard, ":scope", selection->scope);
    if (status == SUMMIT_OK) {
        status = append_rows(store, selection, places, ranks, &text, rows);
    }
    (void)buffer_append(&text, selection->form == LIST_ARRAY ? "]" : "");
    if (status != SUMMIT_OK || text.failed) {
        return status == SUMMIT_OK ? SUMMIT_NOMEM : status;
    }
    *ret_rows = selection->form == LIST_OBJECTS ? json_incref(rows)
                                                : json_stringn_nocheck(text.text, text.length);
    return *ret_rows == NULL ? SUMMIT_NOMEM : SUMMIT_OK;
}

enum summit_status show_rows(struct summit_store *store, const struct selection *selection,
                             const json_t *ranks, json_t **ret_rows)
{
    json_auto_t *rows = NULL;
    store_start_budget(store);
    enum summit_status status = selection->use == FIELD_DOCUMENT
                                    ? read_documents(store, selection, ranks, &rows)
                                    : read_records(store, selection, ranks, &rows);
    status = status == SUMMIT_OK ? store_check_untouched(store) : status;
    if (status == SUMMIT_OK) {
        *ret_rows = json_incref(rows);
    }
    return status;
}
