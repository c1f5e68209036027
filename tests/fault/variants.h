/* Records as large as one likes, in variants: every text of one ends with "variant N.", so that a
 * mixture of two shows. */
#ifndef TESTS_VARIANTS_H
#define TESTS_VARIANTS_H

#include <jansson.h>
#include <stddef.h>

/* Writes a record with this many measures to FOLDER/variant-N.json; the caller frees its path. */
char *variant_write(const char *folder, int variant, size_t measure_count);

/* The revision that its database has. */
void variant_revision(const char *record_path, char ret_revision[17]);

/* The variant that all texts in a document are of; -1 when there are none, or of several. */
int variant_of(const json_t *document);

#endif
