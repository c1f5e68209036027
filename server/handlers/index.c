#include "handlers.h"

enum summit_status handle_index(const struct request *request, struct summit_store *store,
                                struct answer *answer)
{
    (void)request;
    json_auto_t *resources = NULL;
    enum summit_status status = summit_resources(&resources);
    if (status != SUMMIT_OK) {
        return status;
    }
    json_auto_t *rows = json_array();
    size_t index;
    json_t *resource;
    json_array_foreach(resources, index, resource)
    {
        const char *name = json_string_value(json_object_get(resource, "name"));
        json_t *row = json_pack("{s:s, s:s+}", "name", name, "href", "/v1/", name);
        if (row == NULL || json_object_update_missing(row, resource) != 0 ||
            json_array_append(rows, row) != 0) {
            json_decref(row);
            return SUMMIT_NOMEM;
        }
        json_decref(row);
    }
    answer->document = json_pack("{s:O, s:{s:s, s:s}, s:{s:s}}", "data", rows, "links", "self",
                                 "/v1", "service_desc", "/openapi.json", "meta", "revision",
                                 summit_store_revision(store));
    return answer->document == NULL ? SUMMIT_NOMEM : SUMMIT_OK;
}
