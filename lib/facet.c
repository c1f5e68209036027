/* A facet is counted in one of three ways. Of all rows, and of those of one term that has many,
 * publishing has counted them. Of any other selection the rows are listed and counted here, the
 * first PLAN_EXAMINED_MAX of them, so that no request costs more than that. */
#include "facet.h"

#include "sql.h"
#include "terms.h"

struct counting {
    struct summit_store *store;
    const struct selection *selection;
    json_t *rows; /* the ranks of its rows, once they are listed */
    bool is_cut;  /* there are more than those */
};

static enum summit_status read_counts(struct summit_store *store, sqlite3_stmt *stmt,
                                      json_t **ret_counts)
{
    json_auto_t *counts = json_array();
    if (counts == NULL) {
        return SUMMIT_NOMEM;
    }
    int code;
    while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
        json_t *count = json_pack("{s:s, s:I}", "value", (const char *)sqlite3_column_text(stmt, 0),
                                  "count", (json_int_t)sqlite3_column_int64(stmt, 1));
        if (json_array_append_new(counts, count) != 0) {
            return SUMMIT_NOMEM;
        }
    }
    enum summit_status status = statement_outcome(store->db, code);
    status = status == SUMMIT_OK ? store_check_untouched(store) : status;
    if (status == SUMMIT_OK) {
        *ret_counts = json_incref(counts);
    }
    return status;
}

/* The statement for one facet, with what all of them have in common bound. */
static enum summit_status get_statement(const struct counting *counting, const char *sql,
                                        const struct filter *filter, sqlite3_stmt **ret_stmt)
{
    enum summit_status status = store_prepare(counting->store, sql, ret_stmt);
    if (status == SUMMIT_OK) {
        status = statement_bind_text(*ret_stmt, ":resource", counting->selection->resource->name);
    }
    if (status == SUMMIT_OK) {
        status = statement_bind_text(*ret_stmt, ":filter", filter->name);
    }
    return status == SUMMIT_OK ? statement_bind_integer(*ret_stmt, ":limit", FACET_VALUES_MAX)
                               : status;
}

static enum summit_status count_all(const struct counting *counting, const struct filter *filter,
                                    json_t **ret_counts)
{
    statement_guard *guard = NULL;
    enum summit_status status = get_statement(counting, sql_facet_all, filter, &guard);
    return status == SUMMIT_OK ? read_counts(counting->store, guard, ret_counts) : status;
}

static enum summit_status count_pairs(const struct counting *counting, const struct filter *filter,
                                      json_t **ret_counts)
{
    statement_guard *guard = NULL;
    enum summit_status status = get_statement(counting, sql_facet_pair, filter, &guard);
    if (status == SUMMIT_OK) {
        const json_t *term = json_array_get(counting->selection->plan->clauses[0].terms, 0);
        status = statement_bind_integer(guard, ":term", json_integer_value(term));
    }
    return status == SUMMIT_OK ? read_counts(counting->store, guard, ret_counts) : status;
}

static enum summit_status list_rows(struct counting *counting)
{
    struct selection selection = *counting->selection;
    selection.order = NULL;
    selection.after = 0;
    selection.limit = PLAN_EXAMINED_MAX;
    selected_auto selected = {.rows = NULL};
    enum summit_status status = list_ranks(counting->store, &selection, &selected);
    if (status == SUMMIT_OK) {
        counting->rows = json_incref(selected.ranks);
        counting->is_cut = selected.more;
    }
    return status;
}

static enum summit_status count_rows(struct counting *counting, const struct filter *filter,
                                     json_t **ret_counts)
{
    enum summit_status status = counting->rows == NULL ? list_rows(counting) : SUMMIT_OK;
    if (status != SUMMIT_OK) {
        return status;
    }
    bool is_of_summits =
        filter->is_of_summit && json_object_get(counting->selection->filters, "summit") != NULL;
    json_auto_t *names = terms_names(filter, counting->selection->filters);
    if (names == NULL) {
        return SUMMIT_NOMEM;
    }
    statement_guard *guard = NULL;
    status =
        get_statement(counting, is_of_summits ? sql_facet_summits : sql_facet_rows, filter, &guard);
    if (status == SUMMIT_OK) {
        status = statement_bind_json(guard, ":rows", counting->rows);
    }
    if (status == SUMMIT_OK) {
        status = statement_bind_json(guard, ":filters", names);
    }
    return status == SUMMIT_OK ? read_counts(counting->store, guard, ret_counts) : status;
}

/* Whether publishing has counted this filter's values among the rows of the selection's one term.
 */
static enum summit_status has_pairs(const struct counting *counting, const struct filter *filter,
                                    bool *ret_has)
{
    const struct plan *plan = counting->selection->plan;
    *ret_has = plan->clause_count == 1 && json_array_size(plan->clauses[0].terms) == 1 &&
               plan->clauses[0].row_count >= FACET_PAIR_ROWS_MIN &&
               counting->selection->match == NULL && !filter->is_of_summit;
    if (!*ret_has) {
        return SUMMIT_OK;
    }
    statement_guard *guard = NULL;
    enum summit_status status = get_statement(counting, sql_facet_width, filter, &guard);
    if (status == SUMMIT_OK) {
        status = statement_bind_integer(guard, ":limit", FACET_PAIR_WIDTH_MAX + 1);
    }
    if (status != SUMMIT_OK) {
        return status;
    }
    int code = sqlite3_step(guard);
    *ret_has = code == SQLITE_ROW && sqlite3_column_int(guard, 0) <= FACET_PAIR_WIDTH_MAX;
    return code == SQLITE_ROW ? SUMMIT_OK : statement_outcome(counting->store->db, code);
}

static enum summit_status count_facet(struct counting *counting, const struct filter *filter,
                                      json_t **ret_counts)
{
    const struct selection *selection = counting->selection;
    if (selection->is_empty || counting->selection->plan->is_empty) {
        *ret_counts = json_array();
        return *ret_counts == NULL ? SUMMIT_NOMEM : SUMMIT_OK;
    }
    if (counting->selection->plan->clause_count == 0 && selection->match == NULL) {
        return count_all(counting, filter, ret_counts);
    }
    bool has = false;
    enum summit_status status = has_pairs(counting, filter, &has);
    if (status != SUMMIT_OK) {
        return status;
    }
    return has ? count_pairs(counting, filter, ret_counts)
               : count_rows(counting, filter, ret_counts);
}

enum summit_status facet_count(struct summit_store *store, const struct selection *selection,
                               const struct filter *const *filters, json_t **ret_facets,
                               bool *ret_is_exact)
{
    struct counting counting = {.store = store, .selection = selection};
    json_auto_t *facets = json_object();
    enum summit_status status = facets == NULL ? SUMMIT_NOMEM : SUMMIT_OK;
    for (size_t i = 0; status == SUMMIT_OK && filters[i] != NULL; i++) {
        json_t *counts = NULL;
        status = count_facet(&counting, filters[i], &counts);
        if (status == SUMMIT_OK && json_object_set_new(facets, filters[i]->name, counts) != 0) {
            status = SUMMIT_NOMEM;
        }
    }
    json_decref(counting.rows);
    if (status == SUMMIT_OK) {
        *ret_facets = json_incref(facets);
        *ret_is_exact = !counting.is_cut;
    }
    return status;
}
