#include "../envelope.h"
#include "../parameters.h"
#include "handlers.h"

/* As many nodes as a force layout in a browser can still move. */
enum { NODES_MAX = 2000 };

/* A node's id is the end of its address. */
static enum summit_status address_nodes(const json_t *nodes)
{
    for (size_t i = 0; i < json_array_size(nodes); i++) {
        json_t *node = json_array_get(nodes, i);
        json_t *href = json_sprintf("/v1/%s", json_string_value(json_object_get(node, "id")));
        if (json_object_set_new(node, "href", href) != 0) {
            return SUMMIT_NOMEM;
        }
    }
    return SUMMIT_OK;
}

enum summit_status handle_graph(const struct request *request, struct summit_store *store,
                                struct answer *answer)
{
    struct summit_query *query = NULL;
    json_auto_t *graph = NULL;
    enum summit_status status = summit_query_new_graph(&query);
    if (status == SUMMIT_OK) {
        status = parameters_set(request, store, query, answer);
    }
    if (status == SUMMIT_OK) {
        status = summit_store_graph(store, query, NODES_MAX, &graph, &answer->errors);
    }
    if (status == SUMMIT_OK) {
        status = address_nodes(json_object_get(json_object_get(graph, "data"), "nodes"));
    }
    if (status == SUMMIT_OK) {
        status = envelope_make(request, graph, NULL, false, answer);
    }
    summit_query_free(query);
    return status;
}
