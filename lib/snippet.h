/* What FTS5's snippet() and highlight() give, as JSON. */
#ifndef SNIPPET_H
#define SNIPPET_H

#include <jansson.h>
#include <stddef.h>

#include "summit.h"

/* The marks around a match: control characters, which no text of a record has. In SQL:
 * snippet(t, -1, char(2), char(3), '...', 24). */
#define SNIPPET_START '\x02'
#define SNIPPET_END '\x03'
#define SNIPPET_START_SQL "char(2)"
#define SNIPPET_END_SQL "char(3)"

/* Reads a text with marks: {"text": without them, "matches": [{"start", "length"}, ...]}, start and
 * length in Unicode code points of "text", ascending; matches that touch or overlap are one. A
 * match that ends between two CJK characters goes on to the second: the tokenizer gives a pair as
 * standing at its first character only. Marks without their counterpart do no harm: an open match
 * ends at the end, an end without a start is passed over.
 *   marked, length  what the SQL function gave; length in bytes.
 *   ret_snippet     the caller's.
 * Returns SUMMIT_OK, SUMMIT_NOMEM or SUMMIT_CORRUPT (it is not UTF-8). */
enum summit_status snippet_parse(const char *marked, size_t length, json_t **ret_snippet)
    __attribute__((warn_unused_result));

#endif
