/* A query run against a store. First the parts of it that only the database can check: do the rows
 * that filters name exist, is the cursor of this revision? Then the rows, the total, and the
 * related rows that `include` asks for, each once, by one more selection a relation. */
#include <string.h>

#include "cursor.h"
#include "list.h"
#include "query.h"
#include "store.h"
#include "summit.h"
#include "text.h"

enum { VALUES_MAX = 1000 };

/* The values a filter may have: all (value NULL), or just the one given if it is one. */
static enum summit_status select_values(struct summit_store *store, const struct filter *filter,
                                        const char *value, json_t **ret_values)
{
    statement_own *stmt = NULL;
    store_start_budget(store);
    enum summit_status status =
        statement_status(sqlite3_prepare_v2(store->db, filter->values_sql, -1, &stmt, NULL));
    if (status == SUMMIT_OK) {
        status = statement_bind_text(stmt, ":value", value);
    }
    if (status == SUMMIT_OK) {
        status = statement_bind_integer(stmt, ":limit", VALUES_MAX);
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
    status = status == SUMMIT_OK ? statement_status(code) : status;
    if (status == SUMMIT_OK) {
        *ret_values = json_incref(rows);
    }
    return status;
}

static enum summit_status unknown_value(struct summit_store *store, const struct filter *filter,
                                        const char *value, json_t *problems)
{
    json_auto_t *values = NULL;
    enum summit_status status = select_values(store, filter, NULL, &values);
    if (status != SUMMIT_OK) {
        return status;
    }
    const char *candidates[VALUES_MAX + 1];
    size_t count = json_array_size(values);
    for (size_t i = 0; i < count; i++) {
        candidates[i] = json_string_value(json_array_get(values, i));
    }
    candidates[count] = NULL;
    return query_problem(problems, filter->name, "unknown_value",
                         text_format("The record has no %s \"%.64s\".", filter->name, value),
                         summit_nearest(value, candidates));
}

static enum summit_status check_filter(struct summit_store *store, const struct filter *filter,
                                       const json_t *values, json_t *problems)
{
    enum summit_status result = SUMMIT_OK;
    for (size_t i = 0; filter->values_sql != NULL && i < json_array_size(values); i++) {
        const char *value = json_string_value(json_array_get(values, i));
        json_auto_t *found = NULL;
        enum summit_status status = select_values(store, filter, value, &found);
        if (status == SUMMIT_OK && json_array_size(found) == 0) {
            status = unknown_value(store, filter, value, problems);
        }
        if (status != SUMMIT_OK && status != SUMMIT_INVALID) {
            return status;
        }
        result = status == SUMMIT_OK ? result : status;
    }
    return result;
}

enum summit_status summit_store_check(struct summit_store *store, const struct summit_query *query,
                                      json_t *problems)
{
    enum summit_status result = SUMMIT_OK;
    for (const struct filter *f = query->resource->filters; f->name != NULL; f++) {
        enum summit_status status =
            check_filter(store, f, json_object_get(query->filters, f->name), problems);
        if (status == SUMMIT_INVALID && query->within != NULL && strcmp(f->name, "summit") == 0) {
            return SUMMIT_NOT_FOUND;
        }
        if (status != SUMMIT_OK && status != SUMMIT_INVALID) {
            return status;
        }
        result = status == SUMMIT_OK ? result : status;
    }
    return result;
}

static enum summit_status check_cursor(const struct summit_store *store,
                                       const struct summit_query *query, const char *digest,
                                       json_t *problems, int64_t *ret_after)
{
    if (query->cursor == NULL) {
        return SUMMIT_OK;
    }
    enum summit_status status = cursor_decode(query->cursor, store->revision, digest, ret_after);
    enum summit_status reported = SUMMIT_INVALID;
    if (status == SUMMIT_GONE) {
        reported = query_problem(problems, "cursor", "expired_cursor",
                                 text_format("The cursor is of another revision of the record; "
                                             "start again without it."),
                                 NULL);
    } else if (status == SUMMIT_INVALID) {
        reported = query_problem(problems, "cursor", "invalid_value",
                                 text_format("The cursor is not one that this list gave for these "
                                             "filters; take it from links.next, or leave it out."),
                                 NULL);
    }
    return reported == SUMMIT_NOMEM ? reported : status;
}

/* Adds to ids what a row's field names: an id, a list of ids, or objects with an id as member. */
static int gather(json_t *ids, const json_t *value, const char *member)
{
    if (json_is_string(value)) {
        return json_object_set_new(ids, json_string_value(value), json_true());
    }
    int failed = 0;
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *entry = json_array_get(value, i);
        failed |= gather(ids, member == NULL ? entry : json_object_get(entry, member), NULL);
    }
    return failed;
}

/* The ids that the rows name in a field, each once, as an array. NULL when out of memory. */
static json_t *gather_ids(const json_t *rows, const char *field, const char *member)
{
    json_auto_t *unique = json_object();
    json_auto_t *ids = json_array();
    int failed = unique == NULL || ids == NULL;
    for (size_t i = 0; i < json_array_size(rows) && !failed; i++) {
        failed |= gather(unique, json_object_get(json_array_get(rows, i), field), member);
    }
    const char *id;
    json_t *value;
    json_object_foreach(unique, id, value)
    {
        failed |= json_array_append_new(ids, json_string(id));
    }
    return failed ? NULL : json_incref(ids);
}

static enum summit_status included_filters(const struct summit_query *query,
                                           const struct relation *relation, json_t *ids,
                                           json_t **ret_filters)
{
    json_auto_t *filters = json_pack("{s:O}", relation->filter, ids);
    json_t *summits = json_object_get(query->filters, "summit");
    int failed = filters == NULL;
    if (!failed && summits != NULL && strcmp(relation->filter, "summit") != 0 &&
        resource_filter(resource_find(relation->target), "summit") != NULL) {
        failed |= json_object_set(filters, "summit", summits);
    }
    if (failed) {
        return SUMMIT_NOMEM;
    }
    *ret_filters = json_incref(filters);
    return SUMMIT_OK;
}

static enum summit_status include(struct summit_store *store, const struct summit_query *query,
                                  const struct relation *relation, const json_t *rows,
                                  json_t *included, json_t *problems)
{
    const char *field = relation->filter != NULL ? "id" : relation->field;
    json_auto_t *ids = gather_ids(rows, field, relation->member);
    if (ids == NULL) {
        return SUMMIT_NOMEM;
    }
    json_auto_t *filters = NULL;
    if (relation->filter != NULL) {
        enum summit_status status = included_filters(query, relation, ids, &filters);
        if (status != SUMMIT_OK) {
            return status;
        }
    }
    struct selection selection = {
        .resource = resource_find(relation->target),
        .filters = filters,
        .ids = relation->filter == NULL ? ids : NULL,
        .scope = query_scope(query),
        .limit = QUERY_INCLUDED_MAX,
        .use = FIELD_DOCUMENT,
    };
    struct selected selected = {.rows = NULL};
    enum summit_status status = list_select(store, &selection, &selected);
    if (status != SUMMIT_OK) {
        return status;
    }
    if (json_object_set_new(included, relation->target, selected.rows) != 0) {
        return SUMMIT_NOMEM;
    }
    if (selected.more) {
        return query_problem(problems, "include", "include_too_large",
                             text_format("More than %d %s belong to these rows; list them at their "
                                         "own address, page by page.",
                                         QUERY_INCLUDED_MAX, relation->target),
                             NULL);
    }
    return SUMMIT_OK;
}

static enum summit_status include_all(struct summit_store *store, const struct summit_query *query,
                                      const json_t *rows, json_t *document, json_t *problems)
{
    if (query->includes[0] == NULL) {
        return SUMMIT_OK;
    }
    json_t *included = json_object();
    if (json_object_set_new(document, "included", included) != 0) {
        return SUMMIT_NOMEM;
    }
    enum summit_status status = SUMMIT_OK;
    for (size_t i = 0; status == SUMMIT_OK && query->includes[i] != NULL; i++) {
        status = include(store, query, query->includes[i], rows, included, problems);
    }
    return status;
}

static enum summit_status build_page(struct summit_store *store, const struct summit_query *query,
                                     int64_t after, json_t *problems, json_t **ret_page,
                                     struct selected *ret_selected)
{
    struct selection selection = {
        .resource = query->resource,
        .filters = query->filters,
        .scope = query_scope(query),
        .after = after,
        .limit = query->limit,
        .use = FIELD_DOCUMENT,
    };
    int64_t total = 0;
    enum summit_status status = list_total(store, &selection, &total);
    if (status == SUMMIT_OK) {
        status = list_select(store, &selection, ret_selected);
    }
    if (status != SUMMIT_OK) {
        return status;
    }
    json_auto_t *page = json_pack("{s:o}", "data", ret_selected->rows);
    if (page == NULL) {
        return SUMMIT_NOMEM;
    }
    status = include_all(store, query, ret_selected->rows, page, problems);
    if (status != SUMMIT_OK) {
        return status;
    }
    json_t *meta = json_pack("{s:I, s:I, s:s}", "total", (json_int_t)total, "limit",
                             (json_int_t)query->limit, "revision", store->revision);
    if (json_object_set_new(page, "meta", meta) != 0) {
        return SUMMIT_NOMEM;
    }
    *ret_page = json_incref(page);
    return SUMMIT_OK;
}

static enum summit_status list(struct summit_store *store, const struct summit_query *query,
                               json_t *problems, json_t **ret_page, char **ret_next)
{
    char digest[17];
    int64_t after = 0;
    enum summit_status status = query_digest(query, digest);
    if (status == SUMMIT_OK) {
        status = summit_store_check(store, query, problems);
    }
    if (status == SUMMIT_OK) {
        status = check_cursor(store, query, digest, problems, &after);
    }
    if (status != SUMMIT_OK) {
        return status;
    }
    json_auto_t *page = NULL;
    struct selected selected = {.rows = NULL};
    status = build_page(store, query, after, problems, &page, &selected);
    char *next = NULL;
    if (status == SUMMIT_OK && selected.more) {
        status = cursor_encode(store->revision, digest, selected.last_rank, &next);
    }
    if (status == SUMMIT_OK) {
        *ret_page = json_incref(page);
        *ret_next = next;
    }
    return status;
}

static enum summit_status get(struct summit_store *store, const struct summit_query *query,
                              json_t *problems, json_t **ret_item)
{
    json_auto_t *ids = json_pack("[s]", query->id);
    if (ids == NULL) {
        return SUMMIT_NOMEM;
    }
    struct selection selection = {
        .resource = query->resource,
        .ids = ids,
        .limit = 1,
        .use = FIELD_DOCUMENT,
    };
    struct selected selected = {.rows = NULL};
    enum summit_status status = list_select(store, &selection, &selected);
    if (status != SUMMIT_OK) {
        return status;
    }
    json_auto_t *rows = selected.rows;
    if (json_array_size(rows) == 0) {
        return SUMMIT_NOT_FOUND;
    }
    json_auto_t *item = json_pack("{s:O}", "data", json_array_get(rows, 0));
    if (item == NULL) {
        return SUMMIT_NOMEM;
    }
    status = include_all(store, query, rows, item, problems);
    if (status != SUMMIT_OK) {
        return status;
    }
    json_t *meta = json_pack("{s:s}", "revision", store->revision);
    if (json_object_set_new(item, "meta", meta) != 0) {
        return SUMMIT_NOMEM;
    }
    *ret_item = json_incref(item);
    return SUMMIT_OK;
}

enum summit_status summit_store_list(struct summit_store *store, const struct summit_query *query,
                                     json_t **ret_page, char **ret_next, json_t **ret_problems)
{
    json_auto_t *problems = json_array();
    if (problems == NULL) {
        return SUMMIT_NOMEM;
    }
    enum summit_status status = list(store, query, problems, ret_page, ret_next);
    if (status == SUMMIT_INVALID || status == SUMMIT_GONE) {
        *ret_problems = json_incref(problems);
    }
    return status;
}

enum summit_status summit_store_get(struct summit_store *store, const struct summit_query *query,
                                    json_t **ret_item, json_t **ret_problems)
{
    json_auto_t *problems = json_array();
    if (problems == NULL) {
        return SUMMIT_NOMEM;
    }
    enum summit_status status = get(store, query, problems, ret_item);
    if (status == SUMMIT_INVALID) {
        *ret_problems = json_incref(problems);
    }
    return status;
}
