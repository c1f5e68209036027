/* Collections page by page. */
#ifndef TESTS_PAGES_H
#define TESTS_PAGES_H

#include "daemon.h"

#include <jansson.h>

/* links.next of a page, borrowed; NULL on the last. */
const char *page_next(json_t *page);

/* A number of a page's meta. */
json_int_t page_number(json_t *page, const char *name);

/* Follows links.next from the target's first page, of `limit` rows, to its last, and fails unless
 * the pages joined are the rows that it has when it is read at once. Each next stands in the Link
 * header as well. */
void pages_walk(const struct daemon *daemon, const char *target, json_int_t limit);

#endif
