/* include=coverage of a source: every paragraph, with the rows that cite it or why none does. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "http.h"

#include <string.h>

static json_t *coverage_of(void *daemon, const char *source)
{
    TEXT *target = text_of("/v1/sources/%s?include=coverage", source);
    json_auto_t *item = http_get_json(daemon, target);
    json_t *included = json_object_get(item, "included");
    assert_int_equal(json_object_size(included), 1);
    return json_incref(json_object_get(included, "coverage"));
}

static bool cites(json_t *row, const char *source, json_int_t paragraph)
{
    json_t *citations = json_object_get(row, "citations");
    size_t at;
    json_t *citation;
    json_array_foreach(citations, at, citation)
    {
        if (strcmp(json_string_value(json_object_get(citation, "source_id")), source) == 0 &&
            json_integer_value(json_object_get(citation, "paragraph")) == paragraph) {
            return true;
        }
    }
    return false;
}

/* A row of a paragraph leads to one that cites it. Returns the row's type. */
static const char *check_entry(void *daemon, json_t *entry, const char *source, json_int_t number)
{
    assert_int_equal(json_object_size(entry), 4);
    const char *type = json_string_value(json_object_get(entry, "type"));
    const char *href = json_string_value(json_object_get(entry, "href"));
    assert_non_null(href);
    TEXT *own = text_of("/v1/%s/%s", collection_named(type)->name, row_id(entry));
    assert_string_equal(href, own);
    assert_true(json_string_length(json_object_get(entry, "title")) > 0);
    json_auto_t *item = http_get_json(daemon, href);
    if (!cites(json_object_get(item, "data"), source, number)) {
        fail_msg("%s does not cite paragraph %lld of %s", href, (long long)number, source);
    }
    return type;
}

/* The reason that the record gives for a paragraph that nothing cites; NULL when there is none. */
static const char *reason_in(json_t *record, json_int_t paragraph)
{
    json_t *source = json_array_get(json_object_get(record, "sources"), 0);
    size_t at;
    json_t *omitted;
    json_array_foreach(json_object_get(source, "omitted_paragraphs"), at, omitted)
    {
        if (json_integer_value(json_object_get(omitted, "paragraph")) == paragraph) {
            return json_string_value(json_object_get(omitted, "reason"));
        }
    }
    return NULL;
}

/* The paragraphs of one source. Returns how many rows stand there. */
static size_t check_source(void *daemon, const char *record_path)
{
    json_auto_t *record = json_load_file(record_path, 0, NULL);
    const char *source = row_id(json_array_get(json_object_get(record, "sources"), 0));
    TEXT *path = text_of("/v1/sources/%s", source);
    json_auto_t *item = http_get_json(daemon, path);
    json_t *count = json_object_get(json_object_get(item, "data"), "paragraph_count");
    json_auto_t *coverage = coverage_of(daemon, source);
    assert_int_equal(json_array_size(coverage), json_integer_value(count));
    size_t entries = 0;
    for (size_t i = 0; i < json_array_size(coverage); i++) {
        json_t *paragraph = json_array_get(coverage, i);
        json_int_t number = (json_int_t)i + 1;
        json_t *rows = json_object_get(paragraph, "rows");
        json_t *omitted = json_object_get(paragraph, "omitted");
        const char *reason = reason_in(record, number);
        assert_int_equal(json_object_size(paragraph), 3);
        assert_int_equal(json_integer_value(json_object_get(paragraph, "paragraph")), number);
        assert_int_equal(json_array_size(rows) > 0, reason == NULL);
        assert_int_equal(json_is_string(omitted), reason != NULL);
        if (reason != NULL) {
            assert_string_equal(json_string_value(omitted), reason);
        }
        const char *before = "";
        for (size_t j = 0; j < json_array_size(rows); j++) {
            const char *type = check_entry(daemon, json_array_get(rows, j), source, number);
            assert_true(strcmp(before, type) <= 0);
            before = type;
        }
        entries += json_array_size(rows);
    }
    return entries;
}

/* How many citations of a source all rows have. */
static size_t count_citations(void *daemon, const char *source)
{
    size_t count = 0;
    for (size_t i = 0; i < COLLECTION_COUNT; i++) {
        TEXT *target = text_of("/v1/%s", collections[i].name);
        json_auto_t *rows = rows_of(daemon, target);
        size_t at;
        json_t *row;
        json_array_foreach(rows, at, row)
        {
            size_t j;
            json_t *citation;
            json_array_foreach(json_object_get(row, "citations"), j, citation)
            {
                const char *cited = json_string_value(json_object_get(citation, "source_id"));
                count += strcmp(cited, source) == 0 ? 1 : 0;
            }
        }
    }
    return count;
}

/* Every row stands under every paragraph that it cites: as often as there are citations. */
static void every_paragraph_has_the_rows_that_cite_it(void **state)
{
    size_t xian = count_citations(*state, "president-xi-charts-course");
    size_t lakeside = count_citations(*state, "lakeside-notes");
    assert_true(xian > 0 && lakeside > 0);
    assert_int_equal(check_source(*state, XIAN), xian);
    assert_int_equal(check_source(*state, LAKESIDE), lakeside);
}

static void coverage_goes_with_other_includes(void **state)
{
    json_auto_t *item = http_get_json(
        *state, "/v1/sources/lakeside-notes?include=summits,coverage,measures.areas&fields=id");
    json_t *included = json_object_get(item, "included");
    json_auto_t *coverage = coverage_of(*state, "lakeside-notes");
    json_auto_t *measures = rows_of(*state, "/v1/measures?source=lakeside-notes");
    assert_int_equal(json_object_size(included), 4);
    assert_json_equal(json_object_get(included, "coverage"), coverage, "with others");
    assert_json_equal(json_object_get(included, "measures"), measures, "measures beside it");
    assert_int_equal(json_array_size(json_object_get(included, "summits")), 1);
    assert_int_equal(json_object_size(json_object_get(item, "data")), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_paragraph_has_the_rows_that_cite_it),
        cmocka_unit_test(coverage_goes_with_other_includes),
    };
    return cmocka_run_group_tests(tests, start_two_summits, daemon_stop_all);
}
