/* Memory that runs out while a collection is filtered, sorted, searched, counted, followed page by
 * page, written out as a stream, or asked for wrongly: the outcome is "out of memory" or what it is
 * with memory, and the same store gives the right answer next. */
#include "../support/check.h"
#include "../support/folder.h"
#include "alloc.h"
#include "asking.h"
#include "variants.h"

#include <stdlib.h>
#include <string.h>

#define LAKESIDE TESTS_DIR "/fixtures/records/lakeside-2020.json"
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* A few; so many that a stream has several pieces; so many that publishing counts the facets of
 * their terms. */
enum { MEASURES = 6, STREAM_MEASURES = 201, PAIR_MEASURES = 1000 };

static json_t *load(const char *path)
{
    json_t *record = NULL;
    json_t *problems = NULL;
    assert_int_equal(summit_record_load(path, &record, &problems, NULL), SUMMIT_OK);
    return record;
}

static int make_database_of(void **state, size_t measures)
{
    static struct asking asking;
    asking = (struct asking){.folder = folder_new()};
    asking.path = folder_join(asking.folder, "summit.db");
    char *variant = variant_write(asking.folder, 0, measures);
    json_t *records[] = {load(LAKESIDE), load(variant)};
    json_t *problems = NULL;
    assert_int_equal(summit_publish(asking.path, records, 2, 0, NULL, &problems, NULL), SUMMIT_OK);
    json_decref(records[0]);
    json_decref(records[1]);
    free(variant);
    *state = &asking;
    return 0;
}

static int make_database(void **state)
{
    return make_database_of(state, MEASURES);
}

static int make_stream_database(void **state)
{
    return make_database_of(state, STREAM_MEASURES);
}

static int make_pair_database(void **state)
{
    return make_database_of(state, PAIR_MEASURES);
}

static int remove_database(void **state)
{
    struct asking *asking = *state;
    free(asking->path);
    folder_remove(asking->folder);
    return 0;
}

static void fail_listing(void **state, const char *name, const char *resource,
                         const char *const *parameters, size_t rows)
{
    struct asking asking = *(const struct asking *)*state;
    asking.resource = resource;
    asking.parameters = parameters;
    asking_fail(&asking, name, SUMMIT_OK, rows);
    asking_forget(&asking);
}

static void filtering(void **state)
{
    fail_listing(state, "filters of one value", "measures",
                 WORDS("area", "reeds", "modality", "will", "limit", "2"), 2);
    fail_listing(state, "filters of several values", "measures",
                 WORDS("summit", "lakeside-2020,pond-2021", "area", "reeds,trade,lake-fishing",
                       "modality", "will,proposes", "limit", "3"),
                 3);
    fail_listing(state, "a filter of each summit", "areas",
                 WORDS("summit", "lakeside-2020,pond-2021", "category", "other,traditional"), 3);
}

/* Asks for the second page of a list, with what the first gave as its cursor. */
static void fail_continuing(void **state, const char *name, const char *const *first)
{
    struct asking asking = *(const struct asking *)*state;
    asking.resource = "measures";
    asking.parameters = first;
    asking_open(&asking);
    assert_int_equal(asking_ask(&asking), SUMMIT_OK);
    summit_store_close(asking.store);
    json_decref(asking.document);
    char *cursor = asking.next;
    assert_non_null(cursor);
    const char *second[16] = {"cursor", cursor};
    for (size_t i = 0; first[i] != NULL; i++) {
        second[i + 2] = first[i];
    }
    asking.parameters = second;
    asking_fail(&asking, name, SUMMIT_OK, 2);
    asking_forget(&asking);
    free(cursor);
}

static void sorting(void **state)
{
    fail_continuing(state, "a sort, continued", WORDS("sort", "modality,-number", "limit", "2"));
    fail_continuing(state, "a sort of filtered rows, continued",
                    WORDS("area", "reeds,trade", "sort", "-number", "limit", "2"));
    fail_continuing(state, "a search by relevance, continued",
                    WORDS("q", "reeds cu", "limit", "2"));
}

static void searching(void **state)
{
    fail_listing(state, "q", "measures", WORDS("q", "\"will be\" ree", "limit", "2"), 2);
    fail_listing(state, "q with sort", "measures",
                 WORDS("q", "reeds", "sort", "-id", "area", "reeds", "limit", "2"), 2);
    fail_listing(state, "q of no word", "measures", WORDS("q", "?!"), 0);
    fail_listing(state, "search", NULL, WORDS("q", "reed", "limit", "3"), 3);
    fail_listing(state, "search of types", NULL,
                 WORDS("q", "p", "type", "proposals,summits,sources"), 3);
}

static void counting(void **state)
{
    fail_listing(state, "facets of all rows", "measures",
                 WORDS("facet", "area,modality,summit", "limit", "1"), 1);
    fail_listing(
        state, "facets of listed rows", "measures",
        WORDS("facet", "modality,area", "modality", "will", "area", "reeds,trade", "limit", "1"),
        1);
    fail_listing(state, "facets of a search", "measures",
                 WORDS("facet", "modality,area", "q", "reeds", "limit", "1"), 1);
    fail_listing(state, "category by summits", "areas",
                 WORDS("facet", "category", "summit", "lakeside-2020,pond-2021"), 4);
    fail_listing(state, "facets of nothing", "measures",
                 WORDS("facet", "area", "area", "ice-skating"), 0);
}

static void counting_pairs(void **state)
{
    fail_listing(state, "facets of one term", "measures",
                 WORDS("facet", "modality,source,proposal", "area", "reeds", "limit", "1"), 1);
}

static void including(void **state)
{
    struct asking asking = *(const struct asking *)*state;
    fail_listing(state, "include of two levels", "proposals",
                 WORDS("include", "areas.measures,mechanisms.areas,sources,participants", "summit",
                       "lakeside-2020"),
                 2);
    asking.resource = "sources";
    asking.id = "lakeside-notes";
    asking.parameters = WORDS("include", "coverage,proposals.measures", "fields", "id,cited_count");
    asking_fail(&asking, "coverage", SUMMIT_OK, 1);
    asking_forget(&asking);
}

static void streaming(void **state)
{
    fail_listing(state, "NDJSON", "measures",
                 WORDS("format", "ndjson", "fields", "id,text,amounts"), STREAM_MEASURES + 3);
    fail_listing(
        state, "CSV", "measures",
        WORDS("format", "csv", "fields", "id,text,amounts", "sort", "-number", "area", "reeds"),
        STREAM_MEASURES + 1);
    fail_listing(state, "CSV of nothing", "measures", WORDS("format", "csv", "area", "ice-skating"),
                 1);
}

static void setting_parameters(void **state)
{
    struct asking asking = *(const struct asking *)*state;
    asking.resource = "measures";
    asking.within = "pond-2021";
    asking.parameters = WORDS(
        "q", "reeds", "sort", "-number,id", "limit", "1", "include", "areas,proposals.participants",
        "fields", "id,number", "facet", "modality", "format", "json", "pretty", "true", "proposal",
        "pond-2021-reeds", "area", "reeds", "initiative", "green-ponds", "mechanism",
        "pond-2021-council", "modality", "will,proposes", "source", "pond-report");
    asking_fail(&asking, "all parameters", SUMMIT_OK, 1);
    asking_forget(&asking);
    asking.parameters =
        WORDS("q", " ", "sort", "nunber,-id,id", "limit", "-1", "cursor", "", "include",
              "area,areas.b,a.b.c", "fields", "idd", "facet", "aera", "format", "csw", "pretty",
              "yes", "aera", "x", "modality", "wil,", "area", "", "limit", "2");
    asking_fail(&asking, "all parameters wrong", SUMMIT_INVALID, 17);
    asking_forget(&asking);
    asking.parameters = WORDS("facet", "area", "include", "areas", "pretty", "", "format", "csv");
    asking_fail(&asking, "parameters of another format", SUMMIT_INVALID, 3);
    asking_forget(&asking);
    asking.parameters = WORDS("area", "reed,trade,nowhere", "cursor", "abc");
    asking_fail(&asking, "values that are not there", SUMMIT_INVALID, 3);
    asking_forget(&asking);
    asking.within = "nowhere-1999";
    asking.parameters = NULL;
    asking_fail(&asking, "a summit that is not there", SUMMIT_NOT_FOUND, 0);
    asking_forget(&asking);
    asking.resource = NULL;
    asking.within = NULL;
    asking_fail(&asking, "a search for nothing", SUMMIT_INVALID, 1);
    asking_forget(&asking);
}

/* Runs the test that the argument names, or all. */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(filtering, make_database, remove_database),
        cmocka_unit_test_setup_teardown(sorting, make_database, remove_database),
        cmocka_unit_test_setup_teardown(searching, make_database, remove_database),
        cmocka_unit_test_setup_teardown(counting, make_database, remove_database),
        cmocka_unit_test_setup_teardown(counting_pairs, make_pair_database, remove_database),
        cmocka_unit_test_setup_teardown(including, make_database, remove_database),
        cmocka_unit_test_setup_teardown(streaming, make_stream_database, remove_database),
        cmocka_unit_test_setup_teardown(setting_parameters, make_database, remove_database),
    };
    alloc_install();
    cmocka_set_test_filter(argc > 1 ? argv[1] : NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
