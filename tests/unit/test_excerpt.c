/* The record of one summit: a record by itself, and together with those of the other summits the
 * database it was taken from. */
#include "check.h"
#include "fixture.h"
#include "sharers.h"

#include <stdio.h>
#include <string.h>

#include "excerpt.h"
#include "resource.h"
#include "summit.h"

static void free_excerpt(struct summit_excerpt **excerpt)
{
    summit_excerpt_free(*excerpt);
}

#define EXCERPT __attribute__((cleanup(free_excerpt))) struct summit_excerpt

/* The text of an excerpt, each piece read through another store of the same file. */
static char *read_text(const char *path, const char *summit, size_t *ret_pieces)
{
    STORE *first = fixture_open(path);
    STORE *second = fixture_open(path);
    EXCERPT *excerpt = NULL;
    char *text = NULL;
    size_t size = 0;
    size_t length = 1;
    size_t pieces = 0;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    assert_int_equal(summit_excerpt_new(first, summit, &excerpt), SUMMIT_OK);
    while (length > 0) {
        TEXT *piece = NULL;
        struct summit_store *store = pieces % 2 == 0 ? second : first;
        assert_int_equal(summit_excerpt_next(excerpt, store, &piece, &length), SUMMIT_OK);
        assert_in_range(length, 0, EXCERPT_PIECE_MAX);
        assert_int_equal(piece[length], '\0');
        assert_int_equal(fwrite(piece, 1, length, stream), length);
        pieces++;
    }
    fclose(stream);
    if (ret_pieces != NULL) {
        *ret_pieces = pieces;
    }
    return text;
}

/* The excerpt as a checked record. */
static json_t *read_excerpt(const char *path, const char *summit)
{
    TEXT *text = read_text(path, summit, NULL);
    JSON *problems = NULL;
    json_t *record = NULL;
    if (summit_record_parse(text, strlen(text), &record, &problems) != SUMMIT_OK) {
        TEXT *found = json_dumps(problems, JSON_INDENT(1));
        fail_msg("%s: %s\n%s", summit, found, text);
    }
    return record;
}

static void publish(const char *path, json_t *record)
{
    assert_int_equal(fixture_publish(path, record, 0, NULL), SUMMIT_OK);
}

static void check_ids(const json_t *record, const char *resource, const char *expected)
{
    TEXT *ids = fixture_ids(json_object_get(record, resource));
    if (strcmp(ids, expected) != 0) {
        fail_msg("%s: %s, not %s", resource, ids, expected);
    }
}

static void test_the_only_summit_is_the_whole(void **state)
{
    struct fixture *fixture = *state;
    JSON *xian = fixture_xian();
    json_t *others[] = {fixture_record("lakeside-2020"), fixture_record("pond-2021")};
    publish(fixture->path, xian);
    JSON *excerpt = read_excerpt(fixture->path, "xian-2023");
    JSON *whole = fixture_export(fixture->path);
    assert_true(json_equal(excerpt, whole));
    for (size_t i = 0; i < COUNT(others); i++) {
        const char *id = json_string_value(fixture_at(others[i], "/summits/0/id"));
        assert_int_equal(fixture_publish(fixture->path, others[i], SUMMIT_PUBLISH_REPLACE, NULL),
                         SUMMIT_OK);
        JSON *one = read_excerpt(fixture->path, id);
        JSON *all = fixture_export(fixture->path);
        assert_true(json_equal(one, all));
        json_decref(others[i]);
    }
}

/* Rows that nothing refers to are the only summit's too. */
static void test_the_only_summit_has_what_nothing_refers_to(void **state)
{
    struct fixture *fixture = *state;
    JSON *record = fixture_record("pond-2021");
    json_array_clear(fixture_at(record, "/measures/0/initiative_ids"));
    json_array_clear(fixture_at(record, "/statements/0/initiative_ids"));
    sharers_add_source(record, "glossary", 1, "[{'paragraph': 1, 'reason': 'Words only.'}]");
    publish(fixture->path, record);
    JSON *excerpt = read_excerpt(fixture->path, "pond-2021");
    JSON *whole = fixture_export(fixture->path);
    assert_true(json_equal(excerpt, whole));
    check_ids(excerpt, "initiatives", "green-ponds");
    check_ids(excerpt, "sources", "pond-report glossary");
}

static void test_what_concerns_one_summit(void **state)
{
    struct fixture *fixture = *state;
    sharers_publish(fixture->path, true);
    JSON *first = read_excerpt(fixture->path, "pond-2021");
    JSON *second = read_excerpt(fixture->path, "pond-2022");
    check_ids(first, "summits", "pond-2021");
    check_ids(first, "measures", "pond-2021-reeds-cut");
    check_ids(first, "areas", "reeds");
    check_ids(first, "initiatives", "green-ponds");
    check_ids(first, "sources", "pond-report glossary");
    JSON *area = fixture_json(
        "{'id': 'reeds', 'name': 'Reeds', 'aliases': [], 'description': null, 'summits': "
        "[{'summit_id': "
        "'pond-2021', 'category': 'other'}], 'citations': [{'source_id': 'glossary', 'paragraph': "
        "2}, {'source_id': 'pond-report', 'paragraph': 4}]}");
    assert_true(json_equal(fixture_at(first, "/areas/0"), area));
    JSON *omitted = fixture_json("[{'paragraph': 7, 'reason': 'Signature.'}, "
                                 "{'paragraph': 6, 'reason': 'Not of this one.'}, "
                                 "{'paragraph': 5, 'reason': 'Not of this one.'}, "
                                 "{'paragraph': 3, 'reason': 'Cited for another summit.'}]");
    assert_true(json_equal(fixture_at(first, "/sources/0/omitted_paragraphs"), omitted));
    /* An area that only another summit's source tells of brings that source. */
    check_ids(second, "areas", "lake-fishing reeds");
    check_ids(second, "sources", "lakeside-notes pond-report glossary");
    assert_int_equal(json_array_size(fixture_at(second, "/sources/0/omitted_paragraphs")), 9);
}

/* In the order in which the summits came, and with every source some summit's own, even the order
 * of shared rows is the same. */
static void test_all_excerpts_give_the_database_again(void **state)
{
    struct fixture *fixture = *state;
    TEXT *copy = NULL;
    assert_true(asprintf(&copy, "%s/copy.db", fixture->folder) > 0);
    sharers_publish(fixture->path, false);
    JSON *whole = fixture_export(fixture->path);
    for (int i = 0; i < SHARERS_COUNT; i++) {
        JSON *excerpt = read_excerpt(fixture->path, sharers[i]);
        publish(copy, excerpt);
    }
    JSON *again = fixture_export(copy);
    STORE *first = fixture_open(fixture->path);
    STORE *second = fixture_open(copy);
    assert_true(json_equal(again, whole));
    assert_string_equal(summit_store_revision(first), summit_store_revision(second));
}

/* In any order the rows are the same; only shared ones, and their entries, may stand in another. A
 * source that is no summit's own comes with the first summit that has a row citing it. */
static void test_excerpts_in_any_order(void **state)
{
    static const int orders[][SHARERS_COUNT] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                                {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    struct fixture *fixture = *state;
    TEXT *copy = NULL;
    assert_true(asprintf(&copy, "%s/copy.db", fixture->folder) > 0);
    sharers_publish(fixture->path, true);
    JSON *whole = fixture_export(fixture->path);
    sharers_sort(whole);
    for (size_t order = 0; order < COUNT(orders); order++) {
        for (int i = 0; i < SHARERS_COUNT; i++) {
            JSON *excerpt = read_excerpt(fixture->path, sharers[orders[order][i]]);
            unsigned flags = i == 0 ? SUMMIT_PUBLISH_REPLACE : 0;
            assert_int_equal(fixture_publish(copy, excerpt, flags, NULL), SUMMIT_OK);
        }
        JSON *again = fixture_export(copy);
        sharers_sort(again);
        if (!json_equal(again, whole)) {
            TEXT *text = json_dumps(again, JSON_INDENT(1));
            TEXT *expected = json_dumps(whole, JSON_INDENT(1));
            fail_msg("order %zu:\n%s\nnot\n%s", order, text, expected);
        }
    }
}

static void test_an_excerpt_imported_again_changes_nothing(void **state)
{
    struct fixture *fixture = *state;
    sharers_publish(fixture->path, true);
    JSON *whole = fixture_export(fixture->path);
    for (int i = 0; i < SHARERS_COUNT; i++) {
        JSON *excerpt = read_excerpt(fixture->path, sharers[i]);
        publish(fixture->path, excerpt);
        JSON *again = fixture_export(fixture->path);
        assert_true(json_equal(again, whole));
    }
}

static void test_many_rows_come_in_pieces(void **state)
{
    struct fixture *fixture = *state;
    JSON *large = fixture_large(1000);
    JSON *lakeside = fixture_record("lakeside-2020");
    size_t pieces = 0;
    for (int i = 0; i < 3 * EXCERPT_CHUNK_ROWS; i++) {
        JSON *area = json_deep_copy(fixture_at(large, "/areas/0"));
        TEXT *id = NULL;
        assert_true(asprintf(&id, "reeds-%d", i) > 0);
        json_object_set_new(area, "id", json_string(id));
        fixture_set_new(large, "/areas/-", json_incref(area));
    }
    publish(fixture->path, large);
    publish(fixture->path, lakeside);
    TEXT *text = read_text(fixture->path, "pond-2021", &pieces);
    JSON *excerpt = read_excerpt(fixture->path, "pond-2021");
    JSON *alone = NULL;
    assert_int_equal(fixture_publish(fixture->path, large, SUMMIT_PUBLISH_REPLACE, NULL),
                     SUMMIT_OK);
    alone = fixture_export(fixture->path);
    assert_true(json_equal(excerpt, alone));
    assert_int_equal(pieces, (strlen(text) + EXCERPT_PIECE_MAX - 1) / EXCERPT_PIECE_MAX + 1);
    assert_in_range(pieces, 10, 200);
}

static void test_a_row_longer_than_a_piece(void **state)
{
    struct fixture *fixture = *state;
    JSON *record = fixture_record("pond-2021");
    size_t pieces = 0;
    fixture_set_new(record, "/sources/0/paragraph_count", json_integer(2000));
    for (int i = 4; i <= 2000; i++) {
        fixture_set_new(record, "/sources/0/omitted_paragraphs/-",
                        json_pack("{s:i, s:s}", "paragraph", i, "reason", "Lärm — 噪音."));
    }
    publish(fixture->path, record);
    TEXT *text = read_text(fixture->path, "pond-2021", &pieces);
    JSON *excerpt = read_excerpt(fixture->path, "pond-2021");
    JSON *whole = fixture_export(fixture->path);
    assert_true(json_equal(excerpt, whole));
    assert_in_range(pieces, 3, 20);
    assert_true(strlen(text) > EXCERPT_PIECE_MAX);
}

static void test_no_such_summit(void **state)
{
    struct fixture *fixture = *state;
    JSON *record = fixture_record("pond-2021");
    struct summit_excerpt *excerpt = NULL;
    publish(fixture->path, record);
    STORE *store = fixture_open(fixture->path);
    assert_int_equal(summit_excerpt_new(store, "pond-2020", &excerpt), SUMMIT_NOT_FOUND);
    assert_int_equal(summit_excerpt_new(store, "", &excerpt), SUMMIT_NOT_FOUND);
    assert_null(excerpt);
    summit_excerpt_free(NULL);
}

/* A store of what was published later has other rows, and the excerpt says so. */
static void test_another_revision_is_refused(void **state)
{
    struct fixture *fixture = *state;
    JSON *record = fixture_record("pond-2021");
    JSON *later = fixture_record("lakeside-2020");
    EXCERPT *excerpt = NULL;
    char *text = NULL;
    size_t length = 0;
    publish(fixture->path, record);
    STORE *before = fixture_open(fixture->path);
    publish(fixture->path, later);
    STORE *after = fixture_open(fixture->path);
    assert_int_equal(summit_excerpt_new(before, "pond-2021", &excerpt), SUMMIT_OK);
    assert_int_equal(summit_excerpt_next(excerpt, after, &text, &length), SUMMIT_GONE);
    assert_null(text);
    assert_int_equal(summit_excerpt_next(excerpt, before, &text, &length), SUMMIT_OK);
    assert_true(length > 0);
    free(text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_the_only_summit_is_the_whole),
        TEST(test_the_only_summit_has_what_nothing_refers_to),
        TEST(test_what_concerns_one_summit),
        TEST(test_all_excerpts_give_the_database_again),
        TEST(test_excerpts_in_any_order),
        TEST(test_an_excerpt_imported_again_changes_nothing),
        TEST(test_many_rows_come_in_pieces),
        TEST(test_a_row_longer_than_a_piece),
        TEST(test_no_such_summit),
        TEST(test_another_revision_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
