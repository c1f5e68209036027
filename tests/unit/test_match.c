/* What users type, as FTS5 expressions: their text, what they find, and that none is ever wrong. */
#include "check.h"
#include "fixture.h"
#include "words.h"

#include <string.h>

#include "match.h"

static char *expression_of(const char *text)
{
    char *expression = NULL;
    assert_int_equal(match_expression(text, &expression), SUMMIT_OK);
    return expression;
}

struct match_case {
    const char *text, *expected; /* ' in expected stands for " */
};

static void check(const struct match_case *cases, size_t count)
{
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        TEXT *found = expression_of(cases[i].text);
        TEXT *expected = cases[i].expected == NULL ? NULL : fixture_quoted(cases[i].expected);
        if ((found == NULL) != (expected == NULL) ||
            (found != NULL && strcmp(found, expected) != 0)) {
            print_error("%s\nexpected: %s\nfound:    %s\n", cases[i].text, expected, found);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void test_words_and_phrases(void **state)
{
    static const struct match_case cases[] = {
        {"energy", "'energy'*"},
        {"  energy \t", "'energy'*"},
        {"energy trade", "'energy' 'trade'*"},
        {"energy\u3000trade\u00a0x", "'energy' 'trade' 'x'*"},
        {"26 billion", "'26' 'billion'*"},
        {"one-stop shop", "'one-stop' 'shop'*"},
        {"\"26 billion\"", "'26 billion'"},
        {"\"26 billion\" yuan", "'26 billion' 'yuan'*"},
        {"yuan \"26 billion\"", "'yuan' '26 billion'"},
        {"yuan \"26 bil", "'yuan' '26 bil'*"},
        {"\u201c26 billion\u201d yuan", "'26 billion' 'yuan'*"},
        {"\u201c26 billion", "'26 billion'*"},
        {"\u201e26 billion\u201c", "'26 billion'"},
        {"ab\"cd ef\"gh", "'ab' 'cd ef' 'gh'*"},
        {"\"one\"\"two\"", "'one' 'two'"},
        {"line \"D", "'line' 'D'*"},
        {"5\"", "'5'*"},
    };
    (void)state;
    check(cases, COUNT(cases));
}

static void test_syntax_is_text(void **state)
{
    static const struct match_case cases[] = {
        {"trade AND energy", "'trade' 'AND' 'energy'*"},
        {"NOT trade", "'NOT' 'trade'*"},
        {"NEAR(a b, 2)", "'NEAR(a' 'b,' '2)'*"},
        {"title:trade", "'title:trade'*"},
        {"-trade +energy ^gas oil*", "'-trade' '+energy' '^gas' 'oil*'*"},
        {"{a b} : c", "'{a' 'b}' 'c'*"},
        {"a;DROP TABLE t;--", "'a;DROP' 'TABLE' 't;--'*"},
    };
    (void)state;
    check(cases, COUNT(cases));
}

static void test_nothing_to_look_for(void **state)
{
    static const struct match_case cases[] = {
        {"", NULL},
        {" \t\u3000", NULL},
        {"*", NULL},
        {"()-+^:,.;!?{}[]", NULL},
        {"\"", NULL},
        {"\"\"", NULL},
        {"\" \" - \u201c\u201d \u2026", NULL},
        {"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\""
         "\"\"\""
         "\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"",
         NULL},
        {"\U0001f3a3 \U0001f41f", NULL},
        {"\u3001\u3002\uff01", NULL},
        /* It does not get in the way of what there is. */
        {"trade - \"\" \"!\" ?", "'trade'*"},
        {"trade & gas \U0001f3a3", "'trade' 'gas'*"},
        {"\"trade\" \"", "'trade'"},
    };
    (void)state;
    check(cases, COUNT(cases));
}

static void test_pairs(void **state)
{
    static const struct match_case cases[] = {
        {"习", "'习'*"},
        {"习近平", "'习近平'*"},
        {"习近平 西安", "'习近平' '西安'*"},
        {"习 近平", "'习'* '近平'*"},
        {"\"习\"", "'习'*"},
        {"\"习近\"", "'习近'"},
        {"\"习近平 在\" x", "'习近平 在'* 'x'*"},
        {"x习! trade", "'x习!'* 'trade'*"},
        {"习x trade", "'习x' 'trade'*"},
        {"\uff02习近\uff02", "'习近'"},
    };
    (void)state;
    check(cases, COUNT(cases));
}

static void test_finding(void **state)
{
    static const char *const documents[] = {
        "A one-stop service in Xi'an", "26 billion yuan",           "中国国家主席习近平",
        "stop at one NOT two",         "China’s energy \U0001f3a3",
    };
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"one-stop", "1"},
        {"stop one", "1 4"},
        {"\"one stop\"", "1"},
        {"\"stop one\"", ""},
        {"xian", "1"},
        {"Xi’an one", "1"},
        {"xi'", "1"},
        {"26 bill", "2"},
        {"\"26 bill", "2"},
        {"\"26 bill\"", ""},
        {"26,billion", "2"},
        {"习近平", "3"},
        {"习", "3"},
        {"平", "3"},
        {"\"平\"", "3"},
        {"国家 习近", "3"},
        {"家国", ""},
        {"NOT two", "4"},
        {"two NOT one", "4"},
        {"china energy", "5"},
        {"china's \"energy\"", "5"},
        {"energy 🎣", "5"},
        /* No word to SQLite, though not known to be a mark. */
        {"energy \u0300", "5"},
        {"\u0300 energy", "5"},
        {"\u0300 \u0301", ""},
        {"\u0300", ""},
    };
    WORDS *db = words_open();
    size_t wrong = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(documents); i++) {
        words_add(db, documents[i], -1);
    }
    for (size_t i = 0; i < COUNT(cases); i++) {
        TEXT *expression = expression_of(cases[i].text);
        TEXT *found = words_find(db, expression);
        if (strcmp(found, cases[i].expected) != 0) {
            print_error("%s: %s finds %s, not %s\n", cases[i].text, expression, found,
                        cases[i].expected);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void test_very_many_words(void **state)
{
    enum { WORDS_COUNT = 5000 };
    static const char *const units[] = {"one ", "w\"x ", "\"a\" ", "x-y-", "习近"};
    WORDS *db = words_open();
    (void)state;
    words_add(db, "one w x a y 习近习近", -1);
    for (size_t u = 0; u < COUNT(units); u++) {
        size_t length = strlen(units[u]);
        TEXT *text = calloc(WORDS_COUNT, length + 1);
        assert_non_null(text);
        for (size_t i = 0; i < WORDS_COUNT; i++) {
            memcpy(text + i * length, units[u], length);
        }
        TEXT *expression = expression_of(text);
        TEXT *found = words_find(db, expression);
        assert_string_equal(found, u == 0 || u == 2 ? "1" : "");
    }
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

/* What means something to FTS5, to the tokenizer or to UTF-8. */
/* clang-format off */
static const char *const pieces[] = {
    "\"", "\"\"", "'", "*", "^", "-", "+", "(", ")", ":", ",", "{", "}", " ", "  ", "\t", "\n",
    "AND", "OR", "NOT", "NEAR", "NEAR(", "t", "body", "body:", "rowid", "a", "one", "26", "\\",
    "“", "”", "’", "习", "近平", "カ", "한국", "é", "e\u0301", "\u0301", "🎣", "\u200b", "\ufeff",
    "\xff", "\xe4", "\xe4\xb9", "\x80", "\xf4\x90\x80\x80", "\xed\xa0\x80", "\x01", "\x7f",
    "\U0010ffff", "\u00ad", "%", "_", ";", "--", "/*", "NULL", "?1", "0x", "1e9", "@", "#",
};
/* clang-format on */

/* words_find fails the test when an expression is refused. */
static void test_random_texts(void **state)
{
    uint32_t seed = 20230518;
    size_t asked = 0;
    WORDS *db = words_open();
    (void)state;
    words_add(db, "a one 26 body 习近平 カ 한국 é near not and or", -1);
    for (size_t i = 0; i < 20000; i++) {
        char text[512] = "";
        for (uint32_t count = next_random(&seed) % 24; count > 0; count--) {
            fixture_append(text, sizeof text, "%s", pieces[next_random(&seed) % COUNT(pieces)]);
        }
        if (i % 4 == 0) {
            for (size_t b = 0; text[b] != '\0'; b += 1 + next_random(&seed) % 8) {
                text[b] = (char)(1 + next_random(&seed) % 255);
            }
        }
        TEXT *expression = expression_of(text);
        if (expression != NULL) {
            TEXT *found = words_find(db, expression);
            assert_true(strcmp(found, "") == 0 || strcmp(found, "1") == 0);
            asked++;
        }
    }
    assert_in_range(asked, 15000, 20000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_and_phrases),
        cmocka_unit_test(test_syntax_is_text),
        cmocka_unit_test(test_nothing_to_look_for),
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_finding),
        cmocka_unit_test(test_very_many_words),
        cmocka_unit_test(test_random_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
