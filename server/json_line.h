/* A JSON document as text: one line, or several for people. */
#ifndef SERVER_JSON_LINE_H
#define SERVER_JSON_LINE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Writes an object or array with a line feed at its end.
 *   is_pretty   indented by two blanks, else compact.
 *   ret_line    the caller frees it; it does not end with NUL.
 *   ret_length  in bytes, the line feed included.
 * Returns false when out of memory. */
bool json_line(const json_t *document, bool is_pretty, char **ret_line, size_t *ret_length)
    __attribute__((warn_unused_result));

#endif
