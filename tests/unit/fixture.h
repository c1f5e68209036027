/* Records and published databases for the tests of libsummit. Functions fail the running test when
 * they cannot do what they are asked. */
#ifndef TESTS_UNIT_FIXTURE_H
#define TESTS_UNIT_FIXTURE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "summit.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static inline void fixture_free_text(char **text)
{
    free(*text);
}

static inline void fixture_free_query(struct summit_query **query)
{
    summit_query_free(*query);
}

static inline void fixture_close_store(struct summit_store **store)
{
    summit_store_close(*store);
}

#define TEXT __attribute__((cleanup(fixture_free_text))) char
#define JSON __attribute__((cleanup(json_decrefp))) json_t
#define QUERY __attribute__((cleanup(fixture_free_query))) struct summit_query
#define STORE __attribute__((cleanup(fixture_close_store))) struct summit_store

/* A folder of the test's own and the database in it. */
struct fixture {
    char *folder;
    char *path; /* folder/summit.db; not there yet */
};

/* cmocka setup and teardown of a test whose state is a struct fixture. */
int fixture_set_up(void **state);
int fixture_tear_down(void **state);

/* The built-in record. */
json_t *fixture_xian(void);

/* The checked record of tests/fixtures/records/NAME.json. */
json_t *fixture_record(const char *name);

/* A checked record with this many measures under one proposal, each of which names one of two areas
 * and has a text of some 500 bytes. */
json_t *fixture_large(size_t measures);

/* summit_record_parse of a record's text: the problems, or NULL if there are none. */
json_t *fixture_problems(const json_t *record);

/* Publishes one record. Returns the status; *ret_revision (17 bytes) may be NULL. */
enum summit_status fixture_publish(const char *path, json_t *record, unsigned flags,
                                   char *ret_revision);

/* Opens a database, verified. */
struct summit_store *fixture_open(const char *path);

/* A query with parameters as in a URL's, "area=trade&limit=2"; "" has none.
 *   id, within  may be NULL. */
struct summit_query *fixture_query(const char *resource, const char *id, const char *within,
                                   const char *parameters);

/* A page of such a query, which must be answered. ret_next may be NULL. */
json_t *fixture_list(struct summit_store *store, const char *resource, const char *within,
                     const char *parameters, char **ret_next);

/* A query for the search over all resources, settled; further parameters, or "". */
struct summit_query *fixture_search_query(const char *text, const char *parameters);

/* A page of such a search, which must be answered. ret_next may be NULL. */
json_t *fixture_search(struct summit_store *store, const char *text, const char *parameters,
                       char **ret_next);

/* An item, which must be there. */
json_t *fixture_get(struct summit_store *store, const char *resource, const char *id,
                    const char *parameters);

/* The value an RFC 6901 pointer leads to, borrowed, or NULL. */
json_t *fixture_at(const json_t *document, const char *pointer);

/* Puts a value (its reference is taken) at a pointer; "-" as last token appends to an array. A NULL
 * value removes what is there. */
void fixture_set_new(json_t *document, const char *pointer, json_t *value);

/* JSON text, in which ' stood for " until now; the caller frees it. */
char *fixture_quoted(const char *text);

/* A new value of such a text. */
json_t *fixture_json(const char *text);

/* The ids of rows, joined by blanks; the caller frees it. */
char *fixture_ids(const json_t *rows);

/* Appends to a text in a buffer of this size. */
void fixture_append(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The whole database as a record. */
json_t *fixture_export(const char *path);

#endif
