#include "check.h"
#include "fixture.h"

#include <string.h>

#include "merge.h"
#include "record.h"
#include "resource.h"

/* Two records that share the area "reeds", the initiative "green-ponds" and the source
 * "pond-report": the pond's meeting of 2021, and another of 2022 that says more of them. */
static json_t *pond_2021(void)
{
    return fixture_record("pond-2021");
}

static void rename_all(json_t *value)
{
    const char *key;
    json_t *member;
    json_object_foreach(value, key, member)
    {
        const char *text = json_string_value(member);
        if (text != NULL && strncmp(text, "pond-2021", 9) == 0) {
            TEXT *renamed = strdup(text);
            renamed[8] = '2';
            json_object_set_new(value, key, json_string(renamed));
        } else {
            rename_all(member);
        }
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        const char *text = json_string_value(json_array_get(value, i));
        if (text != NULL && strncmp(text, "pond-2021", 9) == 0) {
            TEXT *renamed = strdup(text);
            renamed[8] = '2';
            json_array_set_new(value, i, json_string(renamed));
        } else {
            rename_all(json_array_get(value, i));
        }
    }
}

static json_t *pond_2022(void)
{
    json_t *record = pond_2021();
    rename_all(record);
    fixture_set_new(record, "/areas/0/name", json_string("Reeds, newly worded"));
    fixture_set_new(record, "/initiatives/0/description", json_string("Greener."));
    fixture_set_new(record, "/sources/0/title", json_string("Report, corrected"));
    JSON *problems = fixture_problems(record);
    assert_null(problems);
    return record;
}

static json_t *merge(const json_t *base, const json_t *addition)
{
    json_t *record = NULL;
    assert_int_equal(merge_records(base, addition, &record), SUMMIT_OK);
    return record;
}

/* "resource: ids" of every resource of a record, without those given. */
static void check_ids(const json_t *record, const char *resource, const char *expected)
{
    TEXT *ids = fixture_ids(json_object_get(record, resource));
    if (strcmp(ids, expected) != 0) {
        fail_msg("%s: %s, not %s", resource, ids, expected);
    }
}

static void test_summits_of_both(void **state)
{
    JSON *pond = pond_2021();
    JSON *lakeside = fixture_record("lakeside-2020");
    JSON *record = merge(pond, lakeside);
    JSON *problems = fixture_problems(record);
    (void)state;
    assert_null(problems);
    assert_int_equal(json_integer_value(json_object_get(record, "version")), RECORD_VERSION);
    check_ids(record, "summits", "pond-2021 lakeside-2020");
    check_ids(record, "areas", "reeds lake-fishing trade ice-skating");
    check_ids(record, "initiatives", "green-ponds quiet-lakes clean-lakes");
    check_ids(record, "sources", "pond-report lakeside-notes");
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        const char *name = resources[i]->name;
        assert_int_equal(json_array_size(json_object_get(record, name)),
                         json_array_size(json_object_get(pond, name)) +
                             json_array_size(json_object_get(lakeside, name)));
    }
}

static void test_a_record_onto_itself_changes_nothing(void **state)
{
    JSON *xian = fixture_xian();
    JSON *record = merge(xian, xian);
    (void)state;
    json_object_del(xian, "$schema");
    assert_true(json_equal(xian, record));
}

/* The arguments are borrowed: neither changes. */
static void test_the_arguments_stay_as_they_are(void **state)
{
    JSON *base = pond_2021();
    JSON *addition = pond_2022();
    JSON *base_copy = json_deep_copy(base);
    JSON *addition_copy = json_deep_copy(addition);
    JSON *record = merge(base, addition);
    (void)state;
    fixture_set_new(record, "/version", json_integer(7));
    assert_true(json_equal(base, base_copy));
    assert_true(json_equal(addition, addition_copy));
}

static void test_a_replaced_summit_leaves_nothing_behind(void **state)
{
    JSON *old = fixture_record("lakeside-2020");
    JSON *new = fixture_record("lakeside-2020");
    JSON *pond = pond_2021();
    JSON *both = merge(pond, old);
    (void)state;
    /* The new one has one participant less, no statements, and no use for the rest. */
    fixture_set_new(new, "/summits/0/name", json_string("Lakeside, again"));
    json_array_clear(json_object_get(new, "mechanisms"));
    json_array_clear(fixture_at(new, "/measures/1/mechanism_ids"));
    JSON *record = merge(both, new);
    check_ids(record, "summits", "pond-2021 lakeside-2020");
    check_ids(record, "mechanisms", "pond-2021-council");
    assert_string_equal(json_string_value(fixture_at(record, "/summits/1/name")),
                        "Lakeside, again");
    check_ids(record, "participants",
              "pond-2021-host lakeside-2020-second-guest lakeside-2020-host "
              "lakeside-2020-first-guest");
}

static void test_shared_rows_are_joined(void **state)
{
    JSON *base = pond_2021();
    JSON *addition = pond_2022();
    JSON *record = merge(base, addition);
    JSON *problems = fixture_problems(record);
    JSON *parts = fixture_json("[{'summit_id': 'pond-2021', 'category': 'other'}, "
                               "{'summit_id': 'pond-2022', 'category': 'other'}]");
    (void)state;
    assert_null(problems);
    check_ids(record, "summits", "pond-2021 pond-2022");
    check_ids(record, "areas", "reeds");
    check_ids(record, "initiatives", "green-ponds");
    check_ids(record, "sources", "pond-report");
    assert_true(json_equal(fixture_at(record, "/areas/0/summits"), parts));
    /* The addition states the source, so its citations are the addition's alone. */
    assert_true(json_equal(fixture_at(record, "/areas/0/citations"),
                           fixture_at(addition, "/areas/0/citations")));
    assert_string_equal(json_string_value(fixture_at(record, "/areas/0/name")),
                        "Reeds, newly worded");
    assert_string_equal(json_string_value(fixture_at(record, "/initiatives/0/description")),
                        "Greener.");
    assert_string_equal(json_string_value(fixture_at(record, "/sources/0/title")),
                        "Report, corrected");
}

/* What the base cites from a source that the addition does not state stays with the row. */
static void test_citations_of_other_sources_stay(void **state)
{
    JSON *base = pond_2021();
    JSON *addition = fixture_record("lakeside-2020");
    (void)state;
    fixture_set_new(addition, "/areas/-",
                    fixture_json("{'id': 'reeds', 'name': 'Reeds of the lake', 'description': "
                                 "null, 'summits': [{'summit_id': 'lakeside-2020', 'category': "
                                 "'traditional'}], 'citations': [{'source_id': 'lakeside-notes', "
                                 "'paragraph': 4}]}"));
    JSON *record = merge(base, addition);
    JSON *problems = fixture_problems(record);
    JSON *citations = fixture_json("[{'source_id': 'pond-report', 'paragraph': 2}, "
                                   "{'source_id': 'lakeside-notes', 'paragraph': 4}]");
    assert_null(problems);
    assert_true(json_equal(fixture_at(record, "/areas/0/citations"), citations));
    assert_string_equal(json_string_value(fixture_at(record, "/areas/0/name")),
                        "Reeds of the lake");
    assert_int_equal(json_array_size(fixture_at(record, "/areas/0/summits")), 2);
}

/* What the addition omits from a source, rows of the base may cite. */
static void test_omissions_of_what_the_base_cites_go(void **state)
{
    JSON *base = pond_2021();
    JSON *addition = pond_2022();
    static const char *const lists[] = {"proposals",  "measures",   "areas",
                                        "statements", "mechanisms", "initiatives"};
    (void)state;
    /* The addition cites paragraph 3 where the base cites 2, and omits the latter. */
    for (size_t i = 0; i < COUNT(lists); i++) {
        json_t *row = json_array_get(json_object_get(addition, lists[i]), 0);
        fixture_set_new(row, "/citations/0/paragraph", json_integer(3));
    }
    fixture_set_new(addition, "/sources/0/paragraph_count", json_integer(4));
    fixture_set_new(addition, "/sources/0/omitted_paragraphs",
                    fixture_json("[{'paragraph': 4, 'reason': 'Signature.'}, "
                                 "{'paragraph': 2, 'reason': 'Of another meeting.'}]"));
    JSON *good = fixture_problems(addition);
    assert_null(good);
    JSON *copy = json_deep_copy(addition);
    JSON *record = merge(base, addition);
    JSON *problems = fixture_problems(record);
    JSON *omitted = fixture_json("[{'paragraph': 4, 'reason': 'Signature.'}]");
    assert_null(problems);
    assert_true(json_equal(fixture_at(record, "/sources/0/omitted_paragraphs"), omitted));
    assert_true(json_equal(addition, copy));
    /* Nobody else cites it once the base's summit is the addition's. */
    JSON *again = merge(addition, addition);
    assert_true(json_equal(fixture_at(again, "/sources/0"), fixture_at(addition, "/sources/0")));
}

/* A summit that is imported again stays where it stands in an area's list. */
static void test_entries_keep_their_place(void **state)
{
    JSON *first = pond_2021();
    JSON *second = pond_2022();
    JSON *both = merge(first, second);
    JSON *again = pond_2021();
    (void)state;
    fixture_set_new(again, "/areas/0/summits/0/category", json_string("traditional"));
    JSON *record = merge(both, again);
    JSON *parts = fixture_json("[{'summit_id': 'pond-2021', 'category': 'traditional'}, "
                               "{'summit_id': 'pond-2022', 'category': 'other'}]");
    assert_true(json_equal(fixture_at(record, "/areas/0/summits"), parts));
}

/* A row that the addition does not state keeps all it cites, also from a source it states. */
static void test_rows_of_the_base_alone_keep_their_citations(void **state)
{
    JSON *base = pond_2021();
    JSON *addition = pond_2022();
    (void)state;
    fixture_set_new(addition, "/areas/0/id", json_string("moss"));
    fixture_set_new(addition, "/initiatives/0/id", json_string("red-ponds"));
    static const char *const areas[] = {
        "/proposals/0/area_ids/0",
        "/measures/0/area_ids/0",
        "/statements/0/area_ids/0",
        "/mechanisms/0/area_ids/0",
    };
    for (size_t i = 0; i < COUNT(areas); i++) {
        fixture_set_new(addition, areas[i], json_string("moss"));
    }
    fixture_set_new(addition, "/measures/0/initiative_ids/0", json_string("red-ponds"));
    fixture_set_new(addition, "/statements/0/initiative_ids/0", json_string("red-ponds"));
    JSON *good = fixture_problems(addition);
    assert_null(good);
    JSON *record = merge(base, addition);
    JSON *problems = fixture_problems(record);
    assert_null(problems);
    check_ids(record, "areas", "reeds moss");
    assert_true(json_equal(fixture_at(record, "/areas/0"), fixture_at(base, "/areas/0")));
    assert_true(
        json_equal(fixture_at(record, "/initiatives/0"), fixture_at(base, "/initiatives/0")));
}

/* A summit that no longer names them takes areas, initiatives and sources with it, sources that
 * only those cited as well. */
static void test_what_nothing_refers_to_goes(void **state)
{
    JSON *base = pond_2021();
    JSON *addition = fixture_record("lakeside-2020");
    JSON *both = merge(base, addition);
    JSON *again = pond_2021();
    (void)state;
    rename_all(again);
    /* pond-2021, now without any area or initiative, and out of another source. */
    TEXT *text = json_dumps(base, JSON_COMPACT);
    for (char *at = strstr(text, "pond-report"); at != NULL; at = strstr(at, "pond-report")) {
        at[5] = 'd';
    }
    JSON *smaller = json_loads(text, 0, NULL);
    static const char *const lists[] = {
        "/proposals/0/area_ids",
        "/measures/0/area_ids",
        "/measures/0/initiative_ids",
        "/statements/0/area_ids",
        "/mechanisms/0/area_ids",
        "/statements/0/initiative_ids",
        "/areas",
        "/initiatives",
    };
    for (size_t i = 0; i < COUNT(lists); i++) {
        json_array_clear(fixture_at(smaller, lists[i]));
    }
    JSON *good = fixture_problems(smaller);
    assert_null(good);
    JSON *record = merge(both, smaller);
    JSON *problems = fixture_problems(record);
    assert_null(problems);
    check_ids(record, "areas", "lake-fishing trade ice-skating");
    check_ids(record, "initiatives", "quiet-lakes clean-lakes");
    check_ids(record, "sources", "lakeside-notes pond-deport");
}

/* The order in which records come decides about wording, not about what is there. */
static void test_revision_of_any_way_round(void **state)
{
    char first[17];
    char second[17];
    JSON *pond = pond_2021();
    JSON *xian = fixture_xian();
    JSON *one = merge(pond, xian);
    JSON *same = merge(one, pond);
    (void)state;
    assert_int_equal(record_revision(one, first), SUMMIT_OK);
    assert_int_equal(record_revision(one, second), SUMMIT_OK);
    assert_string_equal(first, second);
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        assert_int_equal(json_array_size(json_object_get(one, resources[i]->name)),
                         json_array_size(json_object_get(same, resources[i]->name)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_summits_of_both),
        cmocka_unit_test(test_a_record_onto_itself_changes_nothing),
        cmocka_unit_test(test_the_arguments_stay_as_they_are),
        cmocka_unit_test(test_a_replaced_summit_leaves_nothing_behind),
        cmocka_unit_test(test_shared_rows_are_joined),
        cmocka_unit_test(test_citations_of_other_sources_stay),
        cmocka_unit_test(test_omissions_of_what_the_base_cites_go),
        cmocka_unit_test(test_entries_keep_their_place),
        cmocka_unit_test(test_rows_of_the_base_alone_keep_their_citations),
        cmocka_unit_test(test_what_nothing_refers_to_goes),
        cmocka_unit_test(test_revision_of_any_way_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
