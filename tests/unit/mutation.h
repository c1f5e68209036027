/* Edits of the built-in record, and all that is said of each. */
#ifndef TESTS_UNIT_MUTATION_H
#define TESTS_UNIT_MUTATION_H

#include <jansson.h>
#include <stddef.h>

/* Puts JSON text (' stands for ") at a pointer, or removes what is there (NULL). What is expected
 * is a line for each problem: "pointer code" and, if there is one, the suggestion. */
struct mutation {
    const char *pointer, *value, *expected;
};

/* Makes each edit on a record of its own, shows all that go wrong, and fails the test if some do.
 */
void mutation_check(const struct mutation *mutations, size_t count);

/* What is said of a record, in the form of `expected`; the caller frees it. */
char *mutation_describe(const json_t *problems);

#endif
