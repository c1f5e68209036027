/* What every error answer has to be (RFC 9457), whatever it is about. */
#ifndef TESTS_PROBLEM_H
#define TESTS_PROBLEM_H

#include "http.h"

/* Fails unless `reply` is a complete problem document of this status and type. `slug` is the last
 * segment of the type; `path` is the instance, NULL to leave it open. */
void problem_check(const struct http_reply *reply, int status, const char *slug, const char *path);

/* The entry of `errors` about a parameter, borrowed; NULL when there is none. Fails when an entry
 * has not its four members. */
json_t *problem_error(const struct http_reply *reply, const char *parameter);

/* What is wrong with one parameter of a target. */
struct parameter_case {
    const char *target;
    const char *parameter;
    const char *code;
    const char *suggestion; /* NULL: there is none; "*": anything or none */
};

/* Whether the target is refused as it should be: with a 400 that has this entry. If not, the answer
 * is printed. */
bool parameter_is_refused(const struct daemon *daemon, const struct parameter_case *wrong);

#endif
