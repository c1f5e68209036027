/* The kinds of problem this server reports: RFC 9457 problem types. */
#ifndef SERVER_PROBLEM_H
#define SERVER_PROBLEM_H

#include <jansson.h>
#include <stddef.h>

enum problem_kind {
    PROBLEM_NONE,
    PROBLEM_BAD_REQUEST,
    PROBLEM_INVALID_PARAMETER,
    PROBLEM_NOT_FOUND,
    PROBLEM_METHOD_NOT_ALLOWED,
    PROBLEM_NOT_ACCEPTABLE,
    PROBLEM_CURSOR_EXPIRED,
    PROBLEM_URI_TOO_LONG,
    PROBLEM_RANGE_NOT_SATISFIABLE,
    PROBLEM_HEADERS_TOO_LARGE,
    PROBLEM_INTERNAL_ERROR,
    PROBLEM_UNAVAILABLE,
    PROBLEM_VERSION_NOT_SUPPORTED,
    PROBLEM_COUNT
};

struct problem_type {
    const char *slug; /* its address is /problems/SLUG */
    unsigned status;  /* RFC 9110 section 15 */
    const char *title;
    const char *explanation; /* for its page: what happened and what to do; plain ASCII */
};

/* The type of a kind other than PROBLEM_NONE. Static. */
const struct problem_type *problem_type(enum problem_kind kind);

/* The type with that slug, or NULL. */
const struct problem_type *problem_find(const char *slug);

/* A problem document.
 *   detail      what went wrong in this request; NULL says what the type's explanation says.
 *   instance    the path of the request, percent-encoded.
 *   request_id  as in the log.
 *   errors      an array of problems with parameters, borrowed; NULL if there is none.
 * Returns NULL when out of memory. */
json_t *problem_document(enum problem_kind kind, const char *detail, const char *instance,
                         const char *request_id, json_t *errors);

#endif
