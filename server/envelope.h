/* What the library answers, in the form the API gives it: with links. */
#ifndef SERVER_ENVELOPE_H
#define SERVER_ENVELOPE_H

#include "answer.h"
#include "request.h"
#include "summit.h"

/* Makes {"data", "links", "meta", "included"} of a document of the library.
 *   document  {"data", "meta", "included" (where there are such rows)}, borrowed.
 *   cursor    of the next page; NULL on the last, and for what has no pages.
 *   is_list   it has pages: links have `next`.
 * Returns SUMMIT_OK or SUMMIT_NOMEM. */
enum summit_status envelope_make(const struct request *request, const json_t *document,
                                 const char *cursor, bool is_list, struct answer *answer)
    __attribute__((warn_unused_result));

/* Sets the link to the next page. Returns SUMMIT_OK or SUMMIT_NOMEM. */
enum summit_status envelope_link(const struct request *request, const char *cursor,
                                 struct answer *answer) __attribute__((warn_unused_result));

/* Adds to each of these objects `href`, the address of the row that its `type` and `id` name.
 * Returns SUMMIT_OK or SUMMIT_NOMEM. */
enum summit_status envelope_address(json_t *entries) __attribute__((warn_unused_result));

#endif
