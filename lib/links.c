/* One pass builds an index of ids; the second follows every reference through it. Which fields
 * refer to what stands in the resources' tables, so a new resource is checked without a line here;
 * only what the tables cannot say (citations and their paragraphs, numbering, the areas of a
 * summit) is written out, in links_source.c and below. */
#include "links.h"

#include <stdio.h>
#include <string.h>

#include "dump.h"
#include "links_source.h"
#include "resource.h"
#include "text.h"

struct links {
    const json_t *record;
    json_t *index; /* {resource: {id: row (borrowed references count)}} */
    json_t *parts; /* {area id: {summit id: true}} */
    struct problems *problems;
};

static const json_t *find_row(const struct links *links, const char *resource, const char *id)
{
    return id == NULL ? NULL : json_object_get(json_object_get(links->index, resource), id);
}

static const char *text_of(const json_t *row, const char *key)
{
    return json_string_value(json_object_get(row, key));
}

/* The summit a row belongs to, itself if it is one, or NULL: areas, initiatives and sources. */
static const char *summit_of(const struct links *links, const struct resource *resource,
                             const json_t *row)
{
    if (resource == &summits_resource) {
        return text_of(row, "id");
    }
    if (resource == &measures_resource) {
        return text_of(find_row(links, "proposals", text_of(row, "proposal_id")), "summit_id");
    }
    return text_of(row, "summit_id");
}

static void check_id(struct links *links, const struct resource *resource, json_t *row,
                     const struct place *at)
{
    struct place id_at = {.parent = at, .key = "id"};
    json_t *ids = json_object_get(links->index, resource->name);
    const char *id = text_of(row, "id");
    if (id == NULL) {
        return;
    }
    if (json_object_get(ids, id) != NULL) {
        problems_add(links->problems, &id_at, "duplicate_id", NULL,
                     "\"%.64s\" is the id of an earlier one of the %s too; ids are unique", id,
                     resource->name);
    } else if (json_object_set(ids, id, row) != 0) {
        links->problems->nomem = true;
    }
}

static void check_prefix(struct links *links, const struct resource *resource, const json_t *row,
                         const struct place *at)
{
    const char *id = text_of(row, "id");
    const char *summit = summit_of(links, resource, row);
    if (id == NULL || summit == NULL || resource == &summits_resource) {
        return;
    }
    size_t length = strlen(summit);
    if (strncmp(id, summit, length) != 0 || id[length] != '-') {
        struct place id_at = {.parent = at, .key = "id"};
        problems_add(links->problems, &id_at, "id_prefix", NULL,
                     "\"%.64s\" must start with its summit's id and a hyphen, \"%.64s-\"", id,
                     summit);
    }
}

static void unknown_id(struct links *links, const struct field *field, const char *id,
                       const struct place *at)
{
    enum { CANDIDATES_MAX = 2000 };
    if (problems_are_full(links->problems)) {
        return;
    }
    const char *candidates[CANDIDATES_MAX + 1];
    size_t count = 0;
    json_t *ids = json_object_get(links->index, field->target);
    void *entry = json_object_iter(ids);
    while (entry != NULL && count < CANDIDATES_MAX) {
        candidates[count++] = json_object_iter_key(entry);
        entry = json_object_iter_next(ids, entry);
    }
    candidates[count] = NULL;
    problems_add(links->problems, at, "unknown_id", summit_nearest(id, candidates),
                 "there is no \"%.64s\" among the %s of this record", id, field->target);
}

static void check_area_part(struct links *links, const char *summit, const json_t *area,
                            const struct place *at)
{
    if (json_object_get(json_object_get(links->parts, text_of(area, "id")), summit) != NULL) {
        return;
    }
    problems_add(links->problems, at, "missing_category", NULL,
                 "area \"%.64s\" is used here, so its \"summits\" must give its category in "
                 "\"%.64s\"",
                 text_of(area, "id"), summit);
}

static void check_reference(struct links *links, const struct field *field, const json_t *value,
                            const char *summit, const struct place *at)
{
    const char *id = json_string_value(value);
    /* What is not there at all has been reported once. */
    if (id == NULL || !json_is_array(json_object_get(links->record, field->target))) {
        return;
    }
    const struct resource *target = resource_find(field->target);
    const json_t *row = find_row(links, field->target, id);
    if (row == NULL) {
        unknown_id(links, field, id, at);
        return;
    }
    const char *other = summit_of(links, target, row);
    if (summit != NULL && other != NULL && strcmp(summit, other) != 0) {
        problems_add(links->problems, at, "other_summit", NULL,
                     "\"%.64s\" belongs to summit \"%.64s\", this row to \"%.64s\"", id, other,
                     summit);
    }
    if (summit != NULL && target == &areas_resource) {
        check_area_part(links, summit, row, at);
    }
}

/* Reports an entry that repeats an earlier one; seen has the earlier ones' places by their texts.
 */
static void check_repetition(struct links *links, const struct field *field, const json_t *entry,
                             json_t *seen, const struct place *at)
{
    const char *key = field->key;
    const json_t *value = key == NULL ? entry : json_object_get(entry, key);
    if (value == NULL) {
        return;
    }
    text_auto *text = dump_json(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    if (text == NULL) {
        links->problems->nomem = true;
        return;
    }
    const json_t *earlier = json_object_get(seen, text);
    if (earlier != NULL) {
        problems_add(links->problems, at, "repeated_entry", NULL,
                     "this entry repeats %s%s%" JSON_INTEGER_FORMAT " of the list",
                     key == NULL ? "" : key, key == NULL ? "entry " : " of entry ",
                     json_integer_value(earlier));
    } else if (json_object_set_new(seen, text, json_integer((json_int_t)at->index)) != 0) {
        links->problems->nomem = true;
    }
}

static void check_references(struct links *links, const struct field *fields, const json_t *object,
                             const char *summit, const struct place *at);

static void check_list(struct links *links, const struct field *field, const json_t *list,
                       const char *summit, const struct place *at)
{
    size_t count = json_array_size(list);
    json_auto_t *seen = count < 2 ? NULL : json_object();
    for (size_t i = 0; i < count; i++) {
        struct place entry_at = {.parent = at, .index = i};
        const json_t *entry = json_array_get(list, i);
        if (count > 1) {
            check_repetition(links, field, entry, seen, &entry_at);
        }
        if (field->rule == RULE_REFERENCES) {
            check_reference(links, field, entry, summit, &entry_at);
        } else if (field->rule == RULE_OBJECTS) {
            check_references(links, field->fields, entry, summit, &entry_at);
        }
    }
}

static void check_references(struct links *links, const struct field *fields, const json_t *object,
                             const char *summit, const struct place *at)
{
    for (const struct field *field = fields; field->name != NULL; field++) {
        const json_t *value = json_object_get(object, field->name);
        struct place field_at = {.parent = at, .key = field->name};
        if (field->rule == RULE_REFERENCE) {
            check_reference(links, field, value, summit, &field_at);
        } else if (field->rule == RULE_REFERENCES || field->rule == RULE_TEXTS ||
                   field->rule == RULE_OBJECTS) {
            check_list(links, field, value, summit, &field_at);
        }
    }
}

static void check_dates(struct links *links, const json_t *summit, const struct place *at)
{
    const char *starts_on = text_of(summit, "starts_on");
    const char *ends_on = text_of(summit, "ends_on");
    if (starts_on != NULL && ends_on != NULL && strcmp(starts_on, ends_on) > 0) {
        struct place ends_at = {.parent = at, .key = "ends_on"};
        problems_add(links->problems, &ends_at, "dates_reversed", NULL,
                     "the last day, %.20s, is before the first, %.20s", ends_on, starts_on);
    }
}

/* Numbers of the rows under one parent: each once. That there are no gaps follows if the greatest
 * is their count; seen counts them under "PARENT" and holds each as "PARENT NUMBER". */
static void check_number(struct links *links, const json_t *row, const char *parent_key,
                         const char *number_key, json_t *seen, const struct place *at)
{
    const char *parent = text_of(row, parent_key);
    const json_t *number = json_object_get(row, number_key);
    if (parent == NULL) {
        return;
    }
    json_int_t count = json_integer_value(json_object_get(seen, parent)) + 1;
    if (json_object_set_new(seen, parent, json_integer(count)) != 0) {
        links->problems->nomem = true;
    }
    if (!json_is_integer(number)) {
        return;
    }
    text_auto *key = text_format("%s %" JSON_INTEGER_FORMAT, parent, json_integer_value(number));
    if (key == NULL) {
        links->problems->nomem = true;
        return;
    }
    struct place number_at = {.parent = at, .key = number_key};
    if (json_object_get(seen, key) != NULL) {
        problems_add(links->problems, &number_at, "repeated_number", NULL,
                     "%s %" JSON_INTEGER_FORMAT " stands twice under \"%.64s\"", number_key,
                     json_integer_value(number), parent);
    }
    links->problems->nomem |= json_object_set_new(seen, key, json_true()) != 0;
}

static void check_numbers(struct links *links, const struct resource *resource,
                          const char *parent_key, const char *number_key)
{
    json_auto_t *seen = json_object();
    const json_t *rows = json_object_get(links->record, resource->name);
    struct place rows_at = {.key = resource->name};
    for (size_t i = 0; i < json_array_size(rows); i++) {
        struct place at = {.parent = &rows_at, .index = i};
        check_number(links, json_array_get(rows, i), parent_key, number_key, seen, &at);
    }
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const char *parent = text_of(row, parent_key);
        const json_t *number = json_object_get(row, number_key);
        json_int_t count = parent == NULL ? 0 : json_integer_value(json_object_get(seen, parent));
        if (count != 0 && json_is_integer(number) && json_integer_value(number) > count) {
            struct place at = {.parent = &rows_at, .index = i};
            struct place number_at = {.parent = &at, .key = number_key};
            problems_add(links->problems, &number_at, "missing_number", NULL,
                         "%s is %" JSON_INTEGER_FORMAT
                         ", but \"%.64s\" has only %" JSON_INTEGER_FORMAT
                         " of the %s; they run from 1 without gaps",
                         number_key, json_integer_value(number), parent, count, resource->name);
        }
    }
}

static void index_rows(struct links *links, const struct resource *resource)
{
    const json_t *rows = json_object_get(links->record, resource->name);
    struct place rows_at = {.key = resource->name};
    if (json_object_set_new(links->index, resource->name, json_object()) != 0) {
        links->problems->nomem = true;
        return;
    }
    for (size_t i = 0; i < json_array_size(rows); i++) {
        struct place at = {.parent = &rows_at, .index = i};
        check_id(links, resource, json_array_get(rows, i), &at);
    }
}

/* Notes in which summits each area has a part; of areas with one id, the first's count. */
static void index_area_parts(struct links *links)
{
    const json_t *areas = json_object_get(links->record, "areas");
    for (size_t i = 0; i < json_array_size(areas); i++) {
        const json_t *area = json_array_get(areas, i);
        const char *id = text_of(area, "id");
        if (id == NULL || find_row(links, "areas", id) != area) {
            continue;
        }
        json_t *summits = json_object();
        links->problems->nomem |= json_object_set_new(links->parts, id, summits) != 0;
        const json_t *parts = json_object_get(area, "summits");
        for (size_t p = 0; p < json_array_size(parts) && !links->problems->nomem; p++) {
            const char *summit = text_of(json_array_get(parts, p), "summit_id");
            if (summit != NULL) {
                links->problems->nomem |= json_object_set_new(summits, summit, json_true()) != 0;
            }
        }
    }
}

static void check_rows(struct links *links, const struct resource *resource)
{
    const json_t *rows = json_object_get(links->record, resource->name);
    struct place rows_at = {.key = resource->name};
    for (size_t i = 0; i < json_array_size(rows); i++) {
        struct place at = {.parent = &rows_at, .index = i};
        const json_t *row = json_array_get(rows, i);
        check_prefix(links, resource, row, &at);
        check_references(links, resource->fields, row, summit_of(links, resource, row), &at);
        if (resource == &summits_resource) {
            check_dates(links, row, &at);
        }
    }
}

void links_check(const json_t *record, struct problems *problems)
{
    json_auto_t *index = json_object();
    json_auto_t *parts = json_object();
    struct links links = {.record = record, .index = index, .parts = parts, .problems = problems};
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        index_rows(&links, resources[i]);
    }
    index_area_parts(&links);
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        check_rows(&links, resources[i]);
    }
    check_numbers(&links, &participants_resource, "summit_id", "position");
    check_numbers(&links, &proposals_resource, "summit_id", "number");
    check_numbers(&links, &measures_resource, "proposal_id", "number");
    const json_t *summits = json_object_get(record, "summits");
    if (json_is_array(summits) && json_array_size(summits) == 0) {
        problems_add(problems, &(struct place){.key = "summits"}, "too_few", NULL,
                     "a record has at least one summit");
    }
    links_source_check(record, problems);
}
