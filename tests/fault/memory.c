/* SQLite is shut down between two runs: so that its start is part of them, and so that what it
 * keeps for the process does not blur the count of what is in use. */
#include "memory.h"

#include "../support/check.h"
#include "alloc.h"

#include <sqlite3.h>
#include <stdlib.h>

enum { ALLOCATIONS_MAX = 200000 };

static bool is_new[ALLOCATIONS_MAX];

static void prepare(const struct operation *operation, void *context)
{
    if (operation->prepare != NULL) {
        operation->prepare(context);
    }
}

/* One run with the given allocation failing. Returns whether it came to that. */
static bool run(const struct operation *operation, void *context, size_t index,
                enum alloc_mode mode, size_t *absorbed)
{
    (void)sqlite3_shutdown();
    int64_t live = alloc_live();
    prepare(operation, context);
    alloc_arm((int64_t)index, mode);
    enum summit_status status = operation->run(context);
    bool injected = alloc_disarm();
    bool expected = status == operation->expected || (injected && status == SUMMIT_NOMEM);
    if (!expected) {
        fail_msg("%s, allocation %zu%s: %s", operation->name, index,
                 mode == ALLOC_ONCE ? "" : " and all after", summit_status_text(status));
    }
    *absorbed += injected && status != SUMMIT_NOMEM;
    operation->check(context, status);
    (void)sqlite3_shutdown();
    if (alloc_live() != live) {
        fail_msg("%s, allocation %zu%s: %lld allocations before, %lld after", operation->name,
                 index, mode == ALLOC_ONCE ? "" : " and all after", (long long)live,
                 (long long)alloc_live());
    }
    return injected;
}

static size_t record_ways(const struct operation *operation, void *context)
{
    (void)sqlite3_shutdown();
    prepare(operation, context);
    alloc_record();
    enum summit_status status = operation->run(context);
    size_t count = alloc_recorded(is_new, ALLOCATIONS_MAX);
    assert_int_equal(status, operation->expected);
    operation->check(context, status);
    return count;
}

void operation_fail_all(const struct operation *operation, void *context)
{
    const char *variable = getenv("FAULT_STEP");
    size_t step = variable == NULL ? 1 : strtoul(variable, NULL, 10);
    assert_true(step > 0);
    /* Whatever is allocated once for the process is so now. */
    (void)record_ways(operation, context);
    size_t count = record_ways(operation, context);
    for (enum alloc_mode mode = ALLOC_ONCE; mode < ALLOC_MODES; mode++) {
        bool each_way = variable == NULL && (operation->each_way || mode == ALLOC_FROM_ON);
        size_t failures = 0;
        size_t absorbed = 0;
        bool injected = true;
        for (size_t i = 0; injected; i += step) {
            if (i >= count || !each_way || is_new[i]) {
                injected = run(operation, context, i, mode, &absorbed);
                failures += injected;
            }
        }
        print_message("# %s: %zu of %zu allocations failed%s, %zu absorbed\n", operation->name,
                      failures, count, mode == ALLOC_ONCE ? "" : " with all after", absorbed);
        assert_true(failures > 0);
    }
}
