/* The search over all resources, and what a search adds to a list. */
#include "check.h"
#include "fixture.h"
#include "generated.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "document.h"
#include "expand.h"
#include "letter.h"
#include "list.h"
#include "query.h"
#include "resource.h"
#include "store.h"

static struct fixture *fixture;
static struct summit_store *store;

/* A text of so many characters, of words of nine and a blank; ends with NUL. */
static void fill(char *text, size_t characters)
{
    text[0] = '\0';
    for (size_t i = 0; i < characters; i++) {
        strcat(text, i % 10 == 9 ? " " : "ø");
    }
}

static int publish(void **state)
{
    char exact[512];
    char longer[512];
    fixture_set_up(state);
    fixture = *state;
    JSON *xian = fixture_xian();
    JSON *lakeside = fixture_record("lakeside-2020");
    /* The last character is that of a word. */
    fill(exact, 79);
    strcat(exact, "z");
    fill(longer, 79);
    strcat(longer, "zz quartz");
    fixture_set_new(lakeside, "/statements/0/text", json_string(exact));
    fixture_set_new(lakeside, "/statements/1/text", json_string(longer));
    json_t *const records[] = {xian, lakeside};
    json_t *problems = NULL;
    struct summit_error error = {""};
    if (summit_publish(fixture->path, records, 2, 0, NULL, &problems, &error) != SUMMIT_OK) {
        fail_msg("%s", error.message);
    }
    store = fixture_open(fixture->path);
    return 0;
}

static int forget(void **state)
{
    summit_store_close(store);
    return fixture_tear_down(state);
}

static const char *text_at(const json_t *value, const char *pointer)
{
    return json_string_value(fixture_at(value, pointer));
}

/* All results, page by page. */
static json_t *search_all(const char *text, const char *parameters)
{
    json_t *results = json_array();
    TEXT *cursor = NULL;
    do {
        char all[512];
        char *next = NULL;
        snprintf(all, sizeof all, "%s%s%s", parameters,
                 cursor == NULL ? "" : "&cursor=", cursor == NULL ? "" : cursor);
        JSON *page = fixture_search(store, text, all, &next);
        json_array_extend(results, json_object_get(page, "data"));
        free(cursor);
        cursor = next;
    } while (cursor != NULL);
    return results;
}

/* The part of a text from one character on, so many of them; the caller frees it. */
static char *part(const char *text, json_int_t start, json_int_t length)
{
    const char *end = text + strlen(text);
    const char *from = text;
    uint32_t code;
    for (json_int_t i = 0; i < start; i++) {
        from += letter_decode(from, (size_t)(end - from), &code);
    }
    const char *to = from;
    for (json_int_t i = 0; i < length; i++) {
        assert_true(to < end);
        to += letter_decode(to, (size_t)(end - to), &code);
    }
    return strndup(from, (size_t)(to - from));
}

/* Each match of a snippet is, whatever the case, what is expected. */
static void check_snippet(const json_t *snippet, const char *expected)
{
    const json_t *matches = json_object_get(snippet, "matches");
    assert_int_equal(json_object_size(snippet), 2);
    assert_true(json_array_size(matches) > 0);
    for (size_t i = 0; i < json_array_size(matches); i++) {
        const json_t *match = json_array_get(matches, i);
        TEXT *found =
            part(text_at(snippet, "/text"), json_integer_value(json_object_get(match, "start")),
                 json_integer_value(json_object_get(match, "length")));
        if (strcasecmp(found, expected) != 0) {
            fail_msg("%s: \"%s\" in \"%s\"", expected, found, text_at(snippet, "/text"));
        }
    }
}

/* ---- Tests ----------------------------------------------------------------------------------- */

static void test_results(void **state)
{
    JSON *page = fixture_search(store, "boats", "", NULL);
    const json_t *results = json_object_get(page, "data");
    (void)state;
    assert_int_equal(json_array_size(results), 2);
    for (size_t i = 0; i < json_array_size(results); i++) {
        const json_t *result = json_array_get(results, i);
        assert_int_equal(json_object_size(result), 4);
        JSON *item = fixture_get(store, text_at(result, "/type"), text_at(result, "/id"), "");
        const struct resource *resource = resource_find(text_at(result, "/type"));
        const json_t *label = json_object_get(json_object_get(item, "data"), resource->label);
        assert_true(json_equal(json_object_get(result, "title"), label));
        check_snippet(json_object_get(result, "snippet"), "boats");
    }
    /* A title counts for more than a text. */
    assert_string_equal(text_at(results, "/0/id"), "lakeside-2020-boats");
    assert_string_equal(text_at(results, "/0/type"), "proposals");
    assert_string_equal(text_at(results, "/1/id"), "lakeside-2020-boats-build");
    JSON *meta =
        json_pack("{s:i, s:s, s:i, s:s, s:s}", "total", 2, "total_qualifier", "exact", "limit", 50,
                  "revision", summit_store_revision(store), "ranking", "bm25");
    assert_true(json_equal(json_object_get(page, "meta"), meta));
}

/* Each kind of row is found by its texts. */
static void test_what_is_found(void **state)
{
    static const struct {
        const char *text, *first;
    } cases[] = {
        {"alesund made up", "summits lakeside-2020"},
        {"Ny-Ålesund meeting", "summits lakeside-2020"},
        {"中文", "summits lakeside-2020"},
        {"anna h", "participants lakeside-2020-host"},
        {"encourages painting", "measures lakeside-2020-boats-paint"},
        {"quartz", "statements lakeside-2020-peace"},
        {"cleaner", "initiatives clean-lakes"},
        {"table nets", "mechanisms lakeside-2020-net-table"},
        {"\"notes from the lake\"", "sources lakeside-notes"},
        {"belt and road", "initiatives belt-and-road"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        JSON *page = fixture_search(store, cases[i].text, "limit=1", NULL);
        char first[128] = "";
        if (json_array_size(json_object_get(page, "data")) > 0) {
            snprintf(first, sizeof first, "%s %s", text_at(page, "/data/0/type"),
                     text_at(page, "/data/0/id"));
        }
        if (strcmp(first, cases[i].first) != 0) {
            fail_msg("%s: %s, not %s", cases[i].text, first, cases[i].first);
        }
    }
}

static void test_types(void **state)
{
    static const char *const types[] = {"type=proposals", "type=measures,summits",
                                        "type=areas,initiatives,mechanisms,participants,sources"};
    JSON *all = search_all("cooperation", "limit=200");
    size_t seen = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(types); i++) {
        char parameters[128];
        snprintf(parameters, sizeof parameters, "%s&limit=3", types[i]);
        JSON *some = search_all("cooperation", parameters);
        JSON *page = fixture_search(store, "cooperation", types[i], NULL);
        JSON *expected = json_array();
        for (size_t j = 0; j < json_array_size(all); j++) {
            json_t *result = json_array_get(all, j);
            if (strstr(types[i], text_at(result, "/type")) != NULL) {
                json_array_append(expected, result);
            }
        }
        assert_true(json_array_size(expected) > 0);
        assert_true(json_equal(some, expected));
        assert_int_equal(json_integer_value(fixture_at(page, "/meta/total")),
                         json_array_size(expected));
        seen += json_array_size(expected);
    }
    JSON *statements = search_all("cooperation", "type=statements");
    assert_int_equal(seen + json_array_size(statements), json_array_size(all));
}

/* The order is that of FTS5's own bm25(), and of the documents where that is the same. */
static void check_ranking(const char *text)
{
    JSON *results = search_all(text, "limit=7");
    statement_own *stmt = NULL;
    QUERY *query = fixture_search_query(text, "");
    struct expansion expansion = {.match = NULL};
    assert_int_equal(expand_match(store, query->match, &expansion), SUMMIT_OK);
    assert_int_equal(sqlite3_prepare_v2(store->db,
                                        "SELECT rowid FROM search WHERE search MATCH ?1 "
                                        "ORDER BY bm25(search, 4.0, 1.0, 4.0), rowid",
                                        -1, &stmt, NULL),
                     SQLITE_OK);
    sqlite3_bind_text(stmt, 1, expansion.match, -1, SQLITE_STATIC);
    size_t place = 0;
    for (; sqlite3_step(stmt) == SQLITE_ROW; place++) {
        const json_t *result = json_array_get(results, place);
        assert_non_null(result);
        const struct resource *resource = resource_find(text_at(result, "/type"));
        int64_t rank = sqlite3_column_int64(stmt, 0) - store->bases[resource_index(resource)];
        JSON *row = NULL;
        assert_int_equal(list_show(store, resource, rank, &row), SUMMIT_OK);
        assert_string_equal(text_at(row, "/id"), text_at(result, "/id"));
    }
    assert_int_equal(place, json_array_size(results));
    assert_true(place > 7);
    expansion_clear(&expansion);
}

static void test_ranking(void **state)
{
    static const char *const words[] = {"trade", "cooperation", "asia", "co"};
    (void)state;
    for (size_t i = 0; i < COUNT(words); i++) {
        check_ranking(words[i]);
    }
}

/* What has no word in it finds nothing, and nothing in it is an order to the search index. */
static void test_hopeless_searches(void **state)
{
    static const char *const empty[] = {"...", "!", "\"", "\"\"", "'",     "—",
                                        "()",  "*", "^",  ":",    "+-",    "\\",
                                        "{}",  "%", "¿?", "、。", "\" \"", "- -"};
    static const char *const odd[] = {
        "AND",     "a OR",   "NOT boats", "NEAR(a b)", "title:boats", "boats)",  "(boats",
        "\"boats", "boats*", "^boats",    "bo*ats",    "-boats",      "{a} : b", "boats;--",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(empty); i++) {
        char *next = (char *)1;
        JSON *page = fixture_search(store, empty[i], "", &next);
        assert_null(next);
        assert_int_equal(json_array_size(json_object_get(page, "data")), 0);
        assert_int_equal(json_integer_value(fixture_at(page, "/meta/total")), 0);
        assert_string_equal(text_at(page, "/meta/total_qualifier"), "exact");
        assert_string_equal(text_at(page, "/meta/ranking"), "bm25");
    }
    for (size_t i = 0; i < COUNT(odd); i++) {
        JSON *page = fixture_search(store, odd[i], "", NULL);
        JSON *list = NULL;
        QUERY *query = fixture_query("proposals", NULL, NULL, "");
        JSON *problems = json_array();
        char *next = NULL;
        assert_int_equal(summit_query_set(query, "q", odd[i], problems), SUMMIT_OK);
        assert_int_equal(summit_store_list(store, query, &list, &next, &problems), SUMMIT_OK);
        free(next);
        assert_non_null(page);
    }
    JSON *title = fixture_search(store, "(boats)", "limit=1", NULL);
    assert_string_equal(text_at(title, "/data/0/id"), "lakeside-2020-boats");
}

/* A text is a title up to 80 characters; of more, the words that have room and an ellipsis. */
static void test_titles(void **state)
{
    JSON *page = fixture_search(store, "øøøøøøøøø", "type=statements", NULL);
    const json_t *results = json_object_get(page, "data");
    (void)state;
    assert_int_equal(json_array_size(results), 2);
    for (size_t i = 0; i < 2; i++) {
        const json_t *result = json_array_get(results, i);
        bool is_longer = strcmp(text_at(result, "/id"), "lakeside-2020-peace") == 0;
        char title[512];
        fill(title, is_longer ? 69 : 79);
        strcat(title, is_longer ? "…" : "z");
        assert_string_equal(text_at(result, "/title"), title);
    }
}

/* A list says where each of its rows matches, whatever fields are shown of it. */
static void test_highlights(void **state)
{
    static const char *const parameters[] = {"q=boats", "q=boats&fields=number", "q=boats&sort=-id",
                                             "q=boats&area=trade"};
    (void)state;
    for (size_t i = 0; i < COUNT(parameters); i++) {
        JSON *page = fixture_list(store, "measures", NULL, parameters[i], NULL);
        const json_t *highlights = fixture_at(page, "/meta/highlights");
        assert_int_equal(json_object_size(highlights), 1);
        check_snippet(json_object_get(highlights, "lakeside-2020-boats-build"), "boats");
        assert_int_equal(json_array_size(json_object_get(page, "data")), 1);
        bool is_sorted = strstr(parameters[i], "sort") != NULL;
        assert_string_equal(text_at(page, "/meta/ranking"), is_sorted ? "none" : "bm25");
    }
    JSON *none = fixture_list(store, "measures", NULL, "q=...&sort=id", NULL);
    assert_int_equal(json_object_size(fixture_at(none, "/meta/highlights")), 0);
    assert_string_equal(text_at(none, "/meta/ranking"), "none");
    JSON *plain = fixture_list(store, "measures", NULL, "", NULL);
    assert_null(fixture_at(plain, "/meta/highlights"));
    assert_null(fixture_at(plain, "/meta/ranking"));
}

static void test_cursors(void **state)
{
    static const struct {
        const char *text, *parameters;
        enum summit_status status;
    } cases[] = {
        {"asia", "limit=2", SUMMIT_OK},
        {"china", "limit=1", SUMMIT_INVALID},
        {"asia", "type=areas", SUMMIT_INVALID},
    };
    char *cursor = NULL;
    JSON *first = fixture_search(store, "asia", "limit=1", &cursor);
    TEXT *owned = cursor;
    (void)state;
    assert_non_null(first);
    assert_non_null(owned);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char parameters[512];
        snprintf(parameters, sizeof parameters, "%s&cursor=%s", cases[i].parameters, cursor);
        QUERY *query = fixture_search_query(cases[i].text, parameters);
        json_t *page = NULL;
        json_t *problems = NULL;
        char *next = NULL;
        assert_int_equal(summit_store_list(store, query, &page, &next, &problems), cases[i].status);
        assert_int_equal(problems == NULL, cases[i].status == SUMMIT_OK);
        json_decref(page);
        json_decref(problems);
        free(next);
    }
}

/* Of more results than are ranked, the first in the order of the record are given. */
static void test_more_than_are_ranked(void **state)
{
    struct fixture *other = NULL;
    char word[8];
    TEXT *cursor = NULL;
    JSON *record = generated_record(3, PLAN_EXAMINED_MAX + 800);
    int64_t last = 0;
    (void)state;
    fixture_set_up((void **)&other);
    assert_int_equal(fixture_publish(other->path, record, 0, NULL), SUMMIT_OK);
    STORE *large = fixture_open(other->path);
    for (size_t i = 0; i < 3; i++) {
        char parameters[512];
        char *next = NULL;
        snprintf(parameters, sizeof parameters, "limit=100%s%s",
                 cursor == NULL ? "" : "&cursor=", cursor == NULL ? "" : cursor);
        JSON *page = fixture_search(large, generated_word(0, word), parameters, &next);
        free(cursor);
        cursor = next;
        assert_string_equal(text_at(page, "/meta/ranking"), "none");
        assert_string_equal(text_at(page, "/meta/total_qualifier"), "at_least");
        assert_int_equal(json_integer_value(fixture_at(page, "/meta/total")), PLAN_EXAMINED_MAX);
        const json_t *results = json_object_get(page, "data");
        assert_int_equal(json_array_size(results), 100);
        for (size_t j = 0; j < 100; j++) {
            const char *type = text_at(json_array_get(results, j), "/type");
            int64_t index = (int64_t)resource_index(resource_find(type));
            assert_true(index >= last);
            last = index;
        }
    }
    JSON *areas = fixture_search(large, generated_word(0, word), "type=areas,participants", NULL);
    assert_int_equal(json_array_size(json_object_get(areas, "data")), 0);
    fixture_tear_down((void **)&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_results),
        cmocka_unit_test(test_what_is_found),
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_ranking),
        cmocka_unit_test(test_hopeless_searches),
        cmocka_unit_test(test_titles),
        cmocka_unit_test(test_highlights),
        cmocka_unit_test(test_cursors),
        cmocka_unit_test(test_more_than_are_ranked),
    };
    return cmocka_run_group_tests(tests, publish, forget);
}
