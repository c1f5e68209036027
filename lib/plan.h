/* How the rows of a selection are found: where they come from, what each is tested for, and in
 * which order they are given, as the text of one SQL statement. */
#ifndef PLAN_H
#define PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "expand.h"
#include "resource.h"
#include "store.h"
#include "summit.h"

enum {
    PLAN_SORTS_MAX = 8,
    PLAN_EXAMINED_MAX = 5000, /* rows looked at to count or rank them while somebody waits */
};

/* One key of a sort; the last is followed by one whose key is NULL. */
struct order {
    const struct sort *key;
    bool is_descending;
};

/* What a filter asks for: rows of any of these terms. */
struct clause {
    json_t *terms;     /* ranks of the table `term`; owned */
    int64_t row_count; /* of all of them; more than there are rows when some have several */
};

enum plan_driver {
    PLAN_TABLE,   /* walk the resource's table in the order wanted */
    PLAN_TERMS,   /* gather the rows of one clause */
    PLAN_MATCHES, /* gather what the search index finds */
};

struct plan {
    const struct resource *resource; /* NULL for documents of all resources */
    const struct order *order;       /* NULL for the default */
    struct clause clauses[RESOURCE_FILTER_MAX];
    size_t clause_count;
    bool is_empty;              /* some filter has no row at all */
    bool lacks_terms;           /* some value has none, so it may not be a value of its filter */
    bool has_ids;               /* rows are tested for :ids */
    bool has_types;             /* documents are tested for :types */
    bool has_match;             /* rows are tested for :match */
    struct expansion expansion; /* of the search; owned */
    bool continues;             /* rows follow the one with the rank :after */
    int64_t match_count;        /* of :match alone, at most PLAN_EXAMINED_MAX + 1 */
    int64_t row_count;          /* of the resource */
    enum plan_driver driver;
    size_t driving; /* the clause that PLAN_TERMS gathers */
    bool
        is_ranked; /* by relevance: PLAN_MATCHES in the default order, when they are not too many */
};

/* Chooses the driver. Everything else must be set.
 *   limit  rows wanted; negative for all. */
void plan_choose(struct plan *plan, int64_t limit);

/* The statement that selects the column `rank`: parameters :after, :limit, :ids, :types, :match,
 * :counts (expand.h), :base and :end (the range of the resource's documents) and :t0, :t1... for
 * the clauses, an integer where the clause has one term and a JSON array of them else. The caller
 * frees it. NULL when out of memory. */
char *plan_text(const struct plan *plan);

/* The statement that counts the selection's rows among the first :limit that its driver finds.
 * The caller frees it. NULL when out of memory. */
char *plan_count_text(const struct plan *plan);

/* The name of the parameter for the terms of a clause: ":t0". */
const char *plan_term_name(size_t clause);

/* The statement that selects the column `id` of rows of a resource, in the order of the parameter
 * :ranks, an array. The caller frees it. NULL when out of memory. */
char *plan_ids_text(const struct resource *resource);

/* The statement that selects the column `rank` of the rows of `target` that rows of another
 * resource name, in any order and as often as they are named: parameters :ranks of those rows, an
 * array, and :resource and :filter, by which those are found that name a row. Terms of a filter
 * stand side by side, so of each row's terms only those are looked at. The caller frees it. NULL
 * when out of memory. */
char *plan_named_text(const struct resource *target);

/* Whether plan_count_text counts them all when :limit is PLAN_EXAMINED_MAX. */
bool plan_count_is_exact(const struct plan *plan);

/* Frees what a plan owns. */
void plan_clear(struct plan *plan);

/* A plan that is cleared at the end of its scope. */
#define plan_auto __attribute__((cleanup(plan_clear))) struct plan

#endif
