/* The parameters of a query, each with its grammar. */
#ifndef PARAMETER_H
#define PARAMETER_H

#include "query.h"
#include "summit.h"

/* A parameter that is no filter. */
struct parameter {
    const char *name; /* NULL ends a table */
    unsigned kinds;   /* of address that know it */
    unsigned formats; /* of answer that it goes with, as bits 1 << enum summit_format */
    bool is_list;     /* values separated by commas */
    enum summit_status (*set)(struct summit_query *query, const char *value, json_t *problems);
};

extern const struct parameter parameter_table[];

/* Adds the values of a filter, separated by commas. problems as in summit_query_set. Returns
 * SUMMIT_OK, SUMMIT_INVALID or SUMMIT_NOMEM. */
enum summit_status parameter_set_filter(struct summit_query *query, const struct filter *filter,
                                        const char *value, json_t *problems)
    __attribute__((warn_unused_result));

#endif
