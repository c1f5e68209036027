/* The header fields of a response. */
#ifndef SERVER_REPLY_HEADERS_H
#define SERVER_REPLY_HEADERS_H

#include <stdbool.h>

#include "answer.h"
#include "request.h"

struct MHD_Response;

/* Adds the fields that go with an answer (RFC 9110, RFC 9111, and what browsers ask for).
 *   answer   its http_status is settled, and it is a problem no longer.
 *   etag     the entity tag with its quotes; "" for none.
 *   coding   of the body.
 * Returns false when out of memory. */
bool reply_headers_add(struct MHD_Response *response, const struct request *request,
                       const struct answer *answer, const char *etag, enum coding coding)
    __attribute__((warn_unused_result));

#endif
