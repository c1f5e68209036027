#include <string.h>

#include "../envelope.h"
#include "../jsonld.h"
#include "../parameters.h"
#include "handlers.h"

/* The rows that cite each paragraph get their addresses. */
static enum summit_status address_coverage(const json_t *item)
{
    const json_t *included = json_object_get(item, "included");
    const json_t *coverage = json_object_get(included, "coverage");
    enum summit_status status = SUMMIT_OK;
    for (size_t i = 0; status == SUMMIT_OK && i < json_array_size(coverage); i++) {
        status = envelope_address(json_object_get(json_array_get(coverage, i), "rows"));
    }
    return status;
}

/* What is made of one item has its address beside that of the item. */
static enum summit_status link_record(const char *id, const json_t *document)
{
    json_t *record = json_sprintf("/v1/summits/%s/record", id);
    return json_object_set_new(json_object_get(document, "links"), "record", record) == 0
               ? SUMMIT_OK
               : SUMMIT_NOMEM;
}

static enum summit_status give(const struct request *request, struct summit_store *store,
                               const struct summit_query *query, struct answer *answer)
{
    json_auto_t *item = NULL;
    enum summit_status status = summit_store_get(store, query, &item, &answer->errors);
    if (status != SUMMIT_OK) {
        return status;
    }
    if (summit_query_format(query) == SUMMIT_JSONLD) {
        return jsonld_make(request->route->resource, json_object_get(item, "data"), NULL,
                           &answer->document);
    }
    status = address_coverage(item);
    if (status == SUMMIT_OK) {
        status = envelope_make(request, item, NULL, false, answer);
    }
    bool is_summit = strcmp(request->route->resource, "summits") == 0;
    return status == SUMMIT_OK && is_summit ? link_record(request->parameters[0], answer->document)
                                            : status;
}

enum summit_status handle_item(const struct request *request, struct summit_store *store,
                               struct answer *answer)
{
    const char *resource = request->route->resource;
    const char *id = request->parameters[0];
    struct summit_query *query = NULL;
    enum summit_status status = summit_query_new(resource, id, &query);
    if (status == SUMMIT_OK) {
        status = parameters_set(request, store, query, answer);
    }
    if (status == SUMMIT_OK) {
        status = give(request, store, query, answer);
    }
    if (status == SUMMIT_NOT_FOUND) {
        answer_problem(answer, PROBLEM_NOT_FOUND,
                       "There is no \"%.64s\" among the %s; /v1/%s lists those there are.", id,
                       resource, resource);
    }
    summit_query_free(query);
    return status;
}
