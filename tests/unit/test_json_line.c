/* Documents as text: compact, and for people. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "json_line.h"

static void check(bool is_pretty, const char *right)
{
    json_auto_t *document = json_pack("{s:[i, i], s:{}, s:s}", "b", 1, 2, "a", "c", "\xc3\xa9");
    char *text = NULL;
    size_t length = 0;
    assert_true(json_line(document, is_pretty, &text, &length));
    assert_int_equal(length, strlen(right));
    assert_memory_equal(text, right, length);
    free(text);
}

static void a_line_has_no_blanks(void **state)
{
    (void)state;
    check(false, "{\"b\":[1,2],\"a\":{},\"c\":\"\xc3\xa9\"}\n");
}

static void for_people_each_value_has_its_line(void **state)
{
    (void)state;
    check(true, "{\n  \"b\": [\n    1,\n    2\n  ],\n  \"a\": {},\n  \"c\": \"\xc3\xa9\"\n}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_has_no_blanks),
        cmocka_unit_test(for_people_each_value_has_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
