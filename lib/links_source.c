/* A byte for each paragraph of each source says whether it is cited and whether it is omitted. */
#include "links_source.h"

#include <stdlib.h>
#include <string.h>

#include "resource.h"
#include "text.h"

enum { MARK_CITED = 1, MARK_OMITTED = 2, PARAGRAPHS_MAX = 100000 };

/* The paragraph count of a source row that the checks may rely on; 0 if it states none in range. */
static size_t paragraph_count(const json_t *source)
{
    json_int_t count = json_integer_value(json_object_get(source, "paragraph_count"));
    return count < 1 || count > PARAGRAPHS_MAX ? 0 : (size_t)count;
}

/* Marks a paragraph; reports one that the source has not got. */
static void mark(unsigned char *marks, size_t count, const json_t *paragraph, unsigned char flag,
                 const struct place *at, struct problems *problems)
{
    json_int_t number = json_integer_value(paragraph);
    if (!json_is_integer(paragraph) || number < 1) {
        return;
    }
    if ((size_t)number > count) {
        struct place paragraph_at = {.parent = at, .key = "paragraph"};
        problems_add(problems, &paragraph_at, "unknown_paragraph", NULL,
                     "the source has %zu paragraphs; there is no paragraph %" JSON_INTEGER_FORMAT,
                     count, number);
        return;
    }
    marks[number - 1] |= flag;
}

static void mark_row(unsigned char *marks, size_t count, const char *source_id, const json_t *row,
                     const struct place *at, struct problems *problems)
{
    const json_t *citations = json_object_get(row, "citations");
    struct place citations_at = {.parent = at, .key = "citations"};
    for (size_t i = 0; i < json_array_size(citations); i++) {
        const json_t *citation = json_array_get(citations, i);
        const char *cited = json_string_value(json_object_get(citation, "source_id"));
        if (cited != NULL && strcmp(cited, source_id) == 0) {
            struct place citation_at = {.parent = &citations_at, .index = i};
            mark(marks, count, json_object_get(citation, "paragraph"), MARK_CITED, &citation_at,
                 problems);
        }
    }
}

static void mark_citations(unsigned char *marks, size_t count, const char *source_id,
                           const json_t *record, struct problems *problems)
{
    for (size_t r = 0; r < RESOURCE_COUNT; r++) {
        const json_t *rows = json_object_get(record, resources[r]->name);
        struct place rows_at = {.key = resources[r]->name};
        for (size_t i = 0; i < json_array_size(rows); i++) {
            struct place at = {.parent = &rows_at, .index = i};
            mark_row(marks, count, source_id, json_array_get(rows, i), &at, problems);
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
        mark(marks, count, json_object_get(json_array_get(omissions, i), "paragraph"), MARK_OMITTED,
             &omission_at, problems);
    }
}

static void check_source(const json_t *record, const json_t *source, const struct place *at,
                         struct problems *problems)
{
    size_t count = paragraph_count(source);
    const char *id = json_string_value(json_object_get(source, "id"));
    if (count == 0 || id == NULL) {
        return;
    }
    unsigned char *marks = calloc(count, 1);
    if (marks == NULL) {
        problems->nomem = true;
        return;
    }
    mark_citations(marks, count, id, record, problems);
    mark_omissions(marks, count, source, at, problems);
    struct place omissions_at = {.parent = at, .key = "omitted_paragraphs"};
    for (size_t i = 0; i < count; i++) {
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

void links_source_check(const json_t *record, struct problems *problems)
{
    const json_t *sources = json_object_get(record, "sources");
    struct place sources_at = {.key = "sources"};
    for (size_t i = 0; i < json_array_size(sources); i++) {
        struct place at = {.parent = &sources_at, .index = i};
        check_source(record, json_array_get(sources, i), &at, problems);
    }
}
