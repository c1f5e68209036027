#include "resource.h"

#include <string.h>

#include "codes.h"
#include "text.h"

const struct resource *const resources[RESOURCE_COUNT] = {
    &summits_resource,     &participants_resource, &proposals_resource,
    &measures_resource,    &areas_resource,        &statements_resource,
    &initiatives_resource, &mechanisms_resource,   &sources_resource,
};

const struct field resource_country_fields[] = {
    {.name = "code", .rule = RULE_ENUM, .values = codes_country},
    {.name = "name", .rule = RULE_TEXT, .max = RESOURCE_NAME_MAX},
    {.name = NULL},
};

const struct field resource_citation_fields[] = {
    {.name = "source_id", .rule = RULE_REFERENCE, .target = "sources"},
    {.name = "paragraph", .rule = RULE_INTEGER, .min = 1, .max = 100000},
    {.name = NULL},
};

size_t resource_index(const struct resource *resource)
{
    size_t index = 0;
    while (resources[index] != resource) {
        index++;
    }
    return index;
}

const struct resource *resource_find(const char *name)
{
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        if (strcmp(resources[i]->name, name) == 0) {
            return resources[i];
        }
    }
    return NULL;
}

const struct filter *resource_filter(const struct resource *resource, const char *name)
{
    for (const struct filter *filter = resource->filters; filter->name != NULL; filter++) {
        if (strcmp(filter->name, name) == 0) {
            return filter;
        }
    }
    return NULL;
}

const struct sort *resource_sort(const struct resource *resource, const char *name)
{
    for (const struct sort *sort = resource->sorts; sort->name != NULL; sort++) {
        if (strcmp(sort->name, name) == 0) {
            return sort;
        }
    }
    return NULL;
}

const struct relation *resource_relation(const struct resource *resource, const char *target)
{
    for (const struct relation *relation = resource->relations; relation->target != NULL;
         relation++) {
        if (strcmp(relation->target, target) == 0) {
            return relation;
        }
    }
    return NULL;
}

const struct field *resource_field(const struct field *fields, const char *name)
{
    for (const struct field *field = fields; field->name != NULL; field++) {
        if (strcmp(field->name, name) == 0) {
            return field;
        }
    }
    return NULL;
}

bool resource_relation_is_made(const struct relation *relation)
{
    return relation->names == NULL && relation->filter == NULL;
}

/* What can be asked of a resource. NULL when out of memory. */
static json_t *describe(const struct resource *resource)
{
    json_auto_t *filters = json_array();
    json_auto_t *sorts = json_array();
    json_auto_t *includes = json_array();
    json_auto_t *item_includes = json_array();
    json_auto_t *fields = json_array();
    int failed = 0;
    for (const struct filter *f = resource->filters; f->name != NULL; f++) {
        failed |= json_array_append_new(filters, json_string(f->name));
    }
    for (const struct sort *s = resource->sorts; s->name != NULL; s++) {
        failed |= json_array_append_new(sorts, json_string(s->name));
    }
    for (const struct relation *r = resource->relations; r->target != NULL; r++) {
        json_t *names = resource_relation_is_made(r) ? item_includes : includes;
        failed |= json_array_append_new(names, json_string(r->target));
    }
    for (const struct field *f = resource->fields; f->name != NULL; f++) {
        failed |= f->use == FIELD_RECORD ? 0 : json_array_append_new(fields, json_string(f->name));
    }
    if (failed != 0) {
        return NULL;
    }
    return json_pack("{s:s, s:s, s:O, s:O, s:O, s:O, s:O}", "name", resource->name, "description",
                     resource->description, "filters", filters, "sorts", sorts, "includes",
                     includes, "item_includes", item_includes, "fields", fields);
}

enum summit_status summit_resources(json_t **ret_resources)
{
    json_auto_t *all = json_array();
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        if (json_array_append_new(all, describe(resources[i])) != 0) {
            return SUMMIT_NOMEM;
        }
    }
    *ret_resources = json_incref(all);
    return SUMMIT_OK;
}
