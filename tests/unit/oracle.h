/* What lists must answer, worked out from the record alone: its rows are filtered, searched, sorted
 * and counted here one by one, without a database. */
#ifndef TESTS_UNIT_ORACLE_H
#define TESTS_UNIT_ORACLE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan.h"
#include "resource.h"

struct oracle_row {
    const json_t *row; /* the record's */
    const char *id;
    int64_t rank;    /* its place in the default order, from 1 */
    json_t *values;  /* {filter: {value: true}} */
    char *text;      /* its words in lower case, with a blank before and after each */
    int64_t derived; /* measure_count of a proposal */
};

struct oracle {
    json_t *record; /* owned */
    struct oracle_row *rows[RESOURCE_COUNT];
    size_t counts[RESOURCE_COUNT];
};

/* Takes the reference to a checked record. */
struct oracle *oracle_new(json_t *record);
void oracle_free(struct oracle *oracle);

/* What is asked for. */
struct question {
    const struct resource *resource;
    const json_t *filters;     /* {filter: [value, ...]} */
    const char *words;         /* of q, separated by blanks, the last a prefix; or NULL */
    const struct order *order; /* NULL for the default */
};

/* The rows that answer, in order; *ret_rows is for free(). */
size_t oracle_select(const struct oracle *oracle, const struct question *question,
                     const struct oracle_row ***ret_rows);

/* The rows counted by the values of a filter: [{"value", "count"}, ...] as facets are. */
json_t *oracle_count(const struct oracle_row *const *rows, size_t count,
                     const struct question *question, const struct filter *filter);

#endif
