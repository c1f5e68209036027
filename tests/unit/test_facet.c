/* Counts of rows by the values of filters, in each of the ways they are counted, against counting
 * the rows of the record one by one. A failure names the seed, which TESTS_SEED gives again. */
#include "check.h"
#include "fixture.h"
#include "generated.h"
#include "oracle.h"
#include "round.h"

#include <stdio.h>
#include <string.h>

#include "facet.h"
#include "store.h"

enum {
    MANY_MEASURES = 11500, /* more than are looked at */
    FEW_MEASURES = 1500,   /* under valgrind */
    ROUNDS = 80,
    FEW_ROUNDS = 15
};

static struct fixture *fixture;
static struct summit_store *store;
static struct oracle *oracle;
static json_t *pools[RESOURCE_COUNT];
static unsigned long long seed = 19920103;
static size_t rounds = ROUNDS;

static int publish(void **state)
{
    const char *given = getenv("TESTS_SEED");
    bool is_slow = getenv("TESTS_WRAPPER") != NULL;
    seed = given == NULL ? seed : strtoull(given, NULL, 10);
    rounds = is_slow ? FEW_ROUNDS : ROUNDS;
    fixture_set_up(state);
    fixture = *state;
    json_t *record = generated_record(seed, is_slow ? FEW_MEASURES : MANY_MEASURES);
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

/* The facets of a list, all that its resource has: its "meta"; the caller's. */
static json_t *ask(const struct resource *resource, const char *parameters)
{
    char all[1400] = "limit=1&facet=";
    for (const struct filter *f = resource->filters; f->name != NULL; f++) {
        fixture_append(all, sizeof all, "%s%s", f == resource->filters ? "" : ",", f->name);
    }
    fixture_append(all, sizeof all, "%s%s", parameters[0] == '\0' ? "" : "&", parameters);
    JSON *page = fixture_list(store, resource->name, NULL, all, NULL);
    return json_incref(json_object_get(page, "meta"));
}

/* Compares the facets of a question with what the rows say. Returns whether they were all counted.
 */
static bool check(const struct question *question, const char *parameters, bool is_counted_ahead)
{
    const struct oracle_row **rows = NULL;
    size_t count = oracle_select(oracle, question, &rows);
    size_t looked_at = is_counted_ahead || count <= PLAN_EXAMINED_MAX ? count : PLAN_EXAMINED_MAX;
    JSON *meta = ask(question->resource, parameters);
    const json_t *facets = json_object_get(meta, "facets");
    size_t expected = 0;
    for (const struct filter *f = question->resource->filters; f->name != NULL; f++, expected++) {
        JSON *counts = oracle_count(rows, looked_at, question, f);
        const json_t *found = json_object_get(facets, f->name);
        if (!json_equal(counts, found)) {
            TEXT *right = json_dumps(counts, JSON_COMPACT);
            TEXT *wrong = json_dumps(found, JSON_COMPACT | JSON_ENCODE_ANY);
            fail_msg("TESTS_SEED=%llu: %s?%s by %s:\n%s, not\n%s", seed, question->resource->name,
                     parameters, f->name, wrong == NULL ? "nothing" : wrong, right);
        }
    }
    free(rows);
    assert_int_equal(json_object_size(facets), expected);
    const char *qualifier = json_string_value(json_object_get(meta, "facets_qualifier"));
    assert_string_equal(qualifier, looked_at == count ? "exact" : "at_least");
    return looked_at == count;
}

static void test_all_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        const struct question question = {.resource = resources[i]};
        assert_true(check(&question, "", true));
    }
}

/* The rows of one term, which publishing has counted if they are many. */
static void test_one_term(void **state)
{
    size_t many = 0;
    size_t few = 0;
    (void)state;
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        for (const struct filter *f = resources[i]->filters; f->name != NULL; f++) {
            const json_t *pool = json_object_get(pools[i], f->name);
            /* The most frequent value, and whatever comes first. */
            const struct question all = {.resource = resources[i]};
            const struct oracle_row **rows = NULL;
            size_t count = oracle_select(oracle, &all, &rows);
            JSON *counts = oracle_count(rows, count, &all, f);
            free(rows);
            const json_t *values[] = {json_object_get(json_array_get(counts, 0), "value"),
                                      json_array_get(pool, 0)};
            for (size_t j = 0; j < COUNT(values) && values[j] != NULL; j++) {
                JSON *filters = json_pack("{s:[O]}", f->name, values[j]);
                const struct question question = {.resource = resources[i], .filters = filters};
                char parameters[256];
                snprintf(parameters, sizeof parameters, "%s=%s", f->name,
                         json_string_value(values[j]));
                size_t size = oracle_select(oracle, &question, &rows);
                free(rows);
                assert_true(check(&question, parameters, true));
                many += size >= FACET_PAIR_ROWS_MIN ? 1 : 0;
                few += size < FACET_PAIR_ROWS_MIN ? 1 : 0;
            }
        }
    }
    assert_true(many >= 3 || rounds == FEW_ROUNDS);
    assert_in_range(few, 20, 100);
}

/* Any other rows are listed first, as many as are looked at. */
static void test_any_rows(void **state)
{
    size_t cut = 0;
    (void)state;
    for (size_t i = 0; i < rounds; i++) {
        struct round round;
        round_choose(&round, oracle, pools, seed, i);
        round.question.order = NULL;
        const char *name = json_object_iter_key(json_object_iter(round.filters));
        bool is_one_term = round.question.words == NULL && json_object_size(round.filters) == 1 &&
                           json_array_size(json_object_get(round.filters, name)) == 1;
        bool is_counted_ahead =
            is_one_term || (round.question.words == NULL && json_object_size(round.filters) == 0);
        cut += check(&round.question, round.parameters, is_counted_ahead) ? 0 : 1;
        round_clear(&round);
    }
    assert_true(cut > 0 || rounds == FEW_ROUNDS);
}

/* Of more rows than are looked at, the first are counted. */
static void test_more_rows_than_are_looked_at(void **state)
{
    char word[8];
    char words[32];
    JSON *modalities = fixture_json("{'modality': ['will', 'proposes', 'calls_for', 'encourages', "
                                    "'is_ready_to']}");
    const struct question every = {.resource = &measures_resource, .filters = modalities};
    const struct question common = {.resource = &measures_resource,
                                    .words = generated_word(0, word)};
    bool are_many = oracle->counts[resource_index(&measures_resource)] > PLAN_EXAMINED_MAX;
    (void)state;
    assert_int_equal(
        check(&every, "modality=will,proposes,calls_for,encourages,is_ready_to", false), !are_many);
    snprintf(words, sizeof words, "q=%s", word);
    assert_int_equal(check(&common, words, false), !are_many);
}

/* A category is of an area within a summit: with summits named, it is that in those. */
static void test_categories_of_summits(void **state)
{
    static const char *const cases[][2] = {
        {"{'summit': ['summit-0']}", "summit=summit-0"},
        {"{'summit': ['summit-1', 'summit-3']}", "summit=summit-1,summit-3"},
        {"{'summit': ['summit-2'], 'category': ['other']}", "summit=summit-2&category=other"},
        {"{'summit': ['summit-2', 'summit-0'], 'category': ['other', 'traditional']}",
         "summit=summit-2,summit-0&category=other,traditional"},
        {"{'category': ['growth_driver']}", "category=growth_driver"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        JSON *filters = fixture_json(cases[i][0]);
        const struct question question = {.resource = &areas_resource, .filters = filters};
        assert_true(check(&question, cases[i][1], false));
    }
}

/* Nothing is counted where nothing is found, and what has no value is in no facet. */
static void test_nothing(void **state)
{
    static const char *const parameters[] = {"q=...", "q=nowhere", "q=..&area=area-1"};
    (void)state;
    for (size_t i = 0; i < COUNT(parameters); i++) {
        JSON *meta = ask(&measures_resource, parameters[i]);
        const char *name;
        json_t *counts;
        json_object_foreach(json_object_get(meta, "facets"), name, counts)
        {
            assert_true(json_is_array(counts));
            assert_int_equal(json_array_size(counts), 0);
        }
        assert_string_equal(json_string_value(json_object_get(meta, "facets_qualifier")), "exact");
        assert_int_equal(json_integer_value(json_object_get(meta, "total")), 0);
    }
}

/* A filter of very many values is not counted ahead: of a facet the most frequent are shown. */
static void test_a_filter_of_many_values(void **state)
{
    enum { PROPOSALS = FACET_PAIR_WIDTH_MAX + 200 };
    struct fixture *other = NULL;
    JSON *record = fixture_record("pond-2021");
    json_t *proposals = json_object_get(record, "proposals");
    json_t *measures = json_object_get(record, "measures");
    (void)state;
    for (int i = 2; i <= PROPOSALS; i++) {
        json_t *proposal = json_deep_copy(json_array_get(proposals, 0));
        json_t *measure = json_deep_copy(json_array_get(measures, 0));
        json_object_set_new(proposal, "number", json_integer(i));
        json_object_set_new(proposal, "id", json_sprintf("pond-2021-p%05d", i));
        json_object_set_new(measure, "id", json_sprintf("pond-2021-m%05d", i));
        json_object_set_new(measure, "proposal_id", json_sprintf("pond-2021-p%05d", i));
        json_array_append_new(proposals, proposal);
        json_array_append_new(measures, measure);
    }
    fixture_set_up((void **)&other);
    assert_int_equal(fixture_publish(other->path, record, 0, NULL), SUMMIT_OK);
    STORE *many = fixture_open(other->path);
    JSON *page =
        fixture_list(many, "measures", NULL, "limit=1&area=reeds&facet=proposal,modality", NULL);
    const json_t *found = fixture_at(page, "/meta/facets/proposal");
    assert_int_equal(json_array_size(found), FACET_VALUES_MAX);
    for (size_t i = 0; i < FACET_VALUES_MAX; i++) {
        const json_t *entry = json_array_get(found, i);
        TEXT *value = NULL;
        assert_true(asprintf(&value, "pond-2021-p%05zu", i + 2) > 0);
        assert_string_equal(json_string_value(json_object_get(entry, "value")), value);
        assert_int_equal(json_integer_value(json_object_get(entry, "count")), 1);
    }
    JSON *modality = json_pack("[{s:s, s:i}]", "value", "will", "count", PROPOSALS);
    assert_true(json_equal(fixture_at(page, "/meta/facets/modality"), modality));
    assert_string_equal(json_string_value(fixture_at(page, "/meta/facets_qualifier")), "exact");
    fixture_tear_down((void **)&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_rows),
        cmocka_unit_test(test_one_term),
        cmocka_unit_test(test_any_rows),
        cmocka_unit_test(test_more_rows_than_are_looked_at),
        cmocka_unit_test(test_categories_of_summits),
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_a_filter_of_many_values),
    };
    return cmocka_run_group_tests(tests, publish, forget);
}
