/* One pass over all rows notes which paragraph of which source each citation names. Sorted by
 * source, the notes are gone through once more, source by source, with a byte for each paragraph
 * that says whether it is cited and whether it is omitted: so a record of many sources takes no
 * longer than one of a single source with as many rows. */
#include "links_source.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "resource.h"
#include "text.h"

enum { MARK_CITED = 1, MARK_OMITTED = 2, PARAGRAPHS_MAX = 100000 };

struct mention {
    uint32_t source; /* its place in the record */
    uint32_t paragraph;
};

struct mentions {
    json_t *places; /* {source id: place in the record}; of equal ids, the first */
    const json_t *sources;
    struct mention *list;
    size_t count;
    size_t size;
    struct problems *problems;
};

/* The paragraph count of a source row that the checks may rely on; 0 if it states none in range. */
static size_t paragraph_count(const json_t *source)
{
    json_int_t count = json_integer_value(json_object_get(source, "paragraph_count"));
    return count < 1 || count > PARAGRAPHS_MAX ? 0 : (size_t)count;
}

/* Whether a source has the paragraph; reports one that it has not got. */
static bool has_paragraph(size_t count, const json_t *paragraph, const struct place *at,
                          struct problems *problems)
{
    json_int_t number = json_integer_value(paragraph);
    if (!json_is_integer(paragraph) || number < 1) {
        return false;
    }
    if ((size_t)number > count) {
        struct place paragraph_at = {.parent = at, .key = "paragraph"};
        problems_add(problems, &paragraph_at, "unknown_paragraph", NULL,
                     "the source has %zu paragraphs; there is no paragraph %" JSON_INTEGER_FORMAT,
                     count, number);
        return false;
    }
    return true;
}

static void note(struct mentions *mentions, size_t source, const json_t *paragraph)
{
    if (mentions->count == mentions->size) {
        size_t size = mentions->size == 0 ? 64 : 2 * mentions->size;
        struct mention *larger = realloc(mentions->list, size * sizeof *larger);
        if (larger == NULL) {
            mentions->problems->nomem = true;
            return;
        }
        mentions->list = larger;
        mentions->size = size;
    }
    mentions->list[mentions->count++] = (struct mention){
        .source = (uint32_t)source,
        .paragraph = (uint32_t)json_integer_value(paragraph),
    };
}

static void note_row(struct mentions *mentions, const json_t *row, const struct place *at)
{
    const json_t *citations = json_object_get(row, "citations");
    struct place citations_at = {.parent = at, .key = "citations"};
    for (size_t i = 0; i < json_array_size(citations); i++) {
        const json_t *citation = json_array_get(citations, i);
        const char *id = json_string_value(json_object_get(citation, "source_id"));
        const json_t *place = id == NULL ? NULL : json_object_get(mentions->places, id);
        size_t source = (size_t)json_integer_value(place);
        size_t count = paragraph_count(json_array_get(mentions->sources, source));
        struct place citation_at = {.parent = &citations_at, .index = i};
        const json_t *paragraph = json_object_get(citation, "paragraph");
        if (place != NULL && count != 0 &&
            has_paragraph(count, paragraph, &citation_at, mentions->problems)) {
            note(mentions, source, paragraph);
        }
    }
}

static void note_rows(struct mentions *mentions, const json_t *record)
{
    for (size_t r = 0; r < RESOURCE_COUNT; r++) {
        const json_t *rows = json_object_get(record, resources[r]->name);
        struct place rows_at = {.key = resources[r]->name};
        for (size_t i = 0; i < json_array_size(rows); i++) {
            struct place at = {.parent = &rows_at, .index = i};
            note_row(mentions, json_array_get(rows, i), &at);
        }
    }
}

static void mark_omissions(unsigned char *marks, size_t count, const json_t *source,
                           const struct place *at, struct problems *problems)
{
    const json_t *omissions = json_object_get(source, "omitted_paragraphs");
    struct place omissions_at = {.parent = at, .key = "omitted_paragraphs"};
    for (size_t i = 0; i < json_array_size(omissions); i++) {
        struct place omission_at = {.parent = &omissions_at, .index = i};
        const json_t *paragraph = json_object_get(json_array_get(omissions, i), "paragraph");
        if (has_paragraph(count, paragraph, &omission_at, problems)) {
            marks[json_integer_value(paragraph) - 1] |= MARK_OMITTED;
        }
    }
}

/* Checks one source against what is cited of it. */
static void check_source(const json_t *source, const struct mention *cited, size_t cited_count,
                         const struct place *at, struct problems *problems)
{
    size_t count = paragraph_count(source);
    unsigned char *marks = calloc(count + 1, 1);
    if (marks == NULL) {
        problems->nomem = true;
        return;
    }
    for (size_t i = 0; i < cited_count; i++) {
        marks[cited[i].paragraph - 1] |= MARK_CITED;
    }
    mark_omissions(marks, count, source, at, problems);
    struct place omissions_at = {.parent = at, .key = "omitted_paragraphs"};
    for (size_t i = 0; i < count && !problems_are_full(problems); i++) {
        if (marks[i] == 0) {
            problems_add(problems, &omissions_at, "uncited_paragraph", NULL,
                         "no row cites paragraph %zu; cite it where its facts stand, or list it "
                         "here with the reason",
                         i + 1);
        } else if (marks[i] == (MARK_CITED | MARK_OMITTED)) {
            problems_add(problems, &omissions_at, "cited_paragraph", NULL,
                         "paragraph %zu is listed here, but a row cites it; remove one", i + 1);
        }
    }
    free(marks);
}

static int compare_mentions(const void *a, const void *b)
{
    const struct mention *one = a;
    const struct mention *other = b;
    return (one->source > other->source) - (one->source < other->source);
}

/* Goes through the sources, and through their mentions beside them. */
static void check_sources(struct mentions *mentions)
{
    if (mentions->count > 0) {
        qsort(mentions->list, mentions->count, sizeof *mentions->list, compare_mentions);
    }
    struct place sources_at = {.key = "sources"};
    size_t first = 0;
    for (size_t i = 0; i < json_array_size(mentions->sources); i++) {
        size_t end = first;
        while (end < mentions->count && mentions->list[end].source == i) {
            end++;
        }
        const json_t *source = json_array_get(mentions->sources, i);
        const char *id = json_string_value(json_object_get(source, "id"));
        const json_t *place = id == NULL ? NULL : json_object_get(mentions->places, id);
        /* A second source of the same id is reported as such. */
        if (place != NULL && (size_t)json_integer_value(place) == i &&
            paragraph_count(source) != 0) {
            struct place at = {.parent = &sources_at, .index = i};
            check_source(source, mentions->list + first, end - first, &at, mentions->problems);
        }
        first = end;
    }
}

void links_source_check(const json_t *record, struct problems *problems)
{
    json_auto_t *places = json_object();
    const json_t *sources = json_object_get(record, "sources");
    struct mentions mentions = {.places = places, .sources = sources, .problems = problems};
    for (size_t i = 0; i < json_array_size(sources); i++) {
        const char *id = json_string_value(json_object_get(json_array_get(sources, i), "id"));
        if (id != NULL && json_object_get(places, id) == NULL) {
            problems->nomem |= json_object_set_new(places, id, json_integer((json_int_t)i)) != 0;
        }
    }
    note_rows(&mentions, record);
    if (!problems->nomem) {
        check_sources(&mentions);
    }
    free(mentions.list);
}
