/* Where a search says that its words stand. */
#ifndef TESTS_SNIPPETS_H
#define TESTS_SNIPPETS_H

#include <jansson.h>
#include <stddef.h>

/* Fails unless a snippet is {"text", "matches": [{"start", "length"}, ...]}: with one match or
 * more, each within the text, counted in code points, and none touching the one before. */
void snippet_check(json_t *snippet);

/* The text of a match; the caller frees it. */
char *snippet_matched(json_t *snippet, size_t index);

/* How many matches there are. */
size_t snippet_count(json_t *snippet);

#endif
