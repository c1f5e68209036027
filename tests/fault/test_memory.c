/* Memory that runs out in the library: while a record is parsed and checked, and while a database
 * is opened, queried and exported. */
#include "../support/check.h"
#include "../support/folder.h"
#include "alloc.h"
#include "memory.h"
#include "summit.h"

#include <stdlib.h>
#include <string.h>

#define LAKESIDE TESTS_DIR "/fixtures/records/lakeside-2020.json"
#define POND TESTS_DIR "/fixtures/records/pond-2021.json"
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* What an output holds that nothing has been written to. */
static json_t *const untouched = (json_t *)(uintptr_t)1;

static json_t *load(const char *path)
{
    json_t *record = NULL;
    json_t *problems = NULL;
    assert_int_equal(summit_record_load(path, &record, &problems, NULL), SUMMIT_OK);
    return record;
}

/* An output is `expected` when it was written, as it must be just when `written`. Frees it. */
static void check_output(json_t *output, bool written, const json_t *expected)
{
    if (!written) {
        assert_ptr_equal(output, untouched);
        return;
    }
    if (!json_equal(output, expected)) {
        char *is = json_dumps(output, 0);
        fail_msg("the output is %s", is);
    }
    json_decref(output);
}

struct parsing {
    char *text; /* NULL is the built-in record */
    size_t length;
    json_t *record; /* of the last run */
    json_t *problems;
    json_t *expected_record;
    json_t *expected_problems;
};

static enum summit_status parse(void *context)
{
    struct parsing *parsing = context;
    parsing->record = untouched;
    parsing->problems = untouched;
    if (parsing->text == NULL) {
        return summit_record_builtin(&parsing->record);
    }
    return summit_record_parse(parsing->text, parsing->length, &parsing->record,
                               &parsing->problems);
}

static void check_parsed(void *context, enum summit_status status)
{
    struct parsing *parsing = context;
    check_output(parsing->record, status == SUMMIT_OK, parsing->expected_record);
    check_output(parsing->problems, status == SUMMIT_INVALID, parsing->expected_problems);
}

static void fail_parsing(const char *name, const char *path, enum summit_status expected)
{
    struct parsing parsing = {.text = NULL};
    if (path != NULL) {
        parsing.text = file_read(path, &parsing.length);
    }
    assert_int_equal(parse(&parsing), expected);
    parsing.expected_record = parsing.record;
    parsing.expected_problems = parsing.problems;
    struct operation operation = {
        .name = name,
        .run = parse,
        .check = check_parsed,
        .expected = expected,
        .each_way = path == NULL,
    };
    operation_fail_all(&operation, &parsing);
    json_decref(expected == SUMMIT_OK ? parsing.expected_record : parsing.expected_problems);
    free(parsing.text);
}

static void parsing_a_record(void **state)
{
    (void)state;
    fail_parsing("parse", POND, SUMMIT_OK);
}

static void parsing_what_is_wrong(void **state)
{
    (void)state;
    fail_parsing("parse with problems", TESTS_DIR "/fixtures/records/bad-many.json",
                 SUMMIT_INVALID);
    fail_parsing("parse with a repeated key", TESTS_DIR "/fixtures/records/bad-duplicate-key.json",
                 SUMMIT_INVALID);
    fail_parsing("parse half a record", TESTS_DIR "/fixtures/records/bad-cut-short.json",
                 SUMMIT_INVALID);
    fail_parsing("parse what nests too deep", TESTS_DIR "/fixtures/records/bad-nesting.json",
                 SUMMIT_INVALID);
}

static void parsing_the_builtin_record(void **state)
{
    (void)state;
    fail_parsing("parse the built-in record", NULL, SUMMIT_OK);
}

/* A database of two summits, and what is asked of it. */
struct reading {
    char *folder;
    char *path;
    struct summit_store *store;
    struct summit_query *query;
    const char *resource;
    const char *id;
    const char *const *parameters; /* name, value, ..., NULL */
    json_t *document;
    json_t *problems;
    char *next;
    json_t *expected;
    char *expected_next;
};

static int make_database(void **state)
{
    static struct reading reading;
    reading = (struct reading){.folder = folder_new()};
    reading.path = folder_join(reading.folder, "summit.db");
    json_t *records[] = {load(LAKESIDE), load(POND)};
    json_t *problems = NULL;
    assert_int_equal(summit_publish(reading.path, records, 2, 0, NULL, &problems, NULL), SUMMIT_OK);
    json_decref(records[0]);
    json_decref(records[1]);
    *state = &reading;
    return 0;
}

static int remove_database(void **state)
{
    struct reading *reading = *state;
    free(reading->path);
    folder_remove(reading->folder);
    return 0;
}

static enum summit_status open_store(void *context)
{
    struct reading *reading = context;
    struct summit_error error = {{0}};
    enum summit_status status =
        summit_store_open(reading->path, SUMMIT_STORE_VERIFY, &reading->store, &error);
    assert_true(status == SUMMIT_OK || error.message[0] != '\0');
    return status;
}

static void check_opened(void *context, enum summit_status status)
{
    struct reading *reading = context;
    assert_true((reading->store != NULL) == (status == SUMMIT_OK));
    summit_store_close(reading->store);
    reading->store = NULL;
}

static void opening_a_database(void **state)
{
    struct operation operation = {
        .name = "open",
        .run = open_store,
        .check = check_opened,
    };
    operation_fail_all(&operation, *state);
}

static void open_before(void *context)
{
    struct reading *reading = context;
    assert_int_equal(summit_store_open(reading->path, 0, &reading->store, NULL), SUMMIT_OK);
}

static enum summit_status make_query(struct reading *reading, struct summit_query **ret_query)
{
    json_t *problems = NULL;
    enum summit_status status = summit_query_new(reading->resource, reading->id, ret_query);
    for (const char *const *p = reading->parameters; status == SUMMIT_OK && *p != NULL; p += 2) {
        problems = problems == NULL ? json_array() : problems;
        status =
            problems == NULL ? SUMMIT_NOMEM : summit_query_set(*ret_query, p[0], p[1], problems);
    }
    if (status == SUMMIT_INVALID) {
        reading->problems = problems;
    } else {
        json_decref(problems);
    }
    return status;
}

static enum summit_status ask(void *context)
{
    struct reading *reading = context;
    struct summit_query *query = NULL;
    reading->document = untouched;
    reading->problems = untouched;
    reading->next = NULL;
    if (reading->resource == NULL) {
        return summit_store_export(reading->store, &reading->document);
    }
    enum summit_status status = make_query(reading, &query);
    if (status == SUMMIT_OK && reading->id != NULL) {
        status = summit_store_get(reading->store, query, &reading->document, &reading->problems);
    } else if (status == SUMMIT_OK) {
        status = summit_store_list(reading->store, query, &reading->document, &reading->next,
                                   &reading->problems);
    }
    summit_query_free(query);
    return status;
}

/* What did not work before works now: the store is none the worse for it. */
static void check_asked(void *context, enum summit_status status)
{
    struct reading *reading = context;
    for (int i = 0; i < 2; i++) {
        bool wrong = status == SUMMIT_INVALID;
        check_output(reading->document, status == SUMMIT_OK, reading->expected);
        check_output(reading->problems, wrong, reading->expected);
        if (status == SUMMIT_OK && reading->expected_next != NULL) {
            assert_string_equal(reading->next, reading->expected_next);
        } else {
            assert_null(reading->next);
        }
        free(reading->next);
        status = i == 0 ? ask(reading) : status;
    }
    assert_int_not_equal(status, SUMMIT_NOMEM);
    summit_store_close(reading->store);
}

static void fail_asking(struct reading *reading, const char *name, enum summit_status expected)
{
    open_before(reading);
    assert_int_equal(ask(reading), expected);
    reading->expected = expected == SUMMIT_OK ? reading->document : reading->problems;
    reading->expected_next = reading->next;
    summit_store_close(reading->store);
    struct operation operation = {
        .name = name,
        .prepare = open_before,
        .run = ask,
        .check = check_asked,
        .expected = expected,
    };
    operation_fail_all(&operation, reading);
    json_decref(reading->expected);
    free(reading->expected_next);
}

static void listing_rows(void **state)
{
    struct reading reading = *(const struct reading *)*state;
    reading.resource = "measures";
    reading.parameters =
        WORDS("limit", "2", "include", "summits,areas,sources", "modality", "will");
    fail_asking(&reading, "list", SUMMIT_OK);
    reading.resource = "summits";
    reading.parameters = WORDS("include", "participants,statements,mechanisms", "country", "NO");
    fail_asking(&reading, "list summits", SUMMIT_OK);
}

static void listing_what_is_not_there(void **state)
{
    struct reading reading = *(const struct reading *)*state;
    reading.resource = "measures";
    reading.parameters = WORDS("area", "trad,fishing");
    fail_asking(&reading, "list with an unknown value", SUMMIT_INVALID);
    reading.parameters = WORDS("aera", "trade");
    fail_asking(&reading, "list with an unknown parameter", SUMMIT_INVALID);
}

static void getting_a_row(void **state)
{
    struct reading reading = *(const struct reading *)*state;
    reading.resource = "summits";
    reading.id = "pond-2021";
    reading.parameters = WORDS("include", "proposals");
    fail_asking(&reading, "get", SUMMIT_OK);
}

static void exporting_the_record(void **state)
{
    struct reading reading = *(const struct reading *)*state;
    fail_asking(&reading, "export", SUMMIT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parsing_a_record),
        cmocka_unit_test(parsing_what_is_wrong),
        cmocka_unit_test(parsing_the_builtin_record),
        cmocka_unit_test_setup_teardown(opening_a_database, make_database, remove_database),
        cmocka_unit_test_setup_teardown(listing_rows, make_database, remove_database),
        cmocka_unit_test_setup_teardown(listing_what_is_not_there, make_database, remove_database),
        cmocka_unit_test_setup_teardown(getting_a_row, make_database, remove_database),
        cmocka_unit_test_setup_teardown(exporting_the_record, make_database, remove_database),
    };
    alloc_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
