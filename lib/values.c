/* A filter's statement answers both questions: is this one of the values, and which are there? The
 * second is for suggestions and costs more, so it is asked once a filter, and only the first few
 * unknown values get one: a request is not to cost more the more of it is wrong. */
#include "values.h"

#include "query.h"
#include "text.h"

enum { CANDIDATES_MAX = 1000, SUGGESTIONS_MAX = 3 };

/* The values a filter may have: all (value NULL), or just the one given if it is one. */
static enum summit_status select_values(struct summit_store *store, const struct filter *filter,
                                        const char *value, json_t **ret_values)
{
    statement_guard *stmt = NULL;
    enum summit_status status = store_prepare(store, filter->values_sql, &stmt);
    if (status != SUMMIT_OK) {
        return status;
    }
    status = statement_bind_text(stmt, ":value", value);
    if (status == SUMMIT_OK) {
        status = statement_bind_integer(stmt, ":limit", value == NULL ? CANDIDATES_MAX : 1);
    }
    json_auto_t *rows = json_array();
    if (rows == NULL) {
        return SUMMIT_NOMEM;
    }
    int code = SQLITE_DONE;
    while (status == SUMMIT_OK && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
        json_t *found = json_string((const char *)sqlite3_column_text(stmt, 0));
        status = json_array_append_new(rows, found) == 0 ? SUMMIT_OK : SUMMIT_NOMEM;
    }
    status = status == SUMMIT_OK ? statement_outcome(store->db, code) : status;
    status = status == SUMMIT_OK ? store_check_untouched(store) : status;
    if (status == SUMMIT_OK) {
        *ret_values = json_incref(rows);
    }
    return status;
}

/* The values that the database has not got. */
static enum summit_status select_unknown(struct summit_store *store, const struct filter *filter,
                                         const json_t *values, json_t *ret_unknown)
{
    for (size_t i = 0; i < json_array_size(values); i++) {
        json_t *value = json_array_get(values, i);
        json_auto_t *found = NULL;
        enum summit_status status = select_values(store, filter, json_string_value(value), &found);
        if (status != SUMMIT_OK) {
            return status;
        }
        if (json_array_size(found) == 0 && json_array_append(ret_unknown, value) != 0) {
            return SUMMIT_NOMEM;
        }
    }
    return SUMMIT_OK;
}

static enum summit_status report(const struct filter *filter, const json_t *unknown,
                                 const json_t *known, json_t *problems)
{
    const char *candidates[CANDIDATES_MAX + 1];
    size_t count = json_array_size(known);
    for (size_t i = 0; i < count; i++) {
        candidates[i] = json_string_value(json_array_get(known, i));
    }
    candidates[count] = NULL;
    enum summit_status status = SUMMIT_INVALID;
    for (size_t i = 0; status == SUMMIT_INVALID && i < json_array_size(unknown); i++) {
        const char *value = json_string_value(json_array_get(unknown, i));
        const char *near = i < SUGGESTIONS_MAX ? summit_nearest(value, candidates) : NULL;
        status = query_problem(problems, filter->name, "unknown_value",
                               text_format("The record has no %s \"%.64s\".", filter->name, value),
                               near);
    }
    return status;
}

enum summit_status values_check(struct summit_store *store, const struct filter *filter,
                                const json_t *values, json_t *problems)
{
    if (filter->values_sql == NULL || values == NULL) {
        return SUMMIT_OK;
    }
    json_auto_t *unknown = json_array();
    if (unknown == NULL) {
        return SUMMIT_NOMEM;
    }
    enum summit_status status = select_unknown(store, filter, values, unknown);
    if (status != SUMMIT_OK || json_array_size(unknown) == 0) {
        return status;
    }
    json_auto_t *known = NULL;
    status = select_values(store, filter, NULL, &known);
    return status == SUMMIT_OK ? report(filter, unknown, known, problems) : status;
}
