#include <stddef.h>

#include "codes.h"
#include "resource.h"
#include "sql.h"

static const struct field omission_fields[] = {
    {.name = "paragraph", .rule = RULE_INTEGER, .min = 1, .max = 100000},
    {.name = "reason", .rule = RULE_TEXT, .max = RESOURCE_NAME_MAX},
    {.name = NULL},
};

static const struct field fields[] = {
    FIELD_ID,
    {.name = "title", .rule = RULE_TEXT, .max = RESOURCE_NAME_MAX},
    {.name = "publisher", .rule = RULE_TEXT, .max = RESOURCE_NAME_MAX, .nullable = true},
    {.name = "place", .rule = RULE_TEXT, .max = RESOURCE_NAME_MAX, .nullable = true},
    {.name = "published_on", .rule = RULE_DATE, .nullable = true},
    {.name = "language", .rule = RULE_LANGUAGE, .values = codes_language},
    {.name = "url", .rule = RULE_URL, .max = RESOURCE_TEXT_MAX, .nullable = true},
    {.name = "paragraph_count",
     .type = FIELD_INTEGER,
     .rule = RULE_INTEGER,
     .min = 1,
     .max = 100000},
    {.name = "cited_count", .type = FIELD_INTEGER, .use = FIELD_DOCUMENT},
    {.name = "omitted_paragraphs",
     .type = FIELD_JSON,
     .use = FIELD_RECORD,
     .rule = RULE_OBJECTS,
     .fields = omission_fields,
     .key = "paragraph"},
    {.name = NULL},
};

static const struct filter filters[] = {
    {.name = "summit", .values_sql = sql_values_summit},
    {.name = NULL},
};

static const struct sort sorts[] = {
    {.name = "id"},
    {.name = "title", .is_name = true},
    {.name = "published_on", .is_nullable = true},
    {.name = NULL},
};

static const struct relation relations[] = {
    {.target = "summits", .filter = "source"},
    {.target = "participants", .filter = "source"},
    {.target = "proposals", .filter = "source"},
    {.target = "measures", .filter = "source"},
    {.target = "areas", .filter = "source"},
    {.target = "statements", .filter = "source"},
    {.target = "initiatives", .filter = "source"},
    {.target = "mechanisms", .filter = "source"},
    {.target = "coverage"},
    {.target = NULL},
};

const struct resource sources_resource = {
    .name = "sources",
    .description = "Published texts that the rows cite",
    .fields = fields,
    .filters = filters,
    .sorts = sorts,
    .relations = relations,
    .table = "source",
    .label = "title",
    .show_sql = sql_show_sources,
    .publish_sql = sql_publish_sources,
};
