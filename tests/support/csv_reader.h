/* A reader of CSV that takes nothing but what RFC 4180 allows, and makes rows of it again. It is
 * written from the contract in csv.h and shares no code with the writer. */
#ifndef TESTS_CSV_READER_H
#define TESTS_CSV_READER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "resource.h"

/* The lines of a text as an array of arrays of fields: null for an empty field without quotes, else
 * a string. Fails the test when the text is not CSV. */
json_t *csv_read(const char *text, size_t length);

/* Whether a program for spreadsheets might run a field with this text. */
bool csv_is_formula(const char *text, size_t length);

/* The row that a line states; header is the first line. */
json_t *csv_restore(const struct field *fields, const json_t *header, const json_t *line);

#endif
