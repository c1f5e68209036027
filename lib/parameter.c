/* One setter a parameter. A setter sees a parameter once and either takes its value or says in full
 * what would be right; lists are split here, and each piece is checked alone, so that all that is
 * wrong is said at once. */
#include "parameter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "match.h"
#include "text.h"

typedef enum summit_status add_piece(struct summit_query *query, const void *context,
                                     const char *piece, json_t *problems);

/* Says that a value is none of the choices, and which may have been meant.
 *   prefix  what stands before it and before each choice, as the "-" of a sort key, or "". */
static enum summit_status invalid_choice(const char *name, const char *prefix, const char *value,
                                         const char *const *choices, json_t *problems)
{
    text_auto *list = text_join(choices);
    text_auto *after = prefix[0] == '\0' ? strdup("") : text_format(" after \"%.64s\"", prefix);
    const char *nearest = summit_nearest(value, choices);
    text_auto *suggestion = nearest == NULL ? NULL : text_format("%s%s", prefix, nearest);
    if (list == NULL || after == NULL || (nearest != NULL && suggestion == NULL)) {
        return SUMMIT_NOMEM;
    }
    return query_problem(problems, name, "invalid_value",
                         text_format("\"%.64s%.64s\" is not a value of %s; known%s are: %s.",
                                     prefix, value, name, after, list),
                         suggestion);
}

/* In lists that say what an answer is made of, a name that stands twice is a mistake: one of the
 * two was to be another. */
static enum summit_status repeated_value(const char *name, const char *value, json_t *problems)
{
    return query_problem(problems, name, "repeated_value",
                         text_format("%s names %.64s more than once; name it once.", name, value),
                         NULL);
}

/* Splits a value at its commas and adds each piece. */
static enum summit_status set_list(struct summit_query *query, const char *name, const char *value,
                                   add_piece *add, const void *context, json_t *problems)
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
        enum summit_status status = add(query, context, piece, problems);
        if (status == SUMMIT_NOMEM) {
            return status;
        }
        result = status == SUMMIT_OK ? result : status;
    }
    return result;
}

static bool has_string(const json_t *strings, const char *string)
{
    for (size_t i = 0; i < json_array_size(strings); i++) {
        if (strcmp(json_string_value(json_array_get(strings, i)), string) == 0) {
            return true;
        }
    }
    return false;
}

static enum summit_status add_filter_value(struct summit_query *query, const void *context,
                                           const char *value, json_t *problems)
{
    const struct filter *filter = context;
    if (filter->values != NULL && !text_is_one_of(value, filter->values)) {
        return invalid_choice(filter->name, "", value, filter->values, problems);
    }
    size_t length = strlen(value);
    if (length == 0 || length > TEXT_SLUG_MAX_BYTES) {
        return query_problem(problems, filter->name, "invalid_value",
                             text_format("%s takes one value or several separated by commas, each "
                                         "of 1 to %d bytes.",
                                         filter->name, TEXT_SLUG_MAX_BYTES),
                             NULL);
    }
    /* "This or this" is this: it is no mistake, as programs join values that they gathered. */
    json_t *values = json_object_get(query->filters, filter->name);
    if (has_string(values, value)) {
        return SUMMIT_OK;
    }
    return json_array_append_new(values, json_string(value)) == 0 ? SUMMIT_OK : SUMMIT_NOMEM;
}

enum summit_status parameter_set_filter(struct summit_query *query, const struct filter *filter,
                                        const char *value, json_t *problems)
{
    if (json_object_set_new(query->filters, filter->name, json_array()) != 0) {
        return SUMMIT_NOMEM;
    }
    return set_list(query, filter->name, value, add_filter_value, filter, problems);
}

static enum summit_status set_text(struct summit_query *query, const char *value, json_t *problems)
{
    size_t characters = 0;
    for (const char *c = value; *c != '\0'; c++) {
        characters += ((unsigned char)*c & 0xc0) == 0x80 ? 0 : 1;
    }
    if (characters > QUERY_TEXT_MAX || value[strspn(value, " \t")] == '\0') {
        return query_problem(problems, "q", "invalid_value",
                             text_format("q is what to search for, 1 to %d characters, not %s.",
                                         QUERY_TEXT_MAX,
                                         characters > QUERY_TEXT_MAX ? "more" : "only blanks"),
                             NULL);
    }
    query->text = strdup(value);
    return query->text == NULL ? SUMMIT_NOMEM : match_expression(value, &query->match);
}

/* The names of the sort keys of a resource, "id" and "-id" alike. */
static enum summit_status invalid_sort(const struct summit_query *query, const char *value,
                                       json_t *problems)
{
    const char *choices[RESOURCE_SORT_MAX + 1] = {NULL};
    size_t count = 0;
    for (const struct sort *sort = query->resource->sorts; sort->name != NULL; sort++) {
        choices[count++] = sort->name;
    }
    bool is_descending = value[0] == '-';
    return invalid_choice("sort", is_descending ? "-" : "", value + (is_descending ? 1 : 0),
                          choices, problems);
}

static enum summit_status add_sort(struct summit_query *query, const void *context,
                                   const char *value, json_t *problems)
{
    (void)context;
    bool is_descending = value[0] == '-';
    const struct sort *key = resource_sort(query->resource, value + (is_descending ? 1 : 0));
    if (key == NULL) {
        return invalid_sort(query, value, problems);
    }
    size_t place = 0;
    while (query->order[place].key != NULL && query->order[place].key != key) {
        place++;
    }
    if (query->order[place].key == key) {
        return repeated_value("sort", key->name, problems);
    }
    if (place == PLAN_SORTS_MAX) {
        return query_problem(problems, "sort", "too_many_values",
                             text_format("sort takes at most %d fields.", PLAN_SORTS_MAX), NULL);
    }
    query->order[place] = (struct order){.key = key, .is_descending = is_descending};
    return SUMMIT_OK;
}

static enum summit_status set_sort(struct summit_query *query, const char *value, json_t *problems)
{
    return set_list(query, "sort", value, add_sort, NULL, problems);
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

/* Whether a relation can be named here: what is made for an item cannot be for a list. */
static bool is_offered(const struct summit_query *query, const struct relation *relation,
                       bool is_second)
{
    return !resource_relation_is_made(relation) || (query->kind == QUERY_ITEM && !is_second);
}

/* The relation of a resource that a piece of an include path names; NULL adds a problem.
 *   before  the piece before it, or NULL. */
static const struct relation *find_relation(const struct summit_query *query,
                                            const struct resource *resource, const char *before,
                                            const char *name, json_t *problems,
                                            enum summit_status *ret_status)
{
    const char *choices[RESOURCE_COUNT + 2] = {NULL};
    size_t count = 0;
    for (const struct relation *r = resource->relations; r->target != NULL; r++) {
        if (is_offered(query, r, before != NULL)) {
            choices[count++] = r->target;
            if (strcmp(r->target, name) == 0) {
                return r;
            }
        }
    }
    text_auto *prefix = before == NULL ? strdup("") : text_format("%s.", before);
    *ret_status =
        prefix == NULL ? SUMMIT_NOMEM : invalid_choice("include", prefix, name, choices, problems);
    return NULL;
}

static bool is_same_path(const struct query_path *path, const struct query_path *other)
{
    return path->first == other->first && path->second == other->second;
}

static enum summit_status add_include(struct summit_query *query, const void *context,
                                      const char *value, json_t *problems)
{
    (void)context;
    text_auto *copy = strdup(value);
    if (copy == NULL) {
        return SUMMIT_NOMEM;
    }
    char *rest = copy;
    const char *first = strsep(&rest, ".");
    const char *second = rest;
    enum summit_status status = SUMMIT_OK;
    struct query_path path = {.first = NULL};
    path.first = find_relation(query, query->resource, NULL, first, problems, &status);
    if (path.first == NULL) {
        return status;
    }
    if (second != NULL) {
        const struct resource *target = resource_find(path.first->target);
        if (target == NULL || strchr(second, '.') != NULL) {
            return query_problem(problems, "include", "invalid_value",
                                 text_format("\"%.64s\" goes too deep; include names a relation or "
                                             "one of its relations, as in measures.areas.",
                                             value),
                                 NULL);
        }
        path.second = find_relation(query, target, first, second, problems, &status);
        if (path.second == NULL) {
            return status;
        }
    }
    for (size_t i = 0; i < query->include_count; i++) {
        if (is_same_path(&query->includes[i], &path)) {
            return repeated_value("include", value, problems);
        }
    }
    size_t size = (query->include_count + 1) * sizeof path;
    struct query_path *includes = realloc(query->includes, size);
    if (includes == NULL) {
        return SUMMIT_NOMEM;
    }
    includes[query->include_count++] = path;
    query->includes = includes;
    return SUMMIT_OK;
}

static enum summit_status set_include(struct summit_query *query, const char *value,
                                      json_t *problems)
{
    return set_list(query, "include", value, add_include, NULL, problems);
}

static enum summit_status add_field(struct summit_query *query, const void *context,
                                    const char *value, json_t *problems)
{
    (void)context;
    const char *choices[RESOURCE_FIELD_MAX + 1] = {NULL};
    size_t count = 0;
    for (const struct field *field = query->resource->fields; field->name != NULL; field++) {
        if (field->use != FIELD_RECORD) {
            choices[count++] = field->name;
        }
    }
    if (!text_is_one_of(value, choices)) {
        return invalid_choice("fields", "", value, choices, problems);
    }
    if (has_string(query->fields, value)) {
        return repeated_value("fields", value, problems);
    }
    return json_array_append_new(query->fields, json_string(value)) == 0 ? SUMMIT_OK : SUMMIT_NOMEM;
}

static enum summit_status set_fields(struct summit_query *query, const char *value,
                                     json_t *problems)
{
    query->fields = json_array();
    if (query->fields == NULL) {
        return SUMMIT_NOMEM;
    }
    return set_list(query, "fields", value, add_field, NULL, problems);
}

static enum summit_status add_facet(struct summit_query *query, const void *context,
                                    const char *value, json_t *problems)
{
    (void)context;
    const char *choices[RESOURCE_FILTER_MAX + 1] = {NULL};
    size_t count = 0;
    for (const struct filter *f = query->resource->filters; f->name != NULL; f++) {
        choices[count++] = f->name;
    }
    const struct filter *filter = resource_filter(query->resource, value);
    if (filter == NULL) {
        return invalid_choice("facet", "", value, choices, problems);
    }
    size_t place = 0;
    while (query->facets[place] != NULL && query->facets[place] != filter) {
        place++;
    }
    if (query->facets[place] != NULL) {
        return repeated_value("facet", value, problems);
    }
    query->facets[place] = filter;
    return SUMMIT_OK;
}

static enum summit_status set_facet(struct summit_query *query, const char *value, json_t *problems)
{
    return set_list(query, "facet", value, add_facet, NULL, problems);
}

static enum summit_status set_format(struct summit_query *query, const char *value,
                                     json_t *problems)
{
    const char *choices[8] = {NULL};
    const enum summit_format *formats = query_formats(query);
    for (size_t i = 0; formats[i] != SUMMIT_FORMAT_NONE; i++) {
        choices[i] = summit_format_name(formats[i]);
        if (strcmp(choices[i], value) == 0) {
            query->format = formats[i];
            return SUMMIT_OK;
        }
    }
    return invalid_choice("format", "", value, choices, problems);
}

static enum summit_status set_pretty(struct summit_query *query, const char *value,
                                     json_t *problems)
{
    static const char *const choices[] = {"true", "false", NULL};
    if (value[0] != '\0' && !text_is_one_of(value, choices)) {
        return invalid_choice("pretty", "", value, choices, problems);
    }
    query->is_pretty = strcmp(value, "false") != 0;
    return SUMMIT_OK;
}

enum {
    AS_JSON = 1 << SUMMIT_JSON,
    AS_LD = 1 << SUMMIT_JSONLD,
    AS_CSL = 1 << SUMMIT_CSL,
    AS_ROWS = AS_JSON | 1 << SUMMIT_NDJSON | 1 << SUMMIT_CSV,
    AS_ANY = -1,
};

const struct parameter parameter_table[] = {
    {"q", QUERY_COLLECTION | QUERY_SEARCH, (unsigned)AS_ANY, false, set_text},
    {"sort", QUERY_COLLECTION, (unsigned)AS_ANY, true, set_sort},
    {"limit", QUERY_COLLECTION | QUERY_SEARCH, (unsigned)AS_ANY, false, set_limit},
    {"cursor", QUERY_COLLECTION | QUERY_SEARCH, (unsigned)AS_ANY, false, set_cursor},
    {"include", QUERY_COLLECTION | QUERY_ITEM, AS_JSON, true, set_include},
    {"fields", QUERY_COLLECTION | QUERY_ITEM, AS_ROWS, true, set_fields},
    {"facet", QUERY_COLLECTION, AS_JSON, true, set_facet},
    {"format", QUERY_COLLECTION | QUERY_ITEM | QUERY_CITATION, (unsigned)AS_ANY, false, set_format},
    {"pretty",
     QUERY_COLLECTION | QUERY_ITEM | QUERY_SEARCH | QUERY_GRAPH | QUERY_CITATION | QUERY_INDEX,
     AS_JSON | AS_LD | AS_CSL, false, set_pretty},
    {.name = NULL},
};
