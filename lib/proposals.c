#include <stddef.h>

#include "resource.h"
#include "sql.h"

static const struct field fields[] = {
    FIELD_ID,
    FIELD_SUMMIT_ID,
    {.name = "number", .type = FIELD_INTEGER, .rule = RULE_INTEGER, .min = 1, .max = 10000},
    {.name = "title", .rule = RULE_TEXT, .max = RESOURCE_NAME_MAX},
    {.name = "summary", .rule = RULE_TEXT, .max = RESOURCE_TEXT_MAX},
    {.name = "proposed_by", .rule = RULE_REFERENCE, .target = "participants"},
    FIELD_REFERENCES("area_ids", "areas"),
    {.name = "measure_count", .type = FIELD_INTEGER, .use = FIELD_DOCUMENT},
    FIELD_CITATIONS,
    {.name = NULL},
};

static const struct filter filters[] = {
    {.name = "summit", .values_sql = sql_values_summit},
    {.name = "area", .values_sql = sql_values_area},
    {.name = "participant", .values_sql = sql_values_participant},
    {.name = "source", .values_sql = sql_values_source},
    {.name = NULL},
};

static const struct sort sorts[] = {
    {.name = "id"},
    {.name = "number"},
    {.name = "title", .is_name = true},
    {.name = "measure_count"},
    {.name = NULL},
};

static const struct relation relations[] = {
    {.target = "summits", .names = "summit"},
    {.target = "participants", .names = "participant"},
    {.target = "measures", .filter = "proposal"},
    {.target = "areas", .names = "area"},
    {.target = "mechanisms", .filter = "proposal"},
    RELATION_SOURCES,
    {.target = NULL},
};

const struct resource proposals_resource = {
    .name = "proposals",
    .description = "The numbered points that were proposed",
    .fields = fields,
    .filters = filters,
    .sorts = sorts,
    .relations = relations,
    .table = "proposal",
    .label = "title",
    .show_sql = sql_show_proposals,
    .publish_sql = sql_publish_proposals,
};
