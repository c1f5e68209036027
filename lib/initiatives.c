#include <stddef.h>

#include "resource.h"
#include "sql.h"

static const struct field count_fields[] = {
    {.name = "measures", .type = FIELD_INTEGER, .use = FIELD_DOCUMENT},
    {.name = "statements", .type = FIELD_INTEGER, .use = FIELD_DOCUMENT},
    {.name = NULL},
};

static const struct field fields[] = {
    FIELD_ID,
    {.name = "name", .rule = RULE_TEXT, .max = RESOURCE_NAME_MAX},
    FIELD_ALIASES,
    {.name = "description", .rule = RULE_TEXT, .max = RESOURCE_TEXT_MAX, .nullable = true},
    {.name = "launched_by", .rule = RULE_TEXT, .max = RESOURCE_NAME_MAX, .nullable = true},
    {.name = "counts", .type = FIELD_JSON, .use = FIELD_DOCUMENT, .fields = count_fields},
    FIELD_CITATIONS,
    {.name = NULL},
};

static const struct filter filters[] = {
    {.name = "summit", .values_sql = sql_values_summit},
    {.name = "source", .values_sql = sql_values_source},
    {.name = NULL},
};

static const struct sort sorts[] = {
    {.name = "id"},
    {.name = "name", .is_name = true},
    {.name = NULL},
};

static const struct relation relations[] = {
    {.target = "summits", .filter = "initiative"},
    {.target = "measures", .filter = "initiative"},
    {.target = "statements", .filter = "initiative"},
    RELATION_SOURCES,
    {.target = NULL},
};

const struct resource initiatives_resource = {
    .name = "initiatives",
    .description = "Named programmes",
    .fields = fields,
    .filters = filters,
    .sorts = sorts,
    .relations = relations,
    .table = "initiative",
    .label = "name",
    .show_sql = sql_show_initiatives,
    .publish_sql = sql_publish_initiatives,
};
