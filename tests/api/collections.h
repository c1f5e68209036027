/* The contract of the nine resources as tables that the tests of documents share. */
#ifndef TESTS_COLLECTIONS_H
#define TESTS_COLLECTIONS_H

#include "rows.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct collection {
    const char *name;
    const char *fields; /* "name:type ..."; see collection_check_row() */
    struct link filters[9];
    struct link includes[10];
    const char *item_include; /* what an item may include and a list may not; or NULL */
    bool nested;              /* also below a summit */
};

enum { COLLECTION_COUNT = 9 };

extern const struct collection collections[COLLECTION_COUNT];

const struct collection *collection_named(const char *name);

/* Fails unless `row` has exactly the collection's fields, each of its type: s text, d date, i whole
 * number, l list of ids, k country, n counts, m amounts, c citations; a capital may also be null.
 */
void collection_check_row(const struct collection *collection, json_t *row);

/* The two records that most tests serve together. */
#define XIAN RECORDS_DIR "/xian-2023.json"
#define LAKESIDE TESTS_DIR "/fixtures/records/lakeside-2020.json"

/* A third one, as small as a record can be. */
#define POND TESTS_DIR "/fixtures/records/pond-2021.json"

/* Group setup: a daemon over XIAN and LAKESIDE, at *state. */
int start_two_summits(void **state);

#endif
