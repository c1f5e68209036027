/* How well a document fits a search: the SQL function relevance(). */
#ifndef RELEVANCE_H
#define RELEVANCE_H

#include <sqlite3.h>

#include "summit.h"

/* Makes the FTS5 auxiliary function `relevance (search, counts)` known to a connection: the negated
 * Okapi BM25 score of the current row (Robertson and Zaragoza, The Probabilistic Relevance
 * Framework, 2009), as FTS5's own bm25() gives it, the better the smaller. counts is a text with
 * the number of documents that have each phrase of the expression, in its order, separated by
 * blanks.
 * Returns SUMMIT_OK, SUMMIT_NOMEM or SUMMIT_INTERNAL. */
enum summit_status relevance_register(sqlite3 *db) __attribute__((warn_unused_result));

#endif
