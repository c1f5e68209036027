#include <stdlib.h>

#include "../links.h"
#include "../parameters.h"
#include "handlers.h"

/* {"data", "links", "meta", "included"} from an item of the library. */
static enum summit_status envelope(const struct request *request, const json_t *item,
                                   struct answer *answer)
{
    char *self = links_to(request, NULL);
    if (self != NULL) {
        answer->document = json_pack("{s:O, s:{s:s}, s:O}", "data", json_object_get(item, "data"),
                                     "links", "self", self, "meta", json_object_get(item, "meta"));
    }
    free(self);
    json_t *included = json_object_get(item, "included");
    if (answer->document == NULL ||
        (included != NULL && json_object_set(answer->document, "included", included) != 0)) {
        return SUMMIT_NOMEM;
    }
    return SUMMIT_OK;
}

enum summit_status handle_item(const struct request *request, struct summit_store *store,
                               struct answer *answer)
{
    struct summit_query *query = NULL;
    enum summit_status status =
        parameters_query(request, store, request->parameter, NULL, answer, &query);
    if (status != SUMMIT_OK) {
        return status;
    }
    json_auto_t *item = NULL;
    status = summit_store_get(store, query, &item, &answer->errors);
    if (status == SUMMIT_OK) {
        status = envelope(request, item, answer);
    } else if (status == SUMMIT_NOT_FOUND) {
        const char *resource = request->route->resource;
        answer_problem(answer, PROBLEM_NOT_FOUND,
                       "There is no \"%.64s\" among the %s; /v1/%s lists those there are.",
                       request->parameter, resource, resource);
    }
    summit_query_free(query);
    return status;
}
