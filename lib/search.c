/* A document of the search index is known by its rowid: those of each resource stand together, in
 * the order of its ranks. */
#include "search.h"

#include <string.h>

#include "document.h"
#include "snippet.h"
#include "sql.h"

/* Without memory SQLite's snippet() goes on as if nothing matched: it gives the start of the first
 * column, and no error. That the list of matches is there, places() sees to before; what else it
 * may lack, it has when it is asked once again. */
static enum summit_status parse_marked(sqlite3_stmt *stmt, json_t **ret_snippet)
{
    const char *marked = (const char *)sqlite3_column_text(stmt, 1);
    const char *again = (const char *)sqlite3_column_text(stmt, 2);
    if (marked == NULL || again == NULL || strcmp(marked, again) != 0) {
        return SUMMIT_NOMEM;
    }
    return snippet_parse(marked, (size_t)sqlite3_column_bytes(stmt, 1), ret_snippet);
}

static enum summit_status read_snippet(struct summit_store *store, const char *match, int64_t rowid,
                                       json_t **ret_snippet)
{
    statement_guard *guard = NULL;
    enum summit_status status = store_prepare(store, sql_snippet, &guard);
    if (status != SUMMIT_OK) {
        return status;
    }
    status = statement_bind_text(guard, ":match", match);
    if (status == SUMMIT_OK) {
        status = statement_bind_integer(guard, ":rowid", rowid);
    }
    if (status != SUMMIT_OK) {
        return status;
    }
    int code = sqlite3_step(guard);
    if (code != SQLITE_ROW) {
        return code == SQLITE_DONE ? SUMMIT_CORRUPT : statement_outcome(store->db, code);
    }
    return parse_marked(guard, ret_snippet);
}

enum summit_status search_highlights(struct summit_store *store, const struct selection *selection,
                                     const struct selected *selected, json_t **ret_highlights)
{
    int64_t base = store->bases[resource_index(selection->resource)];
    json_auto_t *highlights = json_object();
    enum summit_status status = highlights == NULL ? SUMMIT_NOMEM : SUMMIT_OK;
    for (size_t i = 0; status == SUMMIT_OK && i < json_array_size(selected->rows); i++) {
        const json_t *id = json_object_get(json_array_get(selected->rows, i), "id");
        json_t *snippet = NULL;
        status =
            read_snippet(store, selection->plan->expansion.match,
                         base + json_integer_value(json_array_get(selected->ranks, i)), &snippet);
        if (status == SUMMIT_OK &&
            json_object_set_new(highlights, json_string_value(id), snippet) != 0) {
            status = SUMMIT_NOMEM;
        }
    }
    status = status == SUMMIT_OK ? store_check_untouched(store) : status;
    if (status == SUMMIT_OK) {
        *ret_highlights = json_incref(highlights);
    }
    return status;
}

/* The resource a document is of. */
static size_t document_resource(const struct summit_store *store, int64_t rowid)
{
    size_t index = 0;
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        if (rowid > store->bases[i] && rowid <= store->bases[i] + store->row_counts[i]) {
            index = i;
        }
    }
    return index;
}

static enum summit_status add_result(struct summit_store *store, const char *match, int64_t rowid,
                                     json_t *results)
{
    size_t index = document_resource(store, rowid);
    const struct resource *resource = resources[index];
    json_auto_t *row = NULL;
    json_t *snippet = NULL;
    enum summit_status status = list_show(store, resource, rowid - store->bases[index], &row);
    if (status == SUMMIT_OK) {
        status = read_snippet(store, match, rowid, &snippet);
    }
    if (status != SUMMIT_OK) {
        return status;
    }
    json_t *result =
        json_pack("{s:s, s:O, s:o, s:o}", "type", resource->name, "id", json_object_get(row, "id"),
                  "title", document_label(resource, row), "snippet", snippet);
    return json_array_append_new(results, result) == 0 ? SUMMIT_OK : SUMMIT_NOMEM;
}

enum summit_status search_page(struct summit_store *store, const struct summit_query *query,
                               const struct selection *selection, struct selected *selected,
                               json_t **ret_page)
{
    int64_t total = 0;
    bool is_exact = true;
    enum summit_status status = list_total(store, selection, &total, &is_exact);
    if (status == SUMMIT_OK) {
        status = list_ranks(store, selection, selected);
    }
    json_auto_t *results = json_array();
    if (status == SUMMIT_OK && results == NULL) {
        status = SUMMIT_NOMEM;
    }
    for (size_t i = 0; status == SUMMIT_OK && i < json_array_size(selected->ranks); i++) {
        status = add_result(store, selection->plan->expansion.match,
                            json_integer_value(json_array_get(selected->ranks, i)), results);
    }
    status = status == SUMMIT_OK ? store_check_untouched(store) : status;
    if (status != SUMMIT_OK) {
        return status;
    }
    *ret_page = json_pack("{s:O, s:{s:I, s:s, s:I, s:s, s:s}}", "data", results, "meta", "total",
                          (json_int_t)total, "total_qualifier", is_exact ? "exact" : "at_least",
                          "limit", (json_int_t)query->limit, "revision", store->revision, "ranking",
                          selected->is_ranked ? "bm25" : "none");
    return *ret_page == NULL ? SUMMIT_NOMEM : SUMMIT_OK;
}
