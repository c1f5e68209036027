/* A relation is one more selection: by the ids that the rows name, or by a filter of the related
 * resource that tests for the rows' ids. A path of two is two of them in turn. Rows that several
 * paths lead to are shown once, in the order of their resource. */
#include "include.h"

#include <string.h>

#include "coverage.h"
#include "list.h"
#include "text.h"

struct including {
    struct summit_store *store;
    const struct summit_query *query;
    json_t *included; /* {resource: [row, ...]} */
    json_t *ranks;    /* {resource: [rank, ...]} of those */
    json_t *problems;
};

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

/* The ids that rows name in what a relation goes by, each once, as an array.
 *   ranks  of the rows. */
static enum summit_status gather_ids(struct summit_store *store, const struct resource *resource,
                                     const json_t *ranks, const struct relation *relation,
                                     json_t **ret_ids)
{
    const char *field = relation->filter != NULL ? "id" : relation->field;
    json_auto_t *unique = json_object();
    json_auto_t *ids = json_array();
    int failed = unique == NULL || ids == NULL;
    for (size_t i = 0; i < json_array_size(ranks) && !failed; i++) {
        json_auto_t *named = NULL;
        json_int_t rank = json_integer_value(json_array_get(ranks, i));
        enum summit_status status = list_field(store, resource, rank, field, &named);
        if (status != SUMMIT_OK) {
            return status;
        }
        failed |= gather(unique, named, relation->member);
    }
    const char *id;
    json_t *value;
    json_object_foreach(unique, id, value)
    {
        failed |= json_array_append_new(ids, json_string(id));
    }
    if (failed) {
        return SUMMIT_NOMEM;
    }
    *ret_ids = json_incref(ids);
    return SUMMIT_OK;
}

/* The filters that find related rows. A query about one summit, or filtered by some, includes
 * theirs only. */
static enum summit_status included_filters(const struct summit_query *query,
                                           const struct relation *relation, json_t *ids,
                                           json_t **ret_filters)
{
    json_auto_t *filters = json_pack("{s:O}", relation->filter, ids);
    const char *scope = query_scope(query);
    bool has_summit = strcmp(relation->filter, "summit") != 0 &&
                      resource_filter(resource_find(relation->target), "summit") != NULL;
    json_t *summits = json_object_get(query->filters, "summit");
    int failed = filters == NULL;
    if (!failed && has_summit && summits != NULL) {
        failed |= json_object_set(filters, "summit", summits);
    } else if (!failed && has_summit && scope != NULL) {
        failed |= json_object_set_new(filters, "summit", json_pack("[s]", scope));
    }
    if (failed) {
        return SUMMIT_NOMEM;
    }
    *ret_filters = json_incref(filters);
    return SUMMIT_OK;
}

static enum summit_status too_large(const struct including *including, const char *target)
{
    return query_problem(including->problems, "include", "include_too_large",
                         text_format("More than %d rows would be included; include less, or "
                                     "list the %s at their own address, page by page.",
                                     QUERY_INCLUDED_MAX, target),
                         NULL);
}

static enum summit_status select_related(const struct including *including,
                                         const struct resource *resource, const json_t *ranks,
                                         const struct relation *relation,
                                         struct selected *ret_selected)
{
    const struct summit_query *query = including->query;
    json_auto_t *ids = NULL;
    json_auto_t *filters = NULL;
    enum summit_status status = gather_ids(including->store, resource, ranks, relation, &ids);
    if (status == SUMMIT_OK && relation->filter != NULL) {
        status = included_filters(query, relation, ids, &filters);
    }
    if (status != SUMMIT_OK) {
        return status;
    }
    struct selection selection = {
        .resource = resource_find(relation->target),
        .filters = filters,
        .ids = relation->filter == NULL ? ids : NULL,
        .scope = query_scope(query),
        .limit = QUERY_INCLUDED_MAX,
        .use = FIELD_DOCUMENT,
        .has_texts = query_has_texts(query),
    };
    status = list_select(including->store, &selection, ret_selected);
    if (status == SUMMIT_OK && ret_selected->more) {
        status = too_large(including, relation->target);
    }
    return status;
}

/* Appends the entry at a place of each of two arrays to two others. */
static int append_pair(json_t *rows, json_t *ranks, const json_t *from_rows,
                       const json_t *from_ranks, size_t place)
{
    return json_array_append(rows, json_array_get(from_rows, place)) |
           json_array_append(ranks, json_array_get(from_ranks, place));
}

/* Merges what was selected into what is there of its resource, by rank. */
static enum summit_status merge(const struct including *including, const char *target,
                                const struct selected *selected)
{
    const json_t *old_rows = json_object_get(including->included, target);
    const json_t *old_ranks = json_object_get(including->ranks, target);
    json_auto_t *rows = json_array();
    json_auto_t *ranks = json_array();
    size_t old_count = json_array_size(old_rows);
    size_t new_count = json_array_size(selected->rows);
    int failed = rows == NULL || ranks == NULL;
    for (size_t i = 0, j = 0; !failed && (i < old_count || j < new_count);) {
        json_int_t old = json_integer_value(json_array_get(old_ranks, i));
        json_int_t new = json_integer_value(json_array_get(selected->ranks, j));
        if (j == new_count || (i < old_count && old <= new)) {
            failed |= append_pair(rows, ranks, old_rows, old_ranks, i++);
            j += j < new_count && old == new ? 1 : 0;
        } else {
            failed |= append_pair(rows, ranks, selected->rows, selected->ranks, j++);
        }
    }
    if (failed || json_object_set(including->included, target, rows) != 0 ||
        json_object_set(including->ranks, target, ranks) != 0) {
        return SUMMIT_NOMEM;
    }
    return SUMMIT_OK;
}

/* Coverage is all of one item or nothing, so there is nothing less to ask for. */
static enum summit_status too_much_coverage(const struct including *including)
{
    return query_problem(including->problems, "include", "include_too_large",
                         text_format("More than %d rows cite this source, too many for one answer; "
                                     "list each resource with the filter source=%s instead, page "
                                     "by page.",
                                     QUERY_INCLUDED_MAX, including->query->id),
                         NULL);
}

static enum summit_status include_coverage(const struct including *including)
{
    json_t *paragraphs = NULL;
    bool more = false;
    enum summit_status status = coverage_list(including->store, including->query->id,
                                              QUERY_INCLUDED_MAX, &paragraphs, &more);
    if (status == SUMMIT_OK &&
        json_object_set_new(including->included, "coverage", paragraphs) != 0) {
        status = SUMMIT_NOMEM;
    }
    return status == SUMMIT_OK && more ? too_much_coverage(including) : status;
}

static enum summit_status include_path(const struct including *including,
                                       const struct query_path *path, const json_t *ranks)
{
    if (path->first->field == NULL && path->first->filter == NULL) {
        return include_coverage(including);
    }
    selected_auto first = {.rows = NULL};
    enum summit_status status =
        select_related(including, including->query->resource, ranks, path->first, &first);
    if (status == SUMMIT_OK) {
        status = merge(including, path->first->target, &first);
    }
    if (status != SUMMIT_OK || path->second == NULL) {
        return status;
    }
    selected_auto second = {.rows = NULL};
    const struct resource *target = resource_find(path->first->target);
    status = select_related(including, target, first.ranks, path->second, &second);
    return status == SUMMIT_OK ? merge(including, path->second->target, &second) : status;
}

static enum summit_status check_size(const struct including *including)
{
    size_t size = 0;
    const char *target;
    json_t *ranks;
    json_object_foreach(including->ranks, target, ranks)
    {
        size += json_array_size(ranks);
        if (size > QUERY_INCLUDED_MAX) {
            return too_large(including, target);
        }
    }
    return SUMMIT_OK;
}

enum summit_status include_rows(struct summit_store *store, const struct summit_query *query,
                                const json_t *ranks, json_t *document, json_t *problems)
{
    if (query->includes[0].first == NULL) {
        return SUMMIT_OK;
    }
    json_auto_t *included = json_object();
    json_auto_t *included_ranks = json_object();
    if (included == NULL || included_ranks == NULL) {
        return SUMMIT_NOMEM;
    }
    struct including including = {store, query, included, included_ranks, problems};
    enum summit_status status = SUMMIT_OK;
    for (size_t i = 0; status == SUMMIT_OK && query->includes[i].first != NULL; i++) {
        status = include_path(&including, &query->includes[i], ranks);
        status = status == SUMMIT_OK ? check_size(&including) : status;
    }
    if (status == SUMMIT_OK && json_object_set(document, "included", included) != 0) {
        status = SUMMIT_NOMEM;
    }
    return status;
}
