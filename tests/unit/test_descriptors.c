/* How many descriptors there are beside those of connections. */
#include "check.h"

#include <sys/resource.h>

#include "descriptors.h"

static struct rlimit usual;

static int remember(void **state)
{
    (void)state;
    return getrlimit(RLIMIT_NOFILE, &usual);
}

static int restore(void **state)
{
    (void)state;
    return setrlimit(RLIMIT_NOFILE, &usual);
}

static void allow(rlim_t count)
{
    const struct rlimit limit = {.rlim_cur = count, .rlim_max = usual.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

static void the_limit_is_raised_to_the_most(void **state)
{
    struct rlimit now;
    (void)state;
    allow(100);
    descriptors_raise();
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &now), 0);
    assert_int_equal(now.rlim_cur, usual.rlim_max);
    descriptors_raise();
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &now), 0);
    assert_int_equal(now.rlim_cur, usual.rlim_max);
}

static void connections_come_first(void **state)
{
    (void)state;
    allow(200);
    assert_in_range(descriptors_left(0), 100, 190);
    assert_int_equal(descriptors_left(0) - descriptors_left(50), 50);
    assert_int_equal(descriptors_left(199), 0);
    assert_int_equal(descriptors_left(1000000), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_limit_is_raised_to_the_most, remember, restore),
        cmocka_unit_test_setup_teardown(connections_come_first, remember, restore),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
