/* An entry for each paragraph is made from the source's row; then one statement gives the citing
 * rows in the paragraphs' order, and each is put to its paragraph. */
#include "coverage.h"

#include "list.h"
#include "sql.h"
#include "text.h"

/* The source's row as a record states it, or NULL if there is none. */
static enum summit_status find_source(struct summit_store *store, const char *source_id,
                                      json_t **ret_source)
{
    json_auto_t *ids = json_pack("[s]", source_id);
    if (ids == NULL) {
        return SUMMIT_NOMEM;
    }
    struct selection selection = {
        .resource = &sources_resource,
        .ids = ids,
        .limit = 1,
        .use = FIELD_RECORD,
    };
    selected_auto selected = {.rows = NULL};
    enum summit_status status = list_select(store, &selection, &selected);
    if (status != SUMMIT_OK) {
        return status;
    }
    if (json_array_size(selected.rows) == 0) {
        return SUMMIT_NOT_FOUND;
    }
    *ret_source = json_incref(json_array_get(selected.rows, 0));
    return SUMMIT_OK;
}

/* The entry of a paragraph, or NULL if the source has none of that number. */
static json_t *entry_of(const json_t *paragraphs, json_int_t number)
{
    return number < 1 ? NULL : json_array_get(paragraphs, (size_t)number - 1);
}

static enum summit_status make_entries(const json_t *source, json_t *paragraphs)
{
    json_int_t count = json_integer_value(json_object_get(source, "paragraph_count"));
    const json_t *omissions = json_object_get(source, "omitted_paragraphs");
    for (json_int_t i = 1; i <= count; i++) {
        json_t *entry = json_pack("{s:I, s:n, s:[]}", "paragraph", i, "omitted", "rows");
        if (json_array_append_new(paragraphs, entry) != 0) {
            return SUMMIT_NOMEM;
        }
    }
    for (size_t i = 0; i < json_array_size(omissions); i++) {
        const json_t *omission = json_array_get(omissions, i);
        json_int_t number = json_integer_value(json_object_get(omission, "paragraph"));
        json_t *entry = entry_of(paragraphs, number);
        if (entry == NULL) {
            return SUMMIT_CORRUPT;
        }
        if (json_object_set(entry, "omitted", json_object_get(omission, "reason")) != 0) {
            return SUMMIT_NOMEM;
        }
    }
    return SUMMIT_OK;
}

/* The text of a column, which may only be NULL when memory is short. */
static enum summit_status column_text(sqlite3_stmt *stmt, int column, const char **ret_text)
{
    if (sqlite3_column_type(stmt, column) != SQLITE_TEXT) {
        return SUMMIT_CORRUPT;
    }
    *ret_text = (const char *)sqlite3_column_text(stmt, column);
    return *ret_text == NULL ? SUMMIT_NOMEM : SUMMIT_OK;
}

/* Puts the statement's current row to its paragraph. */
static enum summit_status add_row(sqlite3_stmt *stmt, const json_t *paragraphs)
{
    const char *texts[3] = {NULL};
    json_t *entry = entry_of(paragraphs, sqlite3_column_int64(stmt, 0));
    enum summit_status status = entry == NULL ? SUMMIT_CORRUPT : SUMMIT_OK;
    for (int i = 0; status == SUMMIT_OK && i < 3; i++) {
        status = column_text(stmt, i + 1, &texts[i]);
    }
    if (status != SUMMIT_OK) {
        return status;
    }
    text_auto *title = text_shorten(texts[2], COVERAGE_TITLE_MAX);
    if (title == NULL) {
        return SUMMIT_NOMEM;
    }
    json_t *row = json_pack("{s:s, s:s, s:s}", "type", texts[0], "id", texts[1], "title", title);
    return json_array_append_new(json_object_get(entry, "rows"), row) == 0 ? SUMMIT_OK
                                                                           : SUMMIT_NOMEM;
}

static enum summit_status add_rows(struct summit_store *store, const char *source_id, int64_t limit,
                                   const json_t *paragraphs, bool *ret_more)
{
    statement_own *stmt = NULL;
    store_start_budget(store);
    enum summit_status status =
        statement_status(sqlite3_prepare_v2(store->db, sql_coverage, -1, &stmt, NULL));
    if (status == SUMMIT_OK) {
        status = statement_bind_text(stmt, ":source", source_id);
    }
    if (status == SUMMIT_OK) {
        status = statement_bind_integer(stmt, ":limit", limit + 1);
    }
    int64_t count = 0;
    int code = SQLITE_DONE;
    while (status == SUMMIT_OK && (code = sqlite3_step(stmt)) == SQLITE_ROW && count < limit) {
        status = add_row(stmt, paragraphs);
        count++;
    }
    status = status == SUMMIT_OK ? statement_outcome(store->db, code) : status;
    status = status == SUMMIT_OK ? store_check_untouched(store) : status;
    if (status == SUMMIT_OK) {
        *ret_more = code == SQLITE_ROW;
    }
    return status;
}

enum summit_status coverage_list(struct summit_store *store, const char *source_id, int64_t limit,
                                 json_t **ret_paragraphs, bool *ret_more)
{
    json_auto_t *source = NULL;
    enum summit_status status = find_source(store, source_id, &source);
    if (status != SUMMIT_OK) {
        return status;
    }
    json_auto_t *paragraphs = json_array();
    status = paragraphs == NULL ? SUMMIT_NOMEM : make_entries(source, paragraphs);
    if (status == SUMMIT_OK) {
        status = add_rows(store, source_id, limit, paragraphs, ret_more);
    }
    if (status == SUMMIT_OK) {
        *ret_paragraphs = json_incref(paragraphs);
    }
    return status;
}
