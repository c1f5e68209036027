/* Writing JSON, whatever the memory. */
#ifndef DUMP_H
#define DUMP_H

#include <jansson.h>
#include <stddef.h>

#include "buffer.h"

/* Appends the text of a JSON value as json_dumps gives it with these flags. Returns 0, or -1 when
 * out of memory. */
int dump_append(struct buffer *buffer, const json_t *value, size_t flags);

/* The text of a JSON value as json_dumps gives it with these flags. The caller frees it; NULL when
 * out of memory. */
char *dump_json(const json_t *value, size_t flags);

#endif
