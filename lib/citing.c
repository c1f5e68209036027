/* A row's citations, gathered by source: one item for each, with the paragraphs as its locator. The
 * items are CSL-JSON (schema csl-data.json of citationstyles.org), which reference managers take;
 * the other forms are made from the items (citing_bibtex.c, citing_text.c).
 *
 * What a source does not say is left out: no author, no access date. An item with an address is a
 * "webpage", any other a "document", as nothing says what it is. The schema has a place for a
 * locator but none for what it counts, so that stands under "custom". Its title is the source's, so
 * what the row is called is a "note".
 *
 * References of several rows are gathered in one file, where a key may stand once. So the key is
 * the row's, not the source's. */
#include "citing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "document.h"
#include "list.h"
#include "text.h"

/* The row to be cited; a source is cited as itself. */
struct cited {
    const struct resource *resource;
    const json_t *row;
};

/* The rows of a resource with these ids, as documents show them. */
static enum summit_status select_rows(struct summit_store *store, const struct resource *resource,
                                      const json_t *ids, json_t **ret_rows)
{
    struct selection selection = {
        .resource = resource,
        .ids = ids,
        .limit = -1,
        .use = FIELD_DOCUMENT,
    };
    selected_auto selected = {.rows = NULL};
    enum summit_status status = list_select(store, &selection, &selected);
    if (status == SUMMIT_OK) {
        *ret_rows = json_incref(selected.rows);
    }
    return status;
}

static int compare_numbers(const void *a, const void *b)
{
    json_int_t left = *(const json_int_t *)a;
    json_int_t right = *(const json_int_t *)b;
    return (left > right) - (left < right);
}

/* "3-5, 8, 9" of sorted numbers, each once. The caller frees it; NULL when out of memory. */
static char *format_numbers(const json_int_t *numbers, size_t count)
{
    struct buffer buffer = {.text = NULL};
    int failed = 0;
    for (size_t i = 0; i < count;) {
        size_t last = i;
        while (last + 1 < count && numbers[last + 1] == numbers[last] + 1) {
            last++;
        }
        last = last - i >= 2 ? last : i;
        char part[64];
        snprintf(part, sizeof part, "%s%" JSON_INTEGER_FORMAT, i == 0 ? "" : ", ", numbers[i]);
        failed |= buffer_append(&buffer, part);
        snprintf(part, sizeof part, "-%" JSON_INTEGER_FORMAT, numbers[last]);
        failed |= last > i ? buffer_append(&buffer, part) : 0;
        i = last + 1;
    }
    if (failed) {
        free(buffer.text);
        return NULL;
    }
    return buffer.text;
}

/* The paragraphs of a source that a row's citations name. The caller frees it; NULL when out of
 * memory. */
static char *make_locator(const json_t *citations, const char *source_id)
{
    json_int_t *numbers = calloc(json_array_size(citations) + 1, sizeof *numbers);
    size_t count = 0;
    if (numbers == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < json_array_size(citations); i++) {
        const json_t *citation = json_array_get(citations, i);
        const char *id = json_string_value(json_object_get(citation, "source_id"));
        if (id != NULL && strcmp(id, source_id) == 0) {
            numbers[count++] = json_integer_value(json_object_get(citation, "paragraph"));
        }
    }
    qsort(numbers, count, sizeof *numbers, compare_numbers);
    char *locator = format_numbers(numbers, count);
    free(numbers);
    return locator;
}

/* {"date-parts": [[2023, 5, 19]]} of a checked ISO 8601 date. NULL when out of memory. */
static json_t *date_parts(const char *date)
{
    char *rest = NULL;
    json_int_t year = strtoll(date, &rest, 10);
    json_int_t month = strtoll(rest + 1, &rest, 10);
    json_int_t day = strtoll(rest + 1, NULL, 10);
    return json_pack("{s:[[I, I, I]]}", "date-parts", year, month, day);
}

/* Sets those members that the source states. */
static int set_stated(json_t *item, const json_t *source)
{
    static const char *const members[][2] = {
        {"title", "title"},
        {"publisher", "publisher"},
        {"publisher-place", "place"},
        {"language", "language"},
        {"URL", "url"},
    };
    int failed = 0;
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        json_t *value = json_object_get(source, members[i][1]);
        failed |= json_is_string(value) ? json_object_set(item, members[i][0], value) : 0;
    }
    const char *date = json_string_value(json_object_get(source, "published_on"));
    if (date != NULL) {
        failed |= json_object_set_new(item, "issued", date_parts(date));
    }
    return failed;
}

/* The key of a row's first or only item; another source is named in those after it. NULL when out
 * of memory. */
static json_t *make_key(const struct cited *cited, const json_t *source, bool is_first)
{
    const char *row_id = json_string_value(json_object_get(cited->row, "id"));
    const char *source_id = json_string_value(json_object_get(source, "id"));
    return is_first ? json_sprintf("%s:%s", cited->resource->name, row_id)
                    : json_sprintf("%s:%s:%s", cited->resource->name, row_id, source_id);
}

/* Sets where in the source the row is, and what it is called. */
static int set_place(json_t *item, const struct cited *cited, const json_t *source)
{
    const json_t *citations = json_object_get(cited->row, "citations");
    text_auto *locator = make_locator(citations, json_string_value(json_object_get(source, "id")));
    if (locator == NULL) {
        return -1;
    }
    return json_object_set_new(item, "locator", json_string(locator)) |
           json_object_set_new(item, "custom", json_pack("{s:s}", "label", "paragraph")) |
           json_object_set_new(item, "note", document_label(cited->resource, cited->row));
}

static enum summit_status make_item(const struct cited *cited, const json_t *source, bool is_first,
                                    json_t **ret_item)
{
    bool is_online = json_is_string(json_object_get(source, "url"));
    if (!json_is_string(json_object_get(source, "id")) ||
        !json_is_string(json_object_get(cited->row, cited->resource->label))) {
        return SUMMIT_CORRUPT;
    }
    json_auto_t *item = json_pack("{s:o, s:s}", "id", make_key(cited, source, is_first), "type",
                                  is_online ? "webpage" : "document");
    if (item == NULL || set_stated(item, source) != 0 ||
        (cited->resource != &sources_resource && set_place(item, cited, source) != 0)) {
        return SUMMIT_NOMEM;
    }
    *ret_item = json_incref(item);
    return SUMMIT_OK;
}

static enum summit_status make_items(const struct cited *cited, const json_t *sources,
                                     json_t **ret_items)
{
    json_auto_t *items = json_array();
    enum summit_status status = items == NULL ? SUMMIT_NOMEM : SUMMIT_OK;
    for (size_t i = 0; status == SUMMIT_OK && i < json_array_size(sources); i++) {
        json_t *item = NULL;
        status = make_item(cited, json_array_get(sources, i), i == 0, &item);
        if (status == SUMMIT_OK && json_array_append_new(items, item) != 0) {
            status = SUMMIT_NOMEM;
        }
    }
    if (status == SUMMIT_OK) {
        *ret_items = json_incref(items);
    }
    return status;
}

/* The sources that citations name, each once. */
static enum summit_status select_cited(struct summit_store *store, const json_t *citations,
                                       json_t **ret_sources)
{
    json_auto_t *ids = json_array();
    int failed = ids == NULL;
    for (size_t i = 0; i < json_array_size(citations); i++) {
        json_t *id = json_object_get(json_array_get(citations, i), "source_id");
        failed |= id == NULL || json_array_append(ids, id) != 0;
    }
    return failed ? SUMMIT_NOMEM : select_rows(store, &sources_resource, ids, ret_sources);
}

enum summit_status summit_store_cite(struct summit_store *store, const char *resource,
                                     const char *id, json_t **ret_items)
{
    const struct resource *found = resource_find(resource);
    if (found == NULL) {
        return SUMMIT_NOT_FOUND;
    }
    json_auto_t *ids = json_pack("[s]", id);
    json_auto_t *rows = NULL;
    enum summit_status status = ids == NULL ? SUMMIT_NOMEM : select_rows(store, found, ids, &rows);
    if (status != SUMMIT_OK) {
        return status;
    }
    if (json_array_size(rows) == 0) {
        return SUMMIT_NOT_FOUND;
    }
    struct cited cited = {.resource = found, .row = json_array_get(rows, 0)};
    if (found == &sources_resource) {
        return make_items(&cited, rows, ret_items);
    }
    json_auto_t *sources = NULL;
    status = select_cited(store, json_object_get(cited.row, "citations"), &sources);
    return status == SUMMIT_OK ? make_items(&cited, sources, ret_items) : status;
}

/* ---- What the other forms need of an item -------------------------------------------------- */

const char *citing_text(const json_t *item, const char *member)
{
    return json_string_value(json_object_get(item, member));
}

bool citing_date(const json_t *item, int *ret_year, int *ret_month, int *ret_day)
{
    const json_t *dates = json_object_get(json_object_get(item, "issued"), "date-parts");
    const json_t *parts = json_array_get(dates, 0);
    int month = (int)json_integer_value(json_array_get(parts, 1));
    if (json_array_size(parts) != 3 || month < 1 || month > 12) {
        return false;
    }
    *ret_year = (int)json_integer_value(json_array_get(parts, 0));
    *ret_month = month;
    *ret_day = (int)json_integer_value(json_array_get(parts, 2));
    return true;
}

int citing_append_locator(struct buffer *buffer, const json_t *item, const char *one,
                          const char *several)
{
    const char *locator = citing_text(item, "locator");
    size_t left = strlen(locator);
    bool is_one = strpbrk(locator, ",-") == NULL;
    const char *last = NULL;
    for (const char *c = strstr(locator, ", "); c != NULL; c = strstr(c + 1, ", ")) {
        last = c;
    }
    int failed = buffer_append(buffer, is_one ? one : several);
    failed |= buffer_append(buffer, " ");
    if (last != NULL) {
        failed |= buffer_append_bytes(buffer, locator, (size_t)(last - locator));
        failed |= buffer_append(buffer, " and ");
        left -= (size_t)(last - locator) + 2;
        locator = last + 2;
    }
    failed |= buffer_append_bytes(buffer, locator, left);
    const char *note = citing_text(item, "note");
    if (note != NULL) {
        failed |= buffer_append(buffer, ": ");
        failed |= buffer_append(buffer, note);
    }
    return failed;
}

bool citing_is_ended(const char *text)
{
    static const char *const ends[] = {".", "?", "!", "\u2026"};
    size_t length = strlen(text);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        size_t size = strlen(ends[i]);
        if (length >= size && memcmp(text + length - size, ends[i], size) == 0) {
            return true;
        }
    }
    return false;
}
