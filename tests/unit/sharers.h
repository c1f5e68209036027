/* A database of summits that share rows. All play a part in the area "reeds"; both at the pond name
 * an initiative and cite one report, each other paragraphs of it; "reeds" cites a glossary that no
 * summit cites; and the later one at the pond has an area that only the notes from the lake tell
 * of. */
#ifndef TESTS_UNIT_SHARERS_H
#define TESTS_UNIT_SHARERS_H

#include <jansson.h>
#include <stdbool.h>

enum { SHARERS_COUNT = 3 };

/* The ids of the summits, in their order. */
extern const char *const sharers[SHARERS_COUNT];

/* Publishes the record of each summit, one after the other. */
void sharers_publish(const char *path, bool with_glossary);

/* Adds a source in English to a record. omitted is as fixture_json takes it. */
void sharers_add_source(json_t *record, const char *id, int paragraphs, const char *omitted);

/* Puts shared rows of a record, and the entries of their lists, in an order of their own. */
void sharers_sort(json_t *record);

#endif
