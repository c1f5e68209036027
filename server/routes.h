/* The route table: what each path is and who answers it. */
#ifndef SERVER_ROUTES_H
#define SERVER_ROUTES_H

#include <stdbool.h>
#include <stddef.h>

#include "answer.h"
#include "request.h"
#include "target.h"

/* Answers a request.
 *   request  checked and routed.
 *   store    a connection to the generation now served; NULL unless the route is of the API.
 *   answer   empty; to be filled.
 * Returns SUMMIT_OK, or what kept it from answering. */
typedef enum summit_status route_handler(const struct request *request, struct summit_store *store,
                                         struct answer *answer);

struct route {
    const char *path;      /* as in the OpenAPI document; {id} or {slug} stands for one segment */
    const char *operation; /* its operationId */
    const struct representation *const *offered; /* what it answers with; ends with NULL */
    const char *resource;                        /* of the record; NULL for a service path */
    route_handler *handle;
    bool is_api; /* needs the database */
};

extern const struct route routes[];
extern const size_t route_count;

/* The route of a target, or NULL.
 *   ret_parameters  the segments that stand for {id} and the like, REQUEST_PARAMETERS_MAX places,
 *                   the target's; NULL where there is none. */
const struct route *routes_match(const struct target *target, const char **ret_parameters);

#endif
