#include <stddef.h>

#include "resource.h"
#include "sql.h"

static const struct field count_fields[] = {
    {.name = "participants", .type = FIELD_INTEGER, .use = FIELD_DOCUMENT},
    {.name = "proposals", .type = FIELD_INTEGER, .use = FIELD_DOCUMENT},
    {.name = "measures", .type = FIELD_INTEGER, .use = FIELD_DOCUMENT},
    {.name = "areas", .type = FIELD_INTEGER, .use = FIELD_DOCUMENT},
    {.name = "statements", .type = FIELD_INTEGER, .use = FIELD_DOCUMENT},
    {.name = "initiatives", .type = FIELD_INTEGER, .use = FIELD_DOCUMENT},
    {.name = "mechanisms", .type = FIELD_INTEGER, .use = FIELD_DOCUMENT},
    {.name = "sources", .type = FIELD_INTEGER, .use = FIELD_DOCUMENT},
    {.name = NULL},
};

static const struct field fields[] = {
    FIELD_ID,
    {.name = "name", .rule = RULE_TEXT, .max = RESOURCE_NAME_MAX},
    FIELD_ALIASES,
    {.name = "series", .rule = RULE_TEXT, .max = RESOURCE_NAME_MAX, .nullable = true},
    {.name = "starts_on", .rule = RULE_DATE},
    {.name = "ends_on", .rule = RULE_DATE},
    {.name = "city", .rule = RULE_TEXT, .max = RESOURCE_NAME_MAX},
    {.name = "region", .rule = RULE_TEXT, .max = RESOURCE_NAME_MAX, .nullable = true},
    FIELD_COUNTRY,
    {.name = "summary", .rule = RULE_TEXT, .max = RESOURCE_TEXT_MAX},
    {.name = "counts", .type = FIELD_JSON, .use = FIELD_DOCUMENT, .fields = count_fields},
    FIELD_CITATIONS,
    {.name = NULL},
};

static const struct filter filters[] = {
    {.name = "country", .values_sql = sql_values_country},
    {.name = "area", .values_sql = sql_values_area},
    {.name = "initiative", .values_sql = sql_values_initiative},
    {.name = "source", .values_sql = sql_values_source},
    {.name = NULL},
};

static const struct sort sorts[] = {
    {.name = "id"},        {.name = "name", .is_name = true},
    {.name = "starts_on"}, {.name = "city", .is_name = true},
    {.name = NULL},
};

static const struct relation relations[] = {
    {.target = "participants", .filter = "summit"},
    {.target = "proposals", .filter = "summit"},
    {.target = "measures", .filter = "summit"},
    {.target = "areas", .filter = "summit"},
    {.target = "statements", .filter = "summit"},
    {.target = "initiatives", .filter = "summit"},
    {.target = "mechanisms", .filter = "summit"},
    {.target = "sources", .filter = "summit"},
    {.target = NULL},
};

const struct resource summits_resource = {
    .name = "summits",
    .description = "Meetings of leaders",
    .fields = fields,
    .filters = filters,
    .sorts = sorts,
    .relations = relations,
    .table = "summit",
    .label = "name",
    .show_sql = sql_show_summits,
    .publish_sql = sql_publish_summits,
};
