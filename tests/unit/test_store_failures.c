/* What a store does not answer: queries that are wrong for this database, statements that take too
 * long, files that are damaged, cut short, foreign or not there. */
#include "check.h"
#include "fixture.h"
#include "folder.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "resource.h"

/* Runs a query that must fail, and gives "code suggestion" of each problem. */
static char *refusal(struct summit_store *store, const struct summit_query *query,
                     enum summit_status expected)
{
    json_t *page = NULL;
    char *next = NULL;
    JSON *problems = NULL;
    char text[512] = "";
    enum summit_status status = summit_store_list(store, query, &page, &next, &problems);
    if (status != expected) {
        fail_msg("%s, not %s", summit_status_text(status), summit_status_text(expected));
    }
    assert_null(page);
    assert_null(next);
    for (size_t i = 0; i < json_array_size(problems); i++) {
        const json_t *problem = json_array_get(problems, i);
        const char *suggestion = json_string_value(json_object_get(problem, "suggestion"));
        size_t used = strlen(text);
        assert_int_equal(json_object_size(problem), 4);
        snprintf(text + used, sizeof text - used, "%s%s %s%s%s", i == 0 ? "" : "; ",
                 json_string_value(json_object_get(problem, "parameter")),
                 json_string_value(json_object_get(problem, "code")), suggestion == NULL ? "" : " ",
                 suggestion == NULL ? "" : suggestion);
    }
    return strdup(text);
}

static void test_values_the_record_has_not_got(void **state)
{
    static const struct {
        const char *resource, *parameters, *expected;
    } cases[] = {
        {"measures", "area=trde", "area unknown_value trade"},
        {"measures", "area=TRADE", "area unknown_value trade"},
        {"measures", "area=trade,enrgy,xyzzyx", "area unknown_value energy; area unknown_value"},
        {"measures", "summit=xian-2024", "summit unknown_value xian-2023"},
        {"measures", "summit=xian-2024&area=trde",
         "summit unknown_value xian-2023; area unknown_value trade"},
        {"measures", "proposal=xian-2023-trad", "proposal unknown_value xian-2023-trade"},
        {"measures", "initiative=belt-and-rod", "initiative unknown_value belt-and-road"},
        {"measures", "mechanism=m", "mechanism unknown_value"},
        {"measures", "source=president", "source unknown_value"},
        {"participants", "country=KS", "country unknown_value KG"},
        {"participants", "country=FR", "country unknown_value"},
        {"proposals", "participant=xi-jinping", "participant unknown_value"},
        {"statements", "participant=xian-2023-xi-jingping",
         "participant unknown_value xian-2023-xi-jinping"},
        {"measures", "area=' OR 1=1 --", "area unknown_value"},
        {"measures", "cursor=abc", "cursor invalid_value"},
    };
    const struct fixture *fixture = *state;
    JSON *xian = fixture_xian();
    assert_int_equal(fixture_publish(fixture->path, xian, 0, NULL), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    for (size_t i = 0; i < COUNT(cases); i++) {
        QUERY *query = fixture_query(cases[i].resource, NULL, NULL, cases[i].parameters);
        TEXT *found = refusal(store, query, SUMMIT_INVALID);
        if (strcmp(found, cases[i].expected) != 0) {
            fail_msg("%s?%s: %s", cases[i].resource, cases[i].parameters, found);
        }
    }
}

static void test_rows_that_are_not_there(void **state)
{
    static const char *const ids[] = {"", "nothing", "Trade", "trade ", "' OR 1=1 --", "%"};
    const struct fixture *fixture = *state;
    JSON *xian = fixture_xian();
    assert_int_equal(fixture_publish(fixture->path, xian, 0, NULL), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        for (size_t j = 0; j < COUNT(ids); j++) {
            QUERY *query = fixture_query(resources[i]->name, ids[j], NULL, "");
            json_t *item = NULL;
            json_t *problems = NULL;
            assert_int_equal(summit_store_get(store, query, &item, &problems), SUMMIT_NOT_FOUND);
            assert_null(item);
            assert_null(problems);
        }
    }
    QUERY *within = fixture_query("areas", NULL, "xian-2024", "");
    TEXT *none = refusal(store, within, SUMMIT_NOT_FOUND);
    assert_string_equal(none, "");
}

/* A cursor is of one list in one revision. */
static void test_cursors_of_other_lists(void **state)
{
    const struct fixture *fixture = *state;
    JSON *xian = fixture_xian();
    assert_int_equal(fixture_publish(fixture->path, xian, 0, NULL), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    TEXT *cursor = NULL;
    JSON *page = fixture_list(store, "measures", NULL, "limit=2&modality=will", &cursor);
    assert_int_equal(json_array_size(json_object_get(page, "data")), 2);
    TEXT *same = NULL;
    TEXT *other = NULL;
    assert_true(asprintf(&same, "limit=9&modality=will&include=areas&cursor=%s", cursor) > 0);
    assert_true(asprintf(&other, "modality=proposes&cursor=%s", cursor) > 0);
    JSON *next = fixture_list(store, "measures", NULL, same, NULL);
    assert_int_equal(json_array_size(json_object_get(next, "data")), 9);
    QUERY *of_other = fixture_query("measures", NULL, NULL, other);
    TEXT *invalid = refusal(store, of_other, SUMMIT_INVALID);
    assert_string_equal(invalid, "cursor invalid_value");

    JSON *pond = fixture_record("pond-2021");
    assert_int_equal(fixture_publish(fixture->path, pond, 0, NULL), SUMMIT_OK);
    STORE *newer = fixture_open(fixture->path);
    QUERY *of_same = fixture_query("measures", NULL, NULL, same);
    TEXT *expired = refusal(newer, of_same, SUMMIT_GONE);
    assert_string_equal(expired, "cursor expired_cursor");
}

static void test_too_much_to_include(void **state)
{
    const struct fixture *fixture = *state;
    JSON *large = fixture_large(1001);
    assert_int_equal(fixture_publish(fixture->path, large, 0, NULL), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    QUERY *many = fixture_query("summits", NULL, NULL, "include=measures");
    TEXT *refused = refusal(store, many, SUMMIT_INVALID);
    assert_string_equal(refused, "include include_too_large");
    json_array_remove(json_object_get(large, "measures"), 1000);
    assert_int_equal(fixture_publish(fixture->path, large, 0, NULL), SUMMIT_OK);
    STORE *fewer = fixture_open(fixture->path);
    JSON *page = fixture_list(fewer, "summits", NULL, "include=measures", NULL);
    assert_int_equal(json_array_size(fixture_at(page, "/included/measures")), 1000);
}

/* A statement past its budget ends, and the store goes on. */
static void test_budget(void **state)
{
    const struct fixture *fixture = *state;
    JSON *large = fixture_large(5000);
    assert_int_equal(fixture_publish(fixture->path, large, 0, NULL), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    json_t *record = NULL;
    summit_store_set_budget(store, 1);
    assert_int_equal(summit_store_export(store, &record), SUMMIT_TIMEOUT);
    assert_null(record);
    JSON *short_page = fixture_list(store, "summits", NULL, "", NULL);
    assert_int_equal(json_array_size(json_object_get(short_page, "data")), 1);
    summit_store_set_budget(store, 0);
    JSON *whole = NULL;
    assert_int_equal(summit_store_export(store, &whole), SUMMIT_OK);
    assert_int_equal(json_array_size(json_object_get(whole, "measures")), 5000);
}

static enum summit_status try_open(const char *path, unsigned flags)
{
    struct summit_store *store = NULL;
    struct summit_error error = {""};
    enum summit_status status = summit_store_open(path, flags, &store, &error);
    if (status == SUMMIT_OK) {
        summit_store_close(store);
    } else {
        assert_null(store);
        assert_non_null(strstr(error.message, path));
        assert_null(strchr(error.message, '\n'));
        assert_int_equal(summit_store_open(path, flags, &store, NULL), status);
    }
    return status;
}

static void test_files_that_are_no_database(void **state)
{
    const struct fixture *fixture = *state;
    static const unsigned flags[] = {0, SUMMIT_STORE_VERIFY};
    for (size_t i = 0; i < COUNT(flags); i++) {
        assert_int_equal(try_open(fixture->path, flags[i]), SUMMIT_NOT_FOUND);
        assert_int_equal(try_open(fixture->folder, flags[i]), SUMMIT_FOREIGN);
        assert_int_equal(try_open("/dev/null", flags[i]), SUMMIT_FOREIGN);
        assert_int_equal(try_open("/dev/null/x", flags[i]), SUMMIT_NOT_FOUND);
        file_write(fixture->path, "", 0);
        assert_int_equal(try_open(fixture->path, flags[i]), SUMMIT_CORRUPT);
        file_write(fixture->path, "SQLite format 3", 16);
        assert_int_not_equal(try_open(fixture->path, flags[i]), SUMMIT_OK);
        file_write(fixture->path, "Dear diary, this is no database at all.\n", 40);
        assert_int_equal(try_open(fixture->path, flags[i]), SUMMIT_FOREIGN);
        assert_int_equal(unlink(fixture->path), 0);
    }
    assert_int_equal(try_open("", 0), SUMMIT_NOT_FOUND);
    assert_int_equal(try_open(":memory:", 0), SUMMIT_NOT_FOUND);
    summit_store_close(NULL);
}

/* Uses everything in a store; whatever it says, it says with a status. */
static void use_all(struct summit_store *store)
{
    json_t *record = NULL;
    if (summit_store_export(store, &record) == SUMMIT_OK) {
        json_decref(record);
    }
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        QUERY *query = fixture_query(resources[i]->name, NULL, NULL, "");
        json_t *page = NULL;
        json_t *problems = NULL;
        char *next = NULL;
        if (summit_store_list(store, query, &page, &next, &problems) == SUMMIT_OK) {
            free(next);
            json_decref(page);
        }
        json_decref(problems);
    }
}

/* Opens a damaged file both ways. Returns whether a full check let it pass. */
static bool use_damaged(const char *path)
{
    struct summit_store *store = NULL;
    struct summit_error error = {""};
    if (summit_store_open(path, 0, &store, &error) == SUMMIT_OK) {
        use_all(store);
        summit_store_close(store);
    }
    store = NULL;
    if (summit_store_open(path, SUMMIT_STORE_VERIFY, &store, &error) != SUMMIT_OK) {
        assert_null(store);
        assert_int_not_equal(error.message[0], '\0');
        return false;
    }
    use_all(store);
    summit_store_close(store);
    return true;
}

/* Of how many damages one is tried: of one, or of eight where each takes long, under valgrind. */
static size_t pace(void)
{
    return getenv("TESTS_WRAPPER") == NULL ? 1 : 8;
}

static void test_files_cut_short_are_refused(void **state)
{
    const struct fixture *fixture = *state;
    JSON *xian = fixture_xian();
    size_t length = 0;
    assert_int_equal(fixture_publish(fixture->path, xian, 0, NULL), SUMMIT_OK);
    TEXT *bytes = file_read(fixture->path, &length);
    for (size_t cut = 0; cut < length; cut += pace() * (cut < 200 ? 1 : 997)) {
        file_write(fixture->path, bytes, cut);
        if (use_damaged(fixture->path)) {
            fail_msg("%zu of %zu bytes pass", cut, length);
        }
    }
    file_write(fixture->path, bytes, length);
    assert_true(use_damaged(fixture->path));
}

/* Garbage anywhere is found or harmless. */
static void test_garbage_never_crashes(void **state)
{
    const struct fixture *fixture = *state;
    JSON *pond = fixture_record("pond-2021");
    size_t length = 0;
    unsigned random = 2023;
    assert_int_equal(fixture_publish(fixture->path, pond, 0, NULL), SUMMIT_OK);
    TEXT *bytes = file_read(fixture->path, &length);
    TEXT *damaged = malloc(length);
    for (size_t round = 0; round < 300 / pace(); round++) {
        memcpy(damaged, bytes, length);
        /* A whole page now and then, else a few bytes, mostly in the first pages: the schema. */
        size_t run = round % 10 == 0 ? 4096 : 1 + round % 16;
        random = random * 1103515245 + 12345;
        size_t at = (random >> 8) % (round % 3 == 0 ? 8192 : length - run);
        for (size_t i = 0; i < run; i++) {
            random = random * 1103515245 + 12345;
            damaged[at + i] = (char)(random >> 16);
        }
        file_write(fixture->path, damaged, length);
        (void)use_damaged(fixture->path);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_values_the_record_has_not_got),
        TEST(test_rows_that_are_not_there),
        TEST(test_cursors_of_other_lists),
        TEST(test_too_much_to_include),
        TEST(test_budget),
        TEST(test_files_that_are_no_database),
        TEST(test_files_cut_short_are_refused),
        TEST(test_garbage_never_crashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
