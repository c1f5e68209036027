/* A source that a summit's own rows cite belongs to it. A source that no summit's own rows cite
 * belongs to the shared rows that cite it, wherever these go. A source of other summits is left
 * out, and its citations with it; unless a shared row has no other, as every row must have one. */
#include "excerpt_sources.h"

#include <stdlib.h>
#include <string.h>

#include "list.h"
#include "resource.h"

enum { PARAGRAPHS_MAX = 100000 };

void excerpt_sources_clear(struct excerpt_sources *sources)
{
    for (size_t i = 0; i < sources->count; i++) {
        free(sources->list[i].cited);
    }
    free(sources->list);
    json_decref(sources->places);
    *sources = (struct excerpt_sources){.list = NULL};
}

static struct excerpt_source *find(const struct excerpt_sources *sources, const char *id)
{
    const json_t *place = id == NULL ? NULL : json_object_get(sources->places, id);
    return place == NULL ? NULL : &sources->list[json_integer_value(place)];
}

static const char *cited_id(const json_t *citation)
{
    return json_string_value(json_object_get(citation, "source_id"));
}

static bool is_kept(const struct excerpt_sources *sources, const json_t *citation)
{
    const struct excerpt_source *source = find(sources, cited_id(citation));
    return source != NULL && source->stays;
}

static enum summit_status grow(struct excerpt_sources *sources)
{
    if (sources->places == NULL) {
        sources->places = json_object();
    }
    if (sources->list == NULL || sources->count == sources->capacity) {
        size_t capacity = sources->capacity == 0 ? 8 : sources->capacity * 2;
        struct excerpt_source *list = realloc(sources->list, capacity * sizeof *list);
        if (list == NULL) {
            return SUMMIT_NOMEM;
        }
        sources->list = list;
        sources->capacity = capacity;
    }
    return sources->places == NULL ? SUMMIT_NOMEM : SUMMIT_OK;
}

static enum summit_status append(struct excerpt_sources *sources, const char *id, bool stays)
{
    if (id == NULL) {
        return SUMMIT_CORRUPT;
    }
    enum summit_status status = grow(sources);
    if (status != SUMMIT_OK) {
        return status;
    }
    json_t *place = json_integer((json_int_t)sources->count);
    if (json_object_set_new(sources->places, id, place) != 0) {
        return SUMMIT_NOMEM;
    }
    sources->list[sources->count++] = (struct excerpt_source){.stays = stays};
    return SUMMIT_OK;
}

enum summit_status excerpt_sources_add(struct excerpt_sources *sources, const char *id)
{
    struct excerpt_source *source = find(sources, id);
    if (source == NULL) {
        return append(sources, id, true);
    }
    source->stays = true;
    return SUMMIT_OK;
}

/* Whether own rows of some summit cite a source. */
static enum summit_status has_summits(struct summit_store *store, const char *id, bool *ret_has)
{
    json_auto_t *filters = json_pack("{s:[s]}", "source", id);
    if (filters == NULL) {
        return SUMMIT_NOMEM;
    }
    struct selection selection = {.resource = &summits_resource, .filters = filters};
    int64_t total = 0;
    bool is_exact = true;
    enum summit_status status = list_total(store, &selection, &total, &is_exact);
    if (status == SUMMIT_OK) {
        *ret_has = total > 0;
    }
    return status;
}

enum summit_status excerpt_sources_weigh(struct excerpt_sources *sources,
                                         struct summit_store *store, const json_t *row)
{
    const json_t *citations = json_object_get(row, "citations");
    bool any = false;
    for (size_t i = 0; i < json_array_size(citations); i++) {
        const json_t *citation = json_array_get(citations, i);
        const char *id = cited_id(citation);
        if (find(sources, id) == NULL) {
            bool others = false;
            enum summit_status status =
                id == NULL ? SUMMIT_CORRUPT : has_summits(store, id, &others);
            if (status == SUMMIT_OK) {
                status = append(sources, id, !others);
            }
            if (status != SUMMIT_OK) {
                return status;
            }
        }
        any |= is_kept(sources, citation);
    }
    for (size_t i = 0; i < json_array_size(citations) && !any; i++) {
        find(sources, cited_id(json_array_get(citations, i)))->stays = true;
    }
    return SUMMIT_OK;
}

json_t *excerpt_sources_ids(const struct excerpt_sources *sources)
{
    json_auto_t *ids = json_array();
    int failed = ids == NULL;
    const char *id;
    json_t *place;
    json_object_foreach(sources->places, id, place)
    {
        if (sources->list[json_integer_value(place)].stays) {
            failed |= json_array_append_new(ids, json_string(id));
        }
    }
    return failed ? NULL : json_incref(ids);
}

static enum summit_status mark(struct excerpt_source *source, const json_t *paragraph)
{
    json_int_t number = json_integer_value(paragraph);
    if (number < 1 || number > PARAGRAPHS_MAX) {
        return SUMMIT_CORRUPT;
    }
    size_t size = (size_t)number;
    if (size > source->cited_size) {
        unsigned char *cited = realloc(source->cited, size);
        if (cited == NULL) {
            return SUMMIT_NOMEM;
        }
        memset(cited + source->cited_size, 0, size - source->cited_size);
        source->cited = cited;
        source->cited_size = size;
    }
    source->cited[size - 1] = 1;
    return SUMMIT_OK;
}

enum summit_status excerpt_sources_trim(struct excerpt_sources *sources, json_t *row)
{
    json_t *citations = json_object_get(row, "citations");
    json_auto_t *kept = json_array();
    int failed = kept == NULL;
    for (size_t i = 0; i < json_array_size(citations); i++) {
        json_t *citation = json_array_get(citations, i);
        if (is_kept(sources, citation)) {
            enum summit_status status =
                mark(find(sources, cited_id(citation)), json_object_get(citation, "paragraph"));
            if (status != SUMMIT_OK) {
                return status;
            }
            failed |= json_array_append(kept, citation);
        }
    }
    failed |= citations != NULL && json_object_set(row, "citations", kept) != 0;
    return failed ? SUMMIT_NOMEM : SUMMIT_OK;
}

/* The paragraphs of a source that need no entry: cited or listed already. A byte each. */
static unsigned char *explained(const struct excerpt_source *source, const json_t *omissions,
                                size_t count)
{
    unsigned char *is_explained = calloc(count, 1);
    if (is_explained == NULL) {
        return NULL;
    }
    size_t cited = source->cited_size < count ? source->cited_size : count;
    if (cited > 0) {
        memcpy(is_explained, source->cited, cited);
    }
    for (size_t i = 0; i < json_array_size(omissions); i++) {
        const json_t *omission = json_array_get(omissions, i);
        json_int_t number = json_integer_value(json_object_get(omission, "paragraph"));
        if (number >= 1 && (size_t)number <= count) {
            is_explained[number - 1] = 1;
        }
    }
    return is_explained;
}

enum summit_status excerpt_sources_complete(const struct excerpt_sources *sources, json_t *source)
{
    const struct excerpt_source *known =
        find(sources, json_string_value(json_object_get(source, "id")));
    json_t *omissions = json_object_get(source, "omitted_paragraphs");
    json_int_t count = json_integer_value(json_object_get(source, "paragraph_count"));
    if (known == NULL || !json_is_array(omissions) || count < 1 || count > PARAGRAPHS_MAX) {
        return SUMMIT_CORRUPT;
    }
    unsigned char *is_explained = explained(known, omissions, (size_t)count);
    if (is_explained == NULL) {
        return SUMMIT_NOMEM;
    }
    int failed = 0;
    for (json_int_t i = 0; i < count && !failed; i++) {
        if (!is_explained[i]) {
            json_t *omission =
                json_pack("{s:I, s:s}", "paragraph", i + 1, "reason", "Cited for another summit.");
            failed = json_array_append_new(omissions, omission);
        }
    }
    free(is_explained);
    return failed ? SUMMIT_NOMEM : SUMMIT_OK;
}
