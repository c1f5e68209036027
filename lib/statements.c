#include <stddef.h>

#include "resource.h"
#include "sql.h"

static const char *const kinds[] = {"principle", "position", "call", "assessment", NULL};

static const struct field fields[] = {
    FIELD_ID,
    FIELD_SUMMIT_ID,
    {.name = "kind", .rule = RULE_ENUM, .values = kinds},
    {.name = "text", .rule = RULE_TEXT, .max = RESOURCE_TEXT_MAX},
    {.name = "said_by", .rule = RULE_REFERENCE, .target = "participants", .nullable = true},
    FIELD_REFERENCES("area_ids", "areas"),
    FIELD_REFERENCES("initiative_ids", "initiatives"),
    FIELD_CITATIONS,
    {.name = NULL},
};

static const struct filter filters[] = {
    {.name = "summit", .values_sql = sql_values_summit},
    {.name = "kind", .values = kinds},
    {.name = "area", .values_sql = sql_values_area},
    {.name = "initiative", .values_sql = sql_values_initiative},
    {.name = "participant", .values_sql = sql_values_participant},
    {.name = "source", .values_sql = sql_values_source},
    {.name = NULL},
};

static const struct sort sorts[] = {
    {.name = "id"},
    {.name = "kind"},
    {.name = NULL},
};

static const struct relation relations[] = {
    {.target = "summits", .names = "summit"},
    {.target = "participants", .names = "participant"},
    {.target = "areas", .names = "area"},
    {.target = "initiatives", .names = "initiative"},
    RELATION_SOURCES,
    {.target = NULL},
};

const struct resource statements_resource = {
    .name = "statements",
    .description = "Principles, positions, calls and assessments outside the numbered points",
    .fields = fields,
    .filters = filters,
    .sorts = sorts,
    .relations = relations,
    .table = "statement",
    .label = "text",
    .show_sql = sql_show_statements,
    .publish_sql = sql_publish_statements,
};
