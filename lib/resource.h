/* What a resource is: one table that says how its rows are stated in a record, checked, stored,
 * listed and shown. Each <resource>.c fills one in; everything else is generic over it. */
#ifndef RESOURCE_H
#define RESOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    RESOURCE_COUNT = 9,
    RESOURCE_FILTER_MAX = 16,
    RESOURCE_FIELD_MAX = 16,
    RESOURCE_SORT_MAX = 8
};

/* How a column's value becomes JSON. FIELD_JSON columns hold JSON text. */
enum field_type { FIELD_TEXT, FIELD_INTEGER, FIELD_JSON };

/* Where a field stands: in records and documents, or in one of them only. */
enum field_use { FIELD_BOTH, FIELD_DOCUMENT, FIELD_RECORD };

/* What a record may say in a field. */
enum field_rule {
    RULE_NONE,       /* not in records */
    RULE_ID,         /* a slug, unique in the resource */
    RULE_TEXT,       /* at most `max` bytes of plain text */
    RULE_DATE,       /* YYYY-MM-DD */
    RULE_URL,        /* an absolute http or https URL (RFC 3986), at most `max` bytes */
    RULE_ENUM,       /* one of `values` */
    RULE_LANGUAGE,   /* a BCP 47 tag whose primary subtag is one of `values` */
    RULE_INTEGER,    /* `min` to `max` */
    RULE_REFERENCE,  /* the id of a row of `target` */
    RULE_REFERENCES, /* a list of ids of rows of `target`, each once */
    RULE_TEXTS,      /* a list of at most `max` names, each once */
    RULE_OBJECT,     /* an object of `fields` */
    RULE_OBJECTS     /* a list of objects of `fields`, at least `min` of them */
};

struct field {
    const char *name; /* the JSON name, and the column's in the list statement; NULL ends a table */
    enum field_type type;
    enum field_use use;
    enum field_rule rule;
    bool nullable;
    bool optional; /* a record may leave it out, which means an empty list */
    int64_t min;
    int64_t max;
    const char *const *values; /* ends with NULL */
    const char *target;        /* a resource's name */
    const struct field *fields;
    const char *key; /* the member by which a list's objects must differ; NULL: by any */
};

/* A query parameter that keeps the rows with one of the values it lists, which publishing has
 * noted in the table `term`. */
struct filter {
    const char *name;          /* NULL ends a table */
    const char *const *values; /* what it may be, ends with NULL; or NULL, and then */
    const char *values_sql;    /* the statement that lists what it may be in this database */
    bool is_of_summit; /* rows have a value in each summit: with the filter `summit`, that one's */
};

/* A field that lists can be sorted by; the schema has an index of it, followed by the id. */
struct sort {
    const char *name; /* of the field and of its column; NULL ends a table */
    bool is_name;     /* ASCII letters are equal whatever their case */
    bool is_nullable; /* null stands before everything else */
};

/* Rows of another resource that `include` adds. Either this resource's rows name them, and its
 * filter `names` finds rows by them; or they name this resource's rows in what their filter
 * `filter` tests. One with neither is made for an item, not found: see include.c. */
struct relation {
    const char *target; /* a resource's name; NULL ends a table */
    const char *names;
    const char *filter;
};

struct resource {
    const char *name;
    const char *description;
    const struct field *fields;
    const struct filter *filters;
    const struct sort *sorts;
    const struct relation *relations;
    const char *table;     /* of the schema */
    const char *label;     /* the field that names a row to people: a name, a title, or its text */
    const char *show_sql;  /* shows one row, by its rank */
    const char *place_sql; /* where documents of one summit find a row, by its rank; or NULL */
    const char *publish_sql; /* fills the table from the record's array of the same name */
};

extern const struct resource summits_resource;
extern const struct resource participants_resource;
extern const struct resource proposals_resource;
extern const struct resource measures_resource;
extern const struct resource areas_resource;
extern const struct resource statements_resource;
extern const struct resource initiatives_resource;
extern const struct resource mechanisms_resource;
extern const struct resource sources_resource;

/* All of them, in the order they are presented. */
extern const struct resource *const resources[RESOURCE_COUNT];

/* The field tables of the objects that several resources have. */
extern const struct field resource_country_fields[];
extern const struct field resource_citation_fields[];

#define FIELD_ID                                                                                   \
    {                                                                                              \
        .name = "id", .rule = RULE_ID                                                              \
    }
#define FIELD_SUMMIT_ID                                                                            \
    {                                                                                              \
        .name = "summit_id", .rule = RULE_REFERENCE, .target = "summits"                           \
    }
#define FIELD_COUNTRY                                                                              \
    {                                                                                              \
        .name = "country", .type = FIELD_JSON, .rule = RULE_OBJECT,                                \
        .fields = resource_country_fields                                                          \
    }
#define FIELD_CITATIONS                                                                            \
    {                                                                                              \
        .name = "citations", .type = FIELD_JSON, .rule = RULE_OBJECTS, .min = 1,                   \
        .fields = resource_citation_fields                                                         \
    }
#define FIELD_REFERENCES(field_name, target_name)                                                  \
    {                                                                                              \
        .name = (field_name), .type = FIELD_JSON, .rule = RULE_REFERENCES, .target = (target_name) \
    }

/* Other spellings of a name: for search only, so not in documents. */
#define FIELD_ALIASES                                                                              \
    {                                                                                              \
        .name = "aliases", .type = FIELD_JSON, .use = FIELD_RECORD, .rule = RULE_TEXTS,            \
        .optional = true, .max = RESOURCE_ALIASES_MAX                                              \
    }

/* The most bytes of a name or title, and of a longer text; the most aliases of a row. */
enum { RESOURCE_NAME_MAX = 200, RESOURCE_TEXT_MAX = 2000, RESOURCE_ALIASES_MAX = 20 };

#define RELATION_SOURCES                                                                           \
    {                                                                                              \
        .target = "sources", .names = "source"                                                     \
    }

/* The resource of that name, or NULL. */
const struct resource *resource_find(const char *name);

/* The place of a resource in `resources`. */
size_t resource_index(const struct resource *resource);

/* The filter of that name, or NULL. */
const struct filter *resource_filter(const struct resource *resource, const char *name);

/* The sort key of that name, or NULL. */
const struct sort *resource_sort(const struct resource *resource, const char *name);

/* The relation to that resource, or NULL. */
const struct relation *resource_relation(const struct resource *resource, const char *target);

/* Whether what a relation adds is made for one item, so that a list cannot include it. */
bool resource_relation_is_made(const struct relation *relation);

/* The field of that name, or NULL. */
const struct field *resource_field(const struct field *fields, const char *name);

#endif
