#include <stddef.h>

#include "codes.h"
#include "resource.h"
#include "sql.h"

static const char *const modalities[] = {
    "will", "proposes", "is_ready_to", "calls_for", "encourages", NULL,
};

static const char *const qualifiers[] = {"exact", "about", "at_least", "up_to", NULL};

#define FIELD_VALUE                                                                                \
    {                                                                                              \
        .name = "value", .rule = RULE_INTEGER, .min = 0, .max = INT64_C(9007199254740991)          \
    }
#define FIELD_CURRENCY                                                                             \
    {                                                                                              \
        .name = "currency", .rule = RULE_ENUM, .values = codes_currency                            \
    }
#define FIELD_QUALIFIER                                                                            \
    {                                                                                              \
        .name = "qualifier", .rule = RULE_ENUM, .values = qualifiers                               \
    }
#define FIELD_STATED                                                                               \
    {                                                                                              \
        .name = "stated", .rule = RULE_TEXT, .max = RESOURCE_NAME_MAX                              \
    }

static const struct field equivalent_fields[] = {
    FIELD_VALUE, FIELD_CURRENCY, FIELD_QUALIFIER, FIELD_STATED, {.name = NULL},
};

static const struct field amount_fields[] = {
    FIELD_VALUE,
    FIELD_CURRENCY,
    FIELD_QUALIFIER,
    FIELD_STATED,
    {.name = "equivalents", .rule = RULE_OBJECTS, .fields = equivalent_fields},
    {.name = NULL},
};

static const struct field fields[] = {
    FIELD_ID,
    {.name = "summit_id", .use = FIELD_DOCUMENT},
    {.name = "proposal_id", .rule = RULE_REFERENCE, .target = "proposals"},
    {.name = "number", .type = FIELD_INTEGER, .rule = RULE_INTEGER, .min = 1, .max = 1000000},
    {.name = "text", .rule = RULE_TEXT, .max = RESOURCE_TEXT_MAX},
    {.name = "modality", .rule = RULE_ENUM, .values = modalities},
    {.name = "amounts", .type = FIELD_JSON, .rule = RULE_OBJECTS, .fields = amount_fields},
    FIELD_REFERENCES("area_ids", "areas"),
    FIELD_REFERENCES("initiative_ids", "initiatives"),
    FIELD_REFERENCES("mechanism_ids", "mechanisms"),
    FIELD_CITATIONS,
    {.name = NULL},
};

static const struct filter filters[] = {
    {.name = "summit", .values_sql = sql_values_summit},
    {.name = "proposal", .values_sql = sql_values_proposal},
    {.name = "area", .values_sql = sql_values_area},
    {.name = "initiative", .values_sql = sql_values_initiative},
    {.name = "mechanism", .values_sql = sql_values_mechanism},
    {.name = "modality", .values = modalities},
    {.name = "source", .values_sql = sql_values_source},
    {.name = NULL},
};

static const struct sort sorts[] = {
    {.name = "id"},
    {.name = "number"},
    {.name = "modality"},
    {.name = NULL},
};

static const struct relation relations[] = {
    {.target = "summits", .names = "summit"},
    {.target = "proposals", .names = "proposal"},
    {.target = "areas", .names = "area"},
    {.target = "initiatives", .names = "initiative"},
    {.target = "mechanisms", .names = "mechanism"},
    RELATION_SOURCES,
    {.target = NULL},
};

const struct resource measures_resource = {
    .name = "measures",
    .description = "Concrete steps under a proposal",
    .fields = fields,
    .filters = filters,
    .sorts = sorts,
    .relations = relations,
    .table = "measure",
    .label = "text",
    .show_sql = sql_show_measures,
    .publish_sql = sql_publish_measures,
};
