/* Parameters are checked in two steps. Here, without a database: is the name known, is the value
 * well formed? When the query runs, in list.c: does the database have what a filter names, is the
 * cursor of this database? Either way a problem names the parameter and, where one is near, the
 * right value. */
#include "query.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "dump.h"
#include "text.h"

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

enum summit_status summit_query_new(const char *resource, const char *id,
                                    struct summit_query **ret_query)
{
    const struct resource *found = resource_find(resource);
    if (found == NULL) {
        return SUMMIT_NOT_FOUND;
    }
    struct summit_query *query = calloc(1, sizeof *query);
    if (query == NULL) {
        return SUMMIT_NOMEM;
    }
    query->resource = found;
    query->limit = QUERY_LIMIT_DEFAULT;
    query->filters = json_object();
    query->given = json_object();
    query->id = id == NULL ? NULL : strdup(id);
    if (query->filters == NULL || query->given == NULL || (id != NULL && query->id == NULL)) {
        summit_query_free(query);
        return SUMMIT_NOMEM;
    }
    *ret_query = query;
    return SUMMIT_OK;
}

void summit_query_free(struct summit_query *query)
{
    if (query != NULL) {
        json_decref(query->filters);
        json_decref(query->given);
        free(query->id);
        free(query->within);
        free(query->cursor);
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

enum summit_status query_digest(const struct summit_query *query, char ret_digest[17])
{
    text_auto *filters = dump_json(query->filters, JSON_COMPACT | JSON_SORT_KEYS);
    if (filters == NULL) {
        return SUMMIT_NOMEM;
    }
    text_auto *text = text_format("%s %s", query->resource->name, filters);
    if (text == NULL) {
        return SUMMIT_NOMEM;
    }
    digest_write(text, strlen(text), ret_digest);
    return SUMMIT_OK;
}

/* Every parameter the query knows. */
static void known_parameters(const struct summit_query *query,
                             const char *ret_names[RESOURCE_FILTER_MAX + 4])
{
    size_t count = 0;
    if (query->id == NULL) {
        for (const struct filter *f = query->resource->filters; f->name != NULL; f++) {
            if (query->within == NULL || strcmp(f->name, "summit") != 0) {
                ret_names[count++] = f->name;
            }
        }
        ret_names[count++] = "limit";
        ret_names[count++] = "cursor";
    }
    ret_names[count++] = "include";
    ret_names[count] = NULL;
}

static enum summit_status unknown_parameter(const char *name, const char *const *known,
                                            json_t *problems)
{
    text_auto *list = text_join(known);
    if (list == NULL) {
        return SUMMIT_NOMEM;
    }
    return query_problem(
        problems, name, "unknown_parameter",
        text_format("\"%.64s\" is not a parameter here; known are: %s.", name, list),
        summit_nearest(name, known));
}

static enum summit_status invalid_choice(const char *name, const char *value,
                                         const char *const *choices, json_t *problems)
{
    text_auto *list = text_join(choices);
    if (list == NULL) {
        return SUMMIT_NOMEM;
    }
    return query_problem(
        problems, name, "invalid_value",
        text_format("\"%.64s\" is not a value of %s; known are: %s.", value, name, list),
        summit_nearest(value, choices));
}

static enum summit_status set_limit(struct summit_query *query, const char *value, json_t *problems)
{
    char *end = NULL;
    errno = 0;
    long long limit = strtoll(value, &end, 10);
    bool whole = value[0] >= '0' && value[0] <= '9' && *end == '\0' && errno == 0;
    if (whole && limit >= 1 && limit <= QUERY_LIMIT_MAX) {
        query->limit = limit;
        return SUMMIT_OK;
    }
    bool digits = value[0] != '\0' && strspn(value, "0123456789") == strlen(value);
    const char *suggestion = !digits ? "50" : (whole && limit < 1) ? "1" : "200";
    return query_problem(
        problems, "limit", "invalid_value",
        text_format("limit is a whole number from 1 to %d, not \"%.64s\".", QUERY_LIMIT_MAX, value),
        suggestion);
}

static enum summit_status set_cursor(struct summit_query *query, const char *value,
                                     json_t *problems)
{
    if (value[0] == '\0' || strlen(value) > 256) {
        return query_problem(problems, "cursor", "invalid_value",
                             text_format("cursor is taken from links.next of a page."), NULL);
    }
    query->cursor = strdup(value);
    return query->cursor == NULL ? SUMMIT_NOMEM : SUMMIT_OK;
}

static enum summit_status add_include(struct summit_query *query, const char *value,
                                      json_t *problems)
{
    const char *choices[RESOURCE_COUNT + 1] = {NULL};
    size_t count = 0;
    for (const struct relation *r = query->resource->relations; r->target != NULL; r++) {
        choices[count++] = r->target;
    }
    const struct relation *relation = resource_relation(query->resource, value);
    if (relation == NULL) {
        return invalid_choice("include", value, choices, problems);
    }
    size_t place = 0;
    while (query->includes[place] != NULL && query->includes[place] != relation) {
        place++;
    }
    query->includes[place] = relation;
    return SUMMIT_OK;
}

static enum summit_status add_filter_value(struct summit_query *query, const struct filter *filter,
                                           const char *value, json_t *problems)
{
    if (filter->values != NULL && !text_is_one_of(value, filter->values)) {
        return invalid_choice(filter->name, value, filter->values, problems);
    }
    size_t length = strlen(value);
    if (length == 0 || length > TEXT_SLUG_MAX_BYTES) {
        return query_problem(problems, filter->name, "invalid_value",
                             text_format("%s takes one value or several separated by commas, each "
                                         "of 1 to %d bytes.",
                                         filter->name, TEXT_SLUG_MAX_BYTES),
                             NULL);
    }
    json_t *values = json_object_get(query->filters, filter->name);
    size_t index;
    json_t *other;
    json_array_foreach(values, index, other)
    {
        if (strcmp(json_string_value(other), value) == 0) {
            return SUMMIT_OK;
        }
    }
    return json_array_append_new(values, json_string(value)) == 0 ? SUMMIT_OK : SUMMIT_NOMEM;
}

/* Splits a comma-separated value and adds each piece as an include (filter NULL) or to a filter. */
static enum summit_status set_list(struct summit_query *query, const char *name,
                                   const struct filter *filter, const char *value, json_t *problems)
{
    size_t count = 1;
    for (const char *c = value; *c != '\0'; c++) {
        count += *c == ',' ? 1 : 0;
    }
    if (count > QUERY_VALUES_MAX) {
        return query_problem(
            problems, name, "too_many_values",
            text_format("%s takes at most %d values, not %zu.", name, QUERY_VALUES_MAX, count),
            NULL);
    }
    text_auto *copy = strdup(value);
    if (copy == NULL) {
        return SUMMIT_NOMEM;
    }
    enum summit_status result = SUMMIT_OK;
    char *rest = copy;
    for (char *piece = strsep(&rest, ","); piece != NULL; piece = strsep(&rest, ",")) {
        enum summit_status status = filter == NULL
                                        ? add_include(query, piece, problems)
                                        : add_filter_value(query, filter, piece, problems);
        if (status == SUMMIT_NOMEM) {
            return status;
        }
        result = status == SUMMIT_OK ? result : status;
    }
    return result;
}

/* Notes that a parameter was given; a second time is a problem, whatever became of the first. */
static enum summit_status note_given(struct summit_query *query, const char *name, json_t *problems)
{
    if (json_object_get(query->given, name) == NULL) {
        return json_object_set_new(query->given, name, json_true()) == 0 ? SUMMIT_OK : SUMMIT_NOMEM;
    }
    bool is_single = strcmp(name, "limit") == 0 || strcmp(name, "cursor") == 0;
    return query_problem(
        problems, name, "repeated_parameter",
        text_format("%s stands more than once; %s.", name,
                    is_single ? "give it once" : "give its values in one, separated by commas"),
        NULL);
}

enum summit_status summit_query_set(struct summit_query *query, const char *name, const char *value,
                                    json_t *problems)
{
    const char *known[RESOURCE_FILTER_MAX + 4];
    known_parameters(query, known);
    if (!text_is_one_of(name, known)) {
        return unknown_parameter(name, known, problems);
    }
    enum summit_status status = note_given(query, name, problems);
    if (status != SUMMIT_OK) {
        return status;
    }
    if (strcmp(name, "limit") == 0) {
        return set_limit(query, value, problems);
    }
    if (strcmp(name, "cursor") == 0) {
        return set_cursor(query, value, problems);
    }
    if (strcmp(name, "include") == 0) {
        return set_list(query, name, NULL, value, problems);
    }
    const struct filter *filter = resource_filter(query->resource, name);
    if (json_object_set_new(query->filters, name, json_array()) != 0) {
        return SUMMIT_NOMEM;
    }
    return set_list(query, name, filter, value, problems);
}
