/* Reading JSON, whatever the memory. */
#ifndef PARSE_H
#define PARSE_H

#include <jansson.h>
#include <stddef.h>

#include "summit.h"

/* Parses a JSON text as json_loadb does.
 *   text, length  the text; length in bytes.
 *   flags         of json_loadb.
 *   ret_value     on SUMMIT_OK the value, the caller's.
 *   ret_error     on SUMMIT_INVALID what json_loadb says is wrong; else undefined.
 * Returns SUMMIT_OK, SUMMIT_INVALID (not JSON) or SUMMIT_NOMEM. */
enum summit_status parse_json(const char *text, size_t length, size_t flags, json_t **ret_value,
                              json_error_t *ret_error) __attribute__((warn_unused_result));

#endif
