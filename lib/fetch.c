/* A query run against a store. First the parts of it that only the database can check: do the rows
 * that filters name exist, is the cursor of this revision? Then the rows, the total, the facets,
 * and the related rows that `include` asks for. */
#include <string.h>

#include "cursor.h"
#include "digest.h"
#include "facet.h"
#include "fetch.h"
#include "include.h"
#include "list.h"
#include "query.h"
#include "search.h"
#include "store.h"
#include "summit.h"
#include "text.h"
#include "values.h"

static enum summit_status check_filters(struct summit_store *store,
                                        const struct summit_query *query, json_t *problems)
{
    enum summit_status result = SUMMIT_OK;
    for (const struct filter *f = query->resource->filters; f->name != NULL; f++) {
        enum summit_status status =
            values_check(store, f, json_object_get(query->filters, f->name), problems);
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

/* Reads the cursor, if there is one.
 *   ret_after  the rank it stands for. */
static enum summit_status check_cursor(const struct summit_store *store,
                                       const struct summit_query *query, json_t *problems,
                                       int64_t *ret_after)
{
    char digest[DIGEST_LENGTH + 1];
    if (query->cursor == NULL) {
        return SUMMIT_OK;
    }
    if (query_digest(query, digest) != SUMMIT_OK) {
        return SUMMIT_NOMEM;
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

/* Both checks, so that all problems are found; what is worse than a problem ends it. */
enum summit_status fetch_check(struct summit_store *store, const struct summit_query *query,
                               json_t *problems, int64_t *ret_after)
{
    enum summit_status filters = check_filters(store, query, problems);
    if (filters != SUMMIT_OK && filters != SUMMIT_INVALID) {
        return filters;
    }
    enum summit_status cursor = check_cursor(store, query, problems, ret_after);
    bool worse = cursor != SUMMIT_OK && cursor != SUMMIT_GONE;
    return filters == SUMMIT_OK || worse ? cursor : filters;
}

enum summit_status summit_store_check(struct summit_store *store, const struct summit_query *query,
                                      json_t *problems)
{
    int64_t after = 0;
    return fetch_check(store, query, problems, &after);
}

enum list_form fetch_form(const struct summit_query *query)
{
    bool has_texts = query_shows_whole_rows(query) && summit_query_format(query) == SUMMIT_JSON &&
                     query->allows_texts && !query->is_pretty;
    return has_texts ? LIST_ARRAY : LIST_OBJECTS;
}

void fetch_selection(const struct summit_query *query, struct selection *ret_selection)
{
    *ret_selection = (struct selection){
        .resource = query->resource == &query_search ? NULL : query->resource,
        .filters = query->filters,
        .types = query->resource == &query_search ? json_object_get(query->filters, "type") : NULL,
        .match = query->match,
        .is_empty = query->text != NULL && query->match == NULL,
        .order = query->order[0].key == NULL ? NULL : query->order,
        .scope = query_scope(query),
        .limit = query->limit,
        .use = FIELD_DOCUMENT,
        .form = fetch_form(query),
    };
}

json_t *fetch_fields(const struct summit_query *query, json_t *rows)
{
    if (query->fields == NULL) {
        return json_incref(rows);
    }
    json_auto_t *kept = json_array();
    int failed = kept == NULL;
    for (size_t i = 0; !failed && i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        json_t *copy = json_object();
        failed |= json_array_append_new(kept, copy);
        for (const struct field *f = query->resource->fields; !failed && f->name != NULL; f++) {
            bool is_kept = false;
            for (size_t j = 0; j < json_array_size(query->fields); j++) {
                const char *name = json_string_value(json_array_get(query->fields, j));
                is_kept |= strcmp(name, f->name) == 0;
            }
            failed |= is_kept ? json_object_set(copy, f->name, json_object_get(row, f->name)) : 0;
        }
    }
    return failed ? NULL : json_incref(kept);
}

static const char *qualifier(bool is_exact)
{
    return is_exact ? "exact" : "at_least";
}

/* {"total", "total_qualifier", "limit", "revision"}. */
static enum summit_status make_meta(struct summit_store *store, const struct summit_query *query,
                                    const struct selection *selection, json_t **ret_meta)
{
    int64_t total = 0;
    bool is_exact = true;
    enum summit_status status = list_total(store, selection, &total, &is_exact);
    if (status == SUMMIT_OK) {
        json_auto_t *meta = json_object();
        int failed = json_object_set_new_nocheck(meta, "total", json_integer(total));
        failed |= json_object_set_new_nocheck(meta, "total_qualifier",
                                              json_string_nocheck(qualifier(is_exact)));
        failed |= json_object_set_new_nocheck(meta, "limit", json_integer(query->limit));
        failed |=
            json_object_set_new_nocheck(meta, "revision", json_string_nocheck(store->revision));
        *ret_meta = failed != 0 ? NULL : json_incref(meta);
        status = failed != 0 ? SUMMIT_NOMEM : SUMMIT_OK;
    }
    return status;
}

static enum summit_status add_facets(struct summit_store *store, const struct summit_query *query,
                                     const struct selection *selection, json_t *meta)
{
    if (query->facets[0] == NULL) {
        return SUMMIT_OK;
    }
    json_t *facets = NULL;
    bool is_exact = true;
    enum summit_status status = facet_count(store, selection, query->facets, &facets, &is_exact);
    if (status != SUMMIT_OK) {
        return status;
    }
    int failed = json_object_set_new(meta, "facets", facets);
    failed |= json_object_set_new(meta, "facets_qualifier", json_string(qualifier(is_exact)));
    return failed != 0 ? SUMMIT_NOMEM : SUMMIT_OK;
}

/* How the rows of a search are ordered, and where each of them matches. */
static enum summit_status add_search(struct summit_store *store, const struct summit_query *query,
                                     const struct selection *selection,
                                     const struct selected *selected, json_t *meta)
{
    if (query->text == NULL) {
        return SUMMIT_OK;
    }
    json_t *highlights = NULL;
    enum summit_status status = search_highlights(store, selection, selected, &highlights);
    if (status != SUMMIT_OK) {
        return status;
    }
    int failed =
        json_object_set_new(meta, "ranking", json_string(selected->is_ranked ? "bm25" : "none"));
    failed |= json_object_set_new(meta, "highlights", highlights);
    return failed != 0 ? SUMMIT_NOMEM : SUMMIT_OK;
}

static enum summit_status build_page(struct summit_store *store, const struct summit_query *query,
                                     const struct selection *selection, json_t *problems,
                                     struct selected *selected, json_t **ret_page)
{
    json_auto_t *meta = NULL;
    enum summit_status status = make_meta(store, query, selection, &meta);
    if (status == SUMMIT_OK) {
        status = list_select(store, selection, selected);
    }
    if (status == SUMMIT_OK) {
        status = add_search(store, query, selection, selected, meta);
    }
    if (status == SUMMIT_OK) {
        status = add_facets(store, query, selection, meta);
    }
    if (status != SUMMIT_OK) {
        return status;
    }
    json_auto_t *page = json_object();
    if (json_object_set_new_nocheck(page, "data", fetch_fields(query, selected->rows)) != 0) {
        return SUMMIT_NOMEM;
    }
    status = include_rows(store, query, selected->ranks, page, problems);
    if (status == SUMMIT_OK && json_object_set(page, "meta", meta) != 0) {
        status = SUMMIT_NOMEM;
    }
    if (status == SUMMIT_OK) {
        *ret_page = json_incref(page);
    }
    return status;
}

enum summit_status fetch_next(const struct summit_store *store, const struct summit_query *query,
                              const struct selected *selected, char **ret_next)
{
    char digest[DIGEST_LENGTH + 1];
    if (!selected->more) {
        *ret_next = NULL;
        return SUMMIT_OK;
    }
    enum summit_status status = query_digest(query, digest);
    return status == SUMMIT_OK
               ? cursor_encode(store->revision, digest, selected->last_rank, ret_next)
               : status;
}

/* Makes the plan of a selection and checks the query. A value that has rows is in the database, so
 * filters are checked only when one has none; a search that takes too long is told before that. */
static enum summit_status plan_and_check(struct summit_store *store,
                                         const struct summit_query *query, json_t *problems,
                                         struct selection *selection, struct plan *plan)
{
    enum summit_status status = list_plan(store, selection, plan);
    if (status != SUMMIT_OK) {
        return status;
    }
    selection->plan = plan;
    return plan->lacks_terms ? fetch_check(store, query, problems, &selection->after)
                             : check_cursor(store, query, problems, &selection->after);
}

static enum summit_status list(struct summit_store *store, const struct summit_query *query,
                               json_t *problems, json_t **ret_page, char **ret_next)
{
    struct selection selection;
    plan_auto plan = {.resource = NULL};
    json_auto_t *page = NULL;
    selected_auto selected = {.rows = NULL};
    fetch_selection(query, &selection);
    enum summit_status status = plan_and_check(store, query, problems, &selection, &plan);
    if (status == SUMMIT_OK) {
        status = query->kind == QUERY_SEARCH
                     ? search_page(store, query, &selection, &selected, &page)
                     : build_page(store, query, &selection, problems, &selected, &page);
    }
    if (status == SUMMIT_OK) {
        status = fetch_next(store, query, &selected, ret_next);
    }
    if (status == SUMMIT_OK) {
        *ret_page = json_incref(page);
    }
    return status;
}

/* The only row of a list. NULL when out of memory. */
static json_t *only_row(const struct summit_query *query, json_t *rows)
{
    if (json_is_string(rows)) { /* without the brackets of the array */
        return json_stringn_nocheck(json_string_value(rows) + 1, json_string_length(rows) - 2);
    }
    json_auto_t *kept = fetch_fields(query, rows);
    return json_incref(json_array_get(kept, 0));
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
        .form = fetch_form(query),
    };
    selected_auto selected = {.rows = NULL};
    enum summit_status status = list_select(store, &selection, &selected);
    if (status != SUMMIT_OK) {
        return status;
    }
    if (json_array_size(selected.ranks) == 0) {
        return SUMMIT_NOT_FOUND;
    }
    json_auto_t *item = json_pack("{s:o}", "data", only_row(query, selected.rows));
    if (item == NULL) {
        return SUMMIT_NOMEM;
    }
    status = include_rows(store, query, selected.ranks, item, problems);
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
