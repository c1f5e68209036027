#include "sharers.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "fixture.h"

/* Writes the text with each `from` replaced by a `to` of the same length. */
static json_t *replaced(const json_t *record, const char *from, const char *to)
{
    TEXT *text = json_dumps(record, JSON_COMPACT);
    for (char *at = strstr(text, from); at != NULL; at = strstr(at + strlen(to), from)) {
        memcpy(at, to, strlen(to));
    }
    json_t *result = json_loads(text, 0, NULL);
    assert_non_null(result);
    return result;
}

/* A meeting at the pond whose rows cite two paragraphs of the seven of the report. */
static json_t *pond(const char *id, int first)
{
    char paragraphs[2][24];
    JSON *plain = fixture_record("pond-2021");
    JSON *renamed = replaced(plain, "pond-2021", id);
    snprintf(paragraphs[0], sizeof paragraphs[0], "\"paragraph\":%d", first + 1);
    snprintf(paragraphs[1], sizeof paragraphs[1], "\"paragraph\":%d", first);
    JSON *second = replaced(renamed, "\"paragraph\":2", paragraphs[0]);
    json_t *record =
        first == 1 ? json_incref(second) : replaced(second, "\"paragraph\":1", paragraphs[1]);
    fixture_set_new(record, "/sources/0/paragraph_count", json_integer(7));
    json_t *omitted = fixture_at(record, "/sources/0/omitted_paragraphs");
    json_array_clear(omitted);
    for (int i = 7; i > 0; i--) {
        if (i != first && i != first + 1) {
            json_array_append_new(omitted, json_pack("{s:i, s:s}", "paragraph", i, "reason",
                                                     i == 7 ? "Signature." : "Not of this one."));
        }
    }
    return record;
}

/* Adds an area of this meeting to its record; a list of [source id, paragraph]. */
static void add_area(json_t *record, const char *id, const char *summit, const char *citations)
{
    json_t *area = json_pack("{s:s, s:s, s:n, s:[{s:s, s:s}], s:o}", "id", id, "name", id,
                             "description", "summits", "summit_id", summit, "category",
                             "growth_driver", "citations", fixture_json(citations));
    fixture_set_new(record, "/areas/-", area);
}

void sharers_add_source(json_t *record, const char *id, int paragraphs, const char *omitted)
{
    json_t *source =
        json_pack("{s:s, s:s, s:n, s:n, s:n, s:s, s:n, s:i, s:o}", "id", id, "title", id,
                  "publisher", "place", "published_on", "language", "en", "url", "paragraph_count",
                  paragraphs, "omitted_paragraphs", fixture_json(omitted));
    fixture_set_new(record, "/sources/-", source);
}

const char *const sharers[SHARERS_COUNT] = {"lakeside-2020", "pond-2021", "pond-2022"};

static void make_records(json_t *records[SHARERS_COUNT])
{
    records[0] = fixture_record("lakeside-2020");
    records[1] = pond("pond-2021", 1);
    records[2] = pond("pond-2022", 3);
    add_area(records[0], "reeds", "lakeside-2020",
             "[{'source_id': 'lakeside-notes', "
             "'paragraph': 4}]");
    fixture_set_new(records[1], "/areas/0/citations/-",
                    fixture_json("{'source_id': 'glossary', 'paragraph': 2}"));
    sharers_add_source(records[1], "glossary", 2, "[{'paragraph': 1, 'reason': 'Its title.'}]");
    add_area(records[2], "lake-fishing", "pond-2022",
             "[{'source_id': 'lakeside-notes', 'paragraph': 4}]");
    fixture_set_new(records[2], "/proposals/0/area_ids/-", json_string("lake-fishing"));
    JSON *notes = json_deep_copy(fixture_at(records[0], "/sources/0"));
    json_t *omitted = json_object_get(notes, "omitted_paragraphs");
    for (int i = 1; i < 10; i++) {
        if (i != 4) {
            json_array_append_new(
                omitted, json_pack("{s:i, s:s}", "paragraph", i, "reason", "Of the lake."));
        }
    }
    fixture_set_new(records[2], "/sources/-", json_incref(notes));
    for (int i = 0; i < SHARERS_COUNT; i++) {
        JSON *problems = fixture_problems(records[i]);
        assert_null(problems);
    }
}

/* Takes the glossary out again. */
static void forget_glossary(json_t *record)
{
    json_array_remove(fixture_at(record, "/areas/0/citations"), 1);
    json_array_remove(json_object_get(record, "sources"), 1);
}

void sharers_publish(const char *path, bool with_glossary)
{
    json_t *records[SHARERS_COUNT];
    make_records(records);
    if (!with_glossary) {
        forget_glossary(records[1]);
    }
    for (int i = 0; i < SHARERS_COUNT; i++) {
        assert_int_equal(fixture_publish(path, records[i], 0, NULL), SUMMIT_OK);
        json_decref(records[i]);
    }
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The array's values in the order of their texts, for those whose order says nothing. */
static void sort_array(json_t *array)
{
    enum { ROWS_MAX = 64 };
    char *texts[ROWS_MAX] = {NULL};
    size_t count = json_array_size(array);
    assert_in_range(count, 0, ROWS_MAX);
    for (size_t i = 0; i < count; i++) {
        texts[i] = json_dumps(json_array_get(array, i), JSON_SORT_KEYS | JSON_COMPACT);
    }
    qsort(texts, count, sizeof texts[0], compare_texts);
    json_array_clear(array);
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(array, json_loads(texts[i], 0, NULL));
        free(texts[i]);
    }
}

void sharers_sort(json_t *record)
{
    static const char *const shared[] = {"areas", "initiatives", "sources"};
    for (size_t s = 0; s < COUNT(shared); s++) {
        json_t *rows = json_object_get(record, shared[s]);
        for (size_t i = 0; i < json_array_size(rows); i++) {
            sort_array(json_object_get(json_array_get(rows, i), "summits"));
            sort_array(json_object_get(json_array_get(rows, i), "citations"));
            sort_array(json_object_get(json_array_get(rows, i), "omitted_paragraphs"));
        }
        sort_array(rows);
    }
}
