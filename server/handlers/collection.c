#include <stdlib.h>

#include "../links.h"
#include "../parameters.h"
#include "handlers.h"

/* {"data", "links", "meta", "included"} from a page of the library. */
static enum summit_status envelope(const struct request *request, const json_t *page,
                                   const char *cursor, struct answer *answer)
{
    char *self = links_to(request, NULL);
    if (cursor != NULL) {
        answer->next = links_to(request, cursor);
    }
    if (self != NULL && (cursor == NULL || answer->next != NULL)) {
        answer->document =
            json_pack("{s:O, s:{s:s, s:s?}, s:O}", "data", json_object_get(page, "data"), "links",
                      "self", self, "next", answer->next, "meta", json_object_get(page, "meta"));
    }
    free(self);
    json_t *included = json_object_get(page, "included");
    if (answer->document == NULL ||
        (included != NULL && json_object_set(answer->document, "included", included) != 0)) {
        return SUMMIT_NOMEM;
    }
    return SUMMIT_OK;
}

enum summit_status handle_collection(const struct request *request, struct summit_store *store,
                                     struct answer *answer)
{
    struct summit_query *query = NULL;
    enum summit_status status =
        parameters_query(request, store, NULL, request->parameter, answer, &query);
    json_auto_t *page = NULL;
    char *cursor = NULL;
    if (status == SUMMIT_OK) {
        status = summit_store_list(store, query, &page, &cursor, &answer->errors);
    }
    if (status == SUMMIT_OK) {
        status = envelope(request, page, cursor, answer);
    }
    if (status == SUMMIT_NOT_FOUND) {
        answer_problem(answer, PROBLEM_NOT_FOUND,
                       "The record has no summit \"%.64s\"; /v1/summits lists those there are.",
                       request->parameter);
    }
    free(cursor);
    summit_query_free(query);
    return status;
}
