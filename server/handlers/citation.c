#include <string.h>

#include "../parameters.h"
#include "handlers.h"

static enum summit_status give_text(char *text, struct answer *answer)
{
    answer->owned_text = text;
    answer->text = text;
    answer->text_length = text == NULL ? 0 : strlen(text);
    return text == NULL ? SUMMIT_NOMEM : SUMMIT_OK;
}

static enum summit_status give(const struct summit_query *query, json_t *items,
                               struct answer *answer)
{
    switch (summit_query_format(query)) {
    case SUMMIT_BIBTEX:
        return give_text(summit_cite_bibtex(items), answer);
    case SUMMIT_TEXT:
        return give_text(summit_cite_text(items), answer);
    default:
        answer->document = json_incref(items);
        return SUMMIT_OK;
    }
}

enum summit_status handle_citation(const struct request *request, struct summit_store *store,
                                   struct answer *answer)
{
    const char *resource = request->parameters[0];
    const char *id = request->parameters[1];
    struct summit_query *query = NULL;
    json_auto_t *items = NULL;
    enum summit_status status = summit_query_new_citation(resource, id, &query);
    if (status == SUMMIT_OK) {
        status = parameters_set(request, store, query, answer);
    }
    if (status == SUMMIT_OK) {
        status = summit_store_cite(store, resource, id, &items);
    }
    if (status == SUMMIT_OK) {
        status = give(query, items, answer);
    }
    if (status == SUMMIT_NOT_FOUND) {
        answer_problem(answer, PROBLEM_NOT_FOUND,
                       "There is no \"%.64s\" among \"%.64s\"; /v1 lists what there is.", id,
                       resource);
    }
    summit_query_free(query);
    return status;
}
