/* What a program can ask for that has SQLite to itself. */
#include "check.h"
#include "fixture.h"

#include <sqlite3.h>

static void sqlite_does_not_count_its_memory(void **state)
{
    const struct fixture *fixture = *state;
    JSON *record = fixture_xian();
    assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    assert_non_null(store);
    assert_int_equal(sqlite3_memory_used(), 0);
    summit_own_sqlite(); /* too late now, and harmless */
    JSON *page = fixture_list(store, "summits", NULL, "", NULL);
    assert_int_equal(json_array_size(json_object_get(page, "data")), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sqlite_does_not_count_its_memory, fixture_set_up,
                                        fixture_tear_down),
    };
    summit_own_sqlite();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
