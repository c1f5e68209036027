#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/conditional.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const int64_t now_s = 1795471200; /* 2026-11-23 22:00:00 UTC */

static void test_format(void **state)
{
    static const struct {
        int64_t time_s;
        const char *date;
    } cases[] = {
        {784111777, "Sun, 06 Nov 1994 08:49:37 GMT"}, {0, "Thu, 01 Jan 1970 00:00:00 GMT"},
        {-1, "Wed, 31 Dec 1969 23:59:59 GMT"},        {1684454400, "Fri, 19 May 2023 00:00:00 GMT"},
        {951782400, "Tue, 29 Feb 2000 00:00:00 GMT"}, {INT64_MAX, "Fri, 31 Dec 9999 23:59:59 GMT"},
        {INT64_MIN, "Sat, 01 Jan 0000 00:00:00 GMT"},
    };
    (void)state;
    (void)setlocale(LC_ALL, "");
    for (size_t i = 0; i < COUNT(cases); i++) {
        char date[CONDITIONAL_DATE_SIZE];
        int64_t back_s = 0;
        conditional_date_format(cases[i].time_s, date);
        assert_string_equal(date, cases[i].date);
        assert_true(conditional_date_parse(date, now_s, &back_s));
        if (cases[i].time_s != INT64_MIN && cases[i].time_s != INT64_MAX) {
            assert_int_equal(back_s, cases[i].time_s);
        }
    }
}

static const struct {
    const char *text;
    int64_t time_s;
} dates[] = {
    {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
    {"Sunday, 06-Nov-94 08:49:37 GMT", 784111777},
    {"Sun Nov  6 08:49:37 1994", 784111777},
    {"Sun Nov 16 08:49:37 1994", 784975777},
    {"Mon, 06 Nov 1994 08:49:37 GMT", 784111777},
    {"Thursday, 01-Jan-76 00:00:00 GMT", 3345062400},
    {"Saturday, 01-Jan-77 00:00:00 GMT", 220924800},
    {"Sat, 31 Dec 2016 23:59:60 GMT", 1483228800},
    {"Thu, 29 Feb 2024 00:00:00 GMT", 1709164800},
};

static const char *const wrong_dates[] = {
    "",
    "Sun",
    "yesterday",
    "1994-11-06T08:49:37Z",
    "784111777",
    "Sun, 06 Nov 1994 08:49:37",
    "Sun, 06 Nov 1994 08:49:37 UTC",
    "Sun, 06 Nov 1994 08:49:37 GMT ",
    " Sun, 06 Nov 1994 08:49:37 GMT",
    "sun, 06 Nov 1994 08:49:37 GMT",
    "Sun, 06 nov 1994 08:49:37 GMT",
    "Son, 06 Nov 1994 08:49:37 GMT",
    "Sun, 6 Nov 1994 08:49:37 GMT",
    "Sun,  6 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 94 08:49:37 GMT",
    "Sun, 06 Nov 19940 08:49:37 GMT",
    "Sun, 06 Nov 1994 24:00:00 GMT",
    "Sun, 06 Nov 1994 99:00:00 GMT",
    "Sun, 06 Nov 1994 08:60:00 GMT",
    "Sun, 06 Nov 1994 08:99:00 GMT",
    "Sun, 06 Nov 1994 08:49:61 GMT",
    "Sun, 00 Nov 1994 08:49:37 GMT",
    "Sun, 31 Nov 1994 08:49:37 GMT",
    "Wed, 29 Feb 2023 00:00:00 GMT",
    "Sun, 30 Feb 2020 23:59:60 GMT",
    "Sun, +6 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov -994 08:49:37 GMT",
    "Sun, 06-Nov-94 08:49:37 GMT",
    "Sunday, 06-Nov-1994 08:49:37 GMT",
    "Sun Nov 6 08:49:37 1994",
    "Sun Nov  66 08:49:37 1994",
    "Sun Nov  6 08:49:37 1994 GMT",
};

static void test_dates(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(dates); i++) {
        int64_t time_s = 0;
        if (!conditional_date_parse(dates[i].text, now_s, &time_s)) {
            fail_msg("%s is refused", dates[i].text);
        }
        assert_int_equal(time_s, dates[i].time_s);
    }
    for (size_t i = 0; i < COUNT(wrong_dates); i++) {
        int64_t time_s = 42;
        if (conditional_date_parse(wrong_dates[i], now_s, &time_s)) {
            fail_msg("%s is accepted", wrong_dates[i]);
        }
        assert_int_equal(time_s, 42);
    }
}

static void test_if_none_match(void **state)
{
    static const struct {
        const char *field;
        bool matches;
    } cases[] = {
        {"*", true},
        {"\"abc-1\"", true},
        {"W/\"abc-1\"", true},
        {"\"x\", \"abc-1\"", true},
        {"\"x\",W/\"abc-1\",\"y\"", true},
        {",, \"x\" ,\t\"abc-1\" ,", true},
        {"\"a,b\", \"abc-1\"", true},
        {"\"\", \"abc-1\"", true},
        {"\"\xC3\xA9\", \"abc-1\"", true},
        {"", false},
        {",", false},
        {"\"\"", false},
        {"\"abc\"", false},
        {"\"abc-1-gzip\"", false},
        {"\"ABC-1\"", false},
        {"\"x, abc-1\"", false},
        /* not well-formed */
        {"abc-1", false},
        {"*, \"abc-1\"", false},
        {"\"abc-1\", *", false},
        {"w/\"abc-1\"", false},
        {"W/ \"abc-1\"", false},
        {"\"abc-1", false},
        {"\"abc-1\" \"x\"", false},
        {"\"abc-1\"x", false},
        {"\"abc-1\", x", false},
        {"\"abc-1\", \"x", false},
        {"\"a b\", \"abc-1\"", false},
        {"\"a\x7F\", \"abc-1\"", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (conditional_not_modified(cases[i].field, NULL, "\"abc-1\"", 100) != cases[i].matches) {
            fail_msg("%s", cases[i].field);
        }
        /* It beats a date that says the opposite. */
        assert_int_equal(conditional_not_modified(cases[i].field, "Sun, 06 Nov 1994 08:49:37 GMT",
                                                  "\"abc-1\"", 784111777),
                         cases[i].matches);
    }
    assert_true(conditional_not_modified("\"abc-1\"", NULL, "W/\"abc-1\"", -1));
}

static void test_if_modified_since(void **state)
{
    static const char date[] = "Sun, 06 Nov 1994 08:49:37 GMT";
    (void)state;
    assert_false(conditional_not_modified(NULL, NULL, "\"a\"", 0));
    assert_true(conditional_not_modified(NULL, date, "\"a\"", 784111777));
    assert_true(conditional_not_modified(NULL, date, "\"a\"", 784111776));
    assert_false(conditional_not_modified(NULL, date, "\"a\"", 784111778));
    assert_false(conditional_not_modified(NULL, date, "\"a\"", -1));
    assert_false(conditional_not_modified(NULL, "soon", "\"a\"", 0));
    assert_false(conditional_not_modified(NULL, "", "\"a\"", 0));
    assert_true(conditional_not_modified(NULL, "Sunday, 06-Nov-94 08:49:37 GMT", "\"a\"", 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_format),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_if_none_match),
        cmocka_unit_test(test_if_modified_since),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
