/* What a search expression stands for in a database. */
#ifndef EXPAND_H
#define EXPAND_H

#include "store.h"
#include "summit.h"

/* A prefix stands for so many words at most, those in the most documents. */
enum { EXPAND_WORDS_MAX = 32 };

/* An FTS5 expression whose prefixes have become the words they stand for. */
struct expansion {
    char *match;  /* NULL when it finds nothing */
    char *counts; /* how many documents have each of its phrases: "12 400 ", for relevance.h */
};

/* Expands an expression that match_expression made.
 *   ret_expansion  cleared with expansion_clear.
 * Returns SUMMIT_OK, SUMMIT_TIMEOUT, SUMMIT_NOMEM, SUMMIT_CORRUPT, SUMMIT_BUSY or SUMMIT_IO. */
enum summit_status expand_match(struct summit_store *store, const char *match,
                                struct expansion *ret_expansion)
    __attribute__((warn_unused_result));

/* Frees what an expansion owns. */
void expansion_clear(struct expansion *expansion);

#endif
