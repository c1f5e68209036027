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
    json_auto_t *links = json_object();
    int failed = json_object_set_new_nocheck(links, "self", json_string(self));
    if (is_list) {
        json_t *next = answer->next == NULL ? json_null() : json_string(answer->next);
        failed |= json_object_set_new_nocheck(links, "next", next);
    }
    free(own);
    return failed != 0 ? NULL : json_incref(links);
}

enum summit_status envelope_make(const struct request *request, const json_t *document,
                                 const char *cursor, bool is_list, struct answer *answer)
{
    enum summit_status status = envelope_link(request, cursor, answer);
    if (status != SUMMIT_OK) {
        return status;
    }
    json_t *made = json_object();
    json_t *included = json_object_get(document, "included");
    answer->document = made;
    int failed = json_object_set_nocheck(made, "data", json_object_get(document, "data"));
    failed |= json_object_set_new_nocheck(made, "links", make_links(request, is_list, answer));
    failed |= json_object_set_nocheck(made, "meta", json_object_get(document, "meta"));
    if (included != NULL) {
        failed |= json_object_set_nocheck(made, "included", included);
    }
    return failed != 0 ? SUMMIT_NOMEM : SUMMIT_OK;
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
