/* Allocations that fail on demand: those of libsummit and summitd (linked with --wrap), of Jansson
 * and of SQLite (through their hooks), and what zlib and libmicrohttpd allocate for a reply. */
#ifndef TESTS_ALLOC_H
#define TESTS_ALLOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum alloc_mode {
    ALLOC_ONCE,    /* one allocation fails, those after it succeed */
    ALLOC_FROM_ON, /* that one fails and all after it */
    ALLOC_MODES
};

/* Takes over the allocators. Before the first use of Jansson or SQLite. */
void alloc_install(void);

/* Never fails an allocation of the calling thread: a test's client beside the server. */
void alloc_spare_this_thread(void);

/* From now on the allocation after `index` others fails. */
void alloc_arm(int64_t index, enum alloc_mode mode);

/* Lets all allocations succeed again. Returns whether one has failed. */
bool alloc_disarm(void);

/* Notes from now on by which way (call stack) each allocation is reached. */
void alloc_record(void);

/* Ends that. Returns how many allocations there were; ret_is_new[i] says whether allocation i was
 * the first by its way. `size` places must be enough. */
size_t alloc_recorded(bool *ret_is_new, size_t size);

/* How many allocations are not freed. */
int64_t alloc_live(void);

#endif
