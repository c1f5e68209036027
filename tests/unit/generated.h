/* A large made-up record, the same for the same seed. */
#ifndef TESTS_UNIT_GENERATED_H
#define TESTS_UNIT_GENERATED_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* A row of pseudo-random numbers. */
struct chance {
    uint64_t state;
};

/* The next number, less than `end`. */
size_t chance_below(struct chance *chance, size_t end);

/* A number less than `end`, the small ones much more often. */
size_t chance_skewed(struct chance *chance, size_t end);

enum { GENERATED_WORDS = 300 };

/* The n-th word of the texts, by how often it is used: the first stands in nearly all, those at the
 * end in next to none. No word is the start of another. */
const char *generated_word(size_t number, char ret_word[8]);

/* A checked record of four summits with this many measures in all: many rows are equal in what
 * lists are sorted by, links and texts are spread unevenly, and rows do not stand in the order of
 * their numbers or ids. */
json_t *generated_record(uint64_t seed, size_t measures);

#endif
