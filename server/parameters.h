/* A request's query parameters as a query of the library. */
#ifndef SERVER_PARAMETERS_H
#define SERVER_PARAMETERS_H

#include "answer.h"
#include "request.h"
#include "summit.h"

/* Makes the query a request asks for; every parameter is checked.
 *   store      of the generation served.
 *   id         of the item asked for, or NULL for a collection.
 *   within     the summit a collection is restricted to, or NULL.
 *   answer     on SUMMIT_INVALID its errors say what is wrong with which parameter.
 *   ret_query  freed with summit_query_free.
 * Returns SUMMIT_OK, SUMMIT_INVALID or SUMMIT_NOMEM, or, beside a mistake, what summit_store_check
 * returns. */
enum summit_status parameters_query(const struct request *request, struct summit_store *store,
                                    const char *id, const char *within, struct answer *answer,
                                    struct summit_query **ret_query)
    __attribute__((warn_unused_result));

#endif
