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

#endif
