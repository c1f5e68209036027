/* Parameters are checked in three steps. Each alone, without a database (parameter.c): is the name
 * known, is the value well formed? Then what they say together: does each go with the format? When
 * the query runs (fetch.c): does the database have what a filter names, is the cursor of this
 * database? Every problem names the parameter and, where one is near, the right value. */
#include "query.h"

#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "dump.h"
#include "parameter.h"
#include "sql.h"
#include "text.h"

static const char *const format_names[] = {
    [SUMMIT_FORMAT_NONE] = "none", [SUMMIT_JSON] = "json",     [SUMMIT_NDJSON] = "ndjson",
    [SUMMIT_CSV] = "csv",          [SUMMIT_JSONLD] = "jsonld", [SUMMIT_CSL] = "csl",
    [SUMMIT_BIBTEX] = "bibtex",    [SUMMIT_TEXT] = "text",
};

static const char *const resource_names[] = {
    "summits",    "participants", "proposals",  "measures", "areas",
    "statements", "initiatives",  "mechanisms", "sources",  NULL,
};

static const struct field no_fields[] = {{.name = NULL}};
static const struct relation no_relations[] = {{.target = NULL}};
static const struct sort no_sorts[] = {{.name = NULL}};
static const struct filter search_filters[] = {
    {.name = "type", .values = resource_names},
    {.name = NULL},
};
static const struct filter graph_filters[] = {
    {.name = "summit", .values_sql = sql_values_summit},
    {.name = NULL},
};

const struct resource query_search = {
    .name = "search",
    .fields = no_fields,
    .filters = search_filters,
    .relations = no_relations,
    .sorts = no_sorts,
};

const struct resource query_graph = {
    .name = "graph",
    .fields = no_fields,
    .filters = graph_filters,
    .relations = no_relations,
    .sorts = no_sorts,
};

static const struct filter no_filters[] = {{.name = NULL}};

const struct resource query_index = {
    .name = "index",
    .fields = no_fields,
    .filters = no_filters,
    .relations = no_relations,
    .sorts = no_sorts,
};

const char *summit_format_name(enum summit_format format)
{
    return format_names[format];
}

enum summit_status query_problem(json_t *problems, const char *parameter, const char *code,
                                 char *detail, const char *suggestion)
{
    text_auto *owned = detail;
    if (owned == NULL) {
        return SUMMIT_NOMEM;
    }
    text_mend(owned);
    json_t *problem = json_pack("{s:s, s:s, s:s, s:s?}", "parameter", parameter, "code", code,
                                "detail", owned, "suggestion", suggestion);
    if (json_array_append_new(problems, problem) != 0) {
        return SUMMIT_NOMEM;
    }
    return SUMMIT_INVALID;
}

static enum summit_status query_new(enum query_kind kind, const struct resource *resource,
                                    const char *id, struct summit_query **ret_query)
{
    struct summit_query *query = malloc(sizeof *query);
    if (query == NULL) {
        return SUMMIT_NOMEM;
    }
    *query = (struct summit_query){
        .kind = kind,
        .resource = resource,
        .limit = QUERY_LIMIT_DEFAULT,
        .filters = json_object(),
        .id = id == NULL ? NULL : strdup(id),
    };
    if (query->filters == NULL || (id != NULL && query->id == NULL)) {
        summit_query_free(query);
        return SUMMIT_NOMEM;
    }
    *ret_query = query;
    return SUMMIT_OK;
}

enum summit_status summit_query_new(const char *resource, const char *id,
                                    struct summit_query **ret_query)
{
    const struct resource *found = resource_find(resource);
    if (found == NULL) {
        return SUMMIT_NOT_FOUND;
    }
    return query_new(id == NULL ? QUERY_COLLECTION : QUERY_ITEM, found, id, ret_query);
}

enum summit_status summit_query_new_search(struct summit_query **ret_query)
{
    return query_new(QUERY_SEARCH, &query_search, NULL, ret_query);
}

enum summit_status summit_query_new_graph(struct summit_query **ret_query)
{
    return query_new(QUERY_GRAPH, &query_graph, NULL, ret_query);
}

enum summit_status summit_query_new_index(struct summit_query **ret_query)
{
    return query_new(QUERY_INDEX, &query_index, NULL, ret_query);
}

enum summit_status summit_query_new_citation(const char *resource, const char *id,
                                             struct summit_query **ret_query)
{
    const struct resource *found = resource_find(resource);
    if (found == NULL) {
        return SUMMIT_NOT_FOUND;
    }
    return query_new(QUERY_CITATION, found, id, ret_query);
}

void summit_query_free(struct summit_query *query)
{
    if (query != NULL) {
        json_decref(query->filters);
        json_decref(query->fields);
        free(query->id);
        free(query->within);
        free(query->cursor);
        free(query->text);
        free(query->match);
        free(query->includes);
        free(query);
    }
}

enum summit_status summit_query_within(struct summit_query *query, const char *summit_id)
{
    if (resource_filter(query->resource, "summit") == NULL) {
        return SUMMIT_NOT_FOUND;
    }
    char *within = strdup(summit_id);
    if (within == NULL ||
        json_object_set_new(query->filters, "summit", json_pack("[s]", summit_id)) != 0) {
        free(within);
        return SUMMIT_NOMEM;
    }
    free(query->within);
    query->within = within;
    return SUMMIT_OK;
}

const char *query_scope(const struct summit_query *query)
{
    if (query->id != NULL && query->resource == &summits_resource) {
        return query->id;
    }
    const json_t *summits = json_object_get(query->filters, "summit");
    return json_array_size(summits) == 1 ? json_string_value(json_array_get(summits, 0)) : NULL;
}

/* The order a query asks for, as the user would write it. NULL when out of memory. */
static json_t *order_names(const struct summit_query *query)
{
    json_auto_t *names = json_array();
    for (size_t i = 0; query->order[i].key != NULL; i++) {
        json_t *name = json_sprintf("%s%s", query->order[i].is_descending ? "-" : "",
                                    query->order[i].key->name);
        if (json_array_append_new(names, name) != 0) {
            return NULL;
        }
    }
    return json_incref(names);
}

enum summit_status query_digest(const struct summit_query *query, char ret_digest[17])
{
    json_auto_t *whole = json_pack("[s, O, o, s?]", query->resource->name, query->filters,
                                   order_names(query), query->text);
    if (whole == NULL) {
        return SUMMIT_NOMEM;
    }
    text_auto *text = dump_json(whole, JSON_COMPACT | JSON_SORT_KEYS);
    if (text == NULL) {
        return SUMMIT_NOMEM;
    }
    digest_write(text, strlen(text), ret_digest);
    return SUMMIT_OK;
}

const enum summit_format *query_formats(const struct summit_query *query)
{
    static const enum summit_format rows[] = {SUMMIT_JSON, SUMMIT_NDJSON, SUMMIT_CSV, SUMMIT_JSONLD,
                                              SUMMIT_FORMAT_NONE};
    static const enum summit_format row[] = {SUMMIT_JSON, SUMMIT_JSONLD, SUMMIT_FORMAT_NONE};
    static const enum summit_format document[] = {SUMMIT_JSON, SUMMIT_FORMAT_NONE};
    static const enum summit_format reference[] = {SUMMIT_CSL, SUMMIT_BIBTEX, SUMMIT_TEXT,
                                                   SUMMIT_FORMAT_NONE};
    switch (query->kind) {
    case QUERY_COLLECTION:
        return rows;
    case QUERY_ITEM:
        return row;
    case QUERY_CITATION:
        return reference;
    case QUERY_SEARCH:
    case QUERY_GRAPH:
    case QUERY_INDEX:
        break;
    }
    return document;
}

enum summit_format summit_query_format(const struct summit_query *query)
{
    return query->format == SUMMIT_FORMAT_NONE ? query_formats(query)[0] : query->format;
}

bool summit_query_is_pretty(const struct summit_query *query)
{
    return query->is_pretty;
}

void summit_query_allow_texts(struct summit_query *query)
{
    query->allows_texts = true;
}

bool query_shows_whole_rows(const struct summit_query *query)
{
    return (query->kind == QUERY_COLLECTION || query->kind == QUERY_ITEM) &&
           query->fields == NULL && query->text == NULL;
}

static const struct parameter *find_parameter(const struct summit_query *query, const char *name)
{
    for (const struct parameter *p = parameter_table; p->name != NULL; p++) {
        if ((p->kinds & query->kind) != 0 && strcmp(p->name, name) == 0) {
            return p;
        }
    }
    return NULL;
}

/* The filter of that name, unless the path sets it or rows are not filtered here. */
static const struct filter *find_filter(const struct summit_query *query, const char *name)
{
    bool is_filtered = query->kind != QUERY_ITEM && query->kind != QUERY_CITATION;
    bool is_set = query->within != NULL && strcmp(name, "summit") == 0;
    return is_filtered && !is_set ? resource_filter(query->resource, name) : NULL;
}

/* Every parameter the query knows. */
static void known_parameters(const struct summit_query *query,
                             const char *ret_names[QUERY_PARAMETERS_MAX + 1])
{
    size_t count = 0;
    for (const struct filter *f = query->resource->filters; f->name != NULL; f++) {
        if (find_filter(query, f->name) != NULL) {
            ret_names[count++] = f->name;
        }
    }
    for (const struct parameter *p = parameter_table; p->name != NULL; p++) {
        if ((p->kinds & query->kind) != 0) {
            ret_names[count++] = p->name;
        }
    }
    ret_names[count] = NULL;
}

static enum summit_status unknown_parameter(const struct summit_query *query, const char *name,
                                            json_t *problems)
{
    const char *known[QUERY_PARAMETERS_MAX + 1];
    known_parameters(query, known);
    text_auto *list = text_join(known);
    if (list == NULL) {
        return SUMMIT_NOMEM;
    }
    return query_problem(
        problems, name, "unknown_parameter",
        text_format("\"%.64s\" is not a parameter here; known are: %s.", name, list),
        summit_nearest(name, known));
}

bool query_is_given(const struct summit_query *query, const char *name)
{
    for (size_t i = 0; i < query->given_count; i++) {
        if (strcmp(query->given[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Notes that a parameter was given; a second time is a problem, whatever became of the first.
 *   name  static. */
static enum summit_status note_given(struct summit_query *query, const char *name, bool is_list,
                                     json_t *problems)
{
    if (!query_is_given(query, name)) {
        query->given[query->given_count++] = name;
        return SUMMIT_OK;
    }
    return query_problem(
        problems, name, "repeated_parameter",
        text_format("%s stands more than once; %s.", name,
                    is_list ? "give its values in one, separated by commas" : "give it once"),
        NULL);
}

enum summit_status summit_query_set(struct summit_query *query, const char *name, const char *value,
                                    json_t *problems)
{
    const struct parameter *parameter = find_parameter(query, name);
    const struct filter *filter = parameter == NULL ? find_filter(query, name) : NULL;
    if (parameter == NULL && filter == NULL) {
        return unknown_parameter(query, name, problems);
    }
    enum summit_status status =
        parameter == NULL ? note_given(query, filter->name, true, problems)
                          : note_given(query, parameter->name, parameter->is_list, problems);
    if (status != SUMMIT_OK) {
        return status;
    }
    return parameter == NULL ? parameter_set_filter(query, filter, value, problems)
                             : parameter->set(query, value, problems);
}

/* Says which of the formats a parameter goes with. */
static enum summit_status wrong_format(const struct summit_query *query,
                                       const struct parameter *parameter, json_t *problems)
{
    const char *names[8] = {NULL};
    size_t count = 0;
    const enum summit_format *formats = query_formats(query);
    for (size_t i = 0; formats[i] != SUMMIT_FORMAT_NONE; i++) {
        if ((parameter->formats & (1U << formats[i])) != 0) {
            names[count++] = summit_format_name(formats[i]);
        }
    }
    text_auto *list = text_join(names);
    if (list == NULL) {
        return SUMMIT_NOMEM;
    }
    return query_problem(problems, parameter->name, "wrong_format",
                         text_format("%s does not go with the format %s; leave it out, or ask "
                                     "for: %s.",
                                     parameter->name,
                                     summit_format_name(summit_query_format(query)), list),
                         NULL);
}

enum summit_status summit_query_settle(struct summit_query *query, enum summit_format accepted,
                                       json_t *problems)
{
    if (query->format == SUMMIT_FORMAT_NONE) {
        query->format = accepted;
    }
    unsigned format = 1U << summit_query_format(query);
    enum summit_status result = SUMMIT_OK;
    for (const struct parameter *p = parameter_table; p->name != NULL; p++) {
        if ((p->kinds & query->kind) != 0 && (p->formats & format) == 0 &&
            query_is_given(query, p->name)) {
            result = wrong_format(query, p, problems);
            if (result == SUMMIT_NOMEM) {
                return result;
            }
        }
    }
    if (query->kind == QUERY_SEARCH && !query_is_given(query, "q")) {
        return query_problem(problems, "q", "missing_parameter",
                             text_format("A search needs q, what to search for."), NULL);
    }
    return result;
}
