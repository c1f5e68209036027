/* Small facts about strings that several modules need. */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "summit.h"

enum { TEXT_SLUG_MAX_BYTES = 64 };

/* Frees the string a variable with __attribute__((cleanup(text_free))) holds. */
static inline void text_free(char **text)
{
    free(*text);
}

#define text_auto __attribute__((cleanup(text_free))) char

/* Writes a message for people into error, cut to its size; error may be NULL. */
void text_error(struct summit_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Whether text is an id: [a-z0-9]+(-[a-z0-9]+)*, at most TEXT_SLUG_MAX_BYTES. */
bool text_is_slug(const char *text);

/* Whether text is a calendar date YYYY-MM-DD (ISO 8601, proleptic Gregorian). */
bool text_is_date(const char *text);

/* Whether candidates (ends with NULL) hold text. */
bool text_is_one_of(const char *text, const char *const *candidates);

/* The candidates joined by ", ". NULL when out of memory; the caller frees it. */
char *text_join(const char *const *candidates);

/* Removes the pieces of characters that cutting a UTF-8 text left behind. */
void text_mend(char *text);

/* A new string: the text, or if it has more than max bytes its first words in so many, and "…".
 * NULL when out of memory. */
char *text_shorten(const char *text, size_t max);

/* A new string formatted as by printf, or NULL when out of memory. */
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
