/* What became of each paragraph of a source. */
#ifndef COVERAGE_H
#define COVERAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "store.h"
#include "summit.h"

enum { COVERAGE_TITLE_MAX = 200 /* bytes that a title has of a longer text, before "…" */ };

/* The paragraphs of a source, each with the rows that cite it.
 *   limit           rows in all, 0 or more; those of the first paragraphs.
 *   ret_paragraphs  [{"paragraph": 1, "omitted": why no row cites it, or null, "rows": [{"type":
 *                   "measures", "id", "title": its name, title or text}]}] of all paragraphs from
 *                   1; rows by type (alphabetically), then in their own order.
 *   ret_more        whether there are more rows than the limit.
 * Returns SUMMIT_OK, SUMMIT_NOT_FOUND (no such source), SUMMIT_TIMEOUT, SUMMIT_CORRUPT,
 * SUMMIT_BUSY, SUMMIT_IO or SUMMIT_NOMEM. */
enum summit_status coverage_list(struct summit_store *store, const char *source_id, int64_t limit,
                                 json_t **ret_paragraphs, bool *ret_more)
    __attribute__((warn_unused_result));

#endif
