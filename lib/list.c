#include "list.h"

#include <stdio.h>

#include "document.h"

static enum summit_status bind_values(sqlite3_stmt *stmt, const char *name, const json_t *values)
{
    char parameter[32];
    snprintf(parameter, sizeof parameter, ":%s", name);
    return statement_bind_json(stmt, parameter, values);
}

static enum summit_status bind(sqlite3_stmt *stmt, const struct selection *selection)
{
    enum summit_status status = bind_values(stmt, "id", selection->ids);
    const struct filter *filter = selection->resource->filters;
    for (; status == SUMMIT_OK && filter->name != NULL; filter++) {
        status = bind_values(stmt, filter->name, json_object_get(selection->filters, filter->name));
    }
    if (status == SUMMIT_OK) {
        status = statement_bind_text(stmt, ":scope", selection->scope);
    }
    return status;
}

static enum summit_status prepare(struct summit_store *store, const struct selection *selection,
                                  enum statement_shape shape, struct statement **ret_statement)
{
    const struct resource *resource = selection->resource;
    uint32_t terms = selection->ids == NULL ? 0 : statement_term(resource, NULL);
    for (const struct filter *filter = resource->filters; filter->name != NULL; filter++) {
        if (json_object_get(selection->filters, filter->name) != NULL) {
            terms |= statement_term(resource, filter);
        }
    }
    store_start_budget(store);
    return statement_get(&store->statements, store->db, resource, terms, shape, ret_statement);
}

static enum summit_status collect(struct summit_store *store, const struct statement *statement,
                                  const struct selection *selection, struct selected *selected)
{
    int code;
    while ((code = sqlite3_step(statement->stmt)) == SQLITE_ROW) {
        if (selection->limit >= 0 && (int64_t)json_array_size(selected->rows) == selection->limit) {
            selected->more = true;
            return SUMMIT_OK;
        }
        json_t *row = NULL;
        enum summit_status status = document_row(statement->stmt, selection->resource->fields,
                                                 statement->columns, selection->use, &row);
        if (status != SUMMIT_OK) {
            return status;
        }
        if (json_array_append_new(selected->rows, row) != 0) {
            return SUMMIT_NOMEM;
        }
        selected->last_rank = sqlite3_column_int64(statement->stmt, 0);
    }
    return statement_outcome(store->db, code);
}

enum summit_status list_select(struct summit_store *store, const struct selection *selection,
                               struct selected *ret_selected)
{
    struct statement *statement = NULL;
    enum summit_status status = prepare(store, selection, STATEMENT_ROWS, &statement);
    if (status != SUMMIT_OK) {
        return status;
    }
    statement_guard *guard = statement->stmt;
    status = bind(guard, selection);
    if (status == SUMMIT_OK) {
        status = statement_bind_integer(guard, ":after", selection->after);
    }
    if (status == SUMMIT_OK) {
        int64_t limit = selection->limit < 0 ? -1 : selection->limit + 1;
        status = statement_bind_integer(guard, ":limit", limit);
    }
    json_auto_t *rows = json_array();
    if (status == SUMMIT_OK && rows == NULL) {
        status = SUMMIT_NOMEM;
    }
    struct selected selected = {.rows = rows, .last_rank = selection->after};
    if (status == SUMMIT_OK) {
        status = collect(store, statement, selection, &selected);
    }
    if (status == SUMMIT_OK) {
        status = store_check_untouched(store);
    }
    if (status == SUMMIT_OK) {
        *ret_selected = selected;
        json_incref(rows);
    }
    return status;
}

enum summit_status list_total(struct summit_store *store, const struct selection *selection,
                              int64_t *ret_total)
{
    struct statement *statement = NULL;
    enum summit_status status = prepare(store, selection, STATEMENT_TOTAL, &statement);
    if (status != SUMMIT_OK) {
        return status;
    }
    statement_guard *guard = statement->stmt;
    status = bind(guard, selection);
    if (status == SUMMIT_OK) {
        status = statement_bind_integer(guard, ":after", 0);
    }
    if (status != SUMMIT_OK) {
        return status;
    }
    int code = sqlite3_step(guard);
    if (code != SQLITE_ROW) {
        return statement_outcome(store->db, code);
    }
    int64_t total = sqlite3_column_int64(guard, 0);
    status = store_check_untouched(store);
    if (status == SUMMIT_OK) {
        *ret_total = total;
    }
    return status;
}
