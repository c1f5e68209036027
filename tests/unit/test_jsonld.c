#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/jsonld.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A value of a JSON text, in which ' stands for ". */
static json_t *value_of(const char *text)
{
    char *quoted = strdup(text);
    for (char *c = quoted; *c != '\0'; c++) {
        *c = *c == '\'' ? '"' : *c;
    }
    json_error_t error;
    json_t *value = json_loads(quoted, 0, &error);
    if (value == NULL) {
        fail_msg("%s in %s", error.text, quoted);
    }
    free(quoted);
    return value;
}

static json_t *make(const char *resource, const char *data, const char *included)
{
    json_auto_t *rows = value_of(data);
    json_auto_t *more = included == NULL ? NULL : value_of(included);
    json_t *document = NULL;
    assert_int_equal(jsonld_make(resource, rows, more, &document), SUMMIT_OK);
    return document;
}

static void check_equal(const json_t *is, const char *expected)
{
    json_auto_t *wanted = value_of(expected);
    if (!json_equal(is, wanted)) {
        char *dumped = json_dumps(is, 0);
        fail_msg("%s\nis not\n%s", dumped, expected);
    }
}

/* What a row becomes, the context aside. */
static void check_node(const char *resource, const char *row, const char *expected)
{
    json_auto_t *document = make(resource, row, NULL);
    assert_int_equal(json_object_del(document, "@context"), 0);
    check_equal(document, expected);
}

static void test_context(void **state)
{
    (void)state;
    json_auto_t *document = make("areas", "{'id': 'trade', 'name': 'Trade'}", NULL);
    check_equal(document, "{'@context': {'@vocab': 'https://schema.org/',"
                          "  'startDate': {'@type': 'Date'}, 'endDate': {'@type': 'Date'},"
                          "  'datePublished': {'@type': 'Date'}, 'about': {'@type': '@id'},"
                          "  'author': {'@type': '@id'}, 'isPartOf': {'@type': '@id'},"
                          "  'mentions': {'@type': '@id'}, 'performerIn': {'@type': '@id'},"
                          "  'subjectOf': {'@type': '@id'}, 'url': {'@type': '@id'}},"
                          " '@id': '/v1/areas/trade', '@type': 'DefinedTerm', 'name': 'Trade'}");
    assert_string_equal(json_object_iter_key(json_object_iter(document)), "@context");
}

static void test_summits(void **state)
{
    (void)state;
    check_node("summits",
               "{'id': 's', 'name': 'S', 'series': 'T', 'starts_on': '2023-05-18',"
               " 'ends_on': '2023-05-19', 'city': 'C', 'region': 'R',"
               " 'country': {'code': 'CN', 'name': 'China'}, 'summary': 'They met.',"
               " 'counts': {'measures': 1}, 'citations': [{'source_id': 'p', 'paragraph': 2}]}",
               "{'@id': '/v1/summits/s', '@type': 'Event', 'name': 'S',"
               " 'startDate': '2023-05-18', 'endDate': '2023-05-19', 'description': 'They met.',"
               " 'superEvent': {'@type': 'EventSeries', 'name': 'T'},"
               " 'location': {'@type': 'Place', 'address': {'@type': 'PostalAddress',"
               "   'addressLocality': 'C', 'addressRegion': 'R',"
               "   'addressCountry': {'@type': 'Country', 'name': 'China', 'identifier': 'CN'}}},"
               " 'subjectOf': [{'@type': 'CreativeWork', 'isPartOf': '/v1/sources/p',"
               "   'position': 2}]}");
}

static void test_null_is_left_out(void **state)
{
    static const struct {
        const char *resource, *row, *node;
    } cases[] = {
        {"summits",
         "{'id': 's', 'name': 'S', 'series': null, 'city': 'C', 'region': null, 'country': null}",
         "{'@id': '/v1/summits/s', '@type': 'Event', 'name': 'S', 'location': {'@type': 'Place',"
         " 'address': {'@type': 'PostalAddress', 'addressLocality': 'C'}}}"},
        {"summits", "{'id': 's', 'city': null}", "{'@id': '/v1/summits/s', '@type': 'Event'}"},
        {"areas", "{'id': 'a', 'name': 'A', 'description': null, 'category': null}",
         "{'@id': '/v1/areas/a', '@type': 'DefinedTerm', 'name': 'A'}"},
        {"statements",
         "{'id': 'a', 'said_by': null, 'area_ids': [], 'initiative_ids': [], 'citations': []}",
         "{'@id': '/v1/statements/a', '@type': 'Claim'}"},
        {"participants", "{'id': 'x', 'office': null, 'country': null, 'summit_id': null}",
         "{'@id': '/v1/participants/x', '@type': 'Person'}"},
        {"measures", "{'text': 'T', 'amounts': []}", "{'@type': 'Claim', 'text': 'T'}"},
        {"mechanisms", "{'id': 'm', 'proposal_id': null}",
         "{'@id': '/v1/mechanisms/m', '@type': 'EventSeries'}"},
        {"sources", "{'id': 'p', 'publisher': null, 'place': null, 'url': null}",
         "{'@id': '/v1/sources/p', '@type': 'CreativeWork'}"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        check_node(cases[i].resource, cases[i].row, cases[i].node);
    }
}

static void test_participants(void **state)
{
    (void)state;
    check_node("participants",
               "{'id': 'x', 'summit_id': 's', 'name': 'X', 'office': 'President of Y',"
               " 'country': {'code': 'KZ', 'name': 'Kazakhstan'}, 'role': 'host', 'position': 1}",
               "{'@id': '/v1/participants/x', '@type': 'Person', 'name': 'X',"
               " 'jobTitle': 'President of Y', 'hasOccupation': {'@type': 'Occupation',"
               "   'name': 'President of Y', 'occupationLocation': {'@type': 'Country',"
               "     'name': 'Kazakhstan', 'identifier': 'KZ'}},"
               " 'performerIn': '/v1/summits/s'}");
}

static void test_claims(void **state)
{
    (void)state;
    check_node("proposals",
               "{'id': 'p', 'summit_id': 's', 'number': 3, 'title': 'P', 'summary': 'Xi said.',"
               " 'proposed_by': 'x', 'area_ids': ['a', 'b'], 'measure_count': 2,"
               " 'citations': [{'source_id': 'q', 'paragraph': 9},"
               "               {'source_id': 'q', 'paragraph': 10}]}",
               "{'@id': '/v1/proposals/p', '@type': 'Claim', 'name': 'P', 'text': 'Xi said.',"
               " 'position': 3, 'author': '/v1/participants/x', 'subjectOf': ['/v1/summits/s'],"
               " 'about': ['/v1/areas/a', '/v1/areas/b'], 'appearance': ["
               "  {'@type': 'CreativeWork', 'isPartOf': '/v1/sources/q', 'position': 9},"
               "  {'@type': 'CreativeWork', 'isPartOf': '/v1/sources/q', 'position': 10}]}");
    check_node("measures",
               "{'id': 'm', 'summit_id': 's', 'proposal_id': 'p', 'number': 1, 'text': 'T',"
               " 'modality': 'will', 'amounts': [], 'area_ids': ['a'], 'initiative_ids': ['i'],"
               " 'mechanism_ids': ['k', 'l'], 'citations': [{'source_id': 'q', 'paragraph': 9}]}",
               "{'@id': '/v1/measures/m', '@type': 'Claim', 'text': 'T', 'position': 1,"
               " 'isPartOf': '/v1/proposals/p', 'keywords': 'will', 'about': ['/v1/areas/a'],"
               " 'subjectOf': ['/v1/summits/s'],"
               " 'mentions': ['/v1/initiatives/i', '/v1/mechanisms/k', '/v1/mechanisms/l'],"
               " 'appearance': [{'@type': 'CreativeWork', 'isPartOf': '/v1/sources/q',"
               "   'position': 9}]}");
    check_node("statements",
               "{'id': 't', 'summit_id': 's', 'kind': 'call', 'text': 'T', 'said_by': 'x',"
               " 'area_ids': ['a'], 'initiative_ids': ['i']}",
               "{'@id': '/v1/statements/t', '@type': 'Claim', 'text': 'T', 'keywords': 'call',"
               " 'author': '/v1/participants/x', 'about': ['/v1/areas/a'],"
               " 'subjectOf': ['/v1/summits/s'],"
               " 'mentions': ['/v1/initiatives/i']}");
}

static void test_amounts(void **state)
{
    (void)state;
    check_node("measures",
               "{'id': 'm', 'initiative_ids': ['i'], 'amounts': ["
               " {'value': 26000000000, 'currency': 'CNY', 'qualifier': 'exact',"
               "  'stated': '26 billion yuan', 'equivalents': [{'value': 3720000000,"
               "   'currency': 'USD', 'qualifier': 'about', 'stated': '3.72 billion dollars'}]},"
               " {'value': 1, 'currency': 'EUR', 'qualifier': 'at_least', 'stated': 'one or more',"
               "  'equivalents': []},"
               " {'value': 2, 'currency': 'EUR', 'qualifier': 'up_to', 'stated': 'up to two'}]}",
               "{'@id': '/v1/measures/m', '@type': 'Claim', 'mentions': ['/v1/initiatives/i',"
               " {'@type': 'MonetaryAmount', 'name': '26 billion yuan', 'value': 26000000000,"
               "  'currency': 'CNY'},"
               " {'@type': 'MonetaryAmount', 'name': '3.72 billion dollars', 'value': 3720000000,"
               "  'currency': 'USD', 'description': 'about'},"
               " {'@type': 'MonetaryAmount', 'name': 'one or more', 'minValue': 1,"
               "  'currency': 'EUR'},"
               " {'@type': 'MonetaryAmount', 'name': 'up to two', 'maxValue': 2,"
               "  'currency': 'EUR'}]}");
}

static void test_the_others(void **state)
{
    (void)state;
    check_node("initiatives",
               "{'id': 'i', 'name': 'I', 'description': 'D', 'launched_by': 'X', 'counts': {}}",
               "{'@id': '/v1/initiatives/i', '@type': 'Project', 'name': 'I',"
               " 'description': 'D', 'founder': 'X'}");
    check_node("mechanisms",
               "{'id': 'k', 'summit_id': 's', 'name': 'K', 'description': 'D',"
               " 'standing': 'proposed', 'area_ids': ['a'], 'proposal_id': 'p',"
               " 'citations': [{'source_id': 'q', 'paragraph': 9}]}",
               "{'@id': '/v1/mechanisms/k', '@type': 'EventSeries', 'name': 'K',"
               " 'description': 'D', 'keywords': 'proposed', 'about': ['/v1/areas/a'],"
               " 'subjectOf': ['/v1/summits/s', '/v1/proposals/p', {'@type': 'CreativeWork',"
               "   'isPartOf': '/v1/sources/q', 'position': 9}]}");
    check_node("sources",
               "{'id': 'q', 'title': 'Q', 'publisher': 'A paper', 'place': 'A town',"
               " 'published_on': '2023-05-20', 'language': 'en', 'url': 'https://example.org/q',"
               " 'paragraph_count': 33, 'cited_count': 20}",
               "{'@id': '/v1/sources/q', '@type': 'CreativeWork', 'name': 'Q',"
               " 'publisher': 'A paper', 'locationCreated': {'@type': 'Place', 'name': 'A town'},"
               " 'datePublished': '2023-05-20', 'inLanguage': 'en',"
               " 'url': 'https://example.org/q'}");
}

static void test_collections(void **state)
{
    static const char rows[] = "[{'id': 'a', 'name': 'A'}, {'id': 'b', 'name': 'B'}]";
    (void)state;
    json_auto_t *document = make("areas", rows, NULL);
    assert_int_equal(json_object_size(document), 2);
    assert_non_null(json_object_get(document, "@context"));
    check_equal(json_object_get(document, "@graph"),
                "[{'@id': '/v1/areas/a', '@type': 'DefinedTerm', 'name': 'A'},"
                " {'@id': '/v1/areas/b', '@type': 'DefinedTerm', 'name': 'B'}]");
    json_auto_t *empty = make("areas", "[]", NULL);
    check_equal(json_object_get(empty, "@graph"), "[]");
}

static void test_included_rows(void **state)
{
    static const char included[] =
        "{'initiatives': [{'id': 'i', 'name': 'I'}], 'areas': [], 'sources': [{'id': 'q'}]}";
    (void)state;
    json_auto_t *collection = make("areas", "[{'id': 'a'}]", included);
    check_equal(json_object_get(collection, "@graph"),
                "[{'@id': '/v1/areas/a', '@type': 'DefinedTerm'},"
                " {'@id': '/v1/initiatives/i', '@type': 'Project', 'name': 'I'},"
                " {'@id': '/v1/sources/q', '@type': 'CreativeWork'}]");
    json_auto_t *item = make("areas", "{'id': 'a'}", included);
    assert_string_equal(json_string_value(json_object_get(item, "@id")), "/v1/areas/a");
    check_equal(json_object_get(item, "@included"),
                "[{'@id': '/v1/initiatives/i', '@type': 'Project', 'name': 'I'},"
                " {'@id': '/v1/sources/q', '@type': 'CreativeWork'}]");
    json_auto_t *bare = make("areas", "{'id': 'a'}", "{'measures': []}");
    assert_null(json_object_get(bare, "@included"));
}

static void test_unknown_resources(void **state)
{
    json_auto_t *rows = json_array();
    json_auto_t *included = value_of("{'treaties': []}");
    json_t *document = rows;
    (void)state;
    assert_int_equal(jsonld_make("treaties", rows, NULL, &document), SUMMIT_NOT_FOUND);
    assert_int_equal(jsonld_make("areas", rows, included, &document), SUMMIT_NOT_FOUND);
    assert_ptr_equal(document, rows);
}

static void test_every_resource_has_a_type(void **state)
{
    json_auto_t *all = NULL;
    json_auto_t *row = value_of("{'id': 'x'}");
    (void)state;
    assert_int_equal(summit_resources(&all), SUMMIT_OK);
    assert_true(json_array_size(all) > 0);
    for (size_t i = 0; i < json_array_size(all); i++) {
        const char *name = json_string_value(json_object_get(json_array_get(all, i), "name"));
        json_auto_t *document = NULL;
        assert_int_equal(jsonld_make(name, row, NULL, &document), SUMMIT_OK);
        assert_true(json_is_string(json_object_get(document, "@type")));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_context),
        cmocka_unit_test(test_summits),
        cmocka_unit_test(test_null_is_left_out),
        cmocka_unit_test(test_participants),
        cmocka_unit_test(test_claims),
        cmocka_unit_test(test_amounts),
        cmocka_unit_test(test_the_others),
        cmocka_unit_test(test_collections),
        cmocka_unit_test(test_included_rows),
        cmocka_unit_test(test_unknown_resources),
        cmocka_unit_test(test_every_resource_has_a_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
