/* A record must list the paragraphs that it cites nothing from, but it can only know of its own
 * rows: what it leaves out of a source may be what another summit is about. One index has all
 * omitted paragraphs; a pass over all citations strikes those that are cited after all. */
#include "merge_omissions.h"

#include "resource.h"
#include "text.h"

/* "source-id paragraph". The caller frees it; NULL when out of memory. */
static char *paragraph_name(const json_t *source_id, const json_t *entry)
{
    return text_format("%s %" JSON_INTEGER_FORMAT, json_string_value(source_id),
                       json_integer_value(json_object_get(entry, "paragraph")));
}

/* {name: false} of every omitted paragraph. NULL when out of memory. */
static json_t *index_omissions(const json_t *sources)
{
    json_auto_t *omitted = json_object();
    int failed = omitted == NULL;
    for (size_t s = 0; s < json_array_size(sources); s++) {
        const json_t *source = json_array_get(sources, s);
        const json_t *omissions = json_object_get(source, "omitted_paragraphs");
        for (size_t i = 0; i < json_array_size(omissions) && !failed; i++) {
            text_auto *name =
                paragraph_name(json_object_get(source, "id"), json_array_get(omissions, i));
            failed |= name == NULL || json_object_set_new(omitted, name, json_false()) != 0;
        }
    }
    return failed ? NULL : json_incref(omitted);
}

/* Sets in the index what the rows of one resource cite. */
static int strike_cited(const json_t *rows, json_t *omitted)
{
    int failed = 0;
    for (size_t r = 0; r < json_array_size(rows); r++) {
        const json_t *citations = json_object_get(json_array_get(rows, r), "citations");
        for (size_t i = 0; i < json_array_size(citations) && !failed; i++) {
            const json_t *citation = json_array_get(citations, i);
            text_auto *name = paragraph_name(json_object_get(citation, "source_id"), citation);
            if (name != NULL && json_object_get(omitted, name) != NULL) {
                failed |= json_object_set_new(omitted, name, json_true());
            }
            failed |= name == NULL;
        }
    }
    return failed;
}

/* The omissions of a source that nothing struck. NULL when out of memory. */
static json_t *remaining(const json_t *source, const json_t *omitted)
{
    const json_t *omissions = json_object_get(source, "omitted_paragraphs");
    json_auto_t *list = json_array();
    int failed = list == NULL;
    for (size_t i = 0; i < json_array_size(omissions) && !failed; i++) {
        json_t *omission = json_array_get(omissions, i);
        text_auto *name = paragraph_name(json_object_get(source, "id"), omission);
        failed |= name == NULL;
        if (name != NULL && json_is_false(json_object_get(omitted, name))) {
            failed |= json_array_append(list, omission);
        }
    }
    return failed ? NULL : json_incref(list);
}

static int replace_source(json_t *sources, size_t index, const json_t *omitted)
{
    json_t *source = json_array_get(sources, index);
    json_auto_t *list = remaining(source, omitted);
    if (list == NULL) {
        return -1;
    }
    if (json_array_size(list) == json_array_size(json_object_get(source, "omitted_paragraphs"))) {
        return 0;
    }
    json_auto_t *copy = json_copy(source);
    if (json_object_size(copy) != json_object_size(source) ||
        json_object_set(copy, "omitted_paragraphs", list) != 0) {
        return -1;
    }
    return json_array_set(sources, index, copy);
}

enum summit_status merge_omissions_drop_cited(json_t *record)
{
    json_t *sources = json_object_get(record, "sources");
    json_auto_t *omitted = index_omissions(sources);
    int failed = omitted == NULL;
    for (size_t r = 0; r < RESOURCE_COUNT && !failed; r++) {
        failed |= strike_cited(json_object_get(record, resources[r]->name), omitted);
    }
    for (size_t i = 0; i < json_array_size(sources) && !failed; i++) {
        failed |= replace_source(sources, i, omitted);
    }
    return failed ? SUMMIT_NOMEM : SUMMIT_OK;
}
