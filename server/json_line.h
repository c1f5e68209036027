/* A JSON document as one line of text. */
#ifndef SERVER_JSON_LINE_H
#define SERVER_JSON_LINE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Writes an object or array compactly, with a line feed at its end.
 *   ret_line    the caller frees it; it does not end with NUL.
 *   ret_length  in bytes, the line feed included.
 * Returns false when out of memory. */
bool json_line(const json_t *document, char **ret_line, size_t *ret_length)
    __attribute__((warn_unused_result));

#endif
