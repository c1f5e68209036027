/* Every list is one of a few shapes, written from the constant names in the resources' tables; a
 * user's values are only ever bound.
 *
 * Rows come from a driver and are tested for the rest. A clause (a filter's terms) is cheap to test
 * for one row and cheap to gather in order of rank, so:
 *
 *   in the default order  the clause with the fewest rows drives, and its postings are in order;
 *   in another order      either that clause's rows are gathered and sorted, or the index of the
 *                         order is walked and each row tested, until the page is full. The first
 *                         costs as many steps as the clause has rows, the second as many as it
 *                         takes to meet enough rows that pass; the smaller is at most about the
 *                         root of limit times rows.
 *   with a search         its matches drive while they are few enough to be ranked. Of more, the
 *                         first in the record's order are given as they come.
 *
 * A page that continues takes up after the row with the rank :after: nothing changes in a published
 * database, so the keys of that row are looked up in it. */
#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Testing a row for a match costs about as much as many other steps. */
enum { MATCH_TESTS_MAX = 500 };

static double passing_rows(const struct plan *plan)
{
    double rows = (double)plan->row_count;
    double passing = rows;
    for (size_t i = 0; i < plan->clause_count; i++) {
        passing *= rows == 0 ? 0 : (double)plan->clauses[i].row_count / rows;
    }
    return passing < 1 ? 1 : passing;
}

static size_t smallest_clause(const struct plan *plan)
{
    size_t smallest = 0;
    for (size_t i = 1; i < plan->clause_count; i++) {
        if (plan->clauses[i].row_count < plan->clauses[smallest].row_count) {
            smallest = i;
        }
    }
    return smallest;
}

static bool is_single(const struct clause *clause)
{
    return json_array_size(clause->terms) == 1;
}

void plan_choose(struct plan *plan, int64_t limit)
{
    plan->driver = PLAN_TABLE;
    plan->driving = smallest_clause(plan);
    plan->is_ranked = false;
    const struct clause *clause = plan->clause_count == 0 ? NULL : &plan->clauses[plan->driving];
    bool few_matches = plan->has_match && plan->match_count <= PLAN_EXAMINED_MAX;
    if (plan->has_ids) {
        return;
    }
    if (few_matches) {
        plan->driver = PLAN_MATCHES;
        plan->is_ranked = plan->order == NULL;
        return;
    }
    if (plan->has_match && clause != NULL && clause->row_count <= MATCH_TESTS_MAX) {
        plan->driver = PLAN_TERMS;
        return;
    }
    if (plan->has_match && plan->order == NULL) {
        plan->driver = PLAN_MATCHES;
        return;
    }
    if (clause == NULL) {
        return;
    }
    bool in_order = plan->order == NULL && is_single(clause);
    double walked = (double)plan->row_count;
    if (limit >= 0) {
        walked = (double)limit * (double)plan->row_count / passing_rows(plan);
    }
    if (in_order || (double)clause->row_count <= walked) {
        plan->driver = PLAN_TERMS;
    }
}

static void write_key(FILE *text, const char *alias, const struct sort *key)
{
    if (key->is_nullable) {
        fprintf(text, "coalesce(%s.%s, '')", alias, key->name);
    } else {
        fprintf(text, "%s.%s%s", alias, key->name, key->is_name ? " COLLATE NOCASE" : "");
    }
}

static const struct sort id_key = {.name = "id"};

/* The number of keys before the id, which is always the last: nothing can follow it. */
static size_t key_count(const struct order *order)
{
    size_t count = 0;
    while (order[count].key != NULL && strcmp(order[count].key->name, id_key.name) != 0) {
        count++;
    }
    return count;
}

/* The key at a place, the id last, in the direction of the key that was given last. */
static struct order key_at(const struct order *order, size_t place)
{
    if (order[place].key != NULL) {
        return order[place];
    }
    return (struct order){.key = &id_key, .is_descending = order[place - 1].is_descending};
}

static void write_order(FILE *text, const struct plan *plan)
{
    size_t count = key_count(plan->order);
    fputs("\nORDER BY ", text);
    for (size_t i = 0; i <= count; i++) {
        struct order key = key_at(plan->order, i);
        fputs(i == 0 ? "" : ", ", text);
        write_key(text, "m", key.key);
        fputs(key.is_descending ? " DESC" : "", text);
    }
    fputs("\nLIMIT :limit", text);
}

static void write_comparison(FILE *text, struct order key, const char *operator)
{
    write_key(text, "m", key.key);
    fprintf(text, " %s ", operator);
    write_key(text, "a", key.key);
}

/* Whether a row of m stands after that of a: after by the first key, or equal in it and after by
 * the rest. The bound on the first key alone is what an index can use. */
static void write_after(FILE *text, const struct plan *plan)
{
    size_t count = key_count(plan->order);
    struct order first = key_at(plan->order, 0);
    fputs("\n  AND ", text);
    write_comparison(text, first, first.is_descending ? "<=" : ">=");
    fputs("\n  AND (", text);
    for (size_t i = 0; i <= count; i++) {
        struct order key = key_at(plan->order, i);
        write_comparison(text, key, key.is_descending ? "<" : ">");
        if (i < count) {
            fputs(" OR (", text);
            write_comparison(text, key, "=");
            fputs(" AND (", text);
        }
    }
    for (size_t i = 0; i < count; i++) {
        fputs("))", text);
    }
    fputs(")", text);
}

static void write_terms(FILE *text, const struct plan *plan, size_t clause)
{
    fprintf(text,
            is_single(&plan->clauses[clause]) ? " = :t%zu"
                                              : " IN (SELECT value FROM json_each(:t%zu))",
            clause);
}

/* What a row must pass beside having come from the driver. */
static void write_tests(FILE *text, const struct plan *plan, const char *row)
{
    for (size_t i = 0; i < plan->clause_count; i++) {
        if (plan->driver != PLAN_TERMS || i != plan->driving) {
            fprintf(text, "\n  AND EXISTS (SELECT 1 FROM posting AS x WHERE x.row = %s AND x.term",
                    row);
            write_terms(text, plan, i);
            fputs(")", text);
        }
    }
    if (plan->has_ids) {
        fputs("\n  AND m.id IN (SELECT value FROM json_each(:ids))", text);
    }
    if (plan->has_types) {
        fprintf(text,
                "\n  AND EXISTS (SELECT 1 FROM resource AS y"
                " WHERE y.name IN (SELECT value FROM json_each(:types))"
                " AND %s > y.base AND %s <= y.base + y.row_count)",
                row, row);
    }
    if (plan->has_match && plan->driver != PLAN_MATCHES) {
        fprintf(text,
                "\n  AND EXISTS (SELECT 1 FROM search"
                " WHERE search MATCH :match AND search.rowid = %s + :base)",
                row);
    }
}

/* The rows of the driving clause. Several terms are joined with their postings: given as a list,
 * the planner may as well walk all postings there are in the order of their rows. */
static void write_postings(FILE *text, const struct plan *plan)
{
    if (is_single(&plan->clauses[plan->driving])) {
        fprintf(text, "(SELECT row FROM posting WHERE term = :t%zu", plan->driving);
    } else {
        fprintf(text,
                "(SELECT DISTINCT posting.row AS row FROM json_each(:t%zu) AS w"
                " CROSS JOIN posting WHERE posting.term = w.value",
                plan->driving);
    }
}

/* What the driver finds, as a table with the column `row`. */
static void write_source(FILE *text, const struct plan *plan, bool is_bounded)
{
    const char *limit = is_bounded ? " LIMIT :limit" : "";
    switch (plan->driver) {
    case PLAN_TABLE:
        fprintf(text, "(SELECT rank AS row FROM %s%s)", plan->resource->table, limit);
        break;
    case PLAN_TERMS:
        write_postings(text, plan);
        fprintf(text, "%s)", limit);
        break;
    case PLAN_MATCHES:
        fprintf(text,
                "(SELECT search.rowid - :base AS row FROM search WHERE search MATCH :match"
                " AND search.rowid > :base AND search.rowid <= :end%s)",
                limit);
        break;
    }
}

static void write_ranked(FILE *text, const struct plan *plan)
{
    fputs("WITH hit AS MATERIALIZED (\n"
          "    SELECT search.rowid - :base AS row, relevance(search, :counts) AS score\n"
          "    FROM search\n"
          "    WHERE search MATCH :match AND search.rowid > :base AND search.rowid <= :end\n"
          ")\n"
          "SELECT h.row AS rank\n"
          "FROM hit AS h\n"
          "WHERE h.row > 0",
          text);
    if (plan->continues) {
        fputs("\n  AND (h.score, h.row) > (SELECT score, row FROM hit WHERE row = :after)", text);
    }
    write_tests(text, plan, "h.row");
    fputs("\nORDER BY h.score, h.row\nLIMIT :limit", text);
}

static void write_matches_in_order(FILE *text, const struct plan *plan)
{
    fputs("SELECT search.rowid - :base AS rank\n"
          "FROM search\n"
          "WHERE search MATCH :match AND search.rowid > :base + :after AND search.rowid <= :end",
          text);
    write_tests(text, plan, "(search.rowid - :base)");
    fputs("\nORDER BY search.rowid\nLIMIT :limit", text);
}

static void write_in_order(FILE *text, const struct plan *plan)
{
    if (plan->driver == PLAN_TABLE) {
        fprintf(text, "SELECT m.rank AS rank\nFROM %s AS m\nWHERE m.rank > :after",
                plan->resource->table);
        write_tests(text, plan, "m.rank");
        fputs("\nORDER BY m.rank\nLIMIT :limit", text);
        return;
    }
    fputs("SELECT p.row AS rank\nFROM ", text);
    write_source(text, plan, false);
    fputs(" AS p\nWHERE p.row > :after", text);
    write_tests(text, plan, "p.row");
    fputs("\nORDER BY p.row\nLIMIT :limit", text);
}

static void write_sorted(FILE *text, const struct plan *plan)
{
    const char *table = plan->resource->table;
    fputs("SELECT m.rank AS rank\nFROM ", text);
    if (plan->continues) {
        fprintf(text, "%s AS a CROSS JOIN ", table);
    }
    if (plan->driver == PLAN_TABLE) {
        /* Always true, and said so that the planner does not take it for a range of ranks. */
        fprintf(text, "%s AS m\nWHERE +m.rank > 0", table);
    } else {
        write_source(text, plan, false);
        fprintf(text, " AS p CROSS JOIN %s AS m\nWHERE m.rank = p.row", table);
    }
    if (plan->continues) {
        fputs("\n  AND a.rank = :after", text);
        write_after(text, plan);
    }
    write_tests(text, plan, "m.rank");
    write_order(text, plan);
}

static char *close_text(FILE *stream, char **text)
{
    bool written = ferror(stream) == 0;
    if (fclose(stream) != 0 || !written) {
        free(*text);
        return NULL;
    }
    return *text;
}

char *plan_text(const struct plan *plan)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL) {
        return NULL;
    }
    if (plan->is_ranked) {
        write_ranked(stream, plan);
    } else if (plan->order != NULL) {
        write_sorted(stream, plan);
    } else if (plan->driver == PLAN_MATCHES) {
        write_matches_in_order(stream, plan);
    } else {
        write_in_order(stream, plan);
    }
    return close_text(stream, &text);
}

char *plan_count_text(const struct plan *plan)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL) {
        return NULL;
    }
    fputs("SELECT count(*) AS total\nFROM ", stream);
    if (plan->has_ids) {
        fprintf(stream, "%s AS m\nWHERE m.rank > 0", plan->resource->table);
        write_tests(stream, plan, "m.rank");
    } else {
        write_source(stream, plan, true);
        fputs(" AS p\nWHERE p.row > 0", stream);
        write_tests(stream, plan, "p.row");
    }
    return close_text(stream, &text);
}

bool plan_count_is_exact(const struct plan *plan)
{
    if (plan->has_ids) {
        return true;
    }
    switch (plan->driver) {
    case PLAN_TERMS:
        return plan->clauses[plan->driving].row_count <= PLAN_EXAMINED_MAX;
    case PLAN_MATCHES:
        return plan->match_count <= PLAN_EXAMINED_MAX;
    case PLAN_TABLE:
        break;
    }
    return plan->row_count <= PLAN_EXAMINED_MAX;
}

void plan_clear(struct plan *plan)
{
    for (size_t i = 0; i < plan->clause_count; i++) {
        json_decref(plan->clauses[i].terms);
        plan->clauses[i].terms = NULL;
    }
    plan->clause_count = 0;
    expansion_clear(&plan->expansion);
}
