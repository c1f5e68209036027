#include "parameters.h"

#include "routes.h"

static enum summit_status set_all(struct summit_query *query, const struct target *target,
                                  json_t *errors)
{
    enum summit_status result = SUMMIT_OK;
    for (size_t i = 0; i < target->parameter_count; i++) {
        const struct target_parameter *parameter = &target->parameters[i];
        enum summit_status status =
            summit_query_set(query, parameter->name, parameter->value, errors);
        if (status == SUMMIT_NOMEM) {
            return status;
        }
        result = status == SUMMIT_OK ? result : status;
    }
    return result;
}

enum summit_status parameters_query(const struct request *request, struct summit_store *store,
                                    const char *id, const char *within, struct answer *answer,
                                    struct summit_query **ret_query)
{
    struct summit_query *query = NULL;
    enum summit_status status = summit_query_new(request->route->resource, id, &query);
    if (status == SUMMIT_OK && within != NULL) {
        status = summit_query_within(query, within);
    }
    json_t *errors = json_array();
    if (status == SUMMIT_OK) {
        status = errors == NULL ? SUMMIT_NOMEM : set_all(query, &request->target, errors);
    }
    if (status == SUMMIT_INVALID) {
        /* All that is wrong at once, also what only the database can tell. */
        enum summit_status more = summit_store_check(store, query, errors);
        status = more == SUMMIT_OK ? status : more;
    }
    if (status == SUMMIT_OK) {
        *ret_query = query;
        query = NULL;
    } else if (status == SUMMIT_INVALID) {
        answer->errors = json_incref(errors);
    }
    json_decref(errors);
    summit_query_free(query);
    return status;
}
