/* The compact form is held to the bytes that Jansson writes, of values of every type and of strings
 * with every character below 256. */
#include "check.h"
#include "fixture.h"

#include <string.h>

#include "dump.h"

static void check_value(const json_t *value)
{
    TEXT *right = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    TEXT *text = dump_json(value, JSON_COMPACT | JSON_ENCODE_ANY);
    assert_non_null(right);
    assert_non_null(text);
    assert_string_equal(text, right);
}

static void test_escapes(void **state)
{
    (void)state;
    for (unsigned c = 0; c < 256; c++) {
        char text[8] = {'a', (char)c, '"', (char)c, 'b'};
        size_t length = 5;
        if (c >= 0x80) { /* U+0080 and up */
            text[1] = (char)(0xc0 | (c >> 6));
            text[2] = (char)(0x80 | (c & 0x3f));
            text[3] = '/';
            length = 4;
        }
        JSON *string = json_stringn(text, length);
        JSON *object = json_pack("{s:O}", "a\"\\\x01z", string);
        check_value(string);
        check_value(object);
    }
}

static void test_integers(void **state)
{
    static const json_int_t integers[] = {0,         1,         -1,           9,
                                          10,        -10,       99,           100,
                                          INT32_MIN, INT64_MAX, INT64_MIN,    INT64_MIN + 1,
                                          INT32_MAX, -123456,   1000000000000};
    (void)state;
    for (size_t i = 0; i < COUNT(integers); i++) {
        JSON *integer = json_integer(integers[i]);
        check_value(integer);
    }
}

static void test_all_types(void **state)
{
    static const char *const texts[] = {
        "[]",
        "{}",
        "[[], {}, [[]], {\"a\": {}}]",
        "{\"b\": [1, 2.5, -1e30, 1.0, 0.1], \"a\": null, \"c\": [true, false, null]}",
        "[\"\", \"\\u0000\", \"\\u001f\\u007f\", \"\\ud83d\\ude00\", \"\\/\"]",
        "{\"\": {\"\": \"\"}, \"z\": 0, \"y\": [{\"x\": 1}, {\"x\": 2}]}",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        JSON *value = json_loads(texts[i], JSON_ALLOW_NUL, NULL);
        assert_non_null(value);
        check_value(value);
    }
}

/* What is asked for in another form is written in that form. */
static void test_other_forms(void **state)
{
    (void)state;
    JSON *value = json_pack("{s:[i, i], s:{}}", "b", 1, 2, "a");
    TEXT *sorted = dump_json(value, JSON_COMPACT | JSON_SORT_KEYS);
    TEXT *spaced = dump_json(value, 0);
    TEXT *indented = dump_json(value, JSON_INDENT(1));
    assert_string_equal(sorted, "{\"a\":{},\"b\":[1,2]}");
    assert_string_equal(spaced, "{\"b\": [1, 2], \"a\": {}}");
    assert_string_equal(indented, "{\n \"b\": [\n  1,\n  2\n ],\n \"a\": {}\n}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_all_types),
        cmocka_unit_test(test_other_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
