/* Runs an operation again and again, each time with another allocation failing, until it gets
 * through without a failure. */
#ifndef TESTS_MEMORY_H
#define TESTS_MEMORY_H

#include <stdbool.h>

#include "summit.h"

struct operation {
    const char *name;
    void (*prepare)(void *context); /* before each run, with memory; may be NULL */
    enum summit_status (*run)(void *context);
    /* After each run, with memory; fails the test when outputs or files are not as the status says,
     * and frees what prepare and run gave. */
    void (*check)(void *context, enum summit_status status);
    enum summit_status expected; /* of a run without a failure */
    bool each_way;               /* see operation_fail_all */
};

/* Fails every allocation of the operation in turn, once alone and once with all that follow, and
 * demands SUMMIT_NOMEM, or the expected status where it could do without; and that as much memory
 * is in use after each run as before it.
 *
 * Which allocations: those whose number is a multiple of FAULT_STEP. Without that variable every
 * one alone; and every one alone too with all that follow, except that then, and throughout for an
 * operation with each_way, only the first of those that are reached by the same way. */
void operation_fail_all(const struct operation *operation, void *context);

#endif
