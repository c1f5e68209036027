/* /v1/graph: nodes that can all be looked up, and links that say what the rows themselves say. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "folder.h"
#include "http.h"
#include "problem.h"
#include "process.h"

#include <string.h>

/* Which links there are: the rows of a resource, the field that names others, and what it means. */
static const struct {
    const char *from;
    struct link link; /* its name is the resource of the others */
    const char *type;
} kinds[] = {
    {"participants", {"summits", LINK_FIELD, "summit_id", false}, "takes_part_in"},
    {"proposals", {"summits", LINK_FIELD, "summit_id", false}, "part_of"},
    {"proposals", {"participants", LINK_FIELD, "proposed_by", false}, "proposed_by"},
    {"proposals", {"areas", LINK_LIST, "area_ids", false}, "concerns"},
    {"measures", {"proposals", LINK_FIELD, "proposal_id", false}, "part_of"},
    {"measures", {"areas", LINK_LIST, "area_ids", false}, "concerns"},
    {"measures", {"initiatives", LINK_LIST, "initiative_ids", false}, "names"},
    {"measures", {"mechanisms", LINK_LIST, "mechanism_ids", false}, "names"},
    {"mechanisms", {"summits", LINK_FIELD, "summit_id", false}, "part_of"},
    {"mechanisms", {"proposals", LINK_FIELD, "proposal_id", false}, "part_of"},
    {"mechanisms", {"areas", LINK_LIST, "area_ids", false}, "concerns"},
};

static const char *const node_types[] = {"summits",     "participants", "proposals", "areas",
                                         "initiatives", "mechanisms",   "measures"};

static json_t *part_of(json_t *graph, const char *name)
{
    json_t *part = json_object_get(json_object_get(graph, "data"), name);
    assert_true(json_is_array(part));
    return part;
}

/* Adds "source type target" for each link that the rows of a list state. */
static void add_stated(json_t *stated, json_t *rows, const char *from, const struct link *link,
                       const char *type)
{
    size_t at;
    json_t *row;
    json_array_foreach(rows, at, row)
    {
        json_auto_t *ids = row_link_values(row, link);
        size_t i;
        json_t *id;
        json_array_foreach(ids, i, id)
        {
            TEXT *sentence = text_of("%s/%s %s %s/%s", from, row_id(row), type, link->name,
                                     json_string_value(id));
            assert_null(json_object_get(stated, sentence));
            json_object_set_new(stated, sentence, json_true());
        }
    }
}

/* The rows of a resource, or those of a summit. */
static json_t *rows_within(void *daemon, const char *name, const char *summit)
{
    bool is_summits = strcmp(name, "summits") == 0;
    TEXT *target = summit == NULL ? text_of("/v1/%s", name)
                   : is_summits   ? text_of("/v1/summits/%s", summit)
                                  : text_of("/v1/%s?summit=%s", name, summit);
    if (summit == NULL || !is_summits) {
        return rows_of(daemon, target);
    }
    json_auto_t *item = http_get_json(daemon, target);
    return json_pack("[O]", json_object_get(item, "data"));
}

/* Every row is a node and says where it is to be found. */
static void check_nodes(void *daemon, json_t *graph, const char *summit)
{
    json_t *nodes = part_of(graph, "nodes");
    size_t count = 0;
    for (size_t i = 0; i < sizeof node_types / sizeof node_types[0]; i++) {
        json_auto_t *rows = rows_within(daemon, node_types[i], summit);
        size_t at;
        json_t *row;
        json_array_foreach(rows, at, row)
        {
            TEXT *id = text_of("%s/%s", node_types[i], row_id(row));
            json_t *node = rows_find(nodes, id);
            if (node == NULL) {
                fail_msg("%s is no node", id);
            }
            TEXT *href = text_of("/v1/%s", id);
            json_t *own = json_object_get(row, "summit_id");
            assert_int_equal(json_object_size(node), 5);
            assert_string_equal(json_string_value(json_object_get(node, "type")), node_types[i]);
            assert_string_equal(json_string_value(json_object_get(node, "href")), href);
            assert_true(json_string_length(json_object_get(node, "label")) > 0);
            if (own != NULL) {
                assert_json_equal(json_object_get(node, "summit_id"), own, id);
            }
        }
        count += json_array_size(rows);
    }
    assert_int_equal(json_array_size(nodes), count);
}

/* The links are those that the rows state, each once, between nodes that are there. */
static void check_links(void *daemon, json_t *graph, const char *summit)
{
    json_auto_t *stated = json_object();
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        json_auto_t *rows = rows_within(daemon, kinds[i].from, summit);
        add_stated(stated, rows, kinds[i].from, &kinds[i].link, kinds[i].type);
    }
    json_auto_t *drawn = json_object();
    json_t *nodes = part_of(graph, "nodes");
    size_t at;
    json_t *link;
    json_array_foreach(part_of(graph, "links"), at, link)
    {
        const char *source = json_string_value(json_object_get(link, "source"));
        const char *target = json_string_value(json_object_get(link, "target"));
        const char *type = json_string_value(json_object_get(link, "type"));
        assert_int_equal(json_object_size(link), 3);
        assert_non_null(rows_find(nodes, source));
        assert_non_null(rows_find(nodes, target));
        TEXT *sentence = text_of("%s %s %s", source, type, target);
        assert_null(json_object_get(drawn, sentence));
        json_object_set_new(drawn, sentence, json_true());
    }
    assert_json_equal(drawn, stated, "the links");
}

static void check_graph(void *daemon, const char *target, const char *summit)
{
    json_auto_t *graph = http_get_json(daemon, target);
    json_t *meta = json_object_get(graph, "meta");
    json_t *self = json_object_get(json_object_get(graph, "links"), "self");
    assert_int_equal(json_object_size(graph), 3);
    assert_int_equal(json_object_size(meta), 4);
    assert_string_equal(json_string_value(self), target);
    assert_true(json_is_true(json_object_get(meta, "is_complete")));
    assert_int_equal(json_integer_value(json_object_get(meta, "node_count")),
                     json_array_size(part_of(graph, "nodes")));
    assert_int_equal(json_integer_value(json_object_get(meta, "link_count")),
                     json_array_size(part_of(graph, "links")));
    check_nodes(daemon, graph, summit);
    check_links(daemon, graph, summit);
}

static void the_whole_record_is_drawn(void **state)
{
    check_graph(*state, "/v1/graph", NULL);
}

static void one_summit_is_drawn(void **state)
{
    check_graph(*state, "/v1/graph?summit=xian-2023", "xian-2023");
    check_graph(*state, "/v1/graph?summit=lakeside-2020", "lakeside-2020");
}

static void two_summits_are_all_there_are(void **state)
{
    json_auto_t *all = http_get_json(*state, "/v1/graph");
    json_auto_t *both = http_get_json(*state, "/v1/graph?summit=lakeside-2020,xian-2023");
    assert_json_equal(json_object_get(both, "data"), json_object_get(all, "data"), "both");
}

static void every_address_answers(void **state)
{
    json_auto_t *graph = http_get_json(*state, "/v1/graph");
    size_t at;
    json_t *node;
    json_array_foreach(part_of(graph, "nodes"), at, node)
    {
        const char *href = json_string_value(json_object_get(node, "href"));
        HTTP_REPLY *reply = http_get_status(*state, href, 200);
        json_t *row = json_object_get(reply->json, "data");
        const char *type = json_string_value(json_object_get(node, "type"));
        collection_check_row(collection_named(type), row);
    }
}

/* The pond's record with more measures than a graph has nodes. */
enum { MEASURES = 2200, NODES_MAX = 2000 };

static void write_large_record(const char *path)
{
    json_auto_t *record = json_load_file(POND, 0, NULL);
    json_t *rows = json_object_get(record, "measures");
    for (int i = 2; i <= MEASURES; i++) {
        TEXT *id = text_of("pond-2021-reeds-%d", i);
        json_t *row = json_deep_copy(json_array_get(rows, 0));
        json_object_set_new(row, "id", json_string(id));
        json_object_set_new(row, "number", json_integer(i));
        assert_int_equal(json_array_append_new(rows, row), 0);
    }
    assert_int_equal(json_dump_file(record, path, 0), 0);
}

/* What is too large to be drawn has its measures cut off, says so, and hangs together. */
static void a_large_graph_says_that_it_is_cut(void **state)
{
    struct daemon *daemon = *state;
    TEXT *path = folder_join(daemon->folder, "large.json");
    write_large_record(path);
    daemon_import(daemon, WORDS(path));
    http_reply_free(http_wait_status(daemon, "/v1/summits/pond-2021", 200));
    json_auto_t *graph = http_get_json(daemon, "/v1/graph?summit=pond-2021");
    json_t *meta = json_object_get(graph, "meta");
    json_t *nodes = part_of(graph, "nodes");
    json_t *links = part_of(graph, "links");
    assert_true(json_is_false(json_object_get(meta, "is_complete")));
    assert_int_equal(json_integer_value(json_object_get(meta, "node_count")), NODES_MAX);
    assert_int_equal(json_integer_value(json_object_get(meta, "link_count")),
                     json_array_size(links));
    assert_int_equal(json_array_size(nodes), NODES_MAX);
    assert_true(json_array_size(links) > NODES_MAX / 2);
    json_auto_t *known = json_object();
    size_t at;
    json_t *entry;
    json_array_foreach(nodes, at, entry)
    {
        assert_null(json_object_get(known, row_id(entry)));
        json_object_set_new(known, row_id(entry), json_true());
    }
    json_array_foreach(links, at, entry)
    {
        json_t *source = json_object_get(entry, "source");
        json_t *target = json_object_get(entry, "target");
        assert_non_null(json_object_get(known, json_string_value(source)));
        assert_non_null(json_object_get(known, json_string_value(target)));
    }
}

static void a_summit_that_is_not_there_is_named(void **state)
{
    const struct parameter_case cases[] = {
        {"/v1/graph?summit=xian-2022", "summit", "unknown_value", "xian-2023"},
        {"/v1/graph?summit=xian-2023,lakeside-2021", "summit", "unknown_value", "lakeside-2020"},
        {"/v1/graph?summit=", "summit", "invalid_value", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(parameter_is_refused(*state, &cases[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_record_is_drawn),
        cmocka_unit_test(one_summit_is_drawn),
        cmocka_unit_test(two_summits_are_all_there_are),
        cmocka_unit_test(every_address_answers),
        cmocka_unit_test(a_summit_that_is_not_there_is_named),
        cmocka_unit_test(a_large_graph_says_that_it_is_cut),
    };
    return cmocka_run_group_tests(tests, start_two_summits, daemon_stop_all);
}
