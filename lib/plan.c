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

#include <string.h>

#include "buffer.h"

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

static void put(struct buffer *text, const char *const *pieces)
{
    for (size_t i = 0; pieces[i] != NULL; i++) {
        (void)buffer_append(text, pieces[i]); /* the buffer remembers a failure */
    }
}

/* Appends one text after another. */
#define PUT(text, ...) put((text), (const char *const[]){__VA_ARGS__, NULL})

const char *plan_term_name(size_t clause)
{
    static const char *const names[RESOURCE_FILTER_MAX] = {
        ":t0", ":t1", ":t2",  ":t3",  ":t4",  ":t5",  ":t6",  ":t7",
        ":t8", ":t9", ":t10", ":t11", ":t12", ":t13", ":t14", ":t15",
    };
    return names[clause];
}

static void write_key(struct buffer *text, const char *alias, const struct sort *key)
{
    if (key->is_nullable) {
        PUT(text, "coalesce(", alias, ".", key->name, ", '')");
    } else {
        PUT(text, alias, ".", key->name, key->is_name ? " COLLATE NOCASE" : "");
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

static void write_order(struct buffer *text, const struct plan *plan)
{
    size_t count = key_count(plan->order);
    PUT(text, "\nORDER BY ");
    for (size_t i = 0; i <= count; i++) {
        struct order key = key_at(plan->order, i);
        PUT(text, i == 0 ? "" : ", ");
        write_key(text, "m", key.key);
        PUT(text, key.is_descending ? " DESC" : "");
    }
    PUT(text, "\nLIMIT :limit");
}

static void write_comparison(struct buffer *text, struct order key, const char *operator)
{
    write_key(text, "m", key.key);
    PUT(text, " ", operator, " ");
    write_key(text, "a", key.key);
}

/* Whether a row of m stands after that of a: after by the first key, or equal in it and after by
 * the rest. The bound on the first key alone is what an index can use. */
static void write_after(struct buffer *text, const struct plan *plan)
{
    size_t count = key_count(plan->order);
    struct order first = key_at(plan->order, 0);
    PUT(text, "\n  AND ");
    write_comparison(text, first, first.is_descending ? "<=" : ">=");
    PUT(text, "\n  AND (");
    for (size_t i = 0; i <= count; i++) {
        struct order key = key_at(plan->order, i);
        write_comparison(text, key, key.is_descending ? "<" : ">");
        if (i < count) {
            PUT(text, " OR (");
            write_comparison(text, key, "=");
            PUT(text, " AND (");
        }
    }
    for (size_t i = 0; i < count; i++) {
        PUT(text, "))");
    }
    PUT(text, ")");
}

static void write_terms(struct buffer *text, const struct plan *plan, size_t clause)
{
    const char *name = plan_term_name(clause);
    if (is_single(&plan->clauses[clause])) {
        PUT(text, " = ", name);
    } else {
        PUT(text, " IN (SELECT value FROM json_each(", name, "))");
    }
}

/* What a row must pass beside having come from the driver. */
static void write_tests(struct buffer *text, const struct plan *plan, const char *row)
{
    for (size_t i = 0; i < plan->clause_count; i++) {
        if (plan->driver != PLAN_TERMS || i != plan->driving) {
            PUT(text, "\n  AND EXISTS (SELECT 1 FROM posting AS x WHERE x.row = ", row,
                " AND x.term");
            write_terms(text, plan, i);
            PUT(text, ")");
        }
    }
    if (plan->has_ids) {
        PUT(text, "\n  AND m.id IN (SELECT value FROM json_each(:ids))");
    }
    if (plan->has_types) {
        PUT(text, "\n  AND EXISTS (SELECT 1 FROM resource AS y",
            " WHERE y.name IN (SELECT value FROM json_each(:types)) AND ", row, " > y.base AND ",
            row, " <= y.base + y.row_count)");
    }
    if (plan->has_match && plan->driver != PLAN_MATCHES) {
        PUT(text,
            "\n  AND EXISTS (SELECT 1 FROM search WHERE search MATCH :match AND search.rowid = ",
            row, " + :base)");
    }
}

/* The rows of the driving clause. Several terms are joined with their postings: given as a list,
 * the planner may as well walk all postings there are in the order of their rows. */
static void write_postings(struct buffer *text, const struct plan *plan)
{
    const char *name = plan_term_name(plan->driving);
    if (is_single(&plan->clauses[plan->driving])) {
        PUT(text, "(SELECT row FROM posting WHERE term = ", name);
    } else {
        PUT(text, "(SELECT DISTINCT posting.row AS row FROM json_each(", name,
            ") AS w CROSS JOIN posting WHERE posting.term = w.value");
    }
}

/* What the driver finds, as a table with the column `row`. */
static void write_source(struct buffer *text, const struct plan *plan, bool is_bounded)
{
    const char *limit = is_bounded ? " LIMIT :limit" : "";
    switch (plan->driver) {
    case PLAN_TABLE:
        PUT(text, "(SELECT rank AS row FROM ", plan->resource->table, limit, ")");
        break;
    case PLAN_TERMS:
        write_postings(text, plan);
        PUT(text, limit, ")");
        break;
    case PLAN_MATCHES:
        PUT(text, "(SELECT search.rowid - :base AS row FROM search WHERE search MATCH :match",
            " AND search.rowid > :base AND search.rowid <= :end", limit, ")");
        break;
    }
}

static void write_ranked(struct buffer *text, const struct plan *plan)
{
    PUT(text, "WITH hit AS MATERIALIZED (\n",
        "    SELECT search.rowid - :base AS row, relevance(search, :counts) AS score\n",
        "    FROM search\n",
        "    WHERE search MATCH :match AND search.rowid > :base AND search.rowid <= :end\n", ")\n",
        "SELECT h.row AS rank\n", "FROM hit AS h\n", "WHERE h.row > 0");
    if (plan->continues) {
        PUT(text, "\n  AND (h.score, h.row) > (SELECT score, row FROM hit WHERE row = :after)");
    }
    write_tests(text, plan, "h.row");
    PUT(text, "\nORDER BY h.score, h.row\nLIMIT :limit");
}

static void write_matches_in_order(struct buffer *text, const struct plan *plan)
{
    PUT(text, "SELECT search.rowid - :base AS rank\n", "FROM search\n",
        "WHERE search MATCH :match AND search.rowid > :base + :after AND search.rowid <= :end");
    write_tests(text, plan, "(search.rowid - :base)");
    PUT(text, "\nORDER BY search.rowid\nLIMIT :limit");
}

static void write_in_order(struct buffer *text, const struct plan *plan)
{
    if (plan->driver == PLAN_TABLE) {
        PUT(text, "SELECT m.rank AS rank\nFROM ", plan->resource->table,
            " AS m\nWHERE m.rank > :after");
        write_tests(text, plan, "m.rank");
        PUT(text, "\nORDER BY m.rank\nLIMIT :limit");
        return;
    }
    PUT(text, "SELECT p.row AS rank\nFROM ");
    write_source(text, plan, false);
    PUT(text, " AS p\nWHERE p.row > :after");
    write_tests(text, plan, "p.row");
    PUT(text, "\nORDER BY p.row\nLIMIT :limit");
}

static void write_sorted(struct buffer *text, const struct plan *plan)
{
    const char *table = plan->resource->table;
    PUT(text, "SELECT m.rank AS rank\nFROM ");
    if (plan->continues) {
        PUT(text, table, " AS a CROSS JOIN ");
    }
    if (plan->driver == PLAN_TABLE) {
        /* Always true, and said so that the planner does not take it for a range of ranks. */
        PUT(text, table, " AS m\nWHERE +m.rank > 0");
    } else {
        write_source(text, plan, false);
        PUT(text, " AS p CROSS JOIN ", table, " AS m\nWHERE m.rank = p.row");
    }
    if (plan->continues) {
        PUT(text, "\n  AND a.rank = :after");
        write_after(text, plan);
    }
    write_tests(text, plan, "m.rank");
    write_order(text, plan);
}

char *plan_text(const struct plan *plan)
{
    buffer_auto text = {.text = NULL};
    size_t length = 0;
    if (plan->is_ranked) {
        write_ranked(&text, plan);
    } else if (plan->order != NULL) {
        write_sorted(&text, plan);
    } else if (plan->driver == PLAN_MATCHES) {
        write_matches_in_order(&text, plan);
    } else {
        write_in_order(&text, plan);
    }
    return buffer_take(&text, &length);
}

char *plan_count_text(const struct plan *plan)
{
    buffer_auto text = {.text = NULL};
    size_t length = 0;
    PUT(&text, "SELECT count(*) AS total\nFROM ");
    if (plan->has_ids) {
        PUT(&text, plan->resource->table, " AS m\nWHERE m.rank > 0");
        write_tests(&text, plan, "m.rank");
    } else {
        write_source(&text, plan, true);
        PUT(&text, " AS p\nWHERE p.row > 0");
        write_tests(&text, plan, "p.row");
    }
    return buffer_take(&text, &length);
}

char *plan_ids_text(const struct resource *resource)
{
    buffer_auto text = {.text = NULL};
    size_t length = 0;
    PUT(&text, "SELECT m.id AS id\nFROM json_each(:ranks) AS r\nCROSS JOIN ", resource->table,
        " AS m\nWHERE m.rank = r.value");
    return buffer_take(&text, &length);
}

char *plan_named_text(const struct resource *target)
{
    static const char terms[] = "(SELECT rank FROM term WHERE resource = :resource"
                                " AND filter = :filter ORDER BY value";
    buffer_auto text = {.text = NULL};
    size_t length = 0;
    PUT(&text, "SELECT m.rank AS rank\nFROM json_each(:ranks) AS r\nCROSS JOIN posting AS p\n",
        "CROSS JOIN term AS t\nCROSS JOIN ", target->table, " AS m\nWHERE p.row = r.value",
        "\n  AND p.term BETWEEN ", terms, " LIMIT 1)\n    AND ", terms, " DESC LIMIT 1)",
        "\n  AND t.rank = p.term AND m.id = t.value");
    return buffer_take(&text, &length);
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
