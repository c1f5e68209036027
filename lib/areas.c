#include <stddef.h>

#include "resource.h"
#include "sql.h"

static const char *const categories[] = {"traditional", "growth_driver", "other", NULL};

static const struct field part_fields[] = {
    FIELD_SUMMIT_ID,
    {.name = "category", .rule = RULE_ENUM, .values = categories},
    {.name = NULL},
};

static const struct field count_fields[] = {
    {.name = "proposals", .type = FIELD_INTEGER, .use = FIELD_DOCUMENT},
    {.name = "measures", .type = FIELD_INTEGER, .use = FIELD_DOCUMENT},
    {.name = "statements", .type = FIELD_INTEGER, .use = FIELD_DOCUMENT},
    {.name = "mechanisms", .type = FIELD_INTEGER, .use = FIELD_DOCUMENT},
    {.name = NULL},
};

static const struct field fields[] = {
    FIELD_ID,
    {.name = "name", .rule = RULE_TEXT, .max = RESOURCE_NAME_MAX},
    FIELD_ALIASES,
    {.name = "description", .rule = RULE_TEXT, .max = RESOURCE_TEXT_MAX, .nullable = true},
    {.name = "summits",
     .type = FIELD_JSON,
     .use = FIELD_RECORD,
     .rule = RULE_OBJECTS,
     .min = 1,
     .fields = part_fields,
     .key = "summit_id"},
    {.name = "category", .use = FIELD_DOCUMENT, .nullable = true},
    {.name = "counts", .type = FIELD_JSON, .use = FIELD_DOCUMENT, .fields = count_fields},
    FIELD_CITATIONS,
    {.name = NULL},
};

static const struct filter filters[] = {
    {.name = "summit", .values_sql = sql_values_summit},
    {.name = "category", .values = categories, .is_of_summit = true},
    {.name = "source", .values_sql = sql_values_source},
    {.name = NULL},
};

static const struct sort sorts[] = {
    {.name = "id"},
    {.name = "name", .is_name = true},
    {.name = NULL},
};

static const struct relation relations[] = {
    {.target = "summits", .filter = "area"},
    {.target = "proposals", .filter = "area"},
    {.target = "measures", .filter = "area"},
    {.target = "statements", .filter = "area"},
    {.target = "mechanisms", .filter = "area"},
    RELATION_SOURCES,
    {.target = NULL},
};

const struct resource areas_resource = {
    .name = "areas",
    .description = "Fields of cooperation",
    .fields = fields,
    .filters = filters,
    .sorts = sorts,
    .relations = relations,
    .table = "area",
    .label = "name",
    .show_sql = sql_show_areas,
    .place_sql = sql_area_place,
    .publish_sql = sql_publish_areas,
};
