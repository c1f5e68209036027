/* Memory that runs out while a collection is filtered, sorted, searched, counted, followed page by
 * page, written out as a stream, or asked for wrongly: the outcome is "out of memory" or what it is
 * with memory, and the same store gives the right answer next. */
#include "../support/check.h"
#include "../support/folder.h"
#include "alloc.h"
#include "memory.h"
#include "summit.h"
#include "variants.h"

#include <stdlib.h>
#include <string.h>

#define LAKESIDE TESTS_DIR "/fixtures/records/lakeside-2020.json"
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* A few; so many that a stream has several pieces; so many that publishing counts the facets of
 * their terms. */
enum { MEASURES = 6, STREAM_MEASURES = 201, PAIR_MEASURES = 1000 };

/* One question; what is answered is a document, or the text of a stream. */
struct asking {
    char *folder;
    char *path;
    struct summit_store *store;
    const char *resource; /* NULL is the search over all */
    const char *id;
    const char *within;
    const char *const *parameters; /* name, value, ..., NULL */
    json_t *document;              /* or the problems */
    char *text;
    char *next;
    json_t *expected;
    char *expected_text;
    char *expected_next;
    enum summit_status expected_status;
};

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

/* Sets all parameters, also after one that is wrong. */
static enum summit_status set_all(const struct asking *asking, struct summit_query *query,
                                  json_t *problems)
{
    enum summit_status result = SUMMIT_OK;
    if (asking->within != NULL) {
        result = summit_query_within(query, asking->within);
    }
    const char *const *p = asking->parameters;
    for (; result != SUMMIT_NOMEM && p != NULL && *p != NULL; p += 2) {
        enum summit_status status = summit_query_set(query, p[0], p[1], problems);
        result = status == SUMMIT_OK ? result : status;
    }
    if (result == SUMMIT_NOMEM) {
        return result;
    }
    enum summit_status status = summit_query_settle(query, SUMMIT_FORMAT_NONE, problems);
    return status == SUMMIT_OK ? result : status;
}

static enum summit_status make_query(struct asking *asking, struct summit_query **ret_query)
{
    struct summit_query *query = NULL;
    json_auto_t *problems = json_array();
    if (problems == NULL) {
        return SUMMIT_NOMEM;
    }
    enum summit_status status = asking->resource == NULL
                                    ? summit_query_new_search(&query)
                                    : summit_query_new(asking->resource, asking->id, &query);
    if (status == SUMMIT_OK) {
        status = set_all(asking, query, problems);
    }
    if (status == SUMMIT_OK) {
        *ret_query = query;
        return status;
    }
    if (status == SUMMIT_INVALID) {
        asking->document = json_incref(problems);
    }
    summit_query_free(query);
    return status;
}

static enum summit_status append(char **text, size_t *size, const char *piece, size_t length)
{
    char *larger = realloc(*text, *size + length + 1);
    if (larger == NULL) {
        return SUMMIT_NOMEM;
    }
    memcpy(larger + *size, piece, length + 1);
    *text = larger;
    *size += length;
    return SUMMIT_OK;
}

/* Joins the pieces of a stream; each that there was no memory for is asked for once again. */
static enum summit_status read_pieces(struct asking *asking, struct summit_stream *stream,
                                      char **text)
{
    size_t size = 0;
    size_t length = 1;
    enum summit_status status = SUMMIT_OK;
    while (status == SUMMIT_OK && length > 0) {
        char *piece = NULL;
        status = summit_stream_next(stream, asking->store, &piece, &length);
        if (status == SUMMIT_NOMEM) {
            assert_null(piece);
            status = summit_stream_next(stream, asking->store, &piece, &length);
        }
        if (status == SUMMIT_OK && length > 0) {
            status = append(text, &size, piece, length);
        }
        free(piece);
    }
    return status;
}

static enum summit_status ask_stream(struct asking *asking, struct summit_query *query)
{
    struct summit_stream *stream = NULL;
    char *text = NULL;
    enum summit_status status = summit_stream_new(asking->store, query, &stream, &asking->document);
    if (status != SUMMIT_OK) {
        summit_query_free(query);
        return status;
    }
    status = read_pieces(asking, stream, &text);
    if (status == SUMMIT_OK) {
        status = summit_stream_cursor(stream, asking->store, &asking->next);
    }
    if (status == SUMMIT_OK) {
        asking->text = text;
    } else {
        free(text);
    }
    summit_stream_free(stream);
    return status;
}

static enum summit_status ask(void *context)
{
    struct asking *asking = context;
    struct summit_query *query = NULL;
    asking->document = NULL;
    asking->text = NULL;
    asking->next = NULL;
    enum summit_status status = make_query(asking, &query);
    if (status != SUMMIT_OK) {
        return status;
    }
    enum summit_format format = summit_query_format(query);
    if (format == SUMMIT_CSV || format == SUMMIT_NDJSON) {
        return ask_stream(asking, query);
    }
    json_t *problems = NULL;
    status =
        asking->id != NULL
            ? summit_store_get(asking->store, query, &asking->document, &problems)
            : summit_store_list(asking->store, query, &asking->document, &asking->next, &problems);
    assert_true(problems == NULL || asking->document == NULL);
    asking->document = problems == NULL ? asking->document : problems;
    summit_query_free(query);
    return status;
}

static void check_text(const char *text, const char *expected)
{
    assert_true((text == NULL) == (expected == NULL));
    if (text != NULL) {
        assert_string_equal(text, expected);
    }
}

/* Nothing is given out without memory; and what did not work before works now. */
static void check_asked(void *context, enum summit_status status)
{
    struct asking *asking = context;
    for (int i = 0; i < 2; i++) {
        if (status == SUMMIT_NOMEM) {
            assert_null(asking->document);
            assert_null(asking->text);
            assert_null(asking->next);
        } else {
            assert_int_equal(status, asking->expected_status);
            check_text(asking->text, asking->expected_text);
            check_text(asking->next, asking->expected_next);
            if (asking->expected != NULL && !json_equal(asking->document, asking->expected)) {
                char *is = json_dumps(json_object_get(asking->document, "meta"), 0);
                fail_msg("the answer has the meta %s", is);
            }
        }
        json_decref(asking->document);
        free(asking->text);
        free(asking->next);
        status = i == 0 ? ask(asking) : status;
    }
    assert_int_not_equal(status, SUMMIT_NOMEM);
    summit_store_close(asking->store);
}

static void open_store(void *context)
{
    struct asking *asking = context;
    assert_int_equal(summit_store_open(asking->path, 0, &asking->store, NULL), SUMMIT_OK);
}

static void forget(struct asking *asking)
{
    json_decref(asking->expected);
    free(asking->expected_text);
    free(asking->expected_next);
}

/* Fails the allocations of a question that has the status and as many rows, or problems, as told.
 *   rows  of a stream's text: its lines. */
static void fail_asking(struct asking *asking, const char *name, enum summit_status expected,
                        size_t rows)
{
    open_store(asking);
    assert_int_equal(ask(asking), expected);
    asking->expected = asking->document;
    asking->expected_text = asking->text;
    asking->expected_next = asking->next;
    asking->expected_status = expected;
    summit_store_close(asking->store);
    size_t count = 0;
    for (const char *c = asking->text; c != NULL && *c != '\0'; c++) {
        count += *c == '\n' ? 1 : 0;
    }
    const json_t *data = json_object_get(asking->expected, "data");
    count += json_is_object(data) ? 1 : json_array_size(data) + json_array_size(asking->expected);
    if (count != rows) {
        fail_msg("%s: %zu rows, not %zu", name, count, rows);
    }
    struct operation operation = {
        .name = name,
        .prepare = open_store,
        .run = ask,
        .check = check_asked,
        .expected = expected,
        .each_way = true,
    };
    operation_fail_all(&operation, asking);
}

static void fail_listing(void **state, const char *name, const char *resource,
                         const char *const *parameters, size_t rows)
{
    struct asking asking = *(const struct asking *)*state;
    asking.resource = resource;
    asking.parameters = parameters;
    fail_asking(&asking, name, SUMMIT_OK, rows);
    forget(&asking);
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
    open_store(&asking);
    assert_int_equal(ask(&asking), SUMMIT_OK);
    summit_store_close(asking.store);
    json_decref(asking.document);
    char *cursor = asking.next;
    assert_non_null(cursor);
    const char *second[16] = {"cursor", cursor};
    for (size_t i = 0; first[i] != NULL; i++) {
        second[i + 2] = first[i];
    }
    asking.parameters = second;
    fail_asking(&asking, name, SUMMIT_OK, 2);
    forget(&asking);
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
    fail_asking(&asking, "coverage", SUMMIT_OK, 1);
    forget(&asking);
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
    fail_asking(&asking, "all parameters", SUMMIT_OK, 1);
    forget(&asking);
    asking.parameters =
        WORDS("q", " ", "sort", "nunber,-id,id", "limit", "-1", "cursor", "", "include",
              "area,areas.b,a.b.c", "fields", "idd", "facet", "aera", "format", "csw", "pretty",
              "yes", "aera", "x", "modality", "wil,", "area", "", "limit", "2");
    fail_asking(&asking, "all parameters wrong", SUMMIT_INVALID, 17);
    forget(&asking);
    asking.parameters = WORDS("facet", "area", "include", "areas", "pretty", "", "format", "csv");
    fail_asking(&asking, "parameters of another format", SUMMIT_INVALID, 3);
    forget(&asking);
    asking.parameters = WORDS("area", "reed,trade,nowhere", "cursor", "abc");
    fail_asking(&asking, "values that are not there", SUMMIT_INVALID, 3);
    forget(&asking);
    asking.within = "nowhere-1999";
    asking.parameters = NULL;
    fail_asking(&asking, "a summit that is not there", SUMMIT_NOT_FOUND, 0);
    forget(&asking);
    asking.resource = NULL;
    asking.within = NULL;
    fail_asking(&asking, "a search for nothing", SUMMIT_INVALID, 1);
    forget(&asking);
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
