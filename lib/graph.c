/* Nodes first: the rows of the resources below, in this order and then in their own, until there
 * are `limit`. Each row leaves behind the links that the table of edges finds in it; when all nodes
 * are known, those stay whose other end is one. A link stands in one row only, and there once, so
 * none comes twice.
 *
 * Measures come last though they stand before areas elsewhere: they are the most, and when not all
 * fit, the rest still hangs together. Summits are nodes as they hold together what nothing else
 * links: a participant who proposes nothing would drift away in a drawing. */
#include "graph.h"

#include <string.h>

#include "fetch.h"
#include "list.h"
#include "text.h"

/* A field that names rows of another resource. The row, the type and the other read as a sentence.
 */
struct edge {
    const struct resource *resource;
    const char *field;
    const char *type;
    const struct resource *other;
};

static const struct resource *const kinds[] = {
    &summits_resource,     &participants_resource, &proposals_resource, &areas_resource,
    &initiatives_resource, &mechanisms_resource,   &measures_resource,
};

static const struct edge edges[] = {
    {&participants_resource, "summit_id", "takes_part_in", &summits_resource},
    {&proposals_resource, "summit_id", "part_of", &summits_resource},
    {&proposals_resource, "proposed_by", "proposed_by", &participants_resource},
    {&proposals_resource, "area_ids", "concerns", &areas_resource},
    {&mechanisms_resource, "summit_id", "part_of", &summits_resource},
    {&mechanisms_resource, "proposal_id", "part_of", &proposals_resource},
    {&mechanisms_resource, "area_ids", "concerns", &areas_resource},
    {&measures_resource, "proposal_id", "part_of", &proposals_resource},
    {&measures_resource, "area_ids", "concerns", &areas_resource},
    {&measures_resource, "initiative_ids", "names", &initiatives_resource},
    {&measures_resource, "mechanism_ids", "names", &mechanisms_resource},
};

struct graph {
    json_t *summits; /* ids of the only summits whose rows are wanted, or NULL */
    int64_t left;    /* nodes that still fit */
    bool is_complete;
    json_t *nodes;
    json_t *known; /* {node id: true} */
    json_t *found; /* links, also to what is no node */
};

static const char *text_of(const json_t *row, const char *key)
{
    return json_string_value(json_object_get(row, key));
}

/* What a node is called: its name or title, or the start of its text. The caller frees it; NULL
 * when out of memory. */
static char *make_label(const json_t *row)
{
    const char *name = text_of(row, "name");
    name = name == NULL ? text_of(row, "title") : name;
    if (name != NULL) {
        return text_format("%s", name);
    }
    const char *text = text_of(row, "text");
    return text_shorten(text == NULL ? "" : text, GRAPH_LABEL_MAX);
}

static int add_node(struct graph *graph, const char *type, const char *node, const json_t *row)
{
    text_auto *label = make_label(row);
    const char *summit_id = text_of(row, type == summits_resource.name ? "id" : "summit_id");
    if (label == NULL) {
        return -1;
    }
    json_t *entry = json_pack("{s:s, s:s, s:s, s:s?}", "id", node, "type", type, "label", label,
                              "summit_id", summit_id);
    return json_array_append_new(graph->nodes, entry) |
           json_object_set_new(graph->known, node, json_true());
}

static int add_link(struct graph *graph, const struct edge *edge, const char *node, const char *id)
{
    text_auto *target = id == NULL ? NULL : text_format("%s/%s", edge->other->name, id);
    if (id == NULL) {
        return 0;
    }
    if (target == NULL) {
        return -1;
    }
    return json_array_append_new(graph->found, json_pack("{s:s, s:s, s:s}", "source", node,
                                                         "target", target, "type", edge->type));
}

static int add_links(struct graph *graph, const struct resource *resource, const char *node,
                     const json_t *row)
{
    int failed = 0;
    for (size_t e = 0; e < sizeof edges / sizeof edges[0]; e++) {
        const json_t *value =
            edges[e].resource == resource ? json_object_get(row, edges[e].field) : NULL;
        failed |= add_link(graph, &edges[e], node, json_string_value(value));
        for (size_t i = 0; i < json_array_size(value); i++) {
            failed |= add_link(graph, &edges[e], node, json_string_value(json_array_get(value, i)));
        }
    }
    return failed;
}

static int add_rows(struct graph *graph, const struct resource *resource, const json_t *rows)
{
    int failed = 0;
    for (size_t i = 0; i < json_array_size(rows) && !failed; i++) {
        const json_t *row = json_array_get(rows, i);
        const char *id = text_of(row, "id");
        text_auto *node = text_format("%s/%s", resource->name, id == NULL ? "" : id);
        failed |= node == NULL || add_node(graph, resource->name, node, row) != 0 ||
                  add_links(graph, resource, node, row) != 0;
    }
    return failed;
}

/* Adds the nodes of one resource, as many as fit. */
static enum summit_status add_kind(struct graph *graph, struct summit_store *store,
                                   const struct resource *resource)
{
    json_t *ids = graph->summits;
    json_auto_t *filters = ids == NULL ? NULL : json_pack("{s:O}", "summit", ids);
    if (ids != NULL && filters == NULL) {
        return SUMMIT_NOMEM;
    }
    int64_t after = 0;
    bool more = true;
    while (more && graph->is_complete) {
        struct selection selection = {
            .resource = resource,
            .filters = resource == &summits_resource ? NULL : filters,
            .ids = resource == &summits_resource ? ids : NULL,
            .after = after,
            .limit = graph->left < GRAPH_CHUNK_ROWS ? graph->left : GRAPH_CHUNK_ROWS,
            .use = FIELD_DOCUMENT,
        };
        selected_auto chunk = {.rows = NULL};
        enum summit_status status = list_select(store, &selection, &chunk);
        if (status != SUMMIT_OK) {
            return status;
        }
        after = chunk.last_rank;
        more = chunk.more;
        graph->left -= (int64_t)json_array_size(chunk.rows);
        graph->is_complete = graph->left > 0 || !chunk.more;
        if (add_rows(graph, resource, chunk.rows) != 0) {
            return SUMMIT_NOMEM;
        }
    }
    return SUMMIT_OK;
}

/* The links whose targets are nodes. NULL when out of memory. */
static json_t *links_between(const struct graph *graph)
{
    json_auto_t *links = json_array();
    int failed = links == NULL;
    for (size_t i = 0; i < json_array_size(graph->found) && !failed; i++) {
        json_t *link = json_array_get(graph->found, i);
        if (json_object_get(graph->known, text_of(link, "target")) != NULL) {
            failed |= json_array_append(links, link);
        }
    }
    return failed ? NULL : json_incref(links);
}

static enum summit_status build(struct summit_store *store, json_t *summits, int64_t limit,
                                json_t **ret_graph)
{
    json_auto_t *nodes = json_array();
    json_auto_t *known = json_object();
    json_auto_t *found = json_array();
    struct graph graph = {
        .summits = summits,
        .left = limit,
        .is_complete = true,
        .nodes = nodes,
        .known = known,
        .found = found,
    };
    enum summit_status status = SUMMIT_OK;
    if (nodes == NULL || known == NULL || found == NULL) {
        return SUMMIT_NOMEM;
    }
    for (size_t i = 0; status == SUMMIT_OK && i < sizeof kinds / sizeof kinds[0]; i++) {
        status = add_kind(&graph, store, kinds[i]);
    }
    if (status != SUMMIT_OK) {
        return status;
    }
    json_auto_t *links = links_between(&graph);
    if (links == NULL) {
        return SUMMIT_NOMEM;
    }
    *ret_graph = json_pack("{s:{s:O, s:O}, s:{s:b, s:I, s:I, s:s}}", "data", "nodes", nodes,
                           "links", links, "meta", "is_complete", graph.is_complete, "node_count",
                           (json_int_t)json_array_size(nodes), "link_count",
                           (json_int_t)json_array_size(links), "revision", store->revision);
    return *ret_graph == NULL ? SUMMIT_NOMEM : SUMMIT_OK;
}

enum summit_status summit_store_graph(struct summit_store *store, const struct summit_query *query,
                                      int64_t limit, json_t **ret_graph, json_t **ret_problems)
{
    json_auto_t *problems = json_array();
    int64_t after = 0;
    if (problems == NULL) {
        return SUMMIT_NOMEM;
    }
    enum summit_status status = fetch_check(store, query, problems, &after);
    if (status == SUMMIT_INVALID) {
        *ret_problems = json_incref(problems);
    }
    if (status != SUMMIT_OK) {
        return status;
    }
    return build(store, json_object_get(query->filters, "summit"), limit, ret_graph);
}
