/* The pages around the data: the index, the OpenAPI documents, the catalogue, health and readiness.
 */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "http.h"

#include <string.h>

static void check_names(json_t *list, const struct link *links, const char *what)
{
    size_t count = 0;
    for (const struct link *link = links; link->name != NULL; link++) {
        if (!list_has(list, link->name)) {
            fail_msg("%s: %s is not listed", what, link->name);
        }
        count++;
    }
    assert_int_equal(json_array_size(list), count);
}

/* The names of the collection's fields, in their order. */
static void check_fields(json_t *list, const struct collection *collection)
{
    TEXT *fields = strdup(collection->fields);
    size_t count = 0;
    char *rest = fields;
    for (char *field = strtok_r(rest, " ", &rest); field != NULL;
         field = strtok_r(NULL, " ", &rest)) {
        *strchr(field, ':') = '\0';
        const char *name = json_string_value(json_array_get(list, count++));
        assert_non_null(name);
        assert_string_equal(name, field);
    }
    assert_int_equal(json_array_size(list), count);
}

/* What is listed apart is what a list refuses. */
static void check_item_includes(void *daemon, json_t *list, const struct collection *collection)
{
    assert_true(json_is_array(list));
    assert_int_equal(json_array_size(list), collection->item_include == NULL ? 0 : 1);
    if (collection->item_include != NULL) {
        assert_true(list_has(list, collection->item_include));
        TEXT *target = text_of("/v1/%s?include=%s", collection->name, collection->item_include);
        HTTP_REPLY *reply = http_get_status(daemon, target, 400);
        assert_non_null(reply->json);
    }
}

/* Sort keys are fields, and the id is always one. */
static void check_sorts(json_t *entry)
{
    json_t *sorts = json_object_get(entry, "sorts");
    assert_true(list_has(sorts, "id"));
    size_t at;
    json_t *sort;
    json_array_foreach(sorts, at, sort)
    {
        assert_true(list_has(json_object_get(entry, "fields"), json_string_value(sort)));
    }
}

static void the_index_lists_what_there_is(void **state)
{
    json_auto_t *index = http_get_json(*state, "/v1");
    json_t *data = json_object_get(index, "data");
    json_t *links = json_object_get(index, "links");
    assert_int_equal(json_array_size(data), COLLECTION_COUNT);
    assert_string_equal(json_string_value(json_object_get(links, "self")), "/v1");
    assert_string_equal(json_string_value(json_object_get(links, "service_desc")), "/openapi.json");
    assert_int_equal(
        json_string_length(json_object_get(json_object_get(index, "meta"), "revision")), 16);
    size_t at;
    json_t *entry;
    json_array_foreach(data, at, entry)
    {
        const char *name = json_string_value(json_object_get(entry, "name"));
        const char *href = json_string_value(json_object_get(entry, "href"));
        const struct collection *collection = collection_named(name);
        assert_int_equal(json_object_size(entry), 8);
        assert_true(json_string_length(json_object_get(entry, "description")) > 0);
        check_names(json_object_get(entry, "filters"), collection->filters, name);
        check_names(json_object_get(entry, "includes"), collection->includes, name);
        check_item_includes(*state, json_object_get(entry, "item_includes"), collection);
        check_fields(json_object_get(entry, "fields"), collection);
        check_sorts(entry);
        TEXT *path = text_of("/v1/%s", name);
        assert_string_equal(href, path);
        HTTP_REPLY *reply = http_get_status(*state, href, 200);
        assert_non_null(reply->json);
    }
}

/* What has one address, by the contract, is a collection or among the links. */
static void the_index_leads_to_all_that_has_one_address(void **state)
{
    json_auto_t *index = http_get_json(*state, "/v1");
    json_auto_t *contract = http_get_json(*state, "/openapi.json");
    json_auto_t *known = json_object();
    size_t at;
    json_t *entry;
    json_array_foreach(json_object_get(index, "data"), at, entry)
    {
        const char *href = json_string_value(json_object_get(entry, "href"));
        json_object_set_new(known, href, json_true());
    }
    const char *name;
    json_t *link;
    json_object_foreach(json_object_get(index, "links"), name, link)
    {
        HTTP_REPLY *reply = http_get(*state, json_string_value(link));
        /* Which words to search for is missing. */
        assert_int_equal(reply->status, strcmp(name, "search") == 0 ? 400 : 200);
        json_object_set_new(known, json_string_value(link), json_true());
    }
    const char *path;
    json_t *operations;
    json_object_foreach(json_object_get(contract, "paths"), path, operations)
    {
        if (strncmp(path, "/v1", 3) == 0 && strchr(path, '{') == NULL &&
            json_object_get(known, path) == NULL) {
            fail_msg("%s: /v1 does not lead there", path);
        }
    }
}

/* A summit's record has a template for an address, which each summit fills in. */
static void a_summit_leads_to_its_record(void **state)
{
    json_auto_t *summits = rows_of(*state, "/v1/summits");
    size_t at;
    json_t *summit;
    json_array_foreach(summits, at, summit)
    {
        TEXT *path = text_of("/v1/summits/%s?fields=name", row_id(summit));
        json_auto_t *item = http_get_json(*state, path);
        const char *record =
            json_string_value(json_object_get(json_object_get(item, "links"), "record"));
        assert_non_null(record);
        TEXT *expected = text_of("/v1/summits/%s/record", row_id(summit));
        assert_string_equal(record, expected);
        HTTP_REPLY *reply = http_get_status(*state, record, 200);
        assert_non_null(reply->json);
    }
}

static void the_contract_is_served(void **state)
{
    json_auto_t *document = http_get_json(*state, "/openapi.json");
    const char *version = json_string_value(json_object_get(document, "openapi"));
    assert_non_null(version);
    assert_int_equal(strncmp(version, "3.1.", 4), 0);
    assert_non_null(json_object_get(json_object_get(document, "paths"), "/v1/measures"));
    HTTP_REPLY *yaml = http_get_status(*state, "/openapi.yaml", 200);
    assert_int_equal(strncmp(yaml->body, "openapi:", 8), 0);
}

/* RFC 9727: a link set (RFC 9264) that leads to the API and its description. */
static void the_catalogue_leads_to_the_contract(void **state)
{
    HTTP_REPLY *reply = http_get_status(*state, "/.well-known/api-catalog", 200);
    assert_true(json_array_size(json_object_get(reply->json, "linkset")) > 0);
    assert_non_null(strstr(reply->body, "/openapi.json"));
    assert_non_null(strstr(reply->body, "\"anchor\""));
}

static void the_home_page_leads_on(void **state)
{
    HTTP_REPLY *reply = http_get_status(*state, "/", 200);
    assert_non_null(strstr(reply->body, "<html"));
    assert_non_null(strstr(reply->body, "/v1"));
    static const char *const parts[] = {"/openapi",      "action=\"/v1/search\"", "format=csv",
                                        "format=ndjson", "/v1/export.sqlite",     "links.record"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        assert_non_null(strstr(reply->body, parts[i]));
    }
    size_t links = 0;
    for (char *at = reply->body; (at = strstr(at, "href=\"")) != NULL; links++) {
        at += strlen("href=\"");
        TEXT *target = text_of("%.*s", (int)strcspn(at, "\""), at);
        HTTP_REPLY *there = http_get_status(*state, target, 200);
        assert_true(there->body_length > 0);
    }
    assert_true(links > COLLECTION_COUNT);
}

static void it_is_well_and_ready(void **state)
{
    json_auto_t *health = http_get_json(*state, "/healthz");
    json_auto_t *fine = json_pack("{s:s}", "status", "ok");
    assert_json_equal(health, fine, "/healthz");
    json_auto_t *ready = http_get_json(*state, "/readyz");
    json_auto_t *index = http_get_json(*state, "/v1");
    json_t *revision = json_object_get(json_object_get(index, "meta"), "revision");
    json_auto_t *expected =
        json_pack("{s:s,s:O,s:n}", "status", "ready", "revision", revision, "rejected");
    assert_json_equal(ready, expected, "/readyz");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_index_lists_what_there_is),
        cmocka_unit_test(the_index_leads_to_all_that_has_one_address),
        cmocka_unit_test(a_summit_leads_to_its_record),
        cmocka_unit_test(the_contract_is_served),
        cmocka_unit_test(the_catalogue_leads_to_the_contract),
        cmocka_unit_test(the_home_page_leads_on),
        cmocka_unit_test(it_is_well_and_ready),
    };
    return cmocka_run_group_tests(tests, start_two_summits, daemon_stop_all);
}
