/* Terms are found as the table has them, at first, again, and when others have taken their place.
 */
#include "check.h"
#include "fixture.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "store.h"
#include "term.h"

enum { LONG_LENGTH = 200 };

static enum summit_status find(struct summit_store *store, sqlite3_stmt *row, bool *ret_found,
                               struct term *ret_term)
{
    return term_find(store, (const char *)sqlite3_column_text(row, 0),
                     (const char *)sqlite3_column_text(row, 1),
                     (const char *)sqlite3_column_text(row, 2), ret_found, ret_term);
}

/* Looks all terms up, each so many times in a row. Returns how many there are. */
static size_t find_all(struct summit_store *store, size_t times)
{
    static const char sql[] =
        "SELECT resource, filter, value, rank, row_count FROM term ORDER BY rank";
    sqlite3_stmt *row = NULL;
    size_t count = 0;
    assert_int_equal(sqlite3_prepare_v2(store->db, sql, -1, &row, NULL), SQLITE_OK);
    for (; sqlite3_step(row) == SQLITE_ROW; count++) {
        for (size_t i = 0; i < times; i++) {
            struct term term = {.rank = -1, .row_count = -1};
            bool found = false;
            assert_int_equal(find(store, row, &found, &term), SUMMIT_OK);
            assert_true(found);
            assert_int_equal(term.rank, sqlite3_column_int64(row, 3));
            assert_int_equal(term.row_count, sqlite3_column_int64(row, 4));
        }
    }
    sqlite3_finalize(row);
    return count;
}

static size_t kept_count(const struct summit_store *store)
{
    size_t count = 0;
    for (size_t i = 0; i < TERM_CACHE_SIZE; i++) {
        count += store->terms.entries[i].length > 0;
    }
    return count;
}

static void all_terms_are_found_again_and_again(void **state)
{
    const struct fixture *fixture = *state;
    JSON *record = fixture_xian();
    assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    assert_true(find_all(store, 2) > TERM_CACHE_SIZE); /* so some share a place */
    find_all(store, 1);
    assert_in_range(kept_count(store), TERM_CACHE_SIZE / 2, TERM_CACHE_SIZE);
}

static void what_is_not_there_is_not_kept(void **state)
{
    const struct fixture *fixture = *state;
    static const char *const words[][3] = {
        {"measures", "area", "no-such-area"},
        {"measures", "areas", "energy"},
        {"measure", "area", "energy"},
        {"measures", "area", ""},
        {"", "", ""},
        {"measuresarea", "", "energy"},
    };
    char long_value[LONG_LENGTH + 1];
    memset(long_value, 'a', LONG_LENGTH);
    long_value[LONG_LENGTH] = '\0';
    STORE *store = fixture_open(fixture->path);
    struct term term;
    bool found = false;
    assert_int_equal(term_find(store, "measures", "area", "energy", &found, &term), SUMMIT_OK);
    assert_true(found);
    for (size_t i = 0; i < 2 * sizeof words / sizeof words[0]; i++) {
        const char *const *word = words[i / 2];
        assert_int_equal(term_find(store, word[0], word[1], word[2], &found, &term), SUMMIT_OK);
        assert_false(found);
    }
    assert_int_equal(term_find(store, "measures", "area", long_value, &found, &term), SUMMIT_OK);
    assert_false(found);
    assert_int_equal(kept_count(store), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_terms_are_found_again_and_again),
        cmocka_unit_test(what_is_not_there_is_not_kept),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
