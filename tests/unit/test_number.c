#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/number.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_number(void **state)
{
    static const char *const wrong[] = {
        "",  " 1",  "1 ", "+1", "-1", "0x10", "1e3", "1.0", "4294967296", "99999999999999999999",
        "9", "101",
    };
    unsigned number = 7;
    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_false(number_parse(wrong[i], 10, 100, &number));
        assert_int_equal(number, 7);
    }
    assert_true(number_parse("0010", 10, 100, &number) && number == 10);
    assert_true(number_parse("100", 10, 100, &number) && number == 100);
    assert_true(number_parse("4294967295", 0, UINT32_MAX, &number) && number == UINT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
