/* A request's query parameters as a query of the library. */
#ifndef SERVER_PARAMETERS_H
#define SERVER_PARAMETERS_H

#include "answer.h"
#include "request.h"
#include "summit.h"

/* Sets all parameters of a request in a query, each checked, and settles it; its format becomes the
 * representation of the answer.
 *   store   of the generation served.
 *   query   new; to be freed whatever is returned.
 *   answer  on SUMMIT_INVALID its errors say what is wrong with which parameter.
 * Returns SUMMIT_OK, SUMMIT_INVALID or SUMMIT_NOMEM, or, beside a mistake, what summit_store_check
 * returns. */
enum summit_status parameters_set(const struct request *request, struct summit_store *store,
                                  struct summit_query *query, struct answer *answer)
    __attribute__((warn_unused_result));

#endif
