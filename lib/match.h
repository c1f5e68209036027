/* What a user typed into a search box, as an FTS5 expression. */
#ifndef MATCH_H
#define MATCH_H

#include "summit.h"

/* Turns a text into the right side of MATCH, for tables with the tokenizer of tokenizer.h: every
 * word must be there; what stands in double quotes is a phrase; of the last word the start is
 * enough, unless it stands in a quote that was closed. A quote that was not goes on to the end. No
 * text has any other meaning: the expression consists of quoted strings, each perhaps followed by
 * an asterisk, and nothing else, so it is never wrong FTS5 syntax.
 *   text            UTF-8; other bytes find nothing, but do no harm.
 *   ret_expression  for free(); NULL when there is nothing in text to look for.
 * Returns SUMMIT_OK or SUMMIT_NOMEM. */
enum summit_status match_expression(const char *text, char **ret_expression)
    __attribute__((warn_unused_result));

#endif
