/* First the ranks of the rows, by the statement that plan.c writes; then each row by its rank, in
 * that order (show.c). */
#include "list.h"

#include "show.h"
#include "terms.h"
#include "text.h"

void list_clear(struct selected *selected)
{
    json_decref(selected->rows);
    json_decref(selected->ranks);
    *selected = (struct selected){.rows = NULL};
}

enum summit_status list_plan(struct summit_store *store, const struct selection *selection,
                             struct plan *ret_plan)
{
    *ret_plan = (struct plan){
        .resource = selection->resource,
        .has_ids = selection->ids != NULL,
        .has_types = selection->types != NULL,
        .has_match = selection->match != NULL,
        .is_empty = selection->is_empty,
        .row_count = selection->resource == NULL
                         ? store->document_count
                         : store->row_counts[resource_index(selection->resource)],
    };
    enum summit_status status = terms_resolve(store, selection, ret_plan);
    if (status == SUMMIT_OK && ret_plan->has_match) {
        status = terms_match(store, selection, ret_plan);
    }
    return status;
}

/* The plan of a selection that has one, or one made now.
 *   own       what is made, to be cleared.
 *   ret_plan  a copy of it to choose the driver in. */
static enum summit_status take_plan(struct summit_store *store, const struct selection *selection,
                                    struct plan *own, struct plan *ret_plan)
{
    enum summit_status status =
        selection->plan == NULL ? list_plan(store, selection, own) : SUMMIT_OK;
    *ret_plan = selection->plan == NULL ? *own : *selection->plan;
    return status;
}

static enum summit_status bind_clauses(sqlite3_stmt *stmt, const struct plan *plan)
{
    enum summit_status status = SUMMIT_OK;
    for (size_t i = 0; status == SUMMIT_OK && i < plan->clause_count; i++) {
        const json_t *terms = plan->clauses[i].terms;
        const char *name = plan_term_name(i);
        if (json_array_size(terms) == 1) {
            json_int_t term = json_integer_value(json_array_get(terms, 0));
            status = statement_bind_integer(stmt, name, term);
        } else {
            status = statement_bind_json(stmt, name, terms);
        }
    }
    return status;
}

static enum summit_status bind(const struct summit_store *store, sqlite3_stmt *stmt,
                               const struct selection *selection, const struct plan *plan)
{
    enum summit_status status = bind_clauses(stmt, plan);
    if (status == SUMMIT_OK) {
        status = statement_bind_json(stmt, ":ids", selection->ids);
    }
    if (status == SUMMIT_OK) {
        status = statement_bind_json(stmt, ":types", selection->types);
    }
    return status == SUMMIT_OK && plan->has_match ? terms_bind_match(store, stmt, selection, plan)
                                                  : status;
}

static enum summit_status collect_ranks(const struct summit_store *store, sqlite3_stmt *stmt,
                                        int64_t limit, struct selected *selected)
{
    int code;
    while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
        if (limit >= 0 && (int64_t)json_array_size(selected->ranks) == limit) {
            selected->more = true;
            return SUMMIT_OK;
        }
        selected->last_rank = sqlite3_column_int64(stmt, 0);
        json_t *rank = json_integer(selected->last_rank);
        if (json_array_append_new(selected->ranks, rank) != 0) {
            return SUMMIT_NOMEM;
        }
    }
    return statement_outcome(store->db, code);
}

static enum summit_status run(struct summit_store *store, const struct selection *selection,
                              const struct plan *plan, struct selected *selected)
{
    text_auto *text = plan_text(plan);
    if (text == NULL) {
        return SUMMIT_NOMEM;
    }
    statement_guard *guard = NULL;
    enum summit_status status = store_prepare(store, text, &guard);
    if (status != SUMMIT_OK) {
        return status;
    }
    status = bind(store, guard, selection, plan);
    if (status == SUMMIT_OK) {
        status = statement_bind_integer(guard, ":after", selection->after);
    }
    if (status == SUMMIT_OK) {
        int64_t limit = selection->limit < 0 ? -1 : selection->limit + 1;
        status = statement_bind_integer(guard, ":limit", limit);
    }
    if (status == SUMMIT_OK) {
        status = collect_ranks(store, guard, selection->limit, selected);
    }
    return status == SUMMIT_OK ? store_check_untouched(store) : status;
}

enum summit_status list_ranks(struct summit_store *store, const struct selection *selection,
                              struct selected *ret_selected)
{
    plan_auto own = {.resource = NULL};
    struct plan plan;
    selected_auto selected = {.ranks = json_array(), .last_rank = selection->after};
    if (selected.ranks == NULL) {
        return SUMMIT_NOMEM;
    }
    enum summit_status status = take_plan(store, selection, &own, &plan);
    plan.order = selection->order;
    plan.continues = selection->after > 0;
    if (status == SUMMIT_OK && !plan.is_empty) {
        plan_choose(&plan, selection->limit);
        status = run(store, selection, &plan, &selected);
    }
    if (status == SUMMIT_OK) {
        selected.is_ranked = plan.is_ranked || (plan.is_empty && plan.order == NULL);
        *ret_selected = selected;
        selected = (struct selected){.rows = NULL};
    }
    return status;
}

enum summit_status list_show(struct summit_store *store, const struct resource *resource,
                             int64_t rank, json_t **ret_row)
{
    const struct selection selection = {.resource = resource, .use = FIELD_DOCUMENT};
    json_auto_t *ranks = json_pack("[I]", (json_int_t)rank);
    json_auto_t *rows = NULL;
    if (ranks == NULL) {
        return SUMMIT_NOMEM;
    }
    enum summit_status status = show_rows(store, &selection, ranks, &rows);
    if (status == SUMMIT_OK) {
        *ret_row = json_incref(json_array_get(rows, 0));
    }
    return status;
}

enum summit_status list_select(struct summit_store *store, const struct selection *selection,
                               struct selected *ret_selected)
{
    selected_auto selected = {.rows = NULL};
    enum summit_status status = list_ranks(store, selection, &selected);
    if (status == SUMMIT_OK) {
        status = show_rows(store, selection, selected.ranks, &selected.rows);
    }
    if (status == SUMMIT_OK) {
        *ret_selected = selected;
        selected = (struct selected){.rows = NULL};
    }
    return status;
}

static enum summit_status count(struct summit_store *store, const struct selection *selection,
                                const struct plan *plan, int64_t *ret_total)
{
    text_auto *text = plan_count_text(plan);
    if (text == NULL) {
        return SUMMIT_NOMEM;
    }
    statement_guard *guard = NULL;
    enum summit_status status = store_prepare(store, text, &guard);
    if (status != SUMMIT_OK) {
        return status;
    }
    status = bind(store, guard, selection, plan);
    if (status == SUMMIT_OK) {
        status = statement_bind_integer(guard, ":limit", PLAN_EXAMINED_MAX);
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

enum summit_status list_total(struct summit_store *store, const struct selection *selection,
                              int64_t *ret_total, bool *ret_is_exact)
{
    plan_auto own = {.resource = NULL};
    struct plan plan;
    int64_t total = 0;
    bool is_counted = false;
    enum summit_status status = take_plan(store, selection, &own, &plan);
    if (status == SUMMIT_OK && !plan.is_empty) {
        status = terms_count_rows(store, &plan, &is_counted, &total);
    }
    bool is_exact = true;
    if (status == SUMMIT_OK && !plan.is_empty && !is_counted) {
        plan_choose(&plan, -1);
        is_exact = plan_count_is_exact(&plan);
        status = count(store, selection, &plan, &total);
    }
    if (status == SUMMIT_OK) {
        *ret_total = total;
        *ret_is_exact = is_exact;
    }
    return status;
}
