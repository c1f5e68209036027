#include "envelope.h"

#include <stdlib.h>

#include "links.h"

enum summit_status envelope_link(const struct request *request, const char *cursor,
                                 struct answer *answer)
{
    if (cursor == NULL) {
        return SUMMIT_OK;
    }
    answer->next = links_to(request, cursor);
    return answer->next == NULL ? SUMMIT_NOMEM : SUMMIT_OK;
}

/* {"self", "next"}, or only "self". */
static json_t *make_links(const struct request *request, bool is_list, const struct answer *answer)
{
    char *own = request->self == NULL ? links_to(request, NULL) : NULL;
    const char *self = request->self == NULL ? own : request->self;
    json_t *links = NULL;
    if (self != NULL) {
        links = is_list ? json_pack("{s:s, s:s?}", "self", self, "next", answer->next)
                        : json_pack("{s:s}", "self", self);
    }
    free(own);
    return links;
}

enum summit_status envelope_make(const struct request *request, const json_t *document,
                                 const char *cursor, bool is_list, struct answer *answer)
{
    enum summit_status status = envelope_link(request, cursor, answer);
    if (status != SUMMIT_OK) {
        return status;
    }
    answer->document =
        json_pack("{s:O, s:o, s:O}", "data", json_object_get(document, "data"), "links",
                  make_links(request, is_list, answer), "meta", json_object_get(document, "meta"));
    json_t *included = json_object_get(document, "included");
    if (answer->document == NULL ||
        (included != NULL && json_object_set(answer->document, "included", included) != 0)) {
        return SUMMIT_NOMEM;
    }
    return SUMMIT_OK;
}

enum summit_status envelope_address(json_t *entries)
{
    for (size_t i = 0; i < json_array_size(entries); i++) {
        json_t *entry = json_array_get(entries, i);
        json_t *href = json_sprintf("/v1/%s/%s", json_string_value(json_object_get(entry, "type")),
                                    json_string_value(json_object_get(entry, "id")));
        if (json_object_set_new(entry, "href", href) != 0) {
            return SUMMIT_NOMEM;
        }
    }
    return SUMMIT_OK;
}
