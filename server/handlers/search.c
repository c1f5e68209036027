#include <stdlib.h>

#include "../envelope.h"
#include "../parameters.h"
#include "handlers.h"

enum summit_status handle_search(const struct request *request, struct summit_store *store,
                                 struct answer *answer)
{
    struct summit_query *query = NULL;
    json_auto_t *page = NULL;
    char *cursor = NULL;
    enum summit_status status = summit_query_new_search(&query);
    if (status == SUMMIT_OK) {
        status = parameters_set(request, store, query, answer);
    }
    if (status == SUMMIT_OK) {
        status = summit_store_list(store, query, &page, &cursor, &answer->errors);
    }
    if (status == SUMMIT_OK) {
        status = envelope_address(json_object_get(page, "data"));
    }
    if (status == SUMMIT_OK) {
        status = envelope_make(request, page, cursor, true, answer);
    }
    free(cursor);
    summit_query_free(query);
    return status;
}
