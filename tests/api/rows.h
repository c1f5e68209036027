/* Rows of the API's documents, the values that link them, and lists of strings. Functions fail the
 * running test on what can't be. */
#ifndef TESTS_ROWS_H
#define TESTS_ROWS_H

#include "daemon.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Where a row keeps the values that tie it to other rows. */
enum link_kind {
    LINK_FIELD,    /* a string, or null */
    LINK_LIST,     /* a list of strings */
    LINK_CITATION, /* source_id of each citation */
    LINK_COUNTRY,  /* code of the country object */
    LINK_ELSEWHERE /* not in the row: tested by hand */
};

struct link {
    const char *name; /* of the filter, or of the included resource */
    enum link_kind kind;
    const char *field;
    bool backward; /* includes: the field is the included row's and names this row */
};

/* All rows of a target that has fewer than 200 (its query, if any, is kept). The caller owns it. */
json_t *rows_of(const struct daemon *daemon, const char *target);

/* The values of a link in a row, as a new list of strings. */
json_t *row_link_values(json_t *row, const struct link *link);

bool row_has_value(json_t *row, const struct link *link, const char *value);

const char *row_id(json_t *row);

/* The row of this id, borrowed; NULL when there is none. */
json_t *rows_find(json_t *rows, const char *id);

/* A new list of the rows' ids, in their order. */
json_t *rows_ids(json_t *rows);

/* The rows among `others` that any of `rows` links to, as a new list in the order of `others`. */
json_t *rows_related(json_t *rows, json_t *others, const struct link *link);

/* Adds a string to a list of strings unless it is there. */
void list_add(json_t *list, const char *value);

bool list_has(json_t *list, const char *value);

/* Fails with both documents when they differ. `what` says which they are. */
void assert_json_equal(json_t *is, json_t *should_be, const char *what);

/* Prints into a new string, which the caller frees. */
__attribute__((format(printf, 1, 2))) char *text_of(const char *format, ...);

/* Percent-encodes every byte but letters, digits and "-._~" (RFC 3986 section 2.3) into a new
 * string, which the caller frees. */
char *text_encoded(const void *bytes, size_t length);

/* A text_of() that is freed at the end of the scope. */
void text_release(char **text);

#define TEXT __attribute__((cleanup(text_release))) char

#endif
