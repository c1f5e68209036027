/* Memory that runs out while rows are written as CSV and as JSON-LD. */
#include "../support/check.h"
#include "alloc.h"
#include "lib/csv.h"
#include "memory.h"
#include "server/jsonld.h"
#include "summit.h"

#include <stdlib.h>
#include <string.h>

/* What an output holds that nothing has been written to. */
static char nothing[1];
static json_t *const untouched = (json_t *)(void *)nothing;

/* Rows that have every kind of field, and a text longer than a line's buffer at first. */
static json_t *measures_new(void)
{
    char text[3000];
    memset(text, '"', sizeof text);
    json_t *row = json_pack(
        "{s:s, s:n, s:s, s:i, s:s%, s:s, s:[{s:I, s:s, s:s, s:s, s:[{s:i, s:s}]}], s:[s, s], s:[s],"
        " s:[], s:[{s:s, s:i}, {s:s, s:i}]}",
        "id", "m", "summit_id", "proposal_id", "p", "number", 1, "text", text, sizeof text,
        "modality", "will", "amounts", "value", (json_int_t)26000000000, "currency", "CNY",
        "qualifier", "about", "stated", "=26|billion", "equivalents", "value", 3, "currency", "USD",
        "area_ids", "a", "b", "initiative_ids", "i", "mechanism_ids", "citations", "source_id", "s",
        "paragraph", 2, "source_id", "s", "paragraph", 3);
    json_t *rows = json_pack("[O, o]", row, row);
    assert_non_null(rows);
    return rows;
}

struct writing {
    json_t *rows;
    json_t *included;
    char *line;
    size_t length;
    char *expected_line;
    json_t *document;
    json_t *expected_document;
};

static enum summit_status write_header(void *context)
{
    struct writing *writing = context;
    writing->line = nothing;
    return csv_header(&measures_resource, NULL, &writing->line, &writing->length);
}

static enum summit_status write_row(void *context)
{
    struct writing *writing = context;
    writing->line = nothing;
    return csv_row(&measures_resource, NULL, json_array_get(writing->rows, 0), &writing->line,
                   &writing->length);
}

static void check_line(void *context, enum summit_status status)
{
    struct writing *writing = context;
    if (status != SUMMIT_OK) {
        assert_ptr_equal(writing->line, nothing);
        return;
    }
    assert_string_equal(writing->line, writing->expected_line);
    assert_int_equal(writing->length, strlen(writing->expected_line));
    free(writing->line);
}

static void fail_line(const char *name, enum summit_status (*run)(void *context))
{
    struct writing writing = {.rows = measures_new()};
    assert_int_equal(run(&writing), SUMMIT_OK);
    writing.expected_line = writing.line;
    struct operation operation = {.name = name, .run = run, .check = check_line};
    operation_fail_all(&operation, &writing);
    free(writing.expected_line);
    json_decref(writing.rows);
}

static void writing_csv(void **state)
{
    (void)state;
    fail_line("CSV header", write_header);
    fail_line("CSV row", write_row);
}

static enum summit_status make_document(void *context)
{
    struct writing *writing = context;
    writing->document = untouched;
    return jsonld_make("measures", writing->rows, writing->included, &writing->document);
}

static void check_document(void *context, enum summit_status status)
{
    struct writing *writing = context;
    if (status != SUMMIT_OK) {
        assert_ptr_equal(writing->document, untouched);
        return;
    }
    assert_true(json_equal(writing->document, writing->expected_document));
    json_decref(writing->document);
}

static void making_json_ld(void **state)
{
    (void)state;
    struct writing writing = {.rows = measures_new()};
    writing.included =
        json_pack("{s:[{s:s, s:s, s:s, s:{s:s, s:s}, s:s}], s:[{s:s, s:s}], s:[{s:s, s:s, s:s}]}",
                  "summits", "id", "s", "city", "C", "region", "R", "country", "code", "CN", "name",
                  "China", "series", "T", "sources", "id", "s", "place", "C", "mechanisms", "id",
                  "k", "name", "K", "proposal_id", "p");
    assert_int_equal(make_document(&writing), SUMMIT_OK);
    writing.expected_document = writing.document;
    struct operation operation = {.name = "JSON-LD", .run = make_document, .check = check_document};
    operation_fail_all(&operation, &writing);
    json_decref(writing.expected_document);
    json_decref(writing.included);
    json_decref(writing.rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writing_csv),
        cmocka_unit_test(making_json_ld),
    };
    alloc_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
