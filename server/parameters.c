#include "parameters.h"

#include <string.h>

#include "representation.h"
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

/* The library's name for what the Accept field chose. */
static enum summit_format accepted_format(const struct request *request)
{
    static const enum summit_format formats[] = {SUMMIT_JSON,   SUMMIT_NDJSON, SUMMIT_CSV,
                                                 SUMMIT_JSONLD, SUMMIT_CSL,    SUMMIT_BIBTEX,
                                                 SUMMIT_TEXT};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (strcmp(summit_format_name(formats[i]), request->representation->name) == 0) {
            return formats[i];
        }
    }
    return SUMMIT_FORMAT_NONE;
}

static enum summit_status set_and_settle(const struct request *request, struct summit_query *query,
                                         json_t *errors)
{
    summit_query_allow_texts(query);
    enum summit_status each = set_all(query, &request->target, errors);
    if (each == SUMMIT_NOMEM) {
        return each;
    }
    enum summit_status together = summit_query_settle(query, accepted_format(request), errors);
    return together == SUMMIT_OK ? each : together;
}

enum summit_status parameters_set(const struct request *request, struct summit_store *store,
                                  struct summit_query *query, struct answer *answer)
{
    json_auto_t *errors = json_array();
    enum summit_status status =
        errors == NULL ? SUMMIT_NOMEM : set_and_settle(request, query, errors);
    if (status == SUMMIT_INVALID) {
        /* All that is wrong at once, also what only the database can tell. */
        enum summit_status more = summit_store_check(store, query, errors);
        status = more == SUMMIT_OK || more == SUMMIT_GONE ? status : more;
        answer->errors = status == SUMMIT_INVALID ? json_incref(errors) : NULL;
    }
    if (status == SUMMIT_OK) {
        const char *name = summit_format_name(summit_query_format(query));
        answer->representation = representation_find(name, request->route->offered);
        answer->is_pretty = summit_query_is_pretty(query);
    }
    return status;
}
