/* Rows that belong to a summit go with it: the base's stay unless the addition has that summit.
 * Areas, initiatives and sources are shared, so they are joined entry by entry. A source that the
 * addition states is the addition's: what the base's rows of replaced summits cited from it is
 * gone, and what a shared row of both cites from it is what the addition says it does. But what it
 * omits from the source, it omits for its own summits only (merge_omissions.c). */
#include "merge.h"

#include "merge_omissions.h"
#include "record.h"
#include "resource.h"
#include "text.h"

struct merge {
    const json_t *base;
    const json_t *addition;
    const json_t *base_index;     /* {resource: {id: row}} */
    const json_t *addition_index; /* the same */
    json_t *record;               /* the result */
};

static const char *text_of(const json_t *row, const char *key)
{
    return json_string_value(json_object_get(row, key));
}

/* {resource: {id: row}} of a record. NULL when out of memory. */
static json_t *index_record(const json_t *record)
{
    json_auto_t *index = json_object();
    for (size_t r = 0; r < RESOURCE_COUNT; r++) {
        json_t *ids = json_object();
        if (json_object_set_new(index, resources[r]->name, ids) != 0) {
            return NULL;
        }
        const json_t *rows = json_object_get(record, resources[r]->name);
        for (size_t i = 0; i < json_array_size(rows); i++) {
            json_t *row = json_array_get(rows, i);
            if (json_object_set(ids, text_of(row, "id"), row) != 0) {
                return NULL;
            }
        }
    }
    return json_incref(index);
}

static bool has(const json_t *ids, const char *id)
{
    return id != NULL && json_object_get(ids, id) != NULL;
}

static const json_t *find(const json_t *index, const char *resource, const char *id)
{
    return json_object_get(json_object_get(index, resource), id);
}

/* The summit of a row of the base, or NULL if rows of its resource are shared. */
static const char *summit_of(const struct merge *merge, const struct resource *resource,
                             const json_t *row)
{
    if (resource == &summits_resource) {
        return text_of(row, "id");
    }
    if (resource == &measures_resource) {
        const char *proposal = text_of(row, "proposal_id");
        return text_of(find(merge->base_index, "proposals", proposal), "summit_id");
    }
    return text_of(row, "summit_id");
}

/* What an entry of a shared row's list is about: a summit, or a paragraph of a source. Entries
 * about the same are the same entry. The caller frees it; NULL when out of memory. */
static char *subject_of(const json_t *entry, const char *member)
{
    json_int_t paragraph = json_integer_value(json_object_get(entry, "paragraph"));
    return text_format("%s %" JSON_INTEGER_FORMAT, text_of(entry, member), paragraph);
}

/* {subject: entry} of a list, in its order. NULL when out of memory. */
static json_t *index_entries(const json_t *list, const char *member)
{
    json_auto_t *index = json_object();
    int failed = index == NULL;
    for (size_t i = 0; i < json_array_size(list) && !failed; i++) {
        json_t *entry = json_array_get(list, i);
        text_auto *subject = subject_of(entry, member);
        failed |= subject == NULL || json_object_set(index, subject, entry) != 0;
    }
    return failed ? NULL : json_incref(index);
}

/* The entries of both lists: the old ones that the addition does not speak for, as it states
 * another summit or source, or that it states as well; then those that it states alone. Entries
 * that stay keep their place, so that a record imported again changes nothing. NULL when out of
 * memory. */
static json_t *join_entries(const json_t *old, const json_t *new, const char *member,
                            const json_t *stated)
{
    json_auto_t *left = index_entries(new, member);
    json_auto_t *entries = json_array();
    int failed = left == NULL || entries == NULL;
    for (size_t i = 0; i < json_array_size(old) && !failed; i++) {
        json_t *entry = json_array_get(old, i);
        text_auto *subject = subject_of(entry, member);
        json_t *again = subject == NULL ? NULL : json_object_get(left, subject);
        if (again != NULL) {
            failed |= json_array_append(entries, again);
            failed |= json_object_del(left, subject);
        } else if (!has(stated, text_of(entry, member))) {
            failed |= json_array_append(entries, entry);
        }
        failed |= subject == NULL;
    }
    for (size_t i = 0; i < json_array_size(new) && !failed; i++) {
        json_t *entry = json_array_get(new, i);
        text_auto *subject = subject_of(entry, member);
        if (subject != NULL && json_object_get(left, subject) != NULL) {
            failed |= json_array_append(entries, entry);
        }
        failed |= subject == NULL;
    }
    return failed ? NULL : json_incref(entries);
}

/* A shared row: the addition's wording if it has the row, and both sides' entries. NULL when out of
 * memory. */
static json_t *join_row(const struct merge *merge, const json_t *old, const json_t *new)
{
    static const struct {
        const char *list;
        const char *member;
    } lists[] = {{"summits", "summit_id"}, {"citations", "source_id"}};
    json_t *worded = (json_t *)(new != NULL ? new : old);
    json_auto_t *row = json_copy(worded);
    if (json_object_size(row) != json_object_size(worded)) {
        return NULL; /* json_copy leaves out what it has no memory for, and does not say so */
    }
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        const json_t *stated =
            json_object_get(merge->addition_index, i == 0 ? "summits" : "sources");
        const json_t *entries = json_object_get(old, lists[i].list);
        if (entries == NULL || (i > 0 && new == NULL)) {
            continue;
        }
        json_t *joined =
            join_entries(entries, json_object_get(new, lists[i].list), lists[i].member, stated);
        if (json_object_set_new(row, lists[i].list, joined) != 0) {
            return NULL;
        }
    }
    return json_incref(row);
}

static int add_shared_rows(const struct merge *merge, const struct resource *resource,
                           json_t *result)
{
    const json_t *old_rows = json_object_get(merge->base, resource->name);
    const json_t *new_rows = json_object_get(merge->addition, resource->name);
    int failed = 0;
    for (size_t i = 0; i < json_array_size(old_rows); i++) {
        const json_t *old = json_array_get(old_rows, i);
        const json_t *new = find(merge->addition_index, resource->name, text_of(old, "id"));
        failed |= json_array_append_new(result, join_row(merge, old, new));
    }
    for (size_t i = 0; i < json_array_size(new_rows); i++) {
        json_t *new = json_array_get(new_rows, i);
        if (find(merge->base_index, resource->name, text_of(new, "id")) == NULL) {
            failed |= json_array_append(result, new);
        }
    }
    return failed;
}

static int add_rows(const struct merge *merge, const struct resource *resource)
{
    json_t *result = json_array();
    if (json_object_set_new(merge->record, resource->name, result) != 0) {
        return -1;
    }
    if (resource == &areas_resource || resource == &initiatives_resource ||
        resource == &sources_resource) {
        return add_shared_rows(merge, resource, result);
    }
    int failed = 0;
    const json_t *rows = json_object_get(merge->base, resource->name);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        if (!has(json_object_get(merge->addition_index, "summits"),
                 summit_of(merge, resource, row))) {
            failed |= json_array_append(result, row);
        }
    }
    return failed | json_array_extend(result, json_object_get(merge->addition, resource->name));
}

/* Adds to used, under the target's name, every id a row's fields name. */
static int note_references(const struct field *fields, const json_t *row, json_t *used)
{
    int failed = 0;
    for (const struct field *field = fields; field->name != NULL; field++) {
        if (field->rule == RULE_TEXTS) {
            continue;
        }
        const json_t *value = json_object_get(row, field->name);
        json_t *ids = field->target == NULL ? NULL : json_object_get(used, field->target);
        if (field->rule == RULE_REFERENCE && json_is_string(value)) {
            failed |= json_object_set_new(ids, json_string_value(value), json_true());
        }
        for (size_t i = 0; i < json_array_size(value); i++) {
            const json_t *entry = json_array_get(value, i);
            failed |= field->rule == RULE_OBJECTS
                          ? note_references(field->fields, entry, used)
                          : json_object_set_new(ids, json_string_value(entry), json_true());
        }
    }
    return failed;
}

/* Removes the rows of one shared resource that neither the addition states nor a row refers to; an
 * area also stays while it plays a part in a summit. */
static void remove_unused(const struct merge *merge, const char *resource, const json_t *used)
{
    json_t *rows = json_object_get(merge->record, resource);
    const json_t *stated = json_object_get(merge->addition_index, resource);
    for (size_t i = json_array_size(rows); i-- > 0;) {
        const json_t *row = json_array_get(rows, i);
        const char *id = text_of(row, "id");
        bool needed = has(json_object_get(used, resource), id) || has(stated, id) ||
                      json_array_size(json_object_get(row, "summits")) > 0;
        if (!needed) {
            json_array_remove(rows, i);
        }
    }
}

static int remove_all_unused(const struct merge *merge)
{
    /* Sources last: areas and initiatives that go no longer cite. */
    static const char *const shared[] = {"areas", "initiatives", "sources"};
    for (size_t s = 0; s < sizeof shared / sizeof shared[0]; s++) {
        json_auto_t *used = json_object();
        int failed = 0;
        for (size_t r = 0; r < RESOURCE_COUNT; r++) {
            failed |= json_object_set_new(used, resources[r]->name, json_object());
        }
        for (size_t r = 0; r < RESOURCE_COUNT && !failed; r++) {
            const json_t *rows = json_object_get(merge->record, resources[r]->name);
            for (size_t i = 0; i < json_array_size(rows); i++) {
                failed |= note_references(resources[r]->fields, json_array_get(rows, i), used);
            }
        }
        if (failed) {
            return failed;
        }
        remove_unused(merge, shared[s], used);
    }
    return 0;
}

enum summit_status merge_records(const json_t *base, const json_t *addition, json_t **ret_record)
{
    json_auto_t *base_index = index_record(base);
    json_auto_t *addition_index = index_record(addition);
    json_auto_t *record = json_pack("{s:i}", "version", RECORD_VERSION);
    struct merge merge = {
        .base = base,
        .addition = addition,
        .base_index = base_index,
        .addition_index = addition_index,
        .record = record,
    };
    int failed = base_index == NULL || addition_index == NULL || record == NULL;
    for (size_t i = 0; i < RESOURCE_COUNT && !failed; i++) {
        failed |= add_rows(&merge, resources[i]);
    }
    if (failed || remove_all_unused(&merge) != 0) {
        return SUMMIT_NOMEM;
    }
    enum summit_status status = merge_omissions_drop_cited(record);
    if (status == SUMMIT_OK) {
        *ret_record = json_incref(record);
    }
    return status;
}
