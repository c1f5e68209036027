#pragma once
/* Questions to a database during which memory runs out. */
#include "summit.h"

#include <jansson.h>
#include <stddef.h>

/* One question; what is answered is a document, or the text of a stream. */
struct asking {
    char *folder;
    char *path;
    struct summit_store *store;
    const char *resource; /* NULL is the search over all */
    const char *id;
    const char *within;
    const char *const *parameters; /* name, value, ..., NULL */
    json_t *document;              /* or the problems */
    char *text;
    char *next;
    json_t *expected;
    char *expected_text;
    char *expected_next;
    enum summit_status expected_status;
};

/* Fails the allocations of a question that has the status and as many rows, or problems, as told.
 *   asking  asking_forget() frees what is in it.
 *   rows    of a stream's text: its lines. */
void asking_fail(struct asking *asking, const char *name, enum summit_status expected, size_t rows);

/* Asks once, as the context of an operation does: fills document, text and next. */
enum summit_status asking_ask(void *context);

/* Opens the store of the question's database. */
void asking_open(void *context);

/* Frees what is expected. */
void asking_forget(struct asking *asking);
