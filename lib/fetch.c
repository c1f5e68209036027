/* A query run against a store. First the parts of it that only the database can check: do the rows
 * that filters name exist, is the cursor of this revision? Then the rows, the total, and the
 * related rows that `include` asks for, each once, by one more selection a relation. */
#include <string.h>

#include "cursor.h"
#include "digest.h"
#include "include.h"
#include "list.h"
#include "query.h"
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
static enum summit_status check(struct summit_store *store, const struct summit_query *query,
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
    return check(store, query, problems, &after);
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
    status = include_rows(store, query, ret_selected->rows, page, problems);
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
    int64_t after = 0;
    enum summit_status status = check(store, query, problems, &after);
    if (status != SUMMIT_OK) {
        return status;
    }
    json_auto_t *page = NULL;
    struct selected selected = {.rows = NULL};
    status = build_page(store, query, after, problems, &page, &selected);
    char *next = NULL;
    char digest[DIGEST_LENGTH + 1];
    if (status == SUMMIT_OK && selected.more) {
        status = query_digest(query, digest);
    }
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
    status = include_rows(store, query, rows, item, problems);
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
