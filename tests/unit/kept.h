/* Responses made up for the cache, so that every reference to them can be counted: as the tests
 * give theirs back, a response lives for as long as the cache keeps it. */
#ifndef TESTS_UNIT_KEPT_H
#define TESTS_UNIT_KEPT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cache.h"
#include "response.h"
#include "routes.h"

enum {
    OVERHEAD = 512, /* more than an entry has bytes of its own */
    TARGET_SIZE = 80,
    KEYS_OF_TARGET = 2 * CODING_NONE
};

struct response {
    atomic_uint references;
    size_t size;
    size_t key;             /* what it was made for */
    struct response **home; /* emptied at its end; NULL for none */
};

/* The responses there are. */
extern atomic_size_t live_count;
extern atomic_size_t live_bytes;

/* What all of them are kept for. */
extern const struct route route_of_all;

/* cmocka setup: what a test that failed left behind is not the next one's. */
int kept_count_anew(void **state);

/* A response with one reference. */
struct response *make(size_t key, size_t size);

/* The key of a number; KEYS_OF_TARGET numbers on end have one target. */
struct cache_key key_of(size_t number, char target[TARGET_SIZE]);

/* Puts a response and gives the reference back. Its home, which may be NULL, is filled for as long
 * as it is kept. Returns whether it was kept. */
bool put(struct cache *cache, size_t number, size_t size, struct response **home);

/* Asks for a key and gives the reference back: what it was, to be compared only. */
const struct response *ask(struct cache *cache, size_t number);

/* The next of a row of numbers; the first state is any but 0. */
uint64_t next_random(uint64_t *state);

#endif
