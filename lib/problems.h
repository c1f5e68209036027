/* The list of what is wrong with a record. */
#ifndef PROBLEMS_H
#define PROBLEMS_H

#include <stdbool.h>

#include "summit.h"

enum { PROBLEMS_MAX = 1000 };

struct problems {
    json_t *list; /* at most PROBLEMS_MAX, then one that says there are more */
    bool nomem;   /* something could not be noted */
};

/* A place in a record: a key or index below another place. Lives on the stack of the walk. */
struct place {
    const struct place *parent; /* NULL is the document */
    const char *key;            /* or NULL, and then */
    size_t index;
};

/* Whether no further problem will be noted, so that none need be looked for. */
bool problems_are_full(const struct problems *problems);

/* Notes a problem at a place.
 *   suggestion  may be NULL.
 *   format      the detail, as for printf: what is wrong and what is allowed. */
void problems_add(struct problems *problems, const struct place *place, const char *code,
                  const char *suggestion, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* The same for a place that is known as an RFC 6901 pointer already. */
void problems_add_at(struct problems *problems, const char *pointer, const char *code,
                     const char *suggestion, const char *detail);

/* The RFC 6901 pointer to a place. The caller frees it; NULL when out of memory. */
char *problems_pointer(const struct place *place);

/* SUMMIT_OK, SUMMIT_INVALID when there is a problem, or SUMMIT_NOMEM. */
enum summit_status problems_status(const struct problems *problems)
    __attribute__((warn_unused_result));

#endif
