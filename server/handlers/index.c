#include "../parameters.h"
#include "handlers.h"

/* What the library says of a resource, with its address. NULL when out of memory, which Jansson's
 * own ways to join two objects would not say. */
static json_t *index_row(json_t *resource)
{
    const char *name = json_string_value(json_object_get(resource, "name"));
    json_auto_t *row = json_pack("{s:s, s:s+}", "name", name, "href", "/v1/", name);
    const char *key;
    json_t *value;
    json_object_foreach(resource, key, value)
    {
        if (json_object_set(row, key, value) != 0) {
            return NULL;
        }
    }
    return json_incref(row);
}

/* Whatever else has one address. NULL when out of memory. */
static json_t *index_links(void)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "self", "/v1", "search",
                     "/v1/search", "graph", "/v1/graph", "export_sqlite", "/v1/export.sqlite",
                     "service_desc", "/openapi.json", "service_doc", "/", "status", "/readyz",
                     "api_catalog", "/.well-known/api-catalog");
}

enum summit_status handle_index(const struct request *request, struct summit_store *store,
                                struct answer *answer)
{
    struct summit_query *query = NULL;
    json_auto_t *resources = NULL;
    enum summit_status status = summit_query_new_index(&query);
    if (status == SUMMIT_OK) {
        status = parameters_set(request, store, query, answer);
    }
    summit_query_free(query);
    if (status == SUMMIT_OK) {
        status = summit_resources(&resources);
    }
    if (status != SUMMIT_OK) {
        return status;
    }
    json_auto_t *rows = json_array();
    size_t index;
    json_t *resource;
    json_array_foreach(resources, index, resource)
    {
        if (json_array_append_new(rows, index_row(resource)) != 0) {
            return SUMMIT_NOMEM;
        }
    }
    answer->document = json_pack("{s:O, s:o, s:{s:s}}", "data", rows, "links", index_links(),
                                 "meta", "revision", summit_store_revision(store));
    return answer->document == NULL ? SUMMIT_NOMEM : SUMMIT_OK;
}
