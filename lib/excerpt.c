/* A record has an array for each resource, in the order of `resources`, sources last. So the rows
 * that cite have all been written when the sources are, and what they cite is known: a paragraph of
 * a source that none of them cites is listed as omitted, as a record must say why.
 *
 * Rows of areas and initiatives are shared: of them stays what concerns this summit. Which sources
 * stay is decided before the first row is written (excerpt_sources.c). A database of one summit is
 * that summit's whole, with the rows that nothing refers to.
 *
 * Between two pieces only a place is kept, the resource and the rank of the last row read, and text
 * that has been made but not given out. A chunk is read when that is used up, and the place moves
 * on once it has been made into text, so that a piece that failed can be asked for again. */
#include "excerpt.h"

#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "dump.h"
#include "excerpt_sources.h"
#include "list.h"
#include "record.h"
#include "text.h"

struct summit_excerpt {
    char *summit_id;
    char revision[17];
    json_t *filters; /* {"summit": [summit_id]}; NULL if it is the only summit */
    struct excerpt_sources sources;
    size_t resource;    /* whose rows come next; RESOURCE_COUNT at the end */
    int64_t after;      /* the rank of the last row read; 0 before the first */
    struct buffer text; /* made and not given out */
};

/* The next rows of a resource after the rank `after`, as a record states them. */
static enum summit_status select_chunk(const struct summit_excerpt *excerpt,
                                       struct summit_store *store, const struct resource *resource,
                                       int64_t after, struct selected *ret_selected)
{
    bool has_ids = resource == &summits_resource ||
                   (resource == &sources_resource && excerpt->filters != NULL);
    json_auto_t *ids = NULL;
    if (has_ids) {
        ids = resource == &summits_resource ? json_pack("[s]", excerpt->summit_id)
                                            : excerpt_sources_ids(&excerpt->sources);
    }
    if (has_ids && ids == NULL) {
        return SUMMIT_NOMEM;
    }
    struct selection selection = {
        .resource = resource,
        .filters = has_ids ? NULL : excerpt->filters,
        .ids = ids,
        .after = after,
        .limit = EXCERPT_CHUNK_ROWS,
        .use = FIELD_RECORD,
    };
    return list_select(store, &selection, ret_selected);
}

/* ---- Making one ---------------------------------------------------------------------------- */

static enum summit_status find_summit(struct summit_excerpt *excerpt, struct summit_store *store)
{
    selected_auto found = {.rows = NULL};
    enum summit_status status = select_chunk(excerpt, store, &summits_resource, 0, &found);
    if (status != SUMMIT_OK) {
        return status;
    }
    if (json_array_size(found.rows) != 1) {
        return SUMMIT_NOT_FOUND;
    }
    struct selection all = {.resource = &summits_resource};
    int64_t total = 0;
    bool is_exact = true;
    status = list_total(store, &all, &total, &is_exact);
    if (status == SUMMIT_OK && total > 1) {
        excerpt->filters = json_pack("{s:[s]}", "summit", excerpt->summit_id);
        status = excerpt->filters == NULL ? SUMMIT_NOMEM : SUMMIT_OK;
    }
    return status;
}

/* Keeps the sources that the summit's own rows cite, or weighs those that shared rows do. */
static enum summit_status note_sources(struct summit_excerpt *excerpt, struct summit_store *store,
                                       const struct resource *resource)
{
    enum summit_status status = SUMMIT_OK;
    int64_t after = 0;
    bool more = true;
    while (status == SUMMIT_OK && more) {
        struct selection selection = {
            .resource = resource,
            .filters = excerpt->filters,
            .after = after,
            .limit = EXCERPT_CHUNK_ROWS,
            .use = FIELD_RECORD,
        };
        selected_auto chunk = {.rows = NULL};
        status = list_select(store, &selection, &chunk);
        for (size_t i = 0; status == SUMMIT_OK && i < json_array_size(chunk.rows); i++) {
            const json_t *row = json_array_get(chunk.rows, i);
            const char *id = json_string_value(json_object_get(row, "id"));
            status = resource == &sources_resource
                         ? excerpt_sources_add(&excerpt->sources, id)
                         : excerpt_sources_weigh(&excerpt->sources, store, row);
        }
        after = chunk.last_rank;
        more = chunk.more;
    }
    return status;
}

static enum summit_status start(struct summit_excerpt *excerpt, struct summit_store *store)
{
    static const struct resource *const steps[] = {
        &sources_resource,
        &areas_resource,
        &initiatives_resource,
    };
    if (excerpt->summit_id == NULL) {
        return SUMMIT_NOMEM;
    }
    memcpy(excerpt->revision, store->revision, sizeof excerpt->revision);
    enum summit_status status = find_summit(excerpt, store);
    for (size_t i = 0; excerpt->filters != NULL && i < sizeof steps / sizeof steps[0]; i++) {
        status = status == SUMMIT_OK ? note_sources(excerpt, store, steps[i]) : status;
    }
    return status;
}

enum summit_status summit_excerpt_new(struct summit_store *store, const char *summit_id,
                                      struct summit_excerpt **ret_excerpt)
{
    struct summit_excerpt *excerpt = calloc(1, sizeof *excerpt);
    if (excerpt == NULL) {
        return SUMMIT_NOMEM;
    }
    excerpt->summit_id = strdup(summit_id);
    enum summit_status status = start(excerpt, store);
    if (status != SUMMIT_OK) {
        summit_excerpt_free(excerpt);
        return status;
    }
    *ret_excerpt = excerpt;
    return SUMMIT_OK;
}

void summit_excerpt_free(struct summit_excerpt *excerpt)
{
    if (excerpt != NULL) {
        excerpt_sources_clear(&excerpt->sources);
        json_decref(excerpt->filters);
        free(excerpt->summit_id);
        buffer_clear(&excerpt->text);
        free(excerpt);
    }
}

/* ---- Writing it ---------------------------------------------------------------------------- */

/* Leaves in an area's `summits` the entry of this one. */
static enum summit_status trim_parts(const struct summit_excerpt *excerpt, json_t *area)
{
    json_t *parts = json_object_get(area, "summits");
    for (size_t i = json_array_size(parts); i-- > 0;) {
        const json_t *part = json_array_get(parts, i);
        const char *id = json_string_value(json_object_get(part, "summit_id"));
        if (id == NULL) {
            return SUMMIT_CORRUPT;
        }
        if (strcmp(id, excerpt->summit_id) != 0 && json_array_remove(parts, i) != 0) {
            return SUMMIT_NOMEM;
        }
    }
    return SUMMIT_OK;
}

/* Takes out of a row what is of other summits. */
static enum summit_status trim(struct summit_excerpt *excerpt, const struct resource *resource,
                               json_t *row)
{
    if (excerpt->filters == NULL) {
        return SUMMIT_OK;
    }
    if (resource == &sources_resource) {
        return excerpt_sources_complete(&excerpt->sources, row);
    }
    enum summit_status status = SUMMIT_OK;
    if (resource == &areas_resource) {
        status = trim_parts(excerpt, row);
    }
    return status == SUMMIT_OK ? excerpt_sources_trim(&excerpt->sources, row) : status;
}

static enum summit_status write_row(struct buffer *buffer, const json_t *row, bool is_first)
{
    text_auto *text = dump_json(row, 0);
    if (text == NULL) {
        return SUMMIT_NOMEM;
    }
    int failed = buffer_append(buffer, is_first ? "\n" : ",\n");
    return (failed | buffer_append(buffer, text)) != 0 ? SUMMIT_NOMEM : SUMMIT_OK;
}

/* Opens a resource's array. */
static enum summit_status write_start(struct buffer *buffer, size_t resource)
{
    text_auto *version =
        resource == 0 ? text_format("{\"version\": %d", RECORD_VERSION) : text_format("%s", "");
    text_auto *key = text_format(",\n\"%s\": [", resources[resource]->name);
    if (version == NULL || key == NULL) {
        return SUMMIT_NOMEM;
    }
    int failed = buffer_append(buffer, version);
    return (failed | buffer_append(buffer, key)) != 0 ? SUMMIT_NOMEM : SUMMIT_OK;
}

static enum summit_status write_chunk(struct summit_excerpt *excerpt,
                                      const struct selected *selected)
{
    struct buffer *buffer = &excerpt->text;
    bool is_first = excerpt->after == 0;
    enum summit_status status = SUMMIT_OK;
    if (is_first) {
        status = write_start(buffer, excerpt->resource);
    }
    for (size_t i = 0; status == SUMMIT_OK && i < json_array_size(selected->rows); i++) {
        json_t *row = json_array_get(selected->rows, i);
        status = trim(excerpt, resources[excerpt->resource], row);
        if (status == SUMMIT_OK) {
            status = write_row(buffer, row, is_first && i == 0);
        }
    }
    if (status == SUMMIT_OK && !selected->more) {
        bool is_last = excerpt->resource + 1 == RESOURCE_COUNT;
        int failed = buffer_append(buffer, is_last ? "\n]}\n" : "\n]");
        status = failed ? SUMMIT_NOMEM : SUMMIT_OK;
    }
    return status;
}

/* Appends the next chunk to the text; on failure nothing of it. */
static enum summit_status read_chunk(struct summit_excerpt *excerpt, struct summit_store *store)
{
    selected_auto selected = {.rows = NULL};
    enum summit_status status =
        select_chunk(excerpt, store, resources[excerpt->resource], excerpt->after, &selected);
    if (status != SUMMIT_OK) {
        return status;
    }
    size_t length = excerpt->text.length;
    status = write_chunk(excerpt, &selected);
    if (status != SUMMIT_OK) {
        excerpt->text.length = length;
        excerpt->text.failed = false;
        return status;
    }
    excerpt->after = selected.more ? selected.last_rank : 0;
    excerpt->resource += selected.more ? 0 : 1;
    return SUMMIT_OK;
}

enum summit_status summit_excerpt_next(struct summit_excerpt *excerpt, struct summit_store *store,
                                       char **ret_text, size_t *ret_length)
{
    struct buffer *text = &excerpt->text;
    if (strcmp(excerpt->revision, store->revision) != 0) {
        return SUMMIT_GONE;
    }
    while (text->length < EXCERPT_PIECE_MAX && excerpt->resource < RESOURCE_COUNT) {
        enum summit_status status = read_chunk(excerpt, store);
        if (status != SUMMIT_OK) {
            return status;
        }
    }
    size_t length = text->length < EXCERPT_PIECE_MAX ? text->length : EXCERPT_PIECE_MAX;
    char *piece = malloc(length + 1);
    if (piece == NULL) {
        return SUMMIT_NOMEM;
    }
    memcpy(piece, text->text, length);
    piece[length] = '\0';
    text->length -= length;
    memmove(text->text, text->text + length, text->length);
    *ret_text = piece;
    *ret_length = length;
    return SUMMIT_OK;
}
