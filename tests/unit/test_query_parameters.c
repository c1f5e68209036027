/* The parameters that are no filters, for every kind of query: what each takes, what it refuses and
 * what it suggests instead, and which go together. */
#include "check.h"
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "query.h"

/* A query by the kind of its address: "measures", "measures/x", "search", "graph" or "measures/x
 * cite". */
static struct summit_query *make(const char *address)
{
    struct summit_query *query = NULL;
    TEXT *copy = strdup(address);
    char *rest = copy;
    const char *name = strsep(&rest, "/");
    char *id = rest;
    strsep(&rest, " ");
    if (strcmp(name, "search") == 0) {
        assert_int_equal(summit_query_new_search(&query), SUMMIT_OK);
    } else if (strcmp(name, "graph") == 0) {
        assert_int_equal(summit_query_new_graph(&query), SUMMIT_OK);
    } else if (rest != NULL) {
        assert_int_equal(summit_query_new_citation(name, id, &query), SUMMIT_OK);
    } else {
        assert_int_equal(summit_query_new(name, id, &query), SUMMIT_OK);
    }
    return query;
}

static const char *text_or(const json_t *value)
{
    return json_is_string(value) ? json_string_value(value) : "-";
}

/* The problems as "parameter code suggestion; ..."; the caller frees it. */
static char *told(const json_t *problems)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    for (size_t i = 0; i < json_array_size(problems); i++) {
        const json_t *problem = json_array_get(problems, i);
        assert_int_equal(json_object_size(problem), 4);
        assert_true(json_string_length(json_object_get(problem, "detail")) > 10);
        fprintf(stream, "%s%s %s %s", i == 0 ? "" : "; ",
                text_or(json_object_get(problem, "parameter")),
                text_or(json_object_get(problem, "code")),
                text_or(json_object_get(problem, "suggestion")));
    }
    fclose(stream);
    return text;
}

/* Sets the parameters, "a=1&b=2", and settles. */
static enum summit_status set_all(struct summit_query *query, const char *parameters,
                                  enum summit_format accepted, json_t *problems)
{
    TEXT *copy = strdup(parameters);
    char *rest = parameters[0] == '\0' ? NULL : copy;
    enum summit_status result = SUMMIT_OK;
    for (char *pair = strsep(&rest, "&"); pair != NULL; pair = strsep(&rest, "&")) {
        char *value = pair;
        const char *name = strsep(&value, "=");
        enum summit_status status = summit_query_set(query, name, value, problems);
        assert_true(status == SUMMIT_OK || status == SUMMIT_INVALID);
        result = status == SUMMIT_OK ? result : status;
    }
    enum summit_status settled = summit_query_settle(query, accepted, problems);
    return settled == SUMMIT_OK ? result : settled;
}

struct asked {
    const char *address, *parameters, *problems;
};

static void check(const struct asked *asked, enum summit_format accepted)
{
    QUERY *query = make(asked->address);
    JSON *problems = json_array();
    enum summit_status status = set_all(query, asked->parameters, accepted, problems);
    TEXT *text = told(problems);
    if (strcmp(text, asked->problems) != 0 ||
        status != (asked->problems[0] == '\0' ? SUMMIT_OK : SUMMIT_INVALID)) {
        fail_msg("%s?%s: \"%s\", not \"%s\"", asked->address, asked->parameters, text,
                 asked->problems);
    }
}

static void check_all(const struct asked *asked, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check(&asked[i], SUMMIT_FORMAT_NONE);
    }
}

/* Each parameter on each kind of address: "" where it is known. */
static void test_who_knows_what(void **state)
{
    static const char *const addresses[] = {"measures", "measures/x", "search", "graph",
                                            "measures/x cite"};
    static const struct {
        const char *name, *value;
        const char *known; /* a letter for each address: y or n */
    } parameters[] = {
        {"q", "gas", "ynynn"},       {"sort", "number", "ynnnn"},   {"limit", "5", "ynynn"},
        {"cursor", "abc", "ynynn"},  {"include", "areas", "yynnn"}, {"fields", "id", "yynnn"},
        {"facet", "area", "ynnnn"},  {"format", "json", "yynnn"},   {"format", "csl", "nnnny"},
        {"pretty", "true", "yyyyy"}, {"summit", "a", "ynnyn"},      {"area", "a", "ynnnn"},
        {"type", "areas", "nnynn"},  {"scope", "a", "nnnnn"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(parameters); i++) {
        for (size_t j = 0; j < COUNT(addresses); j++) {
            QUERY *query = make(addresses[j]);
            JSON *problems = json_array();
            bool is_known = parameters[i].known[j] == 'y';
            enum summit_status status =
                summit_query_set(query, parameters[i].name, parameters[i].value, problems);
            if (status != (is_known ? SUMMIT_OK : SUMMIT_INVALID)) {
                fail_msg("%s?%s", addresses[j], parameters[i].name);
            }
            assert_int_equal(json_array_size(problems), is_known ? 0 : 1);
        }
    }
}

static void test_text(void **state)
{
#define CHARACTERS_64 "äbcdefghäbcdefghäbcdefghäbcdefghäbcdefghäbcdefghäbcdefghäbcdefgh"
    static const struct asked asked[] = {
        {"measures", "q=gas", ""},
        {"measures", "q=" CHARACTERS_64, ""},
        {"measures", "q=" CHARACTERS_64 "ä", "q invalid_value -"},
        {"measures", "q=", "q invalid_value -"},
        {"measures", "q= \t ", "q invalid_value -"},
        {"measures", "q=...", ""},
        {"search", "q=gas", ""},
        {"search", "q=gas&type=areas,measures&limit=5&pretty=", ""},
        {"search", "", "q missing_parameter -"},
        {"search", "type=areas", "q missing_parameter -"},
        /* It was given, if wrongly: one problem is enough. */
        {"search", "q=", "q invalid_value -"},
        {"search", "q=gas&type=area", "type invalid_value areas"},
        {"search", "q=gas&types=areas", "types unknown_parameter type"},
        {"search", "q=gas&Q=gas", "Q unknown_parameter q"},
        {"measures", "q=gas&q=oil", "q repeated_parameter -"},
    };
    (void)state;
    check_all(asked, COUNT(asked));
    QUERY *words = fixture_query("measures", NULL, NULL, "q=natural gas");
    assert_string_equal(words->text, "natural gas");
    assert_string_equal(words->match, "\"natural\" \"gas\"*");
    QUERY *none = fixture_query("measures", NULL, NULL, "q=...");
    assert_string_equal(none->text, "...");
    assert_null(none->match);
}

static void test_sort(void **state)
{
    static const struct asked asked[] = {
        {"measures", "sort=number", ""},
        {"measures", "sort=-number,modality,-id", ""},
        {"measures", "sort=", "sort invalid_value -"},
        {"measures", "sort=-", "sort invalid_value -"},
        {"measures", "sort=--number", "sort invalid_value -number"},
        {"measures", "sort=+number", "sort invalid_value number"},
        {"measures", "sort=numbr", "sort invalid_value number"},
        {"measures", "sort=Number", "sort invalid_value number"},
        {"measures", "sort=name", "sort invalid_value -"},
        {"measures", "sort=number,", "sort invalid_value -"},
        {"measures", "sort=number,number", "sort repeated_value -"},
        {"measures", "sort=number,-number", "sort repeated_value -"},
        {"measures", "sort=-numbr,modalty",
         "sort invalid_value -number; sort invalid_value modality"},
        {"measures", "sort=number&sort=id", "sort repeated_parameter -"},
        {"summits", "sort=city,-starts_on,name,id", ""},
    };
    (void)state;
    check_all(asked, COUNT(asked));
    QUERY *query = fixture_query("measures", NULL, NULL, "sort=-number,modality");
    assert_string_equal(query->order[0].key->name, "number");
    assert_true(query->order[0].is_descending);
    assert_string_equal(query->order[1].key->name, "modality");
    assert_false(query->order[1].is_descending);
    assert_null(query->order[2].key);
}

static void test_include(void **state)
{
    static const struct asked asked[] = {
        {"measures", "include=areas.sources,areas.mechanisms,areas", ""},
        {"measures/x", "include=proposals.participants", ""},
        {"measures", "include=areas.", "include invalid_value -"},
        {"measures", "include=.areas", "include invalid_value -"},
        {"measures", "include=areas.source", "include invalid_value areas.sources"},
        {"measures", "include=area.sources", "include invalid_value areas"},
        {"measures", "include=areas.sources.summits", "include invalid_value -"},
        /* What covers a source is made for one of them. */
        {"sources/x", "include=coverage", ""},
        {"sources", "include=coverage", "include invalid_value -"},
        {"measures/x", "include=sources.coverage", "include invalid_value -"},
        {"sources/x", "include=coverage.measures", "include invalid_value -"},
        {"measures", "include=areas.sources,areas.sources", "include repeated_value -"},
    };
    (void)state;
    check_all(asked, COUNT(asked));
    QUERY *query =
        fixture_query("measures", NULL, NULL, "include=areas.sources,areas,areas.measures");
    assert_string_equal(query->includes[0].second->target, "sources");
    assert_null(query->includes[1].second);
    assert_string_equal(query->includes[2].second->target, "measures");
    assert_int_equal(query->include_count, 3);
}

static void test_fields_and_facets(void **state)
{
    static const struct asked asked[] = {
        {"measures", "fields=", "fields invalid_value -"},
        {"measures", "fields=txt", "fields invalid_value text"},
        {"measures", "fields=id,", "fields invalid_value -"},
        {"measures", "fields=amounts.value", "fields invalid_value -"},
        {"measures", "fields=id,text,id&facet=area,area",
         "fields repeated_value -; facet repeated_value -"},
        {"measures/x", "fields=text,number", ""},
        {"measures/x", "fields=texts", "fields invalid_value text"},
        /* In records only. */
        {"areas", "fields=summits", "fields invalid_value -"},
        {"sources", "fields=omitted_paragraphs", "fields invalid_value -"},
        {"measures", "facet=area,modality,source", ""},
        {"measures", "facet=areas", "facet invalid_value area"},
        {"measures", "facet=", "facet invalid_value -"},
        {"measures", "facet=kind", "facet invalid_value -"},
    };
    (void)state;
    check_all(asked, COUNT(asked));
    QUERY *query = fixture_query("measures", NULL, NULL, "fields=text,id&facet=area");
    JSON *fields = fixture_json("['text', 'id']");
    assert_true(json_equal(query->fields, fields));
    assert_true(strcmp(query->facets[0]->name, "area") == 0 && query->facets[1] == NULL);
}

static void test_formats(void **state)
{
    static const struct asked asked[] = {
        {"measures", "format=json", ""},
        {"measures", "format=ndjson", ""},
        {"measures", "format=csv", ""},
        {"measures", "format=jsonld", ""},
        {"measures", "format=", "format invalid_value -"},
        {"measures", "format=CSV", "format invalid_value csv"},
        {"measures", "format=xml", "format invalid_value -"},
        {"measures", "format=bibtex", "format invalid_value -"},
        {"measures", "format=none", "format invalid_value -"},
        {"measures", "format=csv&format=csv", "format repeated_parameter -"},
        {"measures/x", "format=jsonld", ""},
        {"measures/x", "format=csv", "format invalid_value -"},
        {"measures/x cite", "format=csl", ""},
        {"measures/x cite", "format=bibtx", "format invalid_value bibtex"},
        {"measures/x cite", "format=text", ""},
        {"measures/x cite", "format=json", "format invalid_value -"},
        {"measures", "pretty=", ""},
        {"measures", "pretty=false", ""},
        {"measures", "pretty=True", "pretty invalid_value true"},
        {"measures", "pretty=1", "pretty invalid_value -"},
        {"graph", "summit=a&pretty=true", ""},
        {"graph", "summt=a", "summt unknown_parameter summit"},
    };
    (void)state;
    check_all(asked, COUNT(asked));
}

/* What the caller would take counts where no parameter says. */
static void test_accepted_formats(void **state)
{
    static const struct {
        const char *address, *parameters;
        enum summit_format accepted, format;
        bool is_pretty;
    } cases[] = {
        {"measures", "", SUMMIT_FORMAT_NONE, SUMMIT_JSON, false},
        {"measures", "", SUMMIT_CSV, SUMMIT_CSV, false},
        {"measures", "format=json&pretty=", SUMMIT_CSV, SUMMIT_JSON, true},
        {"measures", "format=ndjson", SUMMIT_JSON, SUMMIT_NDJSON, false},
        {"measures/x", "pretty=true", SUMMIT_FORMAT_NONE, SUMMIT_JSON, true},
        {"measures/x", "pretty=false", SUMMIT_JSONLD, SUMMIT_JSONLD, false},
        {"measures/x cite", "", SUMMIT_FORMAT_NONE, SUMMIT_CSL, false},
        {"measures/x cite", "format=text", SUMMIT_BIBTEX, SUMMIT_TEXT, false},
        {"search", "q=a", SUMMIT_FORMAT_NONE, SUMMIT_JSON, false},
        {"graph", "", SUMMIT_FORMAT_NONE, SUMMIT_JSON, false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        QUERY *query = make(cases[i].address);
        JSON *problems = json_array();
        assert_int_equal(set_all(query, cases[i].parameters, cases[i].accepted, problems),
                         SUMMIT_OK);
        assert_int_equal(summit_query_format(query), cases[i].format);
        assert_int_equal(summit_query_is_pretty(query), cases[i].is_pretty);
    }
}

static void test_what_goes_with_a_format(void **state)
{
    static const struct asked asked[] = {
        {"measures", "format=csv&q=a&sort=id&limit=5&cursor=x&fields=id&area=a", ""},
        {"measures", "format=ndjson&fields=id", ""},
        {"measures", "format=jsonld&pretty=true&limit=5&area=a", ""},
        {"measures", "format=csv&include=areas", "include wrong_format -"},
        {"measures", "include=areas&format=ndjson", "include wrong_format -"},
        {"measures", "format=csv&facet=area", "facet wrong_format -"},
        {"measures", "format=ndjson&pretty=true", "pretty wrong_format -"},
        {"measures", "format=csv&pretty=false", "pretty wrong_format -"},
        {"measures", "format=jsonld&fields=id", "fields wrong_format -"},
        {"measures", "format=jsonld&facet=area&include=areas",
         "include wrong_format -; facet wrong_format -"},
        {"measures", "format=csv&include=area",
         "include invalid_value areas; include wrong_format -"},
        {"measures/x", "format=jsonld&include=areas&fields=id&pretty=true",
         "include wrong_format -; fields wrong_format -"},
        {"measures/x cite", "format=csl&pretty=true", ""},
        {"measures/x cite", "format=bibtex&pretty=true", "pretty wrong_format -"},
        /* A format there is none of leaves the usual one. */
        {"measures", "format=xml&include=areas", "format invalid_value -"},
    };
    static const struct asked accepted = {"measures", "include=areas", "include wrong_format -"};
    static const struct asked beaten = {"measures", "include=areas&format=json", ""};
    (void)state;
    check_all(asked, COUNT(asked));
    check(&accepted, SUMMIT_CSV);
    check(&beaten, SUMMIT_CSV);
}

/* The digest minds what the order of the rows depends on, and nothing else. */
static void test_digests(void **state)
{
    static const struct {
        const char *address, *parameters;
        size_t class;
    } cases[] = {
        {"measures", "", 0},
        {"measures", "limit=5&include=areas&fields=id&facet=area&format=csv&pretty=", 0},
        {"measures", "q=gas", 1},
        {"measures", "q=gas&limit=3", 1},
        {"measures", "q=gas oil", 2},
        {"measures", "sort=number", 3},
        {"measures", "sort=-number", 4},
        {"measures", "sort=number,modality", 5},
        {"measures", "sort=modality,number", 6},
        {"measures", "sort=number&q=gas", 7},
        {"search", "q=gas", 8},
        {"search", "q=gas&type=areas", 9},
        {"search", "q=...", 10},
    };
    char digests[COUNT(cases)][17];
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        QUERY *query = make(cases[i].address);
        JSON *problems = json_array();
        (void)set_all(query, cases[i].parameters, SUMMIT_FORMAT_NONE, problems);
        assert_int_equal(query_digest(query, digests[i]), SUMMIT_OK);
        for (size_t j = 0; j < i; j++) {
            bool equal = strcmp(digests[i], digests[j]) == 0;
            if (equal != (cases[i].class == cases[j].class)) {
                fail_msg("%s and %s", cases[i].parameters, cases[j].parameters);
            }
        }
    }
}

static void test_addresses_that_are_not(void **state)
{
    struct summit_query *query = NULL;
    (void)state;
    assert_int_equal(summit_query_new_citation("treaties", "x", &query), SUMMIT_NOT_FOUND);
    assert_int_equal(summit_query_new("search", NULL, &query), SUMMIT_NOT_FOUND);
    assert_int_equal(summit_query_new("graph", NULL, &query), SUMMIT_NOT_FOUND);
    assert_null(query);
    QUERY *search = make("search");
    assert_int_equal(summit_query_within(search, "a"), SUMMIT_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_knows_what),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_sort),
        cmocka_unit_test(test_include),
        cmocka_unit_test(test_fields_and_facets),
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_accepted_formats),
        cmocka_unit_test(test_what_goes_with_a_format),
        cmocka_unit_test(test_digests),
        cmocka_unit_test(test_addresses_that_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
