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
    size_t index;
    json_t *resource;
    json_array_foreach(resources, index, resource)
    {
        const char *name = json_string_value(json_object_get(resource, "name"));
        json_t *href = json_sprintf("/v1/%s", name);
        if (json_object_set_new(resource, "href", href) != 0) {
            return SUMMIT_NOMEM;
        }
    }
    answer->document = json_pack("{s:O, s:{s:s, s:s}, s:{s:s}}", "data", resources, "links", "self",
                                 "/v1", "service_desc", "/openapi.json", "meta", "revision",
                                 summit_store_revision(store));
    return answer->document == NULL ? SUMMIT_NOMEM : SUMMIT_OK;
}
