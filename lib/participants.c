#include <stddef.h>

#include "resource.h"
#include "sql.h"

static const char *const roles[] = {"host", "guest", NULL};

static const struct field fields[] = {
    FIELD_ID,
    FIELD_SUMMIT_ID,
    {.name = "name", .rule = RULE_TEXT, .max = RESOURCE_NAME_MAX},
    FIELD_ALIASES,
    {.name = "office", .rule = RULE_TEXT, .max = RESOURCE_NAME_MAX},
    FIELD_COUNTRY,
    {.name = "role", .rule = RULE_ENUM, .values = roles},
    {.name = "position", .type = FIELD_INTEGER, .rule = RULE_INTEGER, .min = 1, .max = 10000},
    FIELD_CITATIONS,
    {.name = NULL},
};

static const struct filter filters[] = {
    {.name = "summit", .values_sql = sql_values_summit},
    {.name = "country", .values_sql = sql_values_country},
    {.name = "role", .values = roles},
    {.name = "source", .values_sql = sql_values_source},
    {.name = NULL},
};

static const struct sort sorts[] = {
    {.name = "id"},
    {.name = "name", .is_name = true},
    {.name = "position"},
    {.name = NULL},
};

static const struct relation relations[] = {
    {.target = "summits", .names = "summit"},
    {.target = "proposals", .filter = "participant"},
    {.target = "statements", .filter = "participant"},
    RELATION_SOURCES,
    {.target = NULL},
};

const struct resource participants_resource = {
    .name = "participants",
    .description = "People at one summit, in the office they held then",
    .fields = fields,
    .filters = filters,
    .sorts = sorts,
    .relations = relations,
    .table = "participant",
    .label = "name",
    .show_sql = sql_show_participants,
    .publish_sql = sql_publish_participants,
};
