/* Which sources an excerpt keeps, and which of their paragraphs its rows cite. */
#ifndef EXCERPT_SOURCES_H
#define EXCERPT_SOURCES_H

#include <stdbool.h>
#include <stddef.h>

#include "store.h"
#include "summit.h"

struct excerpt_source {
    bool stays;
    unsigned char *cited; /* a byte for each paragraph up to the last cited one */
    size_t cited_size;
};

/* Starts out as {NULL}; excerpt_sources_clear ends it. */
struct excerpt_sources {
    json_t *places; /* {source id: place in list} */
    struct excerpt_source *list;
    size_t count;
    size_t capacity;
};

void excerpt_sources_clear(struct excerpt_sources *sources);

/* Says of a source that it stays. Returns SUMMIT_OK or SUMMIT_NOMEM. */
enum summit_status excerpt_sources_add(struct excerpt_sources *sources, const char *id)
    __attribute__((warn_unused_result));

/* Decides about the sources that a shared row cites and that are not known yet: one stays if no
 * summit's own rows cite it, or if otherwise the row would have no citation left. Returns
 * SUMMIT_OK, SUMMIT_TIMEOUT, SUMMIT_NOMEM, SUMMIT_CORRUPT, SUMMIT_BUSY or SUMMIT_IO. */
enum summit_status excerpt_sources_weigh(struct excerpt_sources *sources,
                                         struct summit_store *store, const json_t *row)
    __attribute__((warn_unused_result));

/* The ids of the sources that stay, as an array. NULL when out of memory. */
json_t *excerpt_sources_ids(const struct excerpt_sources *sources);

/* Takes out of a row the citations of sources that do not stay, and notes the paragraphs that the
 * others cite. Returns SUMMIT_OK, SUMMIT_NOMEM, or SUMMIT_CORRUPT when a paragraph is none. */
enum summit_status excerpt_sources_trim(struct excerpt_sources *sources, json_t *row)
    __attribute__((warn_unused_result));

/* Lists in a source's omitted_paragraphs those that no row trimmed before cites and that are not
 * there yet, after the others. Returns SUMMIT_OK, SUMMIT_NOMEM or SUMMIT_CORRUPT. */
enum summit_status excerpt_sources_complete(const struct excerpt_sources *sources, json_t *source)
    __attribute__((warn_unused_result));

#endif
