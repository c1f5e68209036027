/* Which way of finding rows is chosen, where the better one is clear. */
#include "check.h"
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "list.h"
#include "plan.h"
#include "store.h"
#include "terms.h"

static const struct order by_number[] = {{.key = &(const struct sort){.name = "number"}},
                                         {.key = NULL}};

struct choice {
    const char *what;
    int64_t rows;
    struct {
        int64_t rows; /* 0 ends the clauses */
        bool is_many; /* has several terms */
    } clauses[3];
    bool is_sorted;
    int64_t matches; /* negative without a search */
    int64_t limit;
    enum plan_driver driver;
    size_t driving;
    bool is_ranked;
};

static void check(const struct choice *choice)
{
    plan_auto plan = {
        .resource = &measures_resource,
        .order = choice->is_sorted ? by_number : NULL,
        .row_count = choice->rows,
        .has_match = choice->matches >= 0,
        .match_count = choice->matches,
        /* What an earlier choice may have left. */
        .driver = PLAN_MATCHES,
        .is_ranked = true,
    };
    for (size_t i = 0; i < COUNT(choice->clauses) && choice->clauses[i].rows > 0; i++) {
        plan.clauses[plan.clause_count++] = (struct clause){
            .terms = fixture_json(choice->clauses[i].is_many ? "[1, 2]" : "[1]"),
            .row_count = choice->clauses[i].rows,
        };
    }
    plan_choose(&plan, choice->limit);
    if (plan.driver != choice->driver || plan.is_ranked != choice->is_ranked ||
        (plan.driver == PLAN_TERMS && plan.driving != choice->driving)) {
        fail_msg("%s: driver %d, clause %zu, ranked %d", choice->what, plan.driver, plan.driving,
                 plan.is_ranked);
    }
}

static void test_lists(void **state)
{
    static const struct choice choices[] = {
        {"all", 10000, {{0}}, false, -1, 50, PLAN_TABLE, 0, false},
        {"all, sorted", 10000, {{0}}, true, -1, 50, PLAN_TABLE, 0, false},
        {"one term", 10000, {{10, false}}, false, -1, 50, PLAN_TERMS, 0, false},
        {"one large term", 10000, {{9999, false}}, false, -1, 50, PLAN_TERMS, 0, false},
        {"few of several", 10000, {{10, true}}, false, -1, 50, PLAN_TERMS, 0, false},
        {"many of several", 10000, {{9000, true}}, false, -1, 50, PLAN_TABLE, 0, false},
        {"several in two", 10000, {{9000, true}, {9, true}}, false, -1, 50, PLAN_TERMS, 1, false},
        {"the smaller", 10000, {{900, false}, {90, false}}, false, -1, 50, PLAN_TERMS, 1, false},
        {"the first", 10000, {{90, false}, {900, false}}, false, -1, 50, PLAN_TERMS, 0, false},
        {"few, sorted", 10000, {{20, false}}, true, -1, 50, PLAN_TERMS, 0, false},
        {"many, sorted", 10000, {{5000, false}}, true, -1, 50, PLAN_TABLE, 0, false},
        {"a few of many", 10000, {{5000, false}}, true, -1, 1, PLAN_TABLE, 0, false},
        {"all of many", 10000, {{5000, false}}, true, -1, -1, PLAN_TERMS, 0, false},
        {"two that seldom meet",
         1000000,
         {{1000, false}, {2000, false}},
         true,
         -1,
         50,
         PLAN_TERMS,
         0,
         false},
        {"an empty table", 0, {{0}}, true, -1, 50, PLAN_TABLE, 0, false},
        /* Terms whose rows are several times in a clause are more than there are rows. */
        {"more than all", 100, {{150, true}}, false, -1, 50, PLAN_TABLE, 0, false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(choices); i++) {
        check(&choices[i]);
    }
}

static void test_searches(void **state)
{
    enum { MOST = PLAN_EXAMINED_MAX, MORE = PLAN_EXAMINED_MAX + 1 };
    static const struct choice choices[] = {
        {"few", 100000, {{0}}, false, 5, 50, PLAN_MATCHES, 0, true},
        {"as many as are ranked", 100000, {{0}}, false, MOST, 50, PLAN_MATCHES, 0, true},
        {"more", 100000, {{0}}, false, MORE, 50, PLAN_MATCHES, 0, false},
        {"few, sorted", 100000, {{0}}, true, 5, 50, PLAN_MATCHES, 0, false},
        {"more, sorted", 100000, {{0}}, true, MORE, 50, PLAN_TABLE, 0, false},
        {"few in a term", 100000, {{3, false}}, false, 5, 50, PLAN_MATCHES, 0, true},
        {"more in a small term", 100000, {{400, false}}, false, MORE, 50, PLAN_TERMS, 0, false},
        {"more in a large term", 100000, {{9000, false}}, false, MORE, 50, PLAN_MATCHES, 0, false},
        {"more in a small one, sorted",
         100000,
         {{9000, false}, {400, true}},
         true,
         MORE,
         50,
         PLAN_TERMS,
         1,
         false},
        {"more in a large one, sorted",
         100000,
         {{90000, false}},
         true,
         MORE,
         50,
         PLAN_TABLE,
         0,
         false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(choices); i++) {
        check(&choices[i]);
    }
}

/* Ids are looked up, whatever else is known. */
static void test_ids(void **state)
{
    struct plan plan = {
        .resource = &measures_resource, .has_ids = true, .row_count = 10, .driver = PLAN_TERMS};
    (void)state;
    plan_choose(&plan, 1);
    assert_int_equal(plan.driver, PLAN_TABLE);
    assert_false(plan.is_ranked);
}

static void test_counts_are_exact_when_all_is_counted(void **state)
{
    enum { MOST = PLAN_EXAMINED_MAX, MORE = PLAN_EXAMINED_MAX + 1 };
    static const struct {
        enum plan_driver driver;
        int64_t rows, clause, matches;
        bool is_exact;
    } cases[] = {
        {PLAN_TABLE, MOST, 1, 1, true},      {PLAN_TABLE, MORE, 1, 1, false},
        {PLAN_TERMS, MORE, MOST, 1, true},   {PLAN_TERMS, MORE, MORE, 1, false},
        {PLAN_MATCHES, MORE, 1, MOST, true}, {PLAN_MATCHES, 1, 1, MORE, false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct plan plan = {.resource = &measures_resource,
                            .driver = cases[i].driver,
                            .row_count = cases[i].rows,
                            .clause_count = 1,
                            .clauses = {{.row_count = cases[i].clause}},
                            .match_count = cases[i].matches};
        assert_int_equal(plan_count_is_exact(&plan), cases[i].is_exact);
    }
}

/* What filters come to in the built-in record. */
static void test_clauses_of_filters(void **state)
{
    static const struct {
        const char *resource, *filters, *clauses;
        bool is_empty;
    } cases[] = {
        {"measures", "{}", "", false},
        {"measures", "{'summit': ['xian-2023']}", "1all", false},
        {"measures", "{'modality': ['will', 'no-such']}", "1", false},
        {"measures", "{'modality': ['will', 'proposes']}", "2", false},
        {"measures", "{'area': ['energy'], 'summit': ['xian-2023']}", "1all 1", false},
        {"measures", "{'area': ['no-such']}", "0", true},
        {"areas", "{'category': ['other']}", "1", false},
        {"areas", "{'category': ['other'], 'summit': ['xian-2023']}", "1all 1", false},
        {"areas", "{'category': ['other'], 'summit': ['no-such']}", "0 0", true},
    };
    const struct fixture *fixture = *state;
    JSON *xian = fixture_xian();
    assert_int_equal(fixture_publish(fixture->path, xian, 0, NULL), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    for (size_t i = 0; i < COUNT(cases); i++) {
        JSON *filters = fixture_json(cases[i].filters);
        struct selection selection = {.resource = resource_find(cases[i].resource),
                                      .filters = filters};
        plan_auto plan = {.resource = selection.resource};
        char found[64] = "";
        assert_int_equal(terms_resolve(store, &selection, &plan), SUMMIT_OK);
        for (size_t j = 0; j < plan.clause_count; j++) {
            const struct clause *clause = &plan.clauses[j];
            int64_t all = store->row_counts[resource_index(selection.resource)];
            assert_in_range(clause->row_count, json_array_size(clause->terms), all);
            fixture_append(found, sizeof found, "%s%zu%s", j == 0 ? "" : " ",
                           json_array_size(clause->terms), clause->row_count == all ? "all" : "");
        }
        if (strcmp(found, cases[i].clauses) != 0 || plan.is_empty != cases[i].is_empty) {
            fail_msg("%s %s: %s, not %s", cases[i].resource, cases[i].filters, found,
                     cases[i].clauses);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_searches),
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_counts_are_exact_when_all_is_counted),
        cmocka_unit_test_setup_teardown(test_clauses_of_filters, fixture_set_up, fixture_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
