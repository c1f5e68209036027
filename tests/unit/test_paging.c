/* Lists against what the record says. For many pseudo-random questions, the pages one after another
 * must be the rows that filtering and sorting the record itself gives: each once, in that order,
 * and as many as the total says. A failure names the seed, which TESTS_SEED gives again. */
#include "check.h"
#include "fixture.h"
#include "generated.h"
#include "oracle.h"
#include "round.h"

#include <stdio.h>
#include <string.h>

#include "expand.h"
#include "fetch.h"
#include "list.h"
#include "query.h"
#include "store.h"

enum {
    MANY_MEASURES = 11500, /* more than are ranked or counted */
    FEW_MEASURES = 700,    /* under valgrind */
    ROUNDS = 300,
    FEW_ROUNDS = 30,
    SHOWN_MAX = 400 /* rows of a list that is paged through as a reader would */
};

static struct fixture *fixture;
static struct summit_store *store;
static struct oracle *oracle;
static json_t *pools[RESOURCE_COUNT];
static unsigned long long seed = 20230518;
static size_t rounds = ROUNDS;

#define FAIL(round, format, ...)                                                                   \
    fail_msg("TESTS_SEED=%llu, round %zu: %s?%s: " format, seed, (round)->number,                  \
             (round)->question.resource->name, (round)->parameters, __VA_ARGS__)

/* ---- Answers -------------------------------------------------------------------------------- */

struct expected {
    const struct oracle_row **rows;
    size_t count;
    size_t place; /* of the next row */
    bool must_be_exact;
    bool is_ranked;
};

/* Brings the rows into the order of their relevance, as bm25() of FTS5 gives it. */
static void rank_by_relevance(const struct round *round, struct expected *expected)
{
    size_t index = resource_index(round->question.resource);
    QUERY *query = fixture_query(round->question.resource->name, NULL, NULL, round->parameters);
    const struct oracle_row **rows = calloc(expected->count + 1, sizeof *rows);
    bool *is_wanted = calloc(oracle->counts[index] + 1, sizeof *is_wanted);
    size_t count = 0;
    for (size_t i = 0; i < expected->count; i++) {
        is_wanted[expected->rows[i]->rank] = true;
    }
    statement_own *stmt = NULL;
    assert_int_equal(sqlite3_prepare_v2(store->db,
                                        "SELECT rowid FROM search WHERE search MATCH ?1 "
                                        "ORDER BY bm25(search, 4.0, 1.0, 4.0), rowid",
                                        -1, &stmt, NULL),
                     SQLITE_OK);
    struct expansion expansion = {.match = NULL};
    assert_int_equal(expand_match(store, query->match, &expansion), SUMMIT_OK);
    sqlite3_bind_text(stmt, 1, expansion.match, -1, SQLITE_STATIC);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        int64_t rank = sqlite3_column_int64(stmt, 0) - store->bases[index];
        if (rank > 0 && rank <= (int64_t)oracle->counts[index] && is_wanted[rank]) {
            assert_true(count < expected->count);
            rows[count++] = &oracle->rows[index][rank - 1];
        }
    }
    assert_int_equal(count, expected->count);
    expansion_clear(&expansion);
    free(is_wanted);
    free(expected->rows);
    expected->rows = rows;
}

/* How many rows one of the filters finds at most, counted as publishing does. */
static size_t smallest_clause(const struct round *round)
{
    size_t smallest = SIZE_MAX;
    const char *name;
    json_t *values;
    json_object_foreach(round->filters, name, values)
    {
        size_t size = 0;
        for (size_t i = 0; i < json_array_size(values); i++) {
            JSON *one = json_pack("{s:[O]}", name, json_array_get(values, i));
            struct question question = {.resource = round->question.resource, .filters = one};
            const struct oracle_row **rows = NULL;
            size += oracle_select(oracle, &question, &rows);
            free(rows);
        }
        smallest = size < smallest ? size : smallest;
    }
    return smallest;
}

static size_t match_count(const struct round *round)
{
    struct question question = {.resource = round->question.resource,
                                .words = round->question.words};
    const struct oracle_row **rows = NULL;
    size_t count = oracle_select(oracle, &question, &rows);
    free(rows);
    return count;
}

/* A total is exact, and a search ranked, unless more than a certain number of rows would have to be
 * looked at. */
static void expect(const struct round *round, struct expected *ret_expected)
{
    struct expected expected = {.place = 0};
    expected.count = oracle_select(oracle, &round->question, &expected.rows);
    if (round->question.words == NULL) {
        expected.must_be_exact =
            json_object_size(round->filters) == 0 || smallest_clause(round) <= PLAN_EXAMINED_MAX;
    } else {
        expected.must_be_exact = match_count(round) <= PLAN_EXAMINED_MAX;
        expected.is_ranked = expected.must_be_exact && round->question.order == NULL;
    }
    if (expected.is_ranked) {
        rank_by_relevance(round, &expected);
    }
    *ret_expected = expected;
}

/* The total is right, or says that there are more. */
static void check_meta(const struct round *round, const json_t *page,
                       const struct expected *expected)
{
    const json_t *meta = json_object_get(page, "meta");
    const char *qualifier = json_string_value(json_object_get(meta, "total_qualifier"));
    size_t total = (size_t)json_integer_value(json_object_get(meta, "total"));
    if (strcmp(qualifier, "exact") == 0 ? total != expected->count : total > expected->count) {
        FAIL(round, "%s %zu, not %zu", qualifier, total, expected->count);
    }
    if (expected->must_be_exact && strcmp(qualifier, "exact") != 0) {
        FAIL(round, "%s %zu of %zu", qualifier, total, expected->count);
    }
    const char *ranking = json_string_value(json_object_get(meta, "ranking"));
    if ((ranking != NULL) != (round->question.words != NULL)) {
        FAIL(round, "ranking %s", ranking == NULL ? "none" : ranking);
    }
    if (ranking != NULL && expected->is_ranked != (strcmp(ranking, "bm25") == 0)) {
        FAIL(round, "ranking %s", ranking);
    }
}

static void check_next(const struct round *round, struct expected *expected, const char *id)
{
    const char *wanted =
        expected->place < expected->count ? expected->rows[expected->place]->id : "no more";
    if (strcmp(id, wanted) != 0) {
        FAIL(round, "row %zu of %zu is %s, not %s", expected->place + 1, expected->count, id,
             wanted);
    }
    expected->place++;
}

/* One page through the public interface; returns the cursor of the next. */
static char *take_page(struct round *round, struct expected *expected, size_t limit,
                       const char *cursor)
{
    char parameters[1400];
    char *next = NULL;
    snprintf(parameters, sizeof parameters, "%s%slimit=%zu%s%s", round->parameters,
             round->parameters[0] == '\0' ? "" : "&", limit,
             cursor == NULL ? "" : "&cursor=", cursor == NULL ? "" : cursor);
    JSON *page = fixture_list(store, round->question.resource->name, NULL, parameters, &next);
    const json_t *rows = json_object_get(page, "data");
    check_meta(round, page, expected);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        check_next(round, expected,
                   json_string_value(json_object_get(json_array_get(rows, i), "id")));
    }
    if (next == NULL ? expected->place != expected->count : json_array_size(rows) != limit) {
        FAIL(round, "a page ends after row %zu of %zu", expected->place, expected->count);
    }
    return next;
}

/* Many rows, by their ranks only. */
static void take_ranks(struct round *round, struct expected *expected, int64_t limit)
{
    QUERY *query = fixture_query(round->question.resource->name, NULL, NULL, round->parameters);
    size_t index = resource_index(round->question.resource);
    struct selection selection;
    fetch_selection(query, &selection);
    selection.limit = limit;
    for (bool more = true; more;) {
        selected_auto selected = {.rows = NULL};
        assert_int_equal(list_ranks(store, &selection, &selected), SUMMIT_OK);
        for (size_t i = 0; i < json_array_size(selected.ranks); i++) {
            json_int_t rank = json_integer_value(json_array_get(selected.ranks, i));
            check_next(round, expected, oracle->rows[index][rank - 1].id);
        }
        selection.after = selected.last_rank;
        more = selected.more;
        if (more && (int64_t)json_array_size(selected.ranks) != limit) {
            FAIL(round, "a page ends after row %zu of %zu", expected->place, expected->count);
        }
    }
    if (expected->place != expected->count) {
        FAIL(round, "%zu rows, not %zu", expected->place, expected->count);
    }
}

static void play(struct round *round)
{
    static const size_t limits[] = {1, 2, 7, 50, 200};
    struct expected expected;
    expect(round, &expected);
    size_t limit = limits[chance_below(&round->chance, COUNT(limits))];
    bool is_shown = expected.count <= SHOWN_MAX && expected.count <= 40 * limit;
    TEXT *cursor = take_page(round, &expected, limit, NULL);
    for (size_t i = 1; cursor != NULL && (is_shown || i < 3); i++) {
        char *next = take_page(round, &expected, limit, cursor);
        free(cursor);
        cursor = next;
    }
    if (!is_shown) {
        expected.place = 0;
        take_ranks(round, &expected, 100 + (int64_t)chance_below(&round->chance, 1500));
    }
    free(expected.rows);
}

/* ---- Tests ---------------------------------------------------------------------------------- */

static int publish(void **state)
{
    const char *given = getenv("TESTS_SEED");
    bool is_slow = getenv("TESTS_WRAPPER") != NULL;
    seed = given == NULL ? seed : strtoull(given, NULL, 10);
    rounds = is_slow ? FEW_ROUNDS : ROUNDS;
    fixture_set_up(state);
    fixture = *state;
    json_t *record = generated_record(seed, is_slow ? FEW_MEASURES : MANY_MEASURES);
    JSON *problems = fixture_problems(record);
    assert_null(problems);
    assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
    oracle = oracle_new(record);
    store = fixture_open(fixture->path);
    round_pools_make(oracle, pools);
    return 0;
}

static int forget(void **state)
{
    round_pools_free(pools);
    summit_store_close(store);
    oracle_free(oracle);
    return fixture_tear_down(state);
}

static void test_pages_are_what_the_record_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < rounds; i++) {
        struct round round;
        round_choose(&round, oracle, pools, seed, i);
        play(&round);
        round_clear(&round);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages_are_what_the_record_says),
    };
    return cmocka_run_group_tests(tests, publish, forget);
}
