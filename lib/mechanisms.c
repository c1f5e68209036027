#include <stddef.h>

#include "resource.h"
#include "sql.h"

static const char *const standings[] = {"proposed", "existing", NULL};

static const struct field fields[] = {
    FIELD_ID,
    FIELD_SUMMIT_ID,
    {.name = "name", .rule = RULE_TEXT, .max = RESOURCE_NAME_MAX},
    FIELD_ALIASES,
    {.name = "description", .rule = RULE_TEXT, .max = RESOURCE_TEXT_MAX, .nullable = true},
    {.name = "standing", .rule = RULE_ENUM, .values = standings},
    FIELD_REFERENCES("area_ids", "areas"),
    {.name = "proposal_id", .rule = RULE_REFERENCE, .target = "proposals", .nullable = true},
    FIELD_CITATIONS,
    {.name = NULL},
};

static const struct filter filters[] = {
    {.name = "summit", .values_sql = sql_values_summit},
    {.name = "proposal", .values_sql = sql_values_proposal},
    {.name = "area", .values_sql = sql_values_area},
    {.name = "standing", .values = standings},
    {.name = "source", .values_sql = sql_values_source},
    {.name = NULL},
};

static const struct sort sorts[] = {
    {.name = "id"},
    {.name = "name", .is_name = true},
    {.name = "standing"},
    {.name = NULL},
};

static const struct relation relations[] = {
    {.target = "summits", .names = "summit"},
    {.target = "proposals", .names = "proposal"},
    {.target = "measures", .filter = "mechanism"},
    {.target = "areas", .names = "area"},
    RELATION_SOURCES,
    {.target = NULL},
};

const struct resource mechanisms_resource = {
    .name = "mechanisms",
    .description = "Standing formats for talks",
    .fields = fields,
    .filters = filters,
    .sorts = sorts,
    .relations = relations,
    .table = "mechanism",
    .label = "name",
    .show_sql = sql_show_mechanisms,
    .publish_sql = sql_publish_mechanisms,
};
