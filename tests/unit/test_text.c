#include "check.h"
#include "fixture.h"

#include <string.h>

#include "text.h"

#define SLUG_32 "abcdefghijklmnopqrstuvwxyz012345"
static const char slug_64[] = SLUG_32 SLUG_32;
static const char slug_65[] = SLUG_32 SLUG_32 "x";

static void test_slugs(void **state)
{
    static const char *const good[] = {
        "a", "0", "a-b", "xian-2023-energy-line-d", slug_64,
    };
    static const char *const bad[] = {
        "",    "-",   "-a",       "a-",  "a--b", "A",   "a_b",
        "a b", "a.b", "\xc3\xa9", "a\n", "a-b-", " a ", slug_65,
    };
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(text_is_slug(good[i]));
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        if (text_is_slug(bad[i])) {
            fail_msg("\"%s\" is taken for a slug", bad[i]);
        }
    }
}

static void test_dates(void **state)
{
    static const char *const good[] = {
        "2023-05-18", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31", "2023-04-30",
    };
    static const char *const bad[] = {
        "",           "2023-02-29", "1900-02-29",  "2023-13-01", "2023-00-10",  "2023-01-00",
        "2023-01-32", "2023-04-31", "2023-1-1",    "20230101",   "2023-05-18 ", "2023-05-18T00",
        "2023/05/18", "+023-05-18", "2023-05-1\n", "23-05-18",   "2023-0a-18",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(text_is_date(good[i]));
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        if (text_is_date(bad[i])) {
            fail_msg("\"%s\" is taken for a date", bad[i]);
        }
    }
}

static void test_nearest(void **state)
{
    static const char *const candidates[] = {"trade", "energy", "new-energy", "to", NULL};
    static const char *const none[] = {NULL};
    static const struct {
        const char *word, *nearest;
    } cases[] = {
        {"trade", "trade"},
        {"trde", "trade"},
        {"tarde", "trade"},
        {"enrgy", "energy"},
        {"tra", "trade"},
        {"new-enrgie", "new-energy"},
        {"", NULL},
        {"ot", NULL},
        {"t", "to"},
        {"x", NULL},
        {"agriculture", NULL},
        {"TRADE", "trade"},
        {"energyy", "energy"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *nearest = summit_nearest(cases[i].word, candidates);
        const char *expected = cases[i].nearest == NULL ? "(none)" : cases[i].nearest;
        if (strcmp(nearest == NULL ? "(none)" : nearest, expected) != 0) {
            fail_msg("\"%s\": %s, not %s", cases[i].word, nearest, expected);
        }
    }
    assert_null(summit_nearest("trade", none));
    assert_null(summit_nearest(SLUG_32 SLUG_32 SLUG_32, candidates));
}

static void test_lists(void **state)
{
    static const char *const candidates[] = {"a", "bc", NULL};
    static const char *const none[] = {NULL};
    TEXT *two = text_join(candidates);
    TEXT *nothing = text_join(none);
    (void)state;
    assert_string_equal(two, "a, bc");
    assert_string_equal(nothing, "");
    assert_true(text_is_one_of("bc", candidates));
    assert_false(text_is_one_of("b", candidates));
    assert_false(text_is_one_of("", candidates));
}

static void test_mended_text_is_utf8(void **state)
{
    static const struct {
        const char *cut, *mended;
    } cases[] = {
        {"", ""},       {"plain", "plain"},   {"\xc3\xa9", "\xc3\xa9"},
        {"a\xc3", "a"}, {"a\xe4\xb8", "a"},   {"a\xf0\x9f\x8e", "a"},
        {"\xa9z", "z"}, {"\xe4\xb8\"", "\""}, {"\xe4\xb8\xad\xe4\xb8", "\xe4\xb8\xad"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        TEXT *text = strdup(cases[i].cut);
        text_mend(text);
        assert_string_equal(text, cases[i].mended);
    }
}

static void test_errors_are_cut_to_their_size(void **state)
{
    char longer[2000];
    struct summit_error error;
    (void)state;
    memset(longer, 'x', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    text_error(&error, "%s", longer);
    assert_int_equal(strlen(error.message), sizeof error.message - 1);
    text_error(NULL, "%s", longer);
    TEXT *whole = text_format("<%s>", longer);
    assert_int_equal(strlen(whole), sizeof longer + 1);
}

static void test_every_status_has_a_text(void **state)
{
    (void)state;
    for (int status = SUMMIT_OK; status <= SUMMIT_INTERNAL; status++) {
        assert_non_null(summit_status_text((enum summit_status)status));
    }
    assert_true(summit_version()[0] >= '0' && summit_version()[0] <= '9');
}

static void test_shortened_texts(void **state)
{
    static const struct {
        const char *text;
        size_t max;
        const char *expected;
    } cases[] = {
        {"", 4, ""},
        {"four", 4, "four"},
        {"one two", 7, "one two"},
        {"one two", 6, "one…"},
        {"unbroken", 4, "unbr…"},
        {"中文", 5, "中…"},
        {"one 中文", 9, "one…"},
        {"é", 1, "…"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = text_shorten(cases[i].text, cases[i].max);
        assert_non_null(text);
        assert_string_equal(text, cases[i].expected);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slugs),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_mended_text_is_utf8),
        cmocka_unit_test(test_errors_are_cut_to_their_size),
        cmocka_unit_test(test_every_status_has_a_text),
        cmocka_unit_test(test_shortened_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
