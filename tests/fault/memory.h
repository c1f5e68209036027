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

/* Fails the allocations of the operation in turn, each once alone and once with all that follow,
 * and demands SUMMIT_NOMEM, or the expected status where it could do without; and that as much
 * memory is in use after each run as before it.
 *
 * Alone, every allocation fails; with all that follow, as with each_way in either case, the first
 * of those that are reached by the same call stack does. With the environment variable FAULT_STEP
 * it is every FAULT_STEP-th allocation instead, in either case. */
void operation_fail_all(const struct operation *operation, void *context);

#endif
