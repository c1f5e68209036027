/* A table says which field becomes which property, and how. Every property that can have more than
 * one value is an array always, also of one value, so that readers that are no JSON-LD processors
 * find one shape. Jansson's functions that take a reference fail on NULL and release what they were
 * given, so a value that could not be made shows as a failure to set it: false is out of memory. */
#include "jsonld.h"

#include <stdbool.h>
#include <string.h>

enum kind {
    KIND_VALUE,      /* the value as it is */
    KIND_LINK,       /* the one node an id names */
    KIND_LINKS,      /* an id, or a list of ids, among other values */
    KIND_PARAGRAPHS, /* citations, among other values */
    KIND_AMOUNTS,    /* amounts, among other values */
    KIND_LOCATION,   /* a place of city, region and country */
    KIND_OCCUPATION, /* an office, and the country it is of */
    KIND_NAMED       /* a node of the type `target` with that name */
};

struct term {
    const char *field; /* NULL ends a table */
    const char *property;
    enum kind kind;
    const char *target; /* of an id: the resource; of KIND_NAMED: the type */
};

struct shape {
    const char *resource;
    const char *type;
    const struct term *terms;
};

static const struct term summit_terms[] = {
    {"name", "name", KIND_VALUE, NULL},
    {"starts_on", "startDate", KIND_VALUE, NULL},
    {"ends_on", "endDate", KIND_VALUE, NULL},
    {"city", "location", KIND_LOCATION, NULL},
    {"summary", "description", KIND_VALUE, NULL},
    {"series", "superEvent", KIND_NAMED, "EventSeries"},
    {"citations", "subjectOf", KIND_PARAGRAPHS, NULL},
    {NULL, NULL, KIND_VALUE, NULL},
};
static const struct term participant_terms[] = {
    {"name", "name", KIND_VALUE, NULL},
    {"office", "jobTitle", KIND_VALUE, NULL},
    {"office", "hasOccupation", KIND_OCCUPATION, NULL},
    {"summit_id", "performerIn", KIND_LINK, "summits"},
    {"citations", "subjectOf", KIND_PARAGRAPHS, NULL},
    {NULL, NULL, KIND_VALUE, NULL},
};
static const struct term proposal_terms[] = {
    {"title", "name", KIND_VALUE, NULL},
    {"summary", "text", KIND_VALUE, NULL},
    {"number", "position", KIND_VALUE, NULL},
    {"proposed_by", "author", KIND_LINK, "participants"},
    {"summit_id", "subjectOf", KIND_LINKS, "summits"},
    {"area_ids", "about", KIND_LINKS, "areas"},
    {"citations", "appearance", KIND_PARAGRAPHS, NULL},
    {NULL, NULL, KIND_VALUE, NULL},
};
static const struct term measure_terms[] = {
    {"text", "text", KIND_VALUE, NULL},
    {"number", "position", KIND_VALUE, NULL},
    {"proposal_id", "isPartOf", KIND_LINK, "proposals"},
    {"summit_id", "subjectOf", KIND_LINKS, "summits"},
    {"modality", "keywords", KIND_VALUE, NULL},
    {"area_ids", "about", KIND_LINKS, "areas"},
    {"initiative_ids", "mentions", KIND_LINKS, "initiatives"},
    {"mechanism_ids", "mentions", KIND_LINKS, "mechanisms"},
    {"amounts", "mentions", KIND_AMOUNTS, NULL},
    {"citations", "appearance", KIND_PARAGRAPHS, NULL},
    {NULL, NULL, KIND_VALUE, NULL},
};
static const struct term area_terms[] = {
    {"name", "name", KIND_VALUE, NULL},
    {"description", "description", KIND_VALUE, NULL},
    {"citations", "subjectOf", KIND_PARAGRAPHS, NULL},
    {NULL, NULL, KIND_VALUE, NULL},
};
static const struct term statement_terms[] = {
    {"text", "text", KIND_VALUE, NULL},
    {"kind", "keywords", KIND_VALUE, NULL},
    {"said_by", "author", KIND_LINK, "participants"},
    {"summit_id", "subjectOf", KIND_LINKS, "summits"},
    {"area_ids", "about", KIND_LINKS, "areas"},
    {"initiative_ids", "mentions", KIND_LINKS, "initiatives"},
    {"citations", "appearance", KIND_PARAGRAPHS, NULL},
    {NULL, NULL, KIND_VALUE, NULL},
};
static const struct term initiative_terms[] = {
    {"name", "name", KIND_VALUE, NULL},
    {"description", "description", KIND_VALUE, NULL},
    {"launched_by", "founder", KIND_VALUE, NULL},
    {"citations", "subjectOf", KIND_PARAGRAPHS, NULL},
    {NULL, NULL, KIND_VALUE, NULL},
};
static const struct term mechanism_terms[] = {
    {"name", "name", KIND_VALUE, NULL},
    {"description", "description", KIND_VALUE, NULL},
    {"standing", "keywords", KIND_VALUE, NULL},
    {"area_ids", "about", KIND_LINKS, "areas"},
    {"summit_id", "subjectOf", KIND_LINKS, "summits"},
    {"proposal_id", "subjectOf", KIND_LINKS, "proposals"},
    {"citations", "subjectOf", KIND_PARAGRAPHS, NULL},
    {NULL, NULL, KIND_VALUE, NULL},
};
static const struct term source_terms[] = {
    {"title", "name", KIND_VALUE, NULL},
    {"publisher", "publisher", KIND_VALUE, NULL},
    {"place", "locationCreated", KIND_NAMED, "Place"},
    {"published_on", "datePublished", KIND_VALUE, NULL},
    {"language", "inLanguage", KIND_VALUE, NULL},
    {"url", "url", KIND_VALUE, NULL},
    {NULL, NULL, KIND_VALUE, NULL},
};

static const struct shape shapes[] = {
    {"summits", "Event", summit_terms},           {"participants", "Person", participant_terms},
    {"proposals", "Claim", proposal_terms},       {"measures", "Claim", measure_terms},
    {"areas", "DefinedTerm", area_terms},         {"statements", "Claim", statement_terms},
    {"initiatives", "Project", initiative_terms}, {"mechanisms", "EventSeries", mechanism_terms},
    {"sources", "CreativeWork", source_terms},
};

static const struct shape *shape_find(const char *resource)
{
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        if (strcmp(shapes[i].resource, resource) == 0) {
            return &shapes[i];
        }
    }
    return NULL;
}

/* ---- Nodes --------------------------------------------------------------------------------- */

static json_t *node_new(const char *type)
{
    return json_pack("{s:s}", "@type", type);
}

/* Sets a property; a value that is not there, or null, is left out. */
static bool node_set(json_t *node, const char *property, json_t *value)
{
    return value == NULL || json_is_null(value) || json_object_set(node, property, value) == 0;
}

/* Adds a value, whose reference is taken, to a property that is an array. */
static bool node_append_new(json_t *node, const char *property, json_t *value)
{
    json_t *values = json_object_get(node, property);
    if (values == NULL) {
        return value != NULL && json_object_set_new(node, property, json_pack("[o]", value)) == 0;
    }
    return json_array_append_new(values, value) == 0;
}

/* A node of this type with what has been set of it; an empty one is no node. */
static bool node_set_nested(json_t *node, const char *property, json_t *nested)
{
    return json_object_size(nested) <= 1 || json_object_set(node, property, nested) == 0;
}

static json_t *reference(const char *resource, const json_t *id)
{
    return json_sprintf("/v1/%s/%s", resource, json_string_value(id));
}

/* ---- Kinds of values ----------------------------------------------------------------------- */

static bool add_links(json_t *node, const struct term *term, const json_t *value)
{
    bool done = true;
    if (json_is_string(value)) {
        done = node_append_new(node, term->property, reference(term->target, value));
    }
    for (size_t i = 0; done && i < json_array_size(value); i++) {
        const json_t *id = json_array_get(value, i);
        if (json_is_string(id)) {
            done = node_append_new(node, term->property, reference(term->target, id));
        }
    }
    return done;
}

static bool add_paragraphs(json_t *node, const char *property, const json_t *citations)
{
    bool done = true;
    for (size_t i = 0; done && i < json_array_size(citations); i++) {
        const json_t *citation = json_array_get(citations, i);
        const json_t *source_id = json_object_get(citation, "source_id");
        json_auto_t *paragraph = node_new("CreativeWork");
        done = paragraph != NULL &&
               (!json_is_string(source_id) ||
                json_object_set_new(paragraph, "isPartOf", reference("sources", source_id)) == 0) &&
               node_set(paragraph, "position", json_object_get(citation, "paragraph")) &&
               node_append_new(node, property, json_incref(paragraph));
    }
    return done;
}

static bool add_amounts(json_t *node, const char *property, const json_t *amounts)
{
    bool done = true;
    for (size_t i = 0; done && i < json_array_size(amounts); i++) {
        const json_t *amount = json_array_get(amounts, i);
        json_t *qualifier = json_object_get(amount, "qualifier");
        const char *word = json_is_string(qualifier) ? json_string_value(qualifier) : "";
        const char *bound = strcmp(word, "at_least") == 0 ? "minValue"
                            : strcmp(word, "up_to") == 0  ? "maxValue"
                                                          : "value";
        json_auto_t *money = node_new("MonetaryAmount");
        done = money != NULL && node_set(money, "name", json_object_get(amount, "stated")) &&
               node_set(money, bound, json_object_get(amount, "value")) &&
               node_set(money, "currency", json_object_get(amount, "currency")) &&
               (strcmp(word, "about") != 0 || node_set(money, "description", qualifier)) &&
               node_append_new(node, property, json_incref(money)) &&
               add_amounts(node, property, json_object_get(amount, "equivalents"));
    }
    return done;
}

static bool add_country(json_t *node, const char *property, const json_t *stated)
{
    json_auto_t *country = node_new("Country");
    return country != NULL && node_set(country, "name", json_object_get(stated, "name")) &&
           node_set(country, "identifier", json_object_get(stated, "code")) &&
           node_set_nested(node, property, country);
}

static bool add_location(json_t *node, const char *property, const json_t *row)
{
    json_auto_t *address = node_new("PostalAddress");
    json_auto_t *place = node_new("Place");
    return address != NULL && place != NULL &&
           node_set(address, "addressLocality", json_object_get(row, "city")) &&
           node_set(address, "addressRegion", json_object_get(row, "region")) &&
           add_country(address, "addressCountry", json_object_get(row, "country")) &&
           node_set_nested(place, "address", address) && node_set_nested(node, property, place);
}

static bool add_occupation(json_t *node, const char *property, const json_t *row)
{
    json_auto_t *occupation = node_new("Occupation");
    return occupation != NULL && node_set(occupation, "name", json_object_get(row, "office")) &&
           add_country(occupation, "occupationLocation", json_object_get(row, "country")) &&
           node_set_nested(node, property, occupation);
}

static bool add_named(json_t *node, const struct term *term, json_t *name)
{
    json_auto_t *named = node_new(term->target);
    return named != NULL && node_set(named, "name", name) &&
           node_set_nested(node, term->property, named);
}

static bool add_term(json_t *node, const struct term *term, const json_t *row)
{
    json_t *value = json_object_get(row, term->field);
    switch (term->kind) {
    case KIND_LINK:
        return !json_is_string(value) ||
               json_object_set_new(node, term->property, reference(term->target, value)) == 0;
    case KIND_LINKS:
        return add_links(node, term, value);
    case KIND_PARAGRAPHS:
        return add_paragraphs(node, term->property, value);
    case KIND_AMOUNTS:
        return add_amounts(node, term->property, value);
    case KIND_LOCATION:
        return add_location(node, term->property, row);
    case KIND_OCCUPATION:
        return add_occupation(node, term->property, row);
    case KIND_NAMED:
        return add_named(node, term, value);
    default:
        return node_set(node, term->property, value);
    }
}

/* Adds the properties of a row to a node. */
static bool describe(json_t *node, const struct shape *shape, const json_t *row)
{
    const json_t *id = json_object_get(row, "id");
    bool done = !json_is_string(id) ||
                json_object_set_new(node, "@id", reference(shape->resource, id)) == 0;
    done = done && json_object_set_new(node, "@type", json_string(shape->type)) == 0;
    for (const struct term *term = shape->terms; done && term->field != NULL; term++) {
        done = add_term(node, term, row);
    }
    return done;
}

static bool append_rows(json_t *nodes, const struct shape *shape, const json_t *rows)
{
    bool done = true;
    for (size_t i = 0; done && i < json_array_size(rows); i++) {
        json_auto_t *node = json_object();
        done = node != NULL && describe(node, shape, json_array_get(rows, i)) &&
               json_array_append(nodes, node) == 0;
    }
    return done;
}

/* ---- Documents ----------------------------------------------------------------------------- */

/* What the terms mean, where schema.org's names alone do not say it: dates, and strings that are
 * references. */
static json_t *context_new(void)
{
    static const char *const dates[] = {"startDate", "endDate", "datePublished"};
    static const char *const references[] = {
        "about", "author", "isPartOf", "mentions", "performerIn", "subjectOf", "url",
    };
    json_t *context = json_pack("{s:s}", "@vocab", "https://schema.org/");
    int failed = context == NULL;
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        failed |= json_object_set_new(context, dates[i], json_pack("{s:s}", "@type", "Date"));
    }
    for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
        failed |= json_object_set_new(context, references[i], json_pack("{s:s}", "@type", "@id"));
    }
    if (failed != 0) {
        json_decref(context);
        return NULL;
    }
    return context;
}

static enum summit_status append_included(json_t *nodes, const json_t *included)
{
    const char *resource = NULL;
    json_t *rows = NULL;
    json_object_foreach((json_t *)included, resource, rows)
    {
        const struct shape *shape = shape_find(resource);
        if (shape == NULL) {
            return SUMMIT_NOT_FOUND;
        }
        if (!append_rows(nodes, shape, rows)) {
            return SUMMIT_NOMEM;
        }
    }
    return SUMMIT_OK;
}

enum summit_status jsonld_make(const char *resource, const json_t *data, const json_t *included,
                               json_t **ret_document)
{
    const struct shape *shape = shape_find(resource);
    if (shape == NULL) {
        return SUMMIT_NOT_FOUND;
    }
    bool is_collection = json_is_array(data);
    json_auto_t *nodes = json_array();
    json_auto_t *document = json_object();
    if (nodes == NULL || document == NULL ||
        json_object_set_new(document, "@context", context_new()) != 0 ||
        !(is_collection ? append_rows(nodes, shape, data) : describe(document, shape, data))) {
        return SUMMIT_NOMEM;
    }
    enum summit_status status = included == NULL ? SUMMIT_OK : append_included(nodes, included);
    if (status != SUMMIT_OK) {
        return status;
    }
    if ((is_collection || json_array_size(nodes) > 0) &&
        json_object_set(document, is_collection ? "@graph" : "@included", nodes) != 0) {
        return SUMMIT_NOMEM;
    }
    *ret_document = json_incref(document);
    return SUMMIT_OK;
}
