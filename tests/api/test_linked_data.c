/* JSON-LD: a node for each row, at the row's own address, and every node that is named can be had.
 */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "http.h"
#include "process.h"

#include <string.h>

#define LD "application/ld+json"

static char *with(const char *target, const char *query)
{
    return text_of("%s%c%s", target, strchr(target, '?') != NULL ? '&' : '?', query);
}

/* The document of a target in this form. The caller owns it. */
static json_t *document_of(void *daemon, const char *target)
{
    HTTP_REPLY *reply = http_request(daemon, "GET", target, WORDS("Accept: " LD));
    if (reply->status != 200 || strcmp(http_header(reply, "Content-Type"), LD) != 0) {
        fail_msg("%s: %d: %s", target, reply->status, reply->body);
    }
    assert_true(json_is_object(json_object_get(reply->json, "@context")));
    return json_incref(reply->json);
}

/* A node is at its row's address, and has a type. */
static void check_node(json_t *node, const char *resource, json_t *row)
{
    TEXT *address = text_of("/v1/%s/%s", resource, row_id(row));
    const char *id = json_string_value(json_object_get(node, "@id"));
    assert_non_null(id);
    assert_string_equal(id, address);
    assert_true(json_string_length(json_object_get(node, "@type")) > 0);
    static const char *const texts[] = {"name", "text", "title"};
    for (size_t i = 0; i < 3; i++) {
        json_t *text = json_object_get(row, texts[i]);
        if (text != NULL) {
            const char *property = strcmp(texts[i], "title") == 0 ? "name" : texts[i];
            assert_json_equal(json_object_get(node, property), text, address);
        }
    }
}

static void every_row_is_a_node(void **state)
{
    for (size_t i = 0; i < COLLECTION_COUNT; i++) {
        const char *name = collections[i].name;
        TEXT *target = text_of("/v1/%s", name);
        TEXT *whole = with(target, "limit=200");
        json_auto_t *rows = rows_of(*state, target);
        json_auto_t *document = document_of(*state, whole);
        json_t *graph = json_object_get(document, "@graph");
        assert_int_equal(json_object_size(document), 2);
        assert_int_equal(json_array_size(graph), json_array_size(rows));
        size_t at;
        json_t *row;
        json_array_foreach(rows, at, row)
        {
            json_t *node = json_array_get(graph, at);
            check_node(node, name, row);
            TEXT *path = text_of("/v1/%s/%s", name, row_id(row));
            json_auto_t *item = document_of(*state, path);
            assert_json_equal(json_object_get(item, "@context"),
                              json_object_get(document, "@context"), path);
            json_object_del(item, "@context");
            assert_json_equal(item, node, path);
        }
    }
}

/* Collects the addresses that a value names anywhere within. */
static void add_addresses(json_t *addresses, json_t *value)
{
    const char *text = json_string_value(value);
    if (text != NULL && strncmp(text, "/v1/", 4) == 0) {
        list_add(addresses, text);
    }
    size_t at;
    json_t *entry;
    json_array_foreach(value, at, entry)
    {
        add_addresses(addresses, entry);
    }
    const char *name;
    json_object_foreach(value, name, entry)
    {
        add_addresses(addresses, entry);
    }
}

static void every_address_answers(void **state)
{
    json_auto_t *addresses = json_array();
    for (size_t i = 0; i < COLLECTION_COUNT; i++) {
        TEXT *target = text_of("/v1/%s?limit=200", collections[i].name);
        json_auto_t *document = document_of(*state, target);
        add_addresses(addresses, document);
    }
    assert_true(json_array_size(addresses) > 100);
    size_t at;
    json_t *address;
    json_array_foreach(addresses, at, address)
    {
        HTTP_REPLY *reply = http_request(*state, "HEAD", json_string_value(address), NULL);
        if (reply->status != 200) {
            fail_msg("%s: %d", json_string_value(address), reply->status);
        }
    }
}

/* Pages are as those of the JSON; what is next stands in the Link header, as a document of nodes
 * has no place for it. */
static void pages_follow_the_link_header(void **state)
{
    static const char *const targets[] = {"/v1/measures", "/v1/measures?q=china&sort=-number",
                                          "/v1/summits/xian-2023/areas?category=other"};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        json_auto_t *rows = rows_of(*state, targets[i]);
        TEXT *at = with(targets[i], "format=jsonld&limit=4");
        size_t seen = 0;
        while (at != NULL) {
            HTTP_REPLY *reply = http_get_status(*state, at, 200);
            json_t *graph = json_object_get(reply->json, "@graph");
            size_t j;
            json_t *node;
            json_array_foreach(graph, j, node)
            {
                const char *id = json_string_value(json_object_get(node, "@id"));
                json_t *row = json_array_get(rows, seen++);
                assert_non_null(row);
                assert_string_equal(strrchr(id, '/') + 1, row_id(row));
            }
            const char *link = http_header(reply, "Link");
            const char *end = strstr(link, ">; rel=\"next\"");
            text_release(&at);
            at = end == NULL ? NULL : text_of("%.*s", (int)(end - link - 1), link + 1);
        }
        assert_int_equal(seen, json_array_size(rows));
    }
    /* Without a limit it is a page like any other, not everything. */
    HTTP_REPLY *usual = http_get_status(*state, "/v1/areas?format=jsonld&limit=10", 200);
    assert_int_equal(json_array_size(json_object_get(usual->json, "@graph")), 10);
    assert_non_null(strstr(http_header(usual, "Link"), "rel=\"next\""));
}

static void nothing_in_it_is_null(void **state)
{
    for (size_t i = 0; i < COLLECTION_COUNT; i++) {
        TEXT *target = text_of("/v1/%s?format=jsonld&limit=200", collections[i].name);
        HTTP_REPLY *reply = http_get_status(*state, target, 200);
        assert_null(strstr(reply->body, ":null"));
        assert_null(strstr(reply->body, ":[]"));
        assert_null(strstr(reply->body, "\"\""));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_a_node),
        cmocka_unit_test(every_address_answers),
        cmocka_unit_test(pages_follow_the_link_header),
        cmocka_unit_test(nothing_in_it_is_null),
    };
    return cmocka_run_group_tests(tests, start_two_summits, daemon_stop_all);
}
