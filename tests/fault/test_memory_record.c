/* Memory that runs out while records are merged, or the record of a summit, a graph, a source's
 * coverage or references are made: nothing leaks, nothing is given out half, and the same can be
 * asked for again. */
#include "../support/check.h"
#include "../support/folder.h"
#include "alloc.h"
#include "coverage.h"
#include "memory.h"
#include "merge.h"
#include "summit.h"

#include <stdlib.h>
#include <string.h>

#define LAKESIDE TESTS_DIR "/fixtures/records/lakeside-2020.json"
#define POND TESTS_DIR "/fixtures/records/pond-2021.json"

struct making {
    char *folder;
    char *path;
    struct summit_store *store;
    enum summit_status (*make)(struct making *making);
    json_t *document;
    char *text;
    json_t *expected;
    char *expected_text;
};

static json_t *load(const char *path)
{
    json_t *record = NULL;
    json_t *problems = NULL;
    assert_int_equal(summit_record_load(path, &record, &problems, NULL), SUMMIT_OK);
    return record;
}

/* Lets an area cite a source that no summit does. */
static void add_glossary(json_t *record)
{
    json_t *area = json_array_get(json_object_get(record, "areas"), 0);
    json_t *source = json_deep_copy(json_array_get(json_object_get(record, "sources"), 0));
    json_object_set_new(source, "id", json_string("glossary"));
    json_object_set_new(source, "paragraph_count", json_integer(1));
    json_array_clear(json_object_get(source, "omitted_paragraphs"));
    json_array_append_new(json_object_get(record, "sources"), source);
    json_array_append_new(json_object_get(area, "citations"),
                          json_pack("{s:s, s:i}", "source_id", "glossary", "paragraph", 1));
}

static int make_database(void **state)
{
    static struct making making;
    making = (struct making){.folder = folder_new()};
    making.path = folder_join(making.folder, "summit.db");
    json_t *records[] = {load(LAKESIDE), load(POND)};
    json_t *problems = NULL;
    add_glossary(records[1]);
    assert_int_equal(summit_publish(making.path, records, 2, 0, NULL, &problems, NULL), SUMMIT_OK);
    json_decref(records[0]);
    json_decref(records[1]);
    *state = &making;
    return 0;
}

static int remove_database(void **state)
{
    struct making *making = *state;
    free(making->path);
    folder_remove(making->folder);
    return 0;
}

/* The next piece; when it fails it is asked for once again. */
static enum summit_status next_piece(struct summit_excerpt *excerpt, struct summit_store *store,
                                     char **ret_piece, size_t *ret_length)
{
    enum summit_status status = summit_excerpt_next(excerpt, store, ret_piece, ret_length);
    return status == SUMMIT_OK ? status
                               : summit_excerpt_next(excerpt, store, ret_piece, ret_length);
}

static enum summit_status make_excerpt(struct making *making)
{
    struct summit_excerpt *excerpt = NULL;
    char *text = NULL;
    size_t length = 1;
    size_t size = 0;
    enum summit_status status = summit_excerpt_new(making->store, "pond-2021", &excerpt);
    while (status == SUMMIT_OK && length > 0) {
        char *piece = NULL;
        status = next_piece(excerpt, making->store, &piece, &length);
        char *larger = status == SUMMIT_OK ? realloc(text, size + length + 1) : NULL;
        if (larger != NULL) {
            memcpy(larger + size, piece, length + 1);
            text = larger;
            size += length;
        } else if (status == SUMMIT_OK) {
            status = SUMMIT_NOMEM;
        }
        free(piece);
    }
    summit_excerpt_free(excerpt);
    if (status == SUMMIT_OK) {
        making->text = text;
    } else {
        free(text);
    }
    return status;
}

static enum summit_status make_graph(struct making *making)
{
    struct summit_query *query = NULL;
    json_auto_t *problems = json_array();
    json_auto_t *found = NULL;
    enum summit_status status = problems == NULL ? SUMMIT_NOMEM : summit_query_new_graph(&query);
    if (status == SUMMIT_OK) {
        status = summit_query_set(query, "summit", "lakeside-2020", problems);
    }
    if (status == SUMMIT_OK) {
        status = summit_store_graph(making->store, query, 100, &making->document, &found);
    }
    summit_query_free(query);
    return status;
}

static enum summit_status make_coverage(struct making *making)
{
    bool more = false;
    return coverage_list(making->store, "pond-report", 100, &making->document, &more);
}

static enum summit_status make_items(struct making *making)
{
    return summit_store_cite(making->store, "measures", "lakeside-2020-boats-build",
                             &making->document);
}

static enum summit_status make_form(struct making *making, char *(*form)(const json_t *items))
{
    json_t *items = NULL;
    enum summit_status status = summit_store_cite(making->store, "areas", "reeds", &items);
    if (status == SUMMIT_OK) {
        making->text = form(items);
        status = making->text == NULL ? SUMMIT_NOMEM : SUMMIT_OK;
    }
    json_decref(items);
    return status;
}

static enum summit_status make_bibtex(struct making *making)
{
    return make_form(making, summit_cite_bibtex);
}

static enum summit_status make_text(struct making *making)
{
    return make_form(making, summit_cite_text);
}

/* Two records of one source, of which the second omits what the first cites. */
static json_t *base;
static json_t *addition;

static enum summit_status make_merged(struct making *making)
{
    return merge_records(base, addition, &making->document);
}

static void load_both(void)
{
    base = load(POND);
    char *text = json_dumps(base, 0);
    for (char *at = strstr(text, "pond-2021"); at != NULL; at = strstr(at + 1, "pond-2021")) {
        at[8] = '2';
    }
    addition = json_loads(text, 0, NULL);
    free(text);
    json_t *source = json_array_get(json_object_get(addition, "sources"), 0);
    json_array_append_new(json_object_get(source, "omitted_paragraphs"),
                          json_pack("{s:i, s:s}", "paragraph", 1, "reason", "Of another one."));
    /* What its own rows cite, too, is no matter here: nobody checks this record. */
}

static void open_store(void *context)
{
    struct making *making = context;
    assert_int_equal(summit_store_open(making->path, 0, &making->store, NULL), SUMMIT_OK);
}

static enum summit_status run(void *context)
{
    struct making *making = context;
    making->document = NULL;
    making->text = NULL;
    return making->make(making);
}

/* What did not work before works now. */
static void check_made(void *context, enum summit_status status)
{
    struct making *making = context;
    for (int i = 0; i < 2; i++) {
        if (status != SUMMIT_OK) {
            assert_null(making->document);
            assert_null(making->text);
        } else if (making->expected != NULL) {
            assert_true(json_equal(making->document, making->expected));
        } else {
            assert_string_equal(making->text, making->expected_text);
        }
        json_decref(making->document);
        free(making->text);
        status = i == 0 ? run(making) : status;
    }
    assert_int_equal(status, SUMMIT_OK);
    summit_store_close(making->store);
}

static void fail_making(void **state, const char *name,
                        enum summit_status (*make)(struct making *making))
{
    struct making making = *(const struct making *)*state;
    making.make = make;
    open_store(&making);
    assert_int_equal(run(&making), SUMMIT_OK);
    assert_true(making.document != NULL || making.text != NULL);
    making.expected = making.document;
    making.expected_text = making.text;
    summit_store_close(making.store);
    struct operation operation = {
        .name = name,
        .prepare = open_store,
        .run = run,
        .check = check_made,
        .expected = SUMMIT_OK,
    };
    operation_fail_all(&operation, &making);
    json_decref(making.expected);
    free(making.expected_text);
}

static void making_an_excerpt(void **state)
{
    fail_making(state, "excerpt", make_excerpt);
}

static void making_a_graph(void **state)
{
    fail_making(state, "graph", make_graph);
}

static void making_coverage(void **state)
{
    fail_making(state, "coverage", make_coverage);
}

static void merging_records(void **state)
{
    load_both();
    fail_making(state, "merge", make_merged);
    json_decref(base);
    json_decref(addition);
}

static void making_references(void **state)
{
    fail_making(state, "items", make_items);
    fail_making(state, "bibtex", make_bibtex);
    fail_making(state, "text", make_text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(making_an_excerpt, make_database, remove_database),
        cmocka_unit_test_setup_teardown(making_a_graph, make_database, remove_database),
        cmocka_unit_test_setup_teardown(making_coverage, make_database, remove_database),
        cmocka_unit_test_setup_teardown(merging_records, make_database, remove_database),
        cmocka_unit_test_setup_teardown(making_references, make_database, remove_database),
    };
    alloc_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
