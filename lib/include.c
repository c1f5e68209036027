/* A relation is one more selection: by the ids that the rows name, or by a filter of the related
 * resource that tests for the rows' ids. */
#include "include.h"

#include <string.h>

#include "list.h"
#include "text.h"

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
                                  json_t *included, int64_t *left, json_t *problems)
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
        .limit = *left,
        .use = FIELD_DOCUMENT,
    };
    struct selected selected = {.rows = NULL};
    enum summit_status status = list_select(store, &selection, &selected);
    if (status != SUMMIT_OK) {
        return status;
    }
    *left -= (int64_t)json_array_size(selected.rows);
    if (json_object_set_new(included, relation->target, selected.rows) != 0) {
        return SUMMIT_NOMEM;
    }
    if (selected.more) {
        return query_problem(problems, "include", "include_too_large",
                             text_format("More than %d rows would be included; include less, or "
                                         "list the %s at their own address, page by page.",
                                         QUERY_INCLUDED_MAX, relation->target),
                             NULL);
    }
    return SUMMIT_OK;
}

enum summit_status include_rows(struct summit_store *store, const struct summit_query *query,
                                const json_t *rows, json_t *document, json_t *problems)
{
    if (query->includes[0] == NULL) {
        return SUMMIT_OK;
    }
    json_t *included = json_object();
    if (json_object_set_new(document, "included", included) != 0) {
        return SUMMIT_NOMEM;
    }
    int64_t left = QUERY_INCLUDED_MAX;
    enum summit_status status = SUMMIT_OK;
    for (size_t i = 0; status == SUMMIT_OK && query->includes[i] != NULL; i++) {
        status = include(store, query, query->includes[i], rows, included, &left, problems);
    }
    return status;
}
