#include "check.h"
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "problems.h"

static void test_pointers(void **state)
{
    const struct place measures = {.key = "measures"};
    const struct place row = {.parent = &measures, .index = 1234567890123456789U};
    const struct place key = {.parent = &row, .key = "~a/b~1\xc3\xa9"};
    const struct place last = {.parent = &key, .key = ""};
    TEXT *whole = problems_pointer(NULL);
    TEXT *deep = problems_pointer(&last);
    (void)state;
    assert_string_equal(whole, "");
    assert_string_equal(deep, "/measures/1234567890123456789/~0a~1b~01\xc3\xa9/");
}

static void test_a_problem_says_four_things(void **state)
{
    JSON *list = json_array();
    struct problems problems = {.list = list};
    (void)state;
    assert_int_equal(problems_status(&problems), SUMMIT_OK);
    problems_add(&problems, &(struct place){.key = "areas"}, "unknown_key", NULL, "no %s", "areas");
    problems_add_at(&problems, "/x", "unknown_id", "trade", "no trde");
    JSON *expected = fixture_json("[{'pointer': '/areas', 'code': 'unknown_key', 'detail': 'no "
                                  "areas', 'suggestion': null}, {'pointer': '/x', 'code': "
                                  "'unknown_id', 'detail': 'no trde', 'suggestion': 'trade'}]");
    assert_true(json_equal(list, expected));
    assert_int_equal(problems_status(&problems), SUMMIT_INVALID);
    problems.nomem = true;
    assert_int_equal(problems_status(&problems), SUMMIT_NOMEM);
}

/* A detail is cut at 511 bytes; the character it is cut in goes, so that it stays JSON. */
static void test_long_details_stay_utf8(void **state)
{
    char text[700];
    JSON *list = json_array();
    struct problems problems = {.list = list};
    (void)state;
    for (size_t shift = 0; shift < 3; shift++) {
        memset(text, 'x', shift);
        for (size_t i = shift; i + 3 < sizeof text; i += 3) {
            memcpy(text + i, "\xe4\xb8\xad", 4);
        }
        problems_add(&problems, NULL, "too_long", NULL, "%s", text);
        const char *detail =
            json_string_value(json_object_get(json_array_get(list, shift), "detail"));
        assert_in_range(strlen(detail), 509, 511);
    }
    assert_false(problems.nomem);
}

static void test_the_list_is_capped(void **state)
{
    JSON *list = json_array();
    struct problems problems = {.list = list};
    (void)state;
    for (size_t i = 0; i < (size_t)3 * PROBLEMS_MAX; i++) {
        problems_add(&problems, &(struct place){.index = i}, "wrong_type", NULL, "%zu", i);
    }
    assert_int_equal(json_array_size(list), PROBLEMS_MAX + 1);
    const json_t *last = json_array_get(list, PROBLEMS_MAX);
    assert_string_equal(json_string_value(json_object_get(last, "code")), "more");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pointers),
        cmocka_unit_test(test_a_problem_says_four_things),
        cmocka_unit_test(test_long_details_stay_utf8),
        cmocka_unit_test(test_the_list_is_capped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
