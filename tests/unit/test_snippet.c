/* Marked texts as FTS5 gives them, and as it never should. ( and ) stand for the marks. */
#include "check.h"
#include "fixture.h"
#include "words.h"

#include <string.h>

#include "snippet.h"

static enum summit_status parse(const char *text, size_t length, json_t **ret_snippet)
{
    TEXT *marked = malloc(length + 1);
    assert_non_null(marked);
    memcpy(marked, text, length);
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '(') {
            marked[i] = SNIPPET_START;
        } else if (text[i] == ')') {
            marked[i] = SNIPPET_END;
        }
    }
    return snippet_parse(marked, length, ret_snippet);
}

/* "text|start+length start+length" */
static char *describe(const json_t *snippet)
{
    char found[1000] = "";
    assert_int_equal(json_object_size(snippet), 2);
    fixture_append(found, sizeof found, "%s|", json_string_value(json_object_get(snippet, "text")));
    const json_t *matches = json_object_get(snippet, "matches");
    for (size_t i = 0; i < json_array_size(matches); i++) {
        const json_t *match = json_array_get(matches, i);
        assert_int_equal(json_object_size(match), 2);
        fixture_append(found, sizeof found, "%s%d+%d", i == 0 ? "" : " ",
                       (int)json_integer_value(json_object_get(match, "start")),
                       (int)json_integer_value(json_object_get(match, "length")));
    }
    return strdup(found);
}

static void test_snippets(void **state)
{
    static const struct {
        const char *marked, *expected;
    } cases[] = {
        {"", "|"},
        {"plain text", "plain text|"},
        {"(Xi'an)", "Xi'an|0+5"},
        {"in (Xi'an) and (there)", "in Xi'an and there|3+5 13+5"},
        {"\u00e9\U0001f3a3 (\u00e9t\u00e9) \u00e9", "\u00e9\U0001f3a3 \u00e9t\u00e9 \u00e9|3+3"},
        /* Neighbours are one. */
        {"(one)(two) (three)", "onetwo three|0+6 7+5"},
        /* The second half of a pair. */
        {"见(习)近平x", "见习近平x|1+2"},
        {"见(习)(近)(平)x", "见习近平x|1+3"},
        {"见(习)近(平)x", "见习近平x|1+3"},
        {"(见)习近(平)", "见习近平|0+2 3+1"},
        {"见(习近平)x", "见习近平x|1+3"},
        {"(习)x近", "习x近|0+1"},
        {"(习) 近", "习 近|0+1"},
        {"(abc)近", "abc近|0+3"},
        {"(习)", "习|0+1"},
        {"(习", "习|0+1"},
        /* Without a counterpart. */
        {"(open to the end", "open to the end|0+15"},
        {"closed) only", "closed only|"},
        {"a((b)c)d", "abcd|1+1"},
        {"()", "|"},
        {"a()b", "ab|"},
        {")(", "|"},
        {"a)(b)(", "ab|1+1"},
        {"(习)()近", "习近|0+2"},
    };
    size_t wrong = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        JSON *snippet = NULL;
        assert_int_equal(parse(cases[i].marked, strlen(cases[i].marked), &snippet), SUMMIT_OK);
        TEXT *found = describe(snippet);
        if (strcmp(found, cases[i].expected) != 0) {
            print_error("%s: %s, not %s\n", cases[i].marked, found, cases[i].expected);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void test_bytes(void **state)
{
    static const char with_nul[] = "a\0(b)";
    static const char *const broken[] = {"\xff", "a(\xe4\xb9)", "\xed\xa0\x80", "(\xc0\x80)"};
    json_t *untouched = NULL;
    JSON *snippet = NULL;
    (void)state;
    for (size_t i = 0; i < COUNT(broken); i++) {
        assert_int_equal(parse(broken[i], strlen(broken[i]), &untouched), SUMMIT_CORRUPT);
        assert_null(untouched);
    }
    assert_int_equal(parse(with_nul, sizeof with_nul - 1, &snippet), SUMMIT_OK);
    assert_int_equal(json_string_length(json_object_get(snippet, "text")), 3);
    assert_int_equal(json_integer_value(fixture_at(snippet, "/matches/0/start")), 2);
}

/* From a table: the marks in SQL are those that are read, and pairs come out whole. */
static void test_with_sqlite(void **state)
{
    static const struct {
        const char *expression, *expected;
    } cases[] = {
        {"\"xian\"", "Xi'an: 国家主席习近平在西安 spoke of Türkmenistan|0+5"},
        {"\"turkm\"*", "Xi'an: 国家主席习近平在西安 spoke of Türkmenistan|27+12"},
        {"\"习近平\"", "Xi'an: 国家主席习近平在西安 spoke of Türkmenistan|11+3"},
        {"\"习近\" \"近平\"", "Xi'an: 国家主席习近平在西安 spoke of Türkmenistan|11+3"},
        {"\"国家\" \"主席\"", "Xi'an: 国家主席习近平在西安 spoke of Türkmenistan|7+4"},
        {"\"国家\" \"平在\"", "Xi'an: 国家主席习近平在西安 spoke of Türkmenistan|7+2 13+2"},
        {"\"西安 spoke\"", "Xi'an: 国家主席习近平在西安 spoke of Türkmenistan|15+8"},
    };
    WORDS *db = words_open();
    size_t wrong = 0;
    (void)state;
    words_add(db, "Xi'an: 国家主席习近平在西安 spoke of Türkmenistan", -1);
    for (size_t i = 0; i < COUNT(cases); i++) {
        TEXT *marked = words_ask(db,
                                 "SELECT snippet(t, -1, " SNIPPET_START_SQL ", " SNIPPET_END_SQL
                                 ", '...', 32) FROM t WHERE t MATCH ?1",
                                 cases[i].expression);
        JSON *snippet = NULL;
        assert_int_equal(snippet_parse(marked, strlen(marked), &snippet), SUMMIT_OK);
        TEXT *found = describe(snippet);
        if (strcmp(found, cases[i].expected) != 0) {
            print_error("%s: %s, not %s\n", cases[i].expression, found, cases[i].expected);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_snippets),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_with_sqlite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
