#include "oracle.h"

#include "check.h"
#include "fixture.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *text_at(const json_t *row, const char *key)
{
    return json_string_value(json_object_get(row, key));
}

static struct oracle_row *find(const struct oracle *oracle, const char *resource, const char *id)
{
    size_t index = resource_index(resource_find(resource));
    for (size_t i = 0; i < oracle->counts[index]; i++) {
        if (strcmp(oracle->rows[index][i].id, id) == 0) {
            return &oracle->rows[index][i];
        }
    }
    return NULL;
}

static void note(struct oracle_row *row, const char *filter, const char *value)
{
    if (value == NULL) {
        return;
    }
    if (json_object_get(row->values, filter) == NULL) {
        json_object_set_new(row->values, filter, json_object());
    }
    json_object_set_new(json_object_get(row->values, filter), value, json_true());
}

static void note_list(struct oracle_row *row, const char *filter, const char *key,
                      const char *member)
{
    const json_t *list = json_object_get(row->row, key);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *entry = json_array_get(list, i);
        note(row, filter, member == NULL ? json_string_value(entry) : text_at(entry, member));
    }
}

/* What a row says itself. */
static void note_own(struct oracle_row *row)
{
    static const char *const plain[][2] = {
        {"summit", "summit_id"},    {"proposal", "proposal_id"},
        {"modality", "modality"},   {"role", "role"},
        {"kind", "kind"},           {"standing", "standing"},
        {"participant", "said_by"}, {"participant", "proposed_by"},
    };
    for (size_t i = 0; i < COUNT(plain); i++) {
        note(row, plain[i][0], text_at(row->row, plain[i][1]));
    }
    note(row, "country", text_at(json_object_get(row->row, "country"), "code"));
    note_list(row, "area", "area_ids", NULL);
    note_list(row, "initiative", "initiative_ids", NULL);
    note_list(row, "mechanism", "mechanism_ids", NULL);
    note_list(row, "source", "citations", "source_id");
    note_list(row, "summit", "summits", "summit_id");
    note_list(row, "category", "summits", "category");
    const json_t *parts = json_object_get(row->row, "summits");
    for (size_t i = 0; i < json_array_size(parts); i++) {
        char name[128];
        const json_t *part = json_array_get(parts, i);
        snprintf(name, sizeof name, "category of %s", text_at(part, "summit_id"));
        note(row, name, text_at(part, "category"));
    }
}

/* Notes the summits of a row with what it names. */
static void note_named(const struct oracle *oracle, const struct resource *resource,
                       const struct oracle_row *row)
{
    const char *summit = resource == &summits_resource ? row->id : text_at(row->row, "summit_id");
    const char *id;
    json_t *value;
    if (resource == &measures_resource) {
        summit =
            text_at(find(oracle, "proposals", text_at(row->row, "proposal_id"))->row, "summit_id");
    }
    json_object_foreach(json_object_get(row->values, "source"), id, value)
    {
        note(find(oracle, "sources", id), "summit", summit);
    }
    json_object_foreach(json_object_get(row->values, "initiative"), id, value)
    {
        note(find(oracle, "initiatives", id), "summit", summit);
        note(find(oracle, "summits", summit), "initiative", id);
    }
    const json_t *parts = json_object_get(row->row, "summits");
    for (size_t i = 0; i < json_array_size(parts); i++) {
        const char *of = text_at(json_array_get(parts, i), "summit_id");
        note(find(oracle, "summits", of), "area", row->id);
    }
}

static void note_links(struct oracle *oracle)
{
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        for (size_t j = 0; j < oracle->counts[i]; j++) {
            note_own(&oracle->rows[i][j]);
        }
    }
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        for (size_t j = 0; j < oracle->counts[i]; j++) {
            struct oracle_row *row = &oracle->rows[i][j];
            note_named(oracle, resources[i], row);
            if (resources[i] == &measures_resource) {
                struct oracle_row *proposal =
                    find(oracle, "proposals", text_at(row->row, "proposal_id"));
                proposal->derived++;
                note(row, "summit", text_at(proposal->row, "summit_id"));
            }
        }
    }
}

/* The words of the fields that are searched. */
static char *words_of_row(const json_t *row)
{
    static const char *const searched[] = {"name", "title", "text", "summary", "description"};
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    for (size_t i = 0; i < COUNT(searched); i++) {
        const char *value = text_at(row, searched[i]);
        fputc(' ', stream);
        for (const char *c = value == NULL ? "" : value; *c != '\0'; c++) {
            fputc(isalnum((unsigned char)*c) ? tolower((unsigned char)*c) : ' ', stream);
        }
    }
    fputc(' ', stream);
    fclose(stream);
    return text;
}

/* ---- Order --------------------------------------------------------------------------------- */

static int64_t rank_of(const struct oracle *oracle, const char *resource, const json_t *row,
                       const char *key)
{
    return find(oracle, resource, text_at(row, key))->rank;
}

/* What the default order goes by: a first number, then a second, then the place in the record. */
static int64_t default_key(const struct oracle *oracle, const struct resource *resource,
                           const struct oracle_row *row)
{
    enum { MANY = 100000 };
    if (resource == &measures_resource) {
        return rank_of(oracle, "proposals", row->row, "proposal_id") * MANY +
               json_integer_value(json_object_get(row->row, "number"));
    }
    if (resource_field(resource->fields, "summit_id") == NULL) {
        return 0;
    }
    const char *second = resource == &participants_resource ? "position" : "number";
    return rank_of(oracle, "summits", row->row, "summit_id") * MANY +
           json_integer_value(json_object_get(row->row, second));
}

static int compare_ranks(const void *a, const void *b)
{
    const struct oracle_row *left = a;
    const struct oracle_row *right = b;
    if (left->rank != right->rank) {
        return left->rank < right->rank ? -1 : 1;
    }
    return left->derived < right->derived ? -1 : 1;
}

static int compare_days(const void *a, const void *b)
{
    const struct oracle_row *left = a;
    const struct oracle_row *right = b;
    int days = strcmp(text_at(left->row, "starts_on"), text_at(right->row, "starts_on"));
    return days != 0 ? days : strcmp(left->id, right->id);
}

/* Sorts the rows of a resource into the default order and numbers them. */
static void rank_rows(struct oracle *oracle, const struct resource *resource)
{
    size_t index = resource_index(resource);
    struct oracle_row *rows = oracle->rows[index];
    for (size_t i = 0; i < oracle->counts[index]; i++) {
        rows[i].rank = default_key(oracle, resource, &rows[i]);
        rows[i].derived = (int64_t)i;
    }
    qsort(rows, oracle->counts[index], sizeof rows[0],
          resource == &summits_resource ? compare_days : compare_ranks);
    for (size_t i = 0; i < oracle->counts[index]; i++) {
        rows[i].rank = (int64_t)i + 1;
        rows[i].derived = 0;
    }
}

struct oracle *oracle_new(json_t *record)
{
    static const struct resource *const order[] = {
        &summits_resource,     &participants_resource, &proposals_resource,
        &measures_resource,    &areas_resource,        &statements_resource,
        &initiatives_resource, &mechanisms_resource,   &sources_resource};
    struct oracle *oracle = calloc(1, sizeof *oracle);
    assert_non_null(oracle);
    oracle->record = record;
    for (size_t i = 0; i < COUNT(order); i++) {
        size_t index = resource_index(order[i]);
        const json_t *rows = json_object_get(record, order[i]->name);
        size_t count = json_array_size(rows);
        oracle->counts[index] = count;
        oracle->rows[index] = calloc(count + 1, sizeof(struct oracle_row));
        for (size_t j = 0; j < count; j++) {
            const json_t *row = json_array_get(rows, j);
            oracle->rows[index][j] = (struct oracle_row){.row = row,
                                                         .id = text_at(row, "id"),
                                                         .values = json_object(),
                                                         .text = words_of_row(row)};
        }
        rank_rows(oracle, order[i]);
    }
    note_links(oracle);
    return oracle;
}

void oracle_free(struct oracle *oracle)
{
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        for (size_t j = 0; j < oracle->counts[i]; j++) {
            json_decref(oracle->rows[i][j].values);
            free(oracle->rows[i][j].text);
        }
        free(oracle->rows[i]);
    }
    json_decref(oracle->record);
    free(oracle);
}

/* ---- Questions ------------------------------------------------------------------------------ */

/* Whether a row has a value; of a category, in one of the summits asked for. */
static bool has_value(const struct oracle_row *row, const struct filter *filter,
                      const json_t *filters, const char *value)
{
    const json_t *summits = filter->is_of_summit ? json_object_get(filters, "summit") : NULL;
    if (summits == NULL) {
        return json_object_get(json_object_get(row->values, filter->name), value) != NULL;
    }
    for (size_t i = 0; i < json_array_size(summits); i++) {
        char name[128];
        snprintf(name, sizeof name, "%s of %s", filter->name,
                 json_string_value(json_array_get(summits, i)));
        if (json_object_get(json_object_get(row->values, name), value) != NULL) {
            return true;
        }
    }
    return false;
}

static bool passes(const struct oracle_row *row, const struct question *question)
{
    const char *name;
    json_t *values;
    json_object_foreach((json_t *)question->filters, name, values)
    {
        const struct filter *filter = resource_filter(question->resource, name);
        bool has = false;
        for (size_t i = 0; i < json_array_size(values); i++) {
            has |= has_value(row, filter, question->filters,
                             json_string_value(json_array_get(values, i)));
        }
        if (!has) {
            return false;
        }
    }
    TEXT *copy = strdup(question->words == NULL ? "" : question->words);
    char *rest = question->words == NULL ? NULL : copy;
    for (char *word = strsep(&rest, " "); word != NULL; word = strsep(&rest, " ")) {
        char wanted[64];
        snprintf(wanted, sizeof wanted, rest == NULL ? " %s" : " %s ", word);
        if (strstr(row->text, wanted) == NULL) {
            return false;
        }
    }
    return true;
}

static int compare_key(const struct oracle_row *a, const struct oracle_row *b,
                       const struct sort *key)
{
    if (strcmp(key->name, "measure_count") == 0) {
        return (a->derived > b->derived) - (a->derived < b->derived);
    }
    const json_t *left = json_object_get(a->row, key->name);
    const json_t *right = json_object_get(b->row, key->name);
    if (json_is_integer(left)) {
        json_int_t x = json_integer_value(left);
        json_int_t y = json_integer_value(right);
        return (x > y) - (x < y);
    }
    const char *x = json_is_string(left) ? json_string_value(left) : "";
    const char *y = json_is_string(right) ? json_string_value(right) : "";
    return key->is_name ? strcasecmp(x, y) : strcmp(x, y);
}

static int compare_rows(const void *a, const void *b, void *context)
{
    const struct oracle_row *const *left = a;
    const struct oracle_row *const *right = b;
    bool is_descending = false;
    for (const struct order *order = context; order->key != NULL; order++) {
        int result = compare_key(*left, *right, order->key);
        is_descending = order->is_descending;
        if (result != 0) {
            return is_descending ? -result : result;
        }
    }
    int result = strcmp((*left)->id, (*right)->id);
    return is_descending ? -result : result;
}

size_t oracle_select(const struct oracle *oracle, const struct question *question,
                     const struct oracle_row ***ret_rows)
{
    size_t index = resource_index(question->resource);
    const struct oracle_row **rows = calloc(oracle->counts[index] + 1, sizeof *rows);
    size_t count = 0;
    assert_non_null(rows);
    for (size_t i = 0; i < oracle->counts[index]; i++) {
        if (passes(&oracle->rows[index][i], question)) {
            rows[count++] = &oracle->rows[index][i];
        }
    }
    if (question->order != NULL) {
        qsort_r(rows, count, sizeof rows[0], compare_rows, (void *)question->order);
    }
    *ret_rows = rows;
    return count;
}

static int compare_counts(const void *a, const void *b)
{
    const json_t *left = *(json_t *const *)a;
    const json_t *right = *(json_t *const *)b;
    json_int_t x = json_integer_value(json_object_get(left, "count"));
    json_int_t y = json_integer_value(json_object_get(right, "count"));
    return x != y ? (x < y) - (x > y) : strcmp(text_at(left, "value"), text_at(right, "value"));
}

json_t *oracle_count(const struct oracle_row *const *rows, size_t count,
                     const struct question *question, const struct filter *filter)
{
    enum { VALUES_SHOWN = 100 };
    JSON *counts = json_object();
    for (size_t i = 0; i < count; i++) {
        const char *value;
        json_t *is_there;
        json_object_foreach(json_object_get(rows[i]->values, filter->name), value, is_there)
        {
            json_int_t before = json_integer_value(json_object_get(counts, value));
            if (has_value(rows[i], filter, question->filters, value)) {
                json_object_set_new(counts, value, json_integer(before + 1));
            }
        }
    }
    size_t size = json_object_size(counts);
    json_t **sorted = calloc(size + 1, sizeof *sorted);
    size_t place = 0;
    const char *value;
    json_t *number;
    json_object_foreach(counts, value, number)
    {
        sorted[place++] = json_pack("{s:s, s:O}", "value", value, "count", number);
    }
    qsort(sorted, size, sizeof *sorted, compare_counts);
    json_t *list = json_array();
    for (size_t i = 0; i < size; i++) {
        if (i < VALUES_SHOWN) {
            json_array_append(list, sorted[i]);
        }
        json_decref(sorted[i]);
    }
    free(sorted);
    return list;
}
