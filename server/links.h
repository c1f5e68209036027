/* Links to what a request asked for, and to what comes next. */
#ifndef SERVER_LINKS_H
#define SERVER_LINKS_H

#include "request.h"

/* The path-absolute reference (RFC 3986 section 4.2) to what a request asked for, in its one
 * canonical spelling: parameters sorted by name, only what must be percent-encoded.
 *   cursor  stands for the request's own parameter cursor; NULL keeps that.
 * The caller frees it; NULL when out of memory. */
char *links_to(const struct request *request, const char *cursor);

#endif
