/* Pseudo-random questions about a generated record. */
#ifndef TESTS_UNIT_ROUND_H
#define TESTS_UNIT_ROUND_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "generated.h"
#include "oracle.h"

/* One question: up to three filters of one to three values, up to three fields to sort by, and
 * perhaps a word or two; the measures are asked about most. */
struct round {
    size_t number;
    struct chance chance;
    struct question question;
    struct order order[4];
    const json_t *pool; /* of its resource */
    json_t *filters;
    char words[64];
    char parameters[1024];
};

/* All values of all filters: for each resource {filter: [value, ...]}. */
void round_pools_make(const struct oracle *oracle, json_t *ret_pools[RESOURCE_COUNT]);
void round_pools_free(json_t *pools[RESOURCE_COUNT]);

/* Makes the question of a number; the same for the same seed. It refers to itself: it must stay
 * where it is. */
void round_choose(struct round *round, const struct oracle *oracle, json_t *const *pools,
                  uint64_t seed, size_t number);
void round_clear(struct round *round);

#endif
