#include "terms.h"

#include "sql.h"
#include "text.h"

/* The summits within which a filter's values are noted, or NULL: as such. */
static const json_t *summits_of(const struct filter *filter, const json_t *filters)
{
    return filter->is_of_summit ? json_object_get(filters, "summit") : NULL;
}

/* The name of a filter within a summit. NULL when out of memory; the caller frees it. */
static char *name_within(const struct filter *filter, const json_t *summit)
{
    return text_format("%s of %s", filter->name, json_string_value(summit));
}

json_t *terms_names(const struct filter *filter, const json_t *filters)
{
    const json_t *summits = summits_of(filter, filters);
    if (summits == NULL) {
        return json_pack("[s]", filter->name);
    }
    json_auto_t *names = json_array();
    for (size_t i = 0; i < json_array_size(summits); i++) {
        text_auto *name = name_within(filter, json_array_get(summits, i));
        if (name == NULL || json_array_append_new(names, json_string(name)) != 0) {
            return NULL;
        }
    }
    return json_incref(names);
}

/* Adds the terms of a filter's values to a clause, as noted under one name. They are looked up one
 * by one: when they are few SQLite would read all there are for a join. */
static enum summit_status add_terms(struct summit_store *store, const char *resource,
                                    const char *name, const json_t *values, struct clause *clause)
{
    enum summit_status status = SUMMIT_OK;
    for (size_t i = 0; status == SUMMIT_OK && i < json_array_size(values); i++) {
        const char *value = json_string_value(json_array_get(values, i));
        struct term term = {.rank = 0};
        bool found = false;
        status = term_find(store, resource, name, value, &found, &term);
        if (status == SUMMIT_OK && found) {
            clause->row_count += term.row_count;
            status = json_array_append_new(clause->terms, json_integer(term.rank)) == 0
                         ? SUMMIT_OK
                         : SUMMIT_NOMEM;
        }
    }
    return status;
}

/* Gathers the terms of a filter's values in a clause.
 *   ret_is_whole  whether each value has its term, within each summit. */
static enum summit_status resolve(struct summit_store *store, const struct selection *selection,
                                  const struct filter *filter, const json_t *values,
                                  struct clause *clause, bool *ret_is_whole)
{
    const char *resource = selection->resource->name;
    const json_t *summits = summits_of(filter, selection->filters);
    size_t name_count = summits == NULL ? 1 : json_array_size(summits);
    enum summit_status status = SUMMIT_OK;
    clause->terms = json_array();
    if (clause->terms == NULL) {
        return SUMMIT_NOMEM;
    }
    if (summits == NULL) {
        status = add_terms(store, resource, filter->name, values, clause);
    }
    for (size_t i = 0; status == SUMMIT_OK && i < json_array_size(summits); i++) {
        text_auto *name = name_within(filter, json_array_get(summits, i));
        status = name == NULL ? SUMMIT_NOMEM : add_terms(store, resource, name, values, clause);
    }
    *ret_is_whole = json_array_size(clause->terms) == name_count * json_array_size(values);
    return status;
}

enum summit_status terms_resolve(struct summit_store *store, const struct selection *selection,
                                 struct plan *plan)
{
    if (selection->resource == NULL) {
        return SUMMIT_OK;
    }
    enum summit_status status = SUMMIT_OK;
    const struct filter *filter = selection->resource->filters;
    size_t left = json_object_size(selection->filters);
    for (; status == SUMMIT_OK && left > 0 && filter->name != NULL; filter++) {
        const json_t *values = json_object_get(selection->filters, filter->name);
        if (values != NULL) {
            left--;
            struct clause *clause = &plan->clauses[plan->clause_count++];
            bool is_whole = false;
            status = resolve(store, selection, filter, values, clause, &is_whole);
            plan->is_empty |= json_array_size(clause->terms) == 0;
            plan->lacks_terms |= !is_whole;
        }
    }
    return status;
}

enum summit_status terms_bind_match(const struct summit_store *store, sqlite3_stmt *stmt,
                                    const struct selection *selection, const struct plan *plan)
{
    int64_t base = 0;
    int64_t end = store->document_count;
    if (selection->resource != NULL) {
        size_t index = resource_index(selection->resource);
        base = store->bases[index];
        end = base + store->row_counts[index];
    }
    enum summit_status status = statement_bind_text(stmt, ":match", plan->expansion.match);
    if (status == SUMMIT_OK) {
        status = statement_bind_text(stmt, ":counts", plan->expansion.counts);
    }
    if (status == SUMMIT_OK) {
        status = statement_bind_integer(stmt, ":base", base);
    }
    return status == SUMMIT_OK ? statement_bind_integer(stmt, ":end", end) : status;
}

/* Runs a statement whose answer is one number, or no row. */
static enum summit_status read_number(struct summit_store *store, sqlite3_stmt *stmt,
                                      bool *ret_found, int64_t *ret_number)
{
    int code = sqlite3_step(stmt);
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        return statement_outcome(store->db, code);
    }
    int64_t number = code == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
    enum summit_status status = store_check_untouched(store);
    if (status == SUMMIT_OK) {
        *ret_found = code == SQLITE_ROW;
        *ret_number = number;
    }
    return status;
}

static enum summit_status count_matches(struct summit_store *store,
                                        const struct selection *selection, struct plan *plan)
{
    statement_guard *guard = NULL;
    enum summit_status status = store_prepare(store, sql_match_count, &guard);
    if (status != SUMMIT_OK) {
        return status;
    }
    bool found = false;
    status = terms_bind_match(store, guard, selection, plan);
    if (status == SUMMIT_OK) {
        status = statement_bind_integer(guard, ":limit", PLAN_EXAMINED_MAX + 1);
    }
    return status == SUMMIT_OK ? read_number(store, guard, &found, &plan->match_count) : status;
}

enum summit_status terms_match(struct summit_store *store, const struct selection *selection,
                               struct plan *plan)
{
    enum summit_status status = expand_match(store, selection->match, &plan->expansion);
    if (status == SUMMIT_OK && plan->expansion.match != NULL) {
        status = count_matches(store, selection, plan);
    }
    plan->is_empty |= plan->match_count == 0;
    return status;
}

static enum summit_status count_pair(struct summit_store *store, const struct plan *plan,
                                     bool *ret_found, int64_t *ret_count)
{
    statement_guard *guard = NULL;
    enum summit_status status = store_prepare(store, sql_term_pair, &guard);
    if (status != SUMMIT_OK) {
        return status;
    }
    for (size_t i = 0; status == SUMMIT_OK && i < 2; i++) {
        const json_t *term = json_array_get(plan->clauses[i].terms, 0);
        status =
            statement_bind_integer(guard, i == 0 ? ":term" : ":other", json_integer_value(term));
    }
    return status == SUMMIT_OK ? read_number(store, guard, ret_found, ret_count) : status;
}

enum summit_status terms_count_rows(struct summit_store *store, const struct plan *plan,
                                    bool *ret_found, int64_t *ret_count)
{
    const struct clause *clauses = plan->clauses;
    *ret_found = false;
    if (plan->has_match || plan->has_ids || plan->has_types) {
        return SUMMIT_OK;
    }
    for (size_t i = 0; i < plan->clause_count; i++) {
        if (json_array_size(clauses[i].terms) != 1) {
            return SUMMIT_OK;
        }
    }
    if (plan->clause_count == 2) {
        return count_pair(store, plan, ret_found, ret_count);
    }
    if (plan->clause_count < 2) {
        *ret_found = true;
        *ret_count = plan->clause_count == 0 ? plan->row_count : clauses[0].row_count;
    }
    return SUMMIT_OK;
}
