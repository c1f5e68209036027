/* /v1/citations: what to cite for a row, in each of the three forms, and that they say the same. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "http.h"
#include "problem.h"
#include "process.h"

#include <string.h>

static char *citation_target(const char *type, const char *id, const char *format)
{
    return text_of("/v1/citations/%s/%s?format=%s", type, id, format);
}

/* The paragraphs of a source that a row cites, as numbers in their order; NULL for a source. */
static json_t *paragraphs_of(json_t *row, const char *source)
{
    json_t *paragraphs = json_array();
    size_t at;
    json_t *citation;
    json_array_foreach(json_object_get(row, "citations"), at, citation)
    {
        if (strcmp(json_string_value(json_object_get(citation, "source_id")), source) == 0) {
            json_array_append(paragraphs, json_object_get(citation, "paragraph"));
        }
    }
    return paragraphs;
}

/* Whether a locator, as "3-5, 8", names a paragraph. */
static bool locates(const char *locator, long paragraph)
{
    for (const char *at = locator; at != NULL && *at != '\0';) {
        char *end = NULL;
        long first = strtol(at, &end, 10);
        long last = first;
        assert_ptr_not_equal(end, at);
        if (*end == '-') {
            last = strtol(end + 1, &end, 10);
        }
        if (paragraph >= first && paragraph <= last) {
            return true;
        }
        at = strncmp(end, ", ", 2) == 0 ? end + 2 : NULL;
    }
    return false;
}

/* The sources that a row cites, in their order. */
static json_t *sources_of(void *daemon, const char *type, json_t *row)
{
    if (strcmp(type, "sources") == 0) {
        return json_pack("[O]", row);
    }
    TEXT *target = text_of("/v1/%s/%s?include=sources", type, row_id(row));
    json_auto_t *document = http_get_json(daemon, target);
    return json_incref(json_object_get(json_object_get(document, "included"), "sources"));
}

/* An item against the row of its source. */
static void check_item(json_t *item, json_t *source, json_t *row, const char *what)
{
    static const char *const same[][2] = {{"title", "title"},
                                          {"publisher", "publisher"},
                                          {"publisher-place", "place"},
                                          {"language", "language"},
                                          {"URL", "url"}};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        json_t *wanted = json_object_get(source, same[i][1]);
        json_t *is = json_object_get(item, same[i][0]);
        assert_true(is != NULL || json_is_null(wanted));
        if (is != NULL) {
            assert_json_equal(is, wanted, what);
        }
    }
    const char *locator = json_string_value(json_object_get(item, "locator"));
    json_auto_t *paragraphs = paragraphs_of(row, row_id(source));
    assert_int_equal(locator != NULL, json_array_size(paragraphs) > 0);
    assert_int_equal(locator != NULL, json_object_get(item, "note") != NULL);
    for (long i = 1; locator != NULL && i <= 40; i++) {
        bool is_cited = false;
        for (size_t j = 0; j < json_array_size(paragraphs); j++) {
            is_cited |= json_integer_value(json_array_get(paragraphs, j)) == i;
        }
        if (locates(locator, i) != is_cited) {
            fail_msg("%s: paragraph %ld and \"%s\"", what, i, locator);
        }
    }
}

/* The three forms of one row; its keys are added to those of the rows before. */
static void check_row(void *daemon, const char *type, json_t *row, json_t *keys)
{
    json_auto_t *sources = sources_of(daemon, type, row);
    TEXT *csl_target = citation_target(type, row_id(row), "csl");
    TEXT *bibtex_target = citation_target(type, row_id(row), "bibtex");
    TEXT *text_target = citation_target(type, row_id(row), "text");
    HTTP_REPLY *csl = http_get_status(daemon, csl_target, 200);
    HTTP_REPLY *bibtex = http_get_status(daemon, bibtex_target, 200);
    HTTP_REPLY *text = http_get_status(daemon, text_target, 200);
    assert_true(json_is_array(csl->json));
    assert_true(json_array_size(csl->json) > 0);
    assert_int_equal(json_array_size(csl->json), json_array_size(sources));
    size_t at;
    json_t *item;
    json_array_foreach(csl->json, at, item)
    {
        check_item(item, json_array_get(sources, at), row, csl_target);
        assert_null(json_object_get(keys, row_id(item)));
        json_object_set_new(keys, row_id(item), json_true());
        const char *title = json_string_value(json_object_get(item, "title"));
        TEXT *key = text_of("@misc{%s,\n", row_id(item));
        assert_non_null(strstr(bibtex->body, key));
        assert_non_null(strstr(bibtex->body, title));
        assert_non_null(strstr(text->body, title));
    }
    size_t lines = 0;
    for (size_t i = 0; i < text->body_length; i++) {
        lines += text->body[i] == '\n' ? 1 : 0;
    }
    assert_int_equal(lines, json_array_size(csl->json));
}

static void every_row_can_be_cited(void **state)
{
    json_auto_t *keys = json_object();
    for (size_t i = 0; i < COLLECTION_COUNT; i++) {
        TEXT *target = text_of("/v1/%s", collections[i].name);
        json_auto_t *rows = rows_of(*state, target);
        size_t at;
        json_t *row;
        json_array_foreach(rows, at, row)
        {
            check_row(*state, collections[i].name, row, keys);
        }
    }
}

static void a_shared_area_cites_both_sources(void **state)
{
    HTTP_REPLY *reply = http_get_status(*state, "/v1/citations/areas/trade", 200);
    json_auto_t *ids = rows_ids(reply->json);
    json_auto_t *expected = json_pack("[s, s]", "areas:trade", "areas:trade:lakeside-notes");
    assert_json_equal(ids, expected, "the sources of the area trade");
}

static void they_read_as_people_write_them(void **state)
{
    static const char *const cases[][2] = {
        {"/v1/citations/measures/xian-2023-energy-line-d?format=text",
         "President Xi charts course for China-Central Asia cooperation. Xi'an, paragraph 12: "
         "Xi said China proposes to speed up the building of Line D of the China-Central…\n"},
        {"/v1/citations/participants/lakeside-2020-first-guest?format=text",
         "Notes from the lake. The lake's own paper, Ny-Ålesund, 2 March 2020, paragraphs 2 and "
         "3: First Guest. https://lakeside.example/notes?page=1\n"},
        {"/v1/citations/measures/xian-2023-energy-line-d?format=bibtex",
         "@misc{measures:xian-2023-energy-line-d,\n"
         "  title = {{President Xi charts course for China-Central Asia cooperation}},\n"
         "  address = {Xi'an},\n"
         "  language = {en},\n"
         "  note = {Paragraph 12: Xi said China proposes to speed up the building of Line D of the "
         "China-Central…}\n"
         "}\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        HTTP_REPLY *reply = http_get_status(*state, cases[i][0], 200);
        assert_string_equal(reply->body, cases[i][1]);
    }
}

/* By Accept, as reference managers ask, and by format, which beats it. */
static void the_form_is_negotiated(void **state)
{
    static const char *const csl = "application/vnd.citationstyles.csl+json";
    static const char *const bibtex = "application/x-bibtex";
    static const char *const text = "text/plain; charset=utf-8";
    const struct {
        const char *query;
        const char *accept;
        const char *type;
    } cases[] = {
        {"", "Accept:", csl},
        {"", "Accept: */*", csl},
        {"", "Accept: application/vnd.citationstyles.csl+json", csl},
        {"", "Accept: application/x-bibtex", bibtex},
        {"", "Accept: text/*", text},
        {"", "Accept: text/plain;q=0.5, application/x-bibtex;q=0.6", bibtex},
        {"", "Accept: application/x-bibtex;q=0.1, */*;q=0.2", csl},
        {"?format=text", "Accept: application/x-bibtex", text},
        {"?format=bibtex", "Accept: image/png", bibtex},
        {"?format=csl", "Accept: text/plain", csl},
        {"", "Accept: application/json", NULL},
        {"", "Accept: text/html", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        TEXT *target = text_of("/v1/citations/measures/xian-2023-energy-line-d%s", cases[i].query);
        HTTP_REPLY *reply = http_request(*state, "GET", target, WORDS(cases[i].accept));
        if (cases[i].type == NULL) {
            problem_check(reply, 406, "not-acceptable", target);
            continue;
        }
        assert_int_equal(reply->status, 200);
        assert_string_equal(http_header(reply, "Content-Type"), cases[i].type);
        assert_string_equal(http_header(reply, "Vary"), "Accept, Accept-Encoding");
    }
}

static void what_is_not_there_cannot_be_cited(void **state)
{
    static const char *const missing[] = {
        "/v1/citations",
        "/v1/citations/measures",
        "/v1/citations/measures/none",
        "/v1/citations/nothing/xian-2023",
        "/v1/citations/measure/xian-2023-energy-line-d",
        "/v1/citations/summits/xian-2023-energy-line-d",
        "/v1/citations/search/xian-2023",
        "/v1/citations/measures/xian-2023-energy-line-d/more",
    };
    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++) {
        HTTP_REPLY *reply = http_get(*state, missing[i]);
        problem_check(reply, 404, "not-found", missing[i]);
    }
    static const char *const details[][2] = {
        {"measure/xian-2023-energy-line-d",
         "There is no type \"measure\"; did you mean \"measures\"? /v1 lists the types."},
        {"search/xian-2023", "There is no type \"search\"; /v1 lists the types."},
        {"measures/none", "There is no \"none\" among the measures; /v1/measures lists those there "
                          "are."},
    };
    for (size_t i = 0; i < sizeof details / sizeof details[0]; i++) {
        TEXT *target = text_of("/v1/citations/%s", details[i][0]);
        HTTP_REPLY *reply = http_get_status(*state, target, 404);
        const char *detail = json_string_value(json_object_get(reply->json, "detail"));
        assert_non_null(detail);
        assert_string_equal(detail, details[i][1]);
    }
    static const struct parameter_case wrong[] = {
        {"/v1/citations/areas/trade?format=xml", "format", "invalid_value", "*"},
        {"/v1/citations/areas/trade?format=", "format", "invalid_value", NULL},
        {"/v1/citations/areas/none?format=xml", "format", "invalid_value", "*"},
        {"/v1/citations/areas/trade?pretty&format=bibtex", "pretty", "wrong_format", NULL},
        {"/v1/citations/areas/trade?fields=id", "fields", "unknown_parameter", NULL},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_true(parameter_is_refused(*state, &wrong[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_can_be_cited),
        cmocka_unit_test(a_shared_area_cites_both_sources),
        cmocka_unit_test(they_read_as_people_write_them),
        cmocka_unit_test(the_form_is_negotiated),
        cmocka_unit_test(what_is_not_there_cannot_be_cited),
    };
    return cmocka_run_group_tests(tests, start_two_summits, daemon_stop_all);
}
