/* Nodes and links: each once, none dangling, and all that the documents say. */
#include "check.h"
#include "fixture.h"
#include "sharers.h"

#include <stdio.h>
#include <string.h>

#include "graph.h"
#include "resource.h"

/* The graph of one summit, or of all, its parts side by side. */
static enum summit_status ask(struct summit_store *store, const char *summit, int64_t limit,
                              json_t **ret_graph)
{
    struct summit_query *made = NULL;
    JSON *document = NULL;
    JSON *problems = json_array();
    JSON *found = NULL;
    assert_int_equal(summit_query_new_graph(&made), SUMMIT_OK);
    QUERY *query = made;
    if (summit != NULL) {
        assert_int_equal(summit_query_set(query, "summit", summit, problems), SUMMIT_OK);
    }
    assert_int_equal(summit_query_settle(query, SUMMIT_FORMAT_NONE, problems), SUMMIT_OK);
    enum summit_status status = summit_store_graph(store, query, limit, &document, &found);
    assert_true((status == SUMMIT_INVALID) == (found != NULL));
    if (status == SUMMIT_OK) {
        *ret_graph = json_incref(json_object_get(document, "data"));
        json_object_update(*ret_graph, json_object_get(document, "meta"));
    }
    return status;
}

static json_t *graph_of(struct summit_store *store, const char *summit, int64_t limit)
{
    json_t *graph = NULL;
    assert_int_equal(ask(store, summit, limit, &graph), SUMMIT_OK);
    return graph;
}

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* {node id: node}, after checking that each comes once. */
static json_t *index_nodes(const json_t *graph)
{
    const json_t *nodes = json_object_get(graph, "nodes");
    json_t *index = json_object();
    for (size_t i = 0; i < json_array_size(nodes); i++) {
        json_t *node = json_array_get(nodes, i);
        const char *id = text_of(node, "id");
        size_t length = strlen(text_of(node, "type"));
        assert_null(json_object_get(index, id));
        assert_memory_equal(id, text_of(node, "type"), length);
        assert_int_equal(id[length], '/');
        assert_true(strlen(text_of(node, "label")) > 0);
        json_object_set(index, id, node);
    }
    assert_int_equal(json_integer_value(json_object_get(graph, "node_count")),
                     json_array_size(nodes));
    return index;
}

/* {"source type target": true}, after checking that each comes once and has both its ends. */
static json_t *index_links(const json_t *graph)
{
    const json_t *links = json_object_get(graph, "links");
    JSON *nodes = index_nodes(graph);
    json_t *index = json_object();
    for (size_t i = 0; i < json_array_size(links); i++) {
        const json_t *link = json_array_get(links, i);
        TEXT *sentence = NULL;
        assert_non_null(json_object_get(nodes, text_of(link, "source")));
        assert_non_null(json_object_get(nodes, text_of(link, "target")));
        assert_true(asprintf(&sentence, "%s %s %s", text_of(link, "source"), text_of(link, "type"),
                             text_of(link, "target")) > 0);
        assert_null(json_object_get(index, sentence));
        json_object_set_new(index, sentence, json_true());
    }
    assert_int_equal(json_integer_value(json_object_get(graph, "link_count")),
                     json_array_size(links));
    return index;
}

static void test_a_small_record(void **state)
{
    struct fixture *fixture = *state;
    JSON *record = fixture_record("pond-2021");
    assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    JSON *graph = graph_of(store, NULL, 100);
    JSON *links = index_links(graph);
    TEXT *ids = fixture_ids(json_object_get(graph, "nodes"));
    static const char *const expected[] = {
        "participants/pond-2021-host takes_part_in summits/pond-2021",
        "proposals/pond-2021-reeds part_of summits/pond-2021",
        "proposals/pond-2021-reeds proposed_by participants/pond-2021-host",
        "proposals/pond-2021-reeds concerns areas/reeds",
        "mechanisms/pond-2021-council part_of summits/pond-2021",
        "mechanisms/pond-2021-council concerns areas/reeds",
        "measures/pond-2021-reeds-cut part_of proposals/pond-2021-reeds",
        "measures/pond-2021-reeds-cut concerns areas/reeds",
        "measures/pond-2021-reeds-cut names initiatives/green-ponds",
        "measures/pond-2021-reeds-cut names mechanisms/pond-2021-council",
    };
    JSON *shared = fixture_json("{'id': 'areas/reeds', 'type': 'areas', 'label': 'Reeds', "
                                "'summit_id': null}");
    JSON *own = fixture_json("{'id': 'measures/pond-2021-reeds-cut', 'type': 'measures', 'label': "
                             "'Reeds will be cut.', 'summit_id': 'pond-2021'}");
    JSON *summit = fixture_json("{'id': 'summits/pond-2021', 'type': 'summits', 'label': 'Pond "
                                "Meeting', 'summit_id': 'pond-2021'}");
    assert_string_equal(ids, "summits/pond-2021 participants/pond-2021-host "
                             "proposals/pond-2021-reeds areas/reeds initiatives/green-ponds "
                             "mechanisms/pond-2021-council measures/pond-2021-reeds-cut");
    assert_int_equal(json_object_size(links), COUNT(expected));
    for (size_t i = 0; i < COUNT(expected); i++) {
        if (json_object_get(links, expected[i]) == NULL) {
            fail_msg("%s", expected[i]);
        }
    }
    assert_true(json_is_true(json_object_get(graph, "is_complete")));
    assert_true(json_equal(fixture_at(graph, "/nodes/0"), summit));
    assert_true(json_equal(fixture_at(graph, "/nodes/3"), shared));
    assert_true(json_equal(fixture_at(graph, "/nodes/6"), own));
}

/* Every reference of the record between rows that are nodes is a link, and there are no others. */
static void test_links_are_the_references(void **state)
{
    struct fixture *fixture = *state;
    static const char *const kinds[] = {"participants", "proposals", "mechanisms", "measures"};
    JSON *record = fixture_xian();
    assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    JSON *graph = graph_of(store, "xian-2023", 100000);
    JSON *links = index_links(graph);
    size_t references = 0;
    size_t rows = 0;
    for (size_t k = 0; k < COUNT(kinds); k++) {
        const struct resource *resource = resource_find(kinds[k]);
        const json_t *list = json_object_get(record, kinds[k]);
        for (size_t i = 0; i < json_array_size(list); i++) {
            for (const struct field *f = resource->fields; f->name != NULL; f++) {
                const json_t *value = json_object_get(json_array_get(list, i), f->name);
                references += f->rule == RULE_REFERENCES  ? json_array_size(value)
                              : f->rule == RULE_REFERENCE ? json_is_string(value)
                                                          : 0;
            }
        }
    }
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        bool is_node = resources[i] != &statements_resource && resources[i] != &sources_resource;
        rows += is_node ? json_array_size(json_object_get(record, resources[i]->name)) : 0;
    }
    assert_int_equal(json_object_size(links), references);
    assert_int_equal(json_array_size(json_object_get(graph, "nodes")), rows);
}

static void test_one_summit_of_many(void **state)
{
    struct fixture *fixture = *state;
    sharers_publish(fixture->path, true);
    STORE *store = fixture_open(fixture->path);
    JSON *all = graph_of(store, NULL, 1000);
    JSON *one = graph_of(store, "pond-2022", 1000);
    JSON *none = NULL;
    JSON *all_links = index_links(all);
    JSON *links = index_links(one);
    TEXT *ids = fixture_ids(json_object_get(one, "nodes"));
    const char *sentence;
    json_t *value;
    assert_string_equal(ids, "summits/pond-2022 participants/pond-2022-host "
                             "proposals/pond-2022-reeds areas/lake-fishing areas/reeds "
                             "initiatives/green-ponds mechanisms/pond-2022-council "
                             "measures/pond-2022-reeds-cut");
    json_object_foreach(links, sentence, value)
    {
        assert_non_null(json_object_get(all_links, sentence));
    }
    assert_true(json_object_size(all_links) > json_object_size(links));
    assert_int_equal(ask(store, "pond-2020", 10, &none), SUMMIT_INVALID);
    assert_null(none);
}

/* At any limit: that many nodes, the first of all, and just the links between them. */
static void test_limits(void **state)
{
    struct fixture *fixture = *state;
    JSON *record = fixture_record("lakeside-2020");
    assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    JSON *all = graph_of(store, NULL, 1000);
    JSON *all_links = index_links(all);
    size_t count = json_array_size(json_object_get(all, "nodes"));
    size_t before = 0;
    assert_int_equal(count, 1 + 3 + 2 + 3 + 2 + 2 + 3);
    for (size_t limit = 0; limit <= count; limit++) {
        JSON *graph = graph_of(store, NULL, (int64_t)limit);
        JSON *links = index_links(graph);
        json_t *nodes = json_object_get(graph, "nodes");
        assert_int_equal(json_array_size(nodes), limit);
        assert_int_equal(json_is_true(json_object_get(graph, "is_complete")), limit == count);
        for (size_t i = 0; i < limit; i++) {
            assert_true(json_equal(json_array_get(nodes, i),
                                   json_array_get(json_object_get(all, "nodes"), i)));
        }
        assert_true(json_object_size(links) >= before);
        before = json_object_size(links);
    }
    assert_int_equal(before, json_object_size(all_links));
}

static void test_many_rows(void **state)
{
    struct fixture *fixture = *state;
    enum { MEASURES = 3 * GRAPH_CHUNK_ROWS };
    JSON *record = fixture_large(MEASURES);
    assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    JSON *graph = graph_of(store, NULL, 10000);
    JSON *cut = graph_of(store, NULL, 2 * GRAPH_CHUNK_ROWS);
    JSON *links = index_links(graph);
    JSON *cut_links = index_links(cut);
    assert_int_equal(json_array_size(json_object_get(graph, "nodes")), MEASURES + 7);
    assert_int_equal(json_object_size(links), 4 * MEASURES + 6);
    assert_true(json_is_true(json_object_get(graph, "is_complete")));
    assert_int_equal(json_array_size(json_object_get(cut, "nodes")), 2 * GRAPH_CHUNK_ROWS);
    assert_int_equal(json_object_size(cut_links), 4 * (2 * GRAPH_CHUNK_ROWS - 7) + 6);
    assert_true(json_is_false(json_object_get(cut, "is_complete")));
}

static void test_labels_of_texts(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *text;
        const char *label;
    } cases[] = {
        {"12345678 12345678 12345678 12345678 12345678 12345678 12345678 12345678 12345678",
         "12345678 12345678 12345678 12345678 12345678 12345678 12345678 12345678 12345678"},
        {"A text that is a good deal longer than the eighty bytes that a node's label can have is "
         "cut between words.",
         "A text that is a good deal longer than the eighty bytes that a node's label can…"},
        {"x中中中中中中中中中中中中中中中中中中中中中中中中中中中中中中中",
         "x中中中中中中中中中中中中中中中中中中中中中中中中中中…"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        JSON *record = fixture_record("pond-2021");
        fixture_set_new(record, "/measures/0/text", json_string(cases[i].text));
        assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
        STORE *store = fixture_open(fixture->path);
        JSON *graph = graph_of(store, NULL, 100);
        JSON *nodes = index_nodes(graph);
        const json_t *node = json_object_get(nodes, "measures/pond-2021-reeds-cut");
        assert_string_equal(text_of(node, "label"), cases[i].label);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_a_small_record),     TEST(test_links_are_the_references),
        TEST(test_one_summit_of_many), TEST(test_limits),
        TEST(test_many_rows),          TEST(test_labels_of_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
