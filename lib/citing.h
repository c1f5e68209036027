/* What the forms of a reference have in common. summit.h has the contract. */
#ifndef CITING_H
#define CITING_H

#include <jansson.h>
#include <stdbool.h>

#include "buffer.h"
#include "summit.h"

/* A text member of an item, borrowed, or NULL. */
const char *citing_text(const json_t *item, const char *member);

/* When the item was issued; false if it does not say so. */
bool citing_date(const json_t *item, int *ret_year, int *ret_month, int *ret_day);

/* Appends the locator, which the item must have, in words, and the note if there is one:
 * "paragraphs 3-5, 8 and 9: Oil and gas".
 *   one, several  "paragraph" and "paragraphs", or with a capital.
 * Returns 0, or -1 when out of memory. */
int citing_append_locator(struct buffer *buffer, const json_t *item, const char *one,
                          const char *several) __attribute__((warn_unused_result));

/* Whether a text ends a sentence by itself. */
bool citing_is_ended(const char *text);

#endif
