#include <stdlib.h>

#include "../envelope.h"
#include "../jsonld.h"
#include "../parameters.h"
#include "../rows.h"
#include "handlers.h"

/* One page, as JSON or JSON-LD. */
static enum summit_status give_page(const struct request *request, struct summit_store *store,
                                    const struct summit_query *query, struct answer *answer)
{
    json_auto_t *page = NULL;
    char *cursor = NULL;
    enum summit_status status = summit_store_list(store, query, &page, &cursor, &answer->errors);
    if (status == SUMMIT_OK && summit_query_format(query) == SUMMIT_JSONLD) {
        status = jsonld_make(request->route->resource, json_object_get(page, "data"), NULL,
                             &answer->document);
        status = status == SUMMIT_OK ? envelope_link(request, cursor, answer) : status;
    } else if (status == SUMMIT_OK) {
        status = envelope_make(request, page, cursor, true, answer);
    }
    free(cursor);
    return status;
}

static enum summit_status give(const struct request *request, struct summit_store *store,
                               struct summit_query **query, struct answer *answer)
{
    const char *within = request->parameters[0];
    enum summit_status status = summit_query_new(request->route->resource, NULL, query);
    if (status == SUMMIT_OK && within != NULL) {
        status = summit_query_within(*query, within);
    }
    if (status == SUMMIT_OK) {
        status = parameters_set(request, store, *query, answer);
    }
    if (status != SUMMIT_OK) {
        return status;
    }
    enum summit_format format = summit_query_format(*query);
    return format == SUMMIT_NDJSON || format == SUMMIT_CSV
               ? rows_give(request, store, query, answer)
               : give_page(request, store, *query, answer);
}

enum summit_status handle_collection(const struct request *request, struct summit_store *store,
                                     struct answer *answer)
{
    struct summit_query *query = NULL;
    enum summit_status status = give(request, store, &query, answer);
    if (status == SUMMIT_NOT_FOUND) {
        answer_problem(answer, PROBLEM_NOT_FOUND,
                       "The record has no summit \"%.64s\"; /v1/summits lists those there are.",
                       request->parameters[0]);
    }
    summit_query_free(query);
    return status;
}
