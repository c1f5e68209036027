/* References as CSL-JSON, BibTeX and text. */
#include "check.h"
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "summit.h"
#include "text.h"

static json_t *cite(struct summit_store *store, const char *resource, const char *id)
{
    json_t *items = NULL;
    assert_int_equal(summit_store_cite(store, resource, id, &items), SUMMIT_OK);
    return items;
}

static void check_bibtex(const json_t *items, const char *expected)
{
    TEXT *text = summit_cite_bibtex(items);
    assert_non_null(text);
    assert_string_equal(text, expected);
}

static void check_text(const json_t *items, const char *expected)
{
    TEXT *text = summit_cite_text(items);
    assert_non_null(text);
    assert_string_equal(text, expected);
}

/* The lakeside record with these paragraphs cited by its first measure. */
static json_t *lakeside_citing(const char *paragraphs)
{
    json_t *record = fixture_record("lakeside-2020");
    JSON *numbers = fixture_json(paragraphs);
    json_t *citations = fixture_at(record, "/measures/0/citations");
    json_array_clear(citations);
    for (size_t i = 0; i < json_array_size(numbers); i++) {
        json_array_append_new(citations, json_pack("{s:s, s:O}", "source_id", "lakeside-notes",
                                                   "paragraph", json_array_get(numbers, i)));
    }
    return record;
}

static void test_a_row_of_one_source(void **state)
{
    struct fixture *fixture = *state;
    JSON *record = fixture_record("lakeside-2020");
    assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    JSON *items = cite(store, "measures", "lakeside-2020-boats-build");
    JSON *expected = fixture_json(
        "[{'id': 'measures:lakeside-2020-boats-build', 'type': 'webpage', 'title': 'Notes from the "
        "lake', 'publisher': "
        "'?', 'publisher-place': 'Ny-Ålesund', 'issued': {'date-parts': [[2020, "
        "3, 2]]}, 'language': 'nb-NO', 'URL': 'https://lakeside.example/notes?page=1', 'locator': "
        "'6, 7', 'note': 'The first guest will have boats built.', 'custom': {'label': "
        "'paragraph'}}]");
    fixture_set_new(expected, "/0/publisher", json_string("The lake's own paper"));
    assert_true(json_equal(items, expected));
    check_text(items, "Notes from the lake. The lake's own paper, Ny-Ålesund, 2 March 2020, "
                      "paragraphs 6 and 7: The first guest will have boats built. "
                      "https://lakeside.example/notes?page=1\n");
    check_bibtex(items, "@misc{measures:lakeside-2020-boats-build,\n"
                        "  title = {{Notes from the lake}},\n"
                        "  publisher = {The lake's own paper},\n"
                        "  address = {Ny-Ålesund},\n"
                        "  year = {2020},\n"
                        "  month = mar,\n"
                        "  day = {2},\n"
                        "  language = {nb-NO},\n"
                        "  url = {https://lakeside.example/notes?page=1},\n"
                        "  note = {Paragraphs 6 and 7: The first guest will have boats built.}\n"
                        "}\n");
}

/* A source is cited whole. */
static void test_a_source_itself(void **state)
{
    struct fixture *fixture = *state;
    JSON *record = fixture_record("lakeside-2020");
    assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    JSON *items = cite(store, "sources", "lakeside-notes");
    assert_int_equal(json_array_size(items), 1);
    assert_null(fixture_at(items, "/0/locator"));
    assert_null(fixture_at(items, "/0/custom"));
    check_text(items, "Notes from the lake. The lake's own paper, Ny-Ålesund, 2 March 2020. "
                      "https://lakeside.example/notes?page=1\n");
}

static void test_a_source_that_says_nothing(void **state)
{
    struct fixture *fixture = *state;
    JSON *record = fixture_record("pond-2021");
    assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    JSON *items = cite(store, "summits", "pond-2021");
    JSON *source = cite(store, "sources", "pond-report");
    JSON *expected = fixture_json("[{'id': 'summits:pond-2021', 'type': 'document', 'title': "
                                  "'Report from the pond', 'language': 'en', 'locator': '1', "
                                  "'note': 'Pond Meeting', 'custom': {'label': 'paragraph'}}]");
    assert_true(json_equal(items, expected));
    check_text(items, "Report from the pond. Paragraph 1: Pond Meeting.\n");
    check_text(source, "Report from the pond.\n");
    check_bibtex(source, "@misc{sources:pond-report,\n"
                         "  title = {{Report from the pond}},\n"
                         "  language = {en}\n"
                         "}\n");
}

static void test_paragraphs(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *paragraphs;
        const char *locator;
        const char *text;
    } cases[] = {
        {"[6]", "6", "paragraph 6: The first guest encourages painting them. h"},
        {"[6, 5]", "5, 6", "paragraphs 5 and 6: The first guest encourages painting them. h"},
        {"[7, 6, 8]", "6-8", "paragraphs 6-8: The first guest encourages painting them. h"},
        {"[1, 9, 2, 7, 3, 8]", "1-3, 7-9",
         "paragraphs 1-3 and 7-9: The first guest encourages painting them. h"},
        {"[1, 3, 4, 6]", "1, 3, 4, 6",
         "paragraphs 1, 3, 4 and 6: The first guest encourages painting them. h"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        JSON *record = lakeside_citing(cases[i].paragraphs);
        assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
        STORE *store = fixture_open(fixture->path);
        JSON *items = cite(store, "measures", "lakeside-2020-boats-paint");
        TEXT *text = summit_cite_text(items);
        const char *locator = json_string_value(fixture_at(items, "/0/locator"));
        assert_string_equal(locator, cases[i].locator);
        assert_non_null(strstr(text, cases[i].text));
    }
}

/* One item for each source, in the order of the sources, whatever the order of the citations. */
static void test_a_row_of_two_sources(void **state)
{
    struct fixture *fixture = *state;
    JSON *record = fixture_record("lakeside-2020");
    JSON *source = json_deep_copy(fixture_at(record, "/sources/0"));
    json_object_set_new(source, "id", json_string("lake-song"));
    json_object_set_new(source, "title", json_string("Is this the lake?"));
    json_object_set_new(source, "url", json_null());
    json_object_set_new(source, "paragraph_count", json_integer(1));
    json_array_clear(json_object_get(source, "omitted_paragraphs"));
    fixture_set_new(record, "/sources/-", json_incref(source));
    json_array_insert_new(fixture_at(record, "/measures/1/citations"), 0,
                          fixture_json("{'source_id': 'lake-song', 'paragraph': 1}"));
    assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    JSON *items = cite(store, "measures", "lakeside-2020-boats-build");
    TEXT *bibtex = summit_cite_bibtex(items);
    TEXT *ids = fixture_ids(items);
    assert_string_equal(ids, "measures:lakeside-2020-boats-build "
                             "measures:lakeside-2020-boats-build:lake-song");
    check_text(items, "Notes from the lake. The lake's own paper, Ny-Ålesund, 2 March 2020, "
                      "paragraphs 6 and 7: The first guest will have boats built. "
                      "https://lakeside.example/notes?page=1\n"
                      "Is this the lake? The lake's own paper, Ny-Ålesund, 2 March 2020, "
                      "paragraph 1: The first guest will have boats built.\n");
    assert_memory_equal(bibtex, "@misc{measures:lakeside-2020-boats-build,\n", 42);
    assert_non_null(strstr(bibtex, "\n}\n\n@misc{measures:lakeside-2020-boats-build:lake-song,\n"));
}

/* Nothing that TeX or BibTeX acts upon stays, and braces are even. */
static void test_what_tex_acts_upon(void **state)
{
    (void)state;
    JSON *items = json_pack("[{s:s, s:s, s:s, s:s, s:s}]", "id", "odd-one", "type", "webpage",
                            "title", "50% & #1: a_b ^ ~ $5 {half \\ 中文 “Ελλ”", "publisher", "}",
                            "URL", "https://example.org/a%20b_c~d#e&f{\\}");
    check_bibtex(items,
                 "@misc{odd-one,\n"
                 "  title = {{50\\% \\& \\#1: a\\_b \\textasciicircum{} \\textasciitilde{} \\$5 "
                 "\\textbraceleft{}half \\textbackslash{} 中文 “Ελλ”}},\n"
                 "  publisher = {\\textbraceright{}},\n"
                 "  url = {https://example.org/a%20b_c~d#e&f%7B%5C%7D}\n"
                 "}\n");
}

static void test_dates(void **state)
{
    (void)state;
    static const struct {
        const char *issued;
        const char *text;
    } cases[] = {
        {"{'date-parts': [[2023, 5, 19]]}", "A. 19 May 2023.\n"},
        {"{'date-parts': [[1999, 12, 1]]}", "A. 1 December 1999.\n"},
        {"{'date-parts': [[2023, 13, 1]]}", "A.\n"},
        {"{'date-parts': [[2023]]}", "A.\n"},
        {"{}", "A.\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        JSON *items = json_pack("[{s:s, s:s, s:o}]", "id", "a", "title", "A", "issued",
                                fixture_json(cases[i].issued));
        check_text(items, cases[i].text);
    }
}

static void test_items_without_a_title(void **state)
{
    (void)state;
    JSON *items = fixture_json("[{'id': 'a', 'publisher': 'B'}, {'id': 'c', 'URL': 'http://d'}]");
    check_text(items, "B.\nhttp://d\n");
    check_bibtex(items, "@misc{a,\n  publisher = {B}\n}\n\n@misc{c,\n  url = {http://d}\n}\n");
}

static void test_no_items(void **state)
{
    (void)state;
    JSON *items = json_array();
    check_bibtex(items, "");
    check_text(items, "");
}

/* Every row of every resource has a reference with all its paragraphs' sources. */
static void test_every_row(void **state)
{
    struct fixture *fixture = *state;
    JSON *record = fixture_xian();
    JSON *known = NULL;
    size_t rows = 0;
    assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
    assert_int_equal(summit_resources(&known), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    for (size_t r = 0; r < json_array_size(known); r++) {
        const char *resource = json_string_value(json_object_get(json_array_get(known, r), "name"));
        const json_t *list = json_object_get(record, resource);
        for (size_t i = 0; i < json_array_size(list); i++) {
            const char *id = json_string_value(json_object_get(json_array_get(list, i), "id"));
            JSON *items = cite(store, resource, id);
            bool is_source = strcmp(resource, "sources") == 0;
            assert_int_equal(json_array_size(items), 1);
            TEXT *key = text_format("%s:%s", resource, id);
            assert_string_equal(json_string_value(fixture_at(items, "/0/id")), key);
            assert_int_equal(fixture_at(items, "/0/locator") == NULL, is_source);
            rows++;
        }
    }
    assert_true(rows > 50);
}

static void test_what_is_not_there(void **state)
{
    struct fixture *fixture = *state;
    JSON *record = fixture_record("pond-2021");
    json_t *items = NULL;
    assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    assert_int_equal(summit_store_cite(store, "ponds", "pond-2021", &items), SUMMIT_NOT_FOUND);
    assert_int_equal(summit_store_cite(store, "summits", "pond", &items), SUMMIT_NOT_FOUND);
    assert_int_equal(summit_store_cite(store, "sources", "pond", &items), SUMMIT_NOT_FOUND);
    assert_null(items);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_a_row_of_one_source),        TEST(test_a_source_itself),
        TEST(test_a_source_that_says_nothing), TEST(test_paragraphs),
        TEST(test_a_row_of_two_sources),       cmocka_unit_test(test_what_tex_acts_upon),
        cmocka_unit_test(test_dates),          cmocka_unit_test(test_items_without_a_title),
        cmocka_unit_test(test_no_items),       TEST(test_every_row),
        TEST(test_what_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
