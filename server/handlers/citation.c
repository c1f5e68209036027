#include <string.h>

#include "../parameters.h"
#include "../routes.h"
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

/* Types are the resources, as the collections among the routes name them. */
static enum summit_status no_such_type(const char *type, struct answer *answer)
{
    enum { TYPES_MAX = 32 };
    const char *types[TYPES_MAX + 1] = {NULL};
    size_t count = 0;
    for (size_t i = 0; i < route_count && count < TYPES_MAX; i++) {
        bool is_whole = strchr(routes[i].path, '{') == NULL;
        if (routes[i].handle == handle_collection && is_whole) {
            types[count++] = routes[i].resource;
        }
    }
    const char *near = summit_nearest(type, types);
    if (near != NULL) {
        answer_problem(answer, PROBLEM_NOT_FOUND,
                       "There is no type \"%.64s\"; did you mean \"%s\"? /v1 lists the types.",
                       type, near);
    } else {
        answer_problem(answer, PROBLEM_NOT_FOUND,
                       "There is no type \"%.64s\"; /v1 lists the types.", type);
    }
    return SUMMIT_NOT_FOUND;
}

enum summit_status handle_citation(const struct request *request, struct summit_store *store,
                                   struct answer *answer)
{
    const char *resource = request->parameters[0];
    const char *id = request->parameters[1];
    struct summit_query *query = NULL;
    json_auto_t *items = NULL;
    enum summit_status status = summit_query_new_citation(resource, id, &query);
    if (status == SUMMIT_NOT_FOUND) {
        return no_such_type(resource, answer);
    }
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
                       "There is no \"%.64s\" among the %s; /v1/%s lists those there are.", id,
                       resource, resource);
    }
    summit_query_free(query);
    return status;
}
