/* A relation leads to the rows whose ids rows name, which are the terms that find them; or it is
 * one more selection, by a filter of the related resource that tests for the rows' ids. A path of
 * two is two of them in turn. Rows that several paths lead to are shown once, in the order of their
 * resource. */
#include "include.h"

#include <string.h>

#include "coverage.h"
#include "fetch.h"
#include "list.h"
#include "show.h"
#include "text.h"

struct including {
    struct summit_store *store;
    const struct summit_query *query;
    json_t *included; /* {resource: rows}, null until they are shown */
    json_t *ranks;    /* {resource: [rank, ...]} */
    json_t *problems;
};

static enum summit_status collect_ids(sqlite3 *db, sqlite3_stmt *stmt, json_t *ids)
{
    int code;
    while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
        const char *id = (const char *)sqlite3_column_text(stmt, 0);
        size_t length = (size_t)sqlite3_column_bytes(stmt, 0);
        if (id == NULL || json_array_append_new(ids, json_stringn(id, length)) != 0) {
            return SUMMIT_NOMEM;
        }
    }
    return statement_outcome(db, code);
}

/* The ids of rows, each once, as an array.
 *   ranks  of the rows. */
static enum summit_status gather_ids(struct summit_store *store, const struct resource *resource,
                                     const json_t *ranks, json_t **ret_ids)
{
    text_auto *text = plan_ids_text(resource);
    json_auto_t *ids = json_array();
    statement_guard *guard = NULL;
    if (text == NULL || ids == NULL) {
        return SUMMIT_NOMEM;
    }
    enum summit_status status = store_prepare(store, text, &guard);
    if (status == SUMMIT_OK) {
        status = statement_bind_json(guard, ":ranks", ranks);
    }
    if (status == SUMMIT_OK) {
        status = collect_ids(store->db, guard, ids);
    }
    if (status == SUMMIT_OK) {
        status = store_check_untouched(store);
    }
    if (status == SUMMIT_OK) {
        *ret_ids = json_incref(ids);
    }
    return status;
}

/* Puts a rank in its place among others, unless it is there. Returns 0, or -1 when out of memory.
 */
static int insert_rank(json_t *ranks, int64_t rank)
{
    size_t low = 0;
    size_t high = json_array_size(ranks);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (json_integer_value(json_array_get(ranks, middle)) < rank) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool is_there =
        low < json_array_size(ranks) && json_integer_value(json_array_get(ranks, low)) == rank;
    return is_there ? 0 : json_array_insert_new(ranks, low, json_integer(rank));
}

/* One more rank than may be included is enough to see that there are too many. */
static enum summit_status collect_named(sqlite3 *db, sqlite3_stmt *stmt, struct selected *selected)
{
    int code = SQLITE_DONE;
    while (!selected->more && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
        if (insert_rank(selected->ranks, sqlite3_column_int64(stmt, 0)) != 0) {
            return SUMMIT_NOMEM;
        }
        selected->more = json_array_size(selected->ranks) > QUERY_INCLUDED_MAX;
    }
    return statement_outcome(db, code);
}

/* The ranks of the rows that rows of a resource name, each once and in order. */
static enum summit_status select_named(struct summit_store *store, const struct resource *resource,
                                       const json_t *ranks, const struct relation *relation,
                                       struct selected *ret_selected)
{
    text_auto *text = plan_named_text(resource_find(relation->target));
    ret_selected->ranks = json_array();
    statement_guard *guard = NULL;
    if (text == NULL || ret_selected->ranks == NULL) {
        return SUMMIT_NOMEM;
    }
    enum summit_status status = store_prepare(store, text, &guard);
    if (status == SUMMIT_OK) {
        status = statement_bind_json(guard, ":ranks", ranks);
    }
    if (status == SUMMIT_OK) {
        status = statement_bind_text(guard, ":resource", resource->name);
    }
    if (status == SUMMIT_OK) {
        status = statement_bind_text(guard, ":filter", relation->names);
    }
    if (status == SUMMIT_OK) {
        status = collect_named(store->db, guard, ret_selected);
    }
    return status == SUMMIT_OK ? store_check_untouched(store) : status;
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

/* The ranks of the rows that test for rows of a resource in one of their filters. */
static enum summit_status select_naming(const struct including *including,
                                        const struct resource *resource, const json_t *ranks,
                                        const struct relation *relation,
                                        struct selected *ret_selected)
{
    json_auto_t *ids = NULL;
    json_auto_t *filters = NULL;
    enum summit_status status = gather_ids(including->store, resource, ranks, &ids);
    if (status == SUMMIT_OK) {
        status = included_filters(including->query, relation, ids, &filters);
    }
    if (status != SUMMIT_OK) {
        return status;
    }
    const struct selection selection = {
        .resource = resource_find(relation->target),
        .filters = filters,
        .limit = QUERY_INCLUDED_MAX,
    };
    return list_ranks(including->store, &selection, ret_selected);
}

static enum summit_status select_related(const struct including *including,
                                         const struct resource *resource, const json_t *ranks,
                                         const struct relation *relation,
                                         struct selected *ret_selected)
{
    enum summit_status status =
        relation->names != NULL
            ? select_named(including->store, resource, ranks, relation, ret_selected)
            : select_naming(including, resource, ranks, relation, ret_selected);
    if (status == SUMMIT_OK && ret_selected->more) {
        status = too_large(including, relation->target);
    }
    return status;
}

/* Merges the ranks of rows into those that are there of their resource. Its rows get a place in the
 * document, in the order in which resources are named. */
static enum summit_status merge(const struct including *including, const char *target,
                                const json_t *added)
{
    const json_t *old = json_object_get(including->ranks, target);
    json_auto_t *merged = json_array();
    size_t old_count = json_array_size(old);
    size_t added_count = json_array_size(added);
    int failed = merged == NULL;
    for (size_t i = 0, j = 0; !failed && (i < old_count || j < added_count);) {
        json_t *first = json_array_get(old, i);
        json_t *second = json_array_get(added, j);
        bool is_first = j == added_count ||
                        (i < old_count && json_integer_value(first) <= json_integer_value(second));
        j += !is_first || (j < added_count && json_equal(first, second)) ? 1 : 0;
        i += is_first ? 1 : 0;
        failed |= json_array_append(merged, is_first ? first : second);
    }
    if (failed || json_object_set(including->ranks, target, merged) != 0 ||
        json_object_set_new(including->included, target, json_null()) != 0) {
        return SUMMIT_NOMEM;
    }
    return SUMMIT_OK;
}

/* Shows each row once, when all paths have been followed. */
static enum summit_status show_included(const struct including *including)
{
    const char *target;
    json_t *ranks;
    json_object_foreach(including->ranks, target, ranks)
    {
        const struct selection selection = {
            .resource = resource_find(target),
            .scope = query_scope(including->query),
            .use = FIELD_DOCUMENT,
            .form = fetch_form(including->query),
        };
        json_t *rows = NULL;
        enum summit_status status = show_rows(including->store, &selection, ranks, &rows);
        if (status != SUMMIT_OK) {
            return status;
        }
        if (json_object_set_new(including->included, target, rows) != 0) {
            return SUMMIT_NOMEM;
        }
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
    if (resource_relation_is_made(path->first)) {
        return include_coverage(including);
    }
    selected_auto first = {.rows = NULL};
    enum summit_status status =
        select_related(including, including->query->resource, ranks, path->first, &first);
    if (status == SUMMIT_OK) {
        status = merge(including, path->first->target, first.ranks);
    }
    if (status != SUMMIT_OK || path->second == NULL) {
        return status;
    }
    selected_auto second = {.rows = NULL};
    const struct resource *target = resource_find(path->first->target);
    status = select_related(including, target, first.ranks, path->second, &second);
    return status == SUMMIT_OK ? merge(including, path->second->target, second.ranks) : status;
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
    if (query->include_count == 0) {
        return SUMMIT_OK;
    }
    json_auto_t *included = json_object();
    json_auto_t *included_ranks = json_object();
    if (included == NULL || included_ranks == NULL) {
        return SUMMIT_NOMEM;
    }
    struct including including = {store, query, included, included_ranks, problems};
    enum summit_status status = SUMMIT_OK;
    for (size_t i = 0; status == SUMMIT_OK && i < query->include_count; i++) {
        status = include_path(&including, &query->includes[i], ranks);
        status = status == SUMMIT_OK ? check_size(&including) : status;
    }
    status = status == SUMMIT_OK ? show_included(&including) : status;
    if (status == SUMMIT_OK && json_object_set(document, "included", included) != 0) {
        status = SUMMIT_NOMEM;
    }
    return status;
}
