/* Related rows: of every relation and every path of two, against following the links in the record.
 * A failure names the seed, which TESTS_SEED gives again. */
#include "check.h"
#include "fixture.h"
#include "generated.h"
#include "oracle.h"

#include <stdio.h>
#include <string.h>

#include "query.h"
#include "store.h"

enum { MEASURES = 250, PATHS_MAX = 4 };

static struct fixture *fixture;
static struct summit_store *store;
static struct oracle *oracle;
static unsigned long long seed = 20230519;

static int publish(void **state)
{
    const char *given = getenv("TESTS_SEED");
    seed = given == NULL ? seed : strtoull(given, NULL, 10);
    fixture_set_up(state);
    fixture = *state;
    json_t *record = generated_record(seed, MEASURES);
    assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
    oracle = oracle_new(record);
    store = fixture_open(fixture->path);
    return 0;
}

static int forget(void **state)
{
    summit_store_close(store);
    oracle_free(oracle);
    return fixture_tear_down(state);
}

/* ---- What must come -------------------------------------------------------------------------- */

/* Rows of a resource, marked by their ranks. */
struct marks {
    const struct resource *resource;
    bool *is_there; /* by rank; [0] is not used */
};

static size_t count_of(const struct resource *resource)
{
    return oracle->counts[resource_index(resource)];
}

static const struct oracle_row *row_at(const struct resource *resource, size_t rank)
{
    return &oracle->rows[resource_index(resource)][rank - 1];
}

static struct marks marks_new(const struct resource *resource)
{
    struct marks marks = {resource, calloc(count_of(resource) + 1, sizeof(bool))};
    assert_non_null(marks.is_there);
    return marks;
}

/* Where the record has what rows name. */
static const struct naming {
    const char *target;
    const char *field;
    const char *member; /* of the objects in a list, or NULL */
} namings[] = {
    {"participants", "proposed_by", NULL},   {"participants", "said_by", NULL},
    {"proposals", "proposal_id", NULL},      {"areas", "area_ids", NULL},
    {"initiatives", "initiative_ids", NULL}, {"mechanisms", "mechanism_ids", NULL},
    {"sources", "citations", "source_id"},
};

/* Whether a row names an id; the API shows a measure's summit, which the record leaves to its
 * proposal. */
static bool names(const struct oracle_row *row, const struct relation *relation, const char *id)
{
    if (strcmp(relation->target, "summits") == 0) {
        return json_object_get(json_object_get(row->values, "summit"), id) != NULL;
    }
    const struct naming *naming = namings;
    const json_t *value = NULL;
    while (strcmp(naming->target, relation->target) != 0 ||
           (value = json_object_get(row->row, naming->field)) == NULL) {
        naming++;
        assert_ptr_not_equal(naming, namings + COUNT(namings));
    }
    if (json_is_string(value)) {
        return strcmp(json_string_value(value), id) == 0;
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *entry = json_array_get(value, i);
        entry = naming->member == NULL ? entry : json_object_get(entry, naming->member);
        if (strcmp(json_string_value(entry), id) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether two rows are related; with summits asked for, only rows of those. */
static bool is_related(const struct oracle_row *row, const struct relation *relation,
                       const struct oracle_row *other, const json_t *summits)
{
    if (relation->filter == NULL) {
        return names(row, relation, other->id);
    }
    bool is_wanted = summits == NULL || strcmp(relation->filter, "summit") == 0 ||
                     resource_filter(resource_find(relation->target), "summit") == NULL;
    for (size_t i = 0; !is_wanted && i < json_array_size(summits); i++) {
        const char *summit = json_string_value(json_array_get(summits, i));
        is_wanted = json_object_get(json_object_get(other->values, "summit"), summit) != NULL;
    }
    return is_wanted &&
           json_object_get(json_object_get(other->values, relation->filter), row->id) != NULL;
}

static struct marks follow(const struct marks *from, const struct relation *relation,
                           const json_t *summits)
{
    struct marks to = marks_new(resource_find(relation->target));
    for (size_t i = 1; i <= count_of(from->resource); i++) {
        for (size_t j = 1; from->is_there[i] && j <= count_of(to.resource); j++) {
            to.is_there[j] |=
                is_related(row_at(from->resource, i), relation, row_at(to.resource, j), summits);
        }
    }
    return to;
}

/* Adds the rows to {resource: {rank: true}}, and frees them. */
static void add_marks(json_t *all, struct marks *marks)
{
    const char *name = marks->resource->name;
    if (json_object_get(all, name) == NULL) {
        json_object_set_new(all, name, json_object());
    }
    for (size_t i = 1; i <= count_of(marks->resource); i++) {
        char rank[32];
        snprintf(rank, sizeof rank, "%zu", i);
        if (marks->is_there[i]) {
            json_object_set_new(json_object_get(all, name), rank, json_true());
        }
    }
}

/* ---- What comes ------------------------------------------------------------------------------ */

struct path {
    const struct relation *first;
    const struct relation *second; /* or NULL */
};

/* Compares what is included with the rows that the paths lead to from the rows shown. */
static void check_included(const struct resource *resource, const json_t *shown,
                           const json_t *included, const struct path *paths, size_t count,
                           const json_t *summits, const char *question)
{
    JSON *all = json_object();
    struct marks start = marks_new(resource);
    for (size_t i = 1; i <= count_of(resource); i++) {
        for (size_t j = 0; j < json_array_size(shown); j++) {
            const json_t *id = json_object_get(json_array_get(shown, j), "id");
            start.is_there[i] |= strcmp(json_string_value(id), row_at(resource, i)->id) == 0;
        }
    }
    for (size_t i = 0; i < count; i++) {
        struct marks first = follow(&start, paths[i].first, summits);
        add_marks(all, &first);
        if (paths[i].second != NULL) {
            struct marks second = follow(&first, paths[i].second, summits);
            add_marks(all, &second);
            free(second.is_there);
        }
        free(first.is_there);
    }
    free(start.is_there);
    assert_int_equal(json_object_size(all), json_object_size(included));
    const char *name;
    json_t *ranks;
    json_object_foreach(all, name, ranks)
    {
        const json_t *rows = json_object_get(included, name);
        const struct resource *target = resource_find(name);
        size_t place = 0;
        for (size_t rank = 1; rank <= count_of(target); rank++) {
            char key[32];
            snprintf(key, sizeof key, "%zu", rank);
            if (json_object_get(ranks, key) == NULL) {
                continue;
            }
            const json_t *id = json_object_get(json_array_get(rows, place++), "id");
            if (id == NULL || strcmp(json_string_value(id), row_at(target, rank)->id) != 0) {
                fail_msg("TESTS_SEED=%llu: %s: place %zu of the %s is %s, not %s", seed, question,
                         place, name, id == NULL ? "empty" : json_string_value(id),
                         row_at(target, rank)->id);
            }
        }
        if (place != json_array_size(rows)) {
            fail_msg("TESTS_SEED=%llu: %s: %zu of the %s, not %zu", seed, question,
                     json_array_size(rows), name, place);
        }
    }
}

/* Asks for a page with what the paths lead to. */
static void check_paths(const struct resource *resource, const struct path *paths, size_t count,
                        const char *parameters, const json_t *summits)
{
    char all[512] = "";
    char question[600];
    fixture_append(all, sizeof all, "%s&include=", parameters);
    for (size_t i = 0; i < count; i++) {
        fixture_append(all, sizeof all, "%s%s%s%s", i == 0 ? "" : ",", paths[i].first->target,
                       paths[i].second == NULL ? "" : ".",
                       paths[i].second == NULL ? "" : paths[i].second->target);
    }
    snprintf(question, sizeof question, "%s?%s", resource->name, all);
    JSON *page = fixture_list(store, resource->name, NULL, all, NULL);
    check_included(resource, json_object_get(page, "data"), json_object_get(page, "included"),
                   paths, count, summits, question);
}

static bool is_found(const struct relation *relation)
{
    return !resource_relation_is_made(relation);
}

static bool is_same(const struct path *path, const struct path *other)
{
    return path->first == other->first && path->second == other->second;
}

/* ---- Tests ----------------------------------------------------------------------------------- */

static void test_every_path(void **state)
{
    (void)state;
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        for (const struct relation *r = resources[i]->relations; r->target != NULL; r++) {
            const struct path first = {r, NULL};
            if (!is_found(r)) {
                continue;
            }
            check_paths(resources[i], &first, 1, "limit=3", NULL);
            const struct resource *target = resource_find(r->target);
            for (const struct relation *s = target->relations; s->target != NULL; s++) {
                const struct path both = {r, s};
                if (is_found(s)) {
                    check_paths(resources[i], &both, 1, "limit=2", NULL);
                }
            }
        }
    }
}

/* The relation at a place of a resource, the last before those that are not found. */
static const struct relation *any_relation(struct chance *chance, const struct resource *resource)
{
    size_t count = 0;
    while (resource->relations[count].target != NULL && is_found(&resource->relations[count])) {
        count++;
    }
    return &resource->relations[chance_below(chance, count)];
}

/* Several paths at once, which may lead to the same rows. */
static void test_paths_that_meet(void **state)
{
    static const char *const orders[] = {"", "&sort=-id"};
    struct chance chance = {seed};
    (void)state;
    for (size_t i = 0; i < 150; i++) {
        const struct resource *resource = resources[chance_below(&chance, RESOURCE_COUNT)];
        struct path paths[PATHS_MAX];
        size_t count = 2 + chance_below(&chance, PATHS_MAX - 1);
        bool has_summit =
            resource_filter(resource, "summit") != NULL && chance_below(&chance, 2) == 0;
        JSON *summits = has_summit ? fixture_json("['summit-1', 'summit-2']") : NULL;
        char parameters[128];
        for (size_t j = 0, k; j < count; j += k == j) {
            const struct relation *first = any_relation(&chance, resource);
            const struct resource *target = resource_find(first->target);
            bool is_short = chance_below(&chance, 3) == 0;
            paths[j] = (struct path){first, is_short ? NULL : any_relation(&chance, target)};
            for (k = 0; !is_same(&paths[k], &paths[j]);) {
                k++;
            }
        }
        snprintf(parameters, sizeof parameters, "limit=%zu%s%s", 1 + chance_below(&chance, 4),
                 has_summit ? "&summit=summit-1,summit-2" : "",
                 orders[chance_below(&chance, COUNT(orders))]);
        check_paths(resource, paths, count, parameters, summits);
    }
}

/* An item's rows are those of a page with it alone; what is included is shown as it is alone. */
static void test_items(void **state)
{
    const struct path path = {resource_relation(&measures_resource, "areas"),
                              resource_relation(&areas_resource, "statements")};
    const struct oracle_row *row = row_at(&measures_resource, 17);
    (void)state;
    JSON *item = fixture_get(store, "measures", row->id, "include=areas.statements&fields=number");
    JSON *shown = json_pack("[{s:s}]", "id", row->id);
    const json_t *included = json_object_get(item, "included");
    check_included(&measures_resource, shown, included, &path, 1, NULL, "measures/17");
    assert_int_equal(json_object_size(json_object_get(item, "data")), 1);
    const json_t *statements = json_object_get(included, "statements");
    for (size_t i = 0; i < json_array_size(statements); i++) {
        const json_t *statement = json_array_get(statements, i);
        const char *id = json_string_value(json_object_get(statement, "id"));
        JSON *alone = fixture_get(store, "statements", id, "");
        assert_true(json_equal(statement, json_object_get(alone, "data")));
    }
}

/* Within one summit, an area has its category there; in general it has none. */
static void test_the_summit_of_what_is_included(void **state)
{
    JSON *within = fixture_list(store, "measures", "summit-2", "limit=20&include=areas", NULL);
    JSON *without = fixture_list(store, "measures", NULL, "limit=20&include=areas", NULL);
    const json_t *areas = fixture_at(within, "/included/areas");
    (void)state;
    assert_true(json_array_size(areas) > 0);
    for (size_t i = 0; i < json_array_size(areas); i++) {
        const json_t *area = json_array_get(areas, i);
        const char *id = json_string_value(json_object_get(area, "id"));
        JSON *there = fixture_list(store, "areas", "summit-2", "limit=200", NULL);
        const json_t *rows = json_object_get(there, "data");
        size_t place = 0;
        while (strcmp(id, json_string_value(json_object_get(json_array_get(rows, place), "id"))) !=
               0) {
            place++;
        }
        assert_true(json_is_string(json_object_get(area, "category")));
        assert_true(json_equal(area, json_array_get(rows, place)));
    }
    assert_true(json_is_null(fixture_at(without, "/included/areas/0/category")));
}

/* At most so many rows in all, whatever resource they are of. */
static void test_too_many_rows(void **state)
{
    static const struct {
        size_t measures;
        const char *include;
        bool is_too_large;
    } cases[] = {
        {QUERY_INCLUDED_MAX, "measures", false},
        {QUERY_INCLUDED_MAX + 1, "measures", true},
        {QUERY_INCLUDED_MAX - 2, "measures,areas", false},
        {QUERY_INCLUDED_MAX - 1, "measures,areas", true},
        {QUERY_INCLUDED_MAX - 2, "measures,areas,measures.areas,areas.measures", false},
        {QUERY_INCLUDED_MAX - 1, "measures.areas", true},
        {QUERY_INCLUDED_MAX + 1, "areas.measures", true},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct fixture *other = NULL;
        JSON *record = fixture_large(cases[i].measures);
        fixture_set_up((void **)&other);
        assert_int_equal(fixture_publish(other->path, record, 0, NULL), SUMMIT_OK);
        STORE *large = fixture_open(other->path);
        char parameters[128];
        snprintf(parameters, sizeof parameters, "include=%s", cases[i].include);
        QUERY *query = fixture_query("summits", NULL, NULL, parameters);
        json_t *page = NULL;
        json_t *problems = NULL;
        char *next = NULL;
        enum summit_status status = summit_store_list(large, query, &page, &next, &problems);
        JSON *owned = json_pack("[o?, o?]", page, problems);
        if (status != (cases[i].is_too_large ? SUMMIT_INVALID : SUMMIT_OK)) {
            fail_msg("%s of %zu: %s", cases[i].include, cases[i].measures,
                     summit_status_text(status));
        }
        const json_t *code = fixture_at(problems, "/0/code");
        if (cases[i].is_too_large) {
            assert_string_equal(json_string_value(code), "include_too_large");
            assert_int_equal(json_array_size(problems), 1);
            assert_null(page);
        }
        assert_non_null(owned);
        fixture_tear_down((void **)&other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_path),    cmocka_unit_test(test_paths_that_meet),
        cmocka_unit_test(test_items),         cmocka_unit_test(test_the_summit_of_what_is_included),
        cmocka_unit_test(test_too_many_rows),
    };
    return cmocka_run_group_tests(tests, publish, forget);
}
