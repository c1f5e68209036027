#include "round.h"

#include "check.h"
#include "fixture.h"

#include <string.h>

static json_t *pool_of(const struct oracle *oracle, size_t index)
{
    JSON *seen = json_object();
    json_t *pool = json_object();
    for (const struct filter *f = resources[index]->filters; f->name != NULL; f++) {
        json_object_set_new(pool, f->name, json_array());
        json_object_clear(seen);
        for (size_t i = 0; i < oracle->counts[index]; i++) {
            json_object_update(seen, json_object_get(oracle->rows[index][i].values, f->name));
        }
        const char *value;
        json_t *is_there;
        json_object_foreach(seen, value, is_there)
        {
            json_array_append_new(json_object_get(pool, f->name), json_string(value));
        }
    }
    return pool;
}

static void add_parameter(struct round *round, const char *name, const char *value)
{
    fixture_append(round->parameters, sizeof round->parameters, "%s%s=%s",
                   round->parameters[0] == '\0' ? "" : "&", name, value);
}

/* Adds a value to a filter, once. */
static void add_value(json_t *values, const char *value, char *text, size_t size)
{
    for (size_t i = 0; i < json_array_size(values); i++) {
        if (strcmp(json_string_value(json_array_get(values, i)), value) == 0) {
            return;
        }
    }
    fixture_append(text, size, "%s%s", json_array_size(values) == 0 ? "" : ",", value);
    json_array_append_new(values, json_string(value));
}

/* Values that are there; the first is often one that a certain row has, so that some row may pass
 * all filters. */
static void choose_values(struct round *round, const struct filter *filter,
                          const struct oracle_row *model)
{
    const json_t *pool = json_object_get(round->pool, filter->name);
    const json_t *own = json_object_get(model->values, filter->name);
    char text[512] = "";
    size_t count = 1 + chance_below(&round->chance, 3);
    if (json_array_size(pool) == 0 || json_object_get(round->filters, filter->name) != NULL) {
        return;
    }
    json_t *values = json_array();
    json_object_set_new(round->filters, filter->name, values);
    const char *first = json_object_iter_key(json_object_iter((json_t *)own));
    if (first != NULL && chance_below(&round->chance, 3) > 0) {
        add_value(values, first, text, sizeof text);
    }
    while (json_array_size(values) == 0 || --count > 0) {
        size_t place = chance_below(&round->chance, json_array_size(pool));
        add_value(values, json_string_value(json_array_get(pool, place)), text, sizeof text);
    }
    add_parameter(round, filter->name, text);
}

static void choose_filters(struct round *round, const struct oracle *oracle)
{
    const struct resource *resource = round->question.resource;
    size_t index = resource_index(resource);
    size_t known = 0;
    while (resource->filters[known].name != NULL) {
        known++;
    }
    size_t model = chance_below(&round->chance, oracle->counts[index]);
    size_t count = chance_below(&round->chance, 4);
    for (size_t i = 0; i < count; i++) {
        const struct filter *filter = &resource->filters[chance_below(&round->chance, known)];
        choose_values(round, filter, &oracle->rows[index][model]);
    }
    round->question.filters = round->filters;
}

static void choose_order(struct round *round)
{
    const struct sort *sorts = round->question.resource->sorts;
    size_t known = 0;
    size_t count = chance_below(&round->chance, 4);
    char text[128] = "";
    while (sorts[known].name != NULL) {
        known++;
    }
    size_t start = chance_below(&round->chance, known);
    count = count < known ? count : known;
    for (size_t i = 0; i < count; i++) {
        const struct sort *key = &sorts[(start + i) % known];
        bool is_descending = chance_below(&round->chance, 2) == 1;
        round->order[i] = (struct order){.key = key, .is_descending = is_descending};
        fixture_append(text, sizeof text, "%s%s%s", i == 0 ? "" : ",", is_descending ? "-" : "",
                       key->name);
    }
    if (count > 0) {
        round->question.order = round->order;
        add_parameter(round, "sort", text);
    }
}

/* Nearly every row has the first word, next to none those at the end. */
static void choose_words(struct round *round)
{
    static const size_t starts[] = {0, 0, 1, 5, 20, 100, 250};
    const struct resource *resource = round->question.resource;
    char word[8];
    bool has_words = resource == &measures_resource || resource == &statements_resource ||
                     resource == &proposals_resource;
    if (!has_words || chance_below(&round->chance, 5) < 2) {
        return;
    }
    size_t count = 1 + chance_below(&round->chance, 2);
    for (size_t i = 0; i < count; i++) {
        size_t start = starts[chance_below(&round->chance, COUNT(starts))];
        size_t number = start + (start < 20 ? 0 : chance_below(&round->chance, 50));
        fixture_append(round->words, sizeof round->words, "%s%s", i == 0 ? "" : " ",
                       generated_word(number, word));
    }
    /* The start of a word finds it too, when it is the last. */
    if (chance_below(&round->chance, 4) == 0) {
        round->words[strlen(round->words) - 1 - chance_below(&round->chance, 5)] = '\0';
    }
    round->question.words = round->words;
    add_parameter(round, "q", round->words);
}

void round_choose(struct round *round, const struct oracle *oracle, json_t *const *pools,
                  uint64_t seed, size_t number)
{
    *round = (struct round){.number = number, .chance = {seed + number}};
    size_t index = chance_below(&round->chance, 2 * RESOURCE_COUNT);
    round->question.resource = index < RESOURCE_COUNT ? resources[index] : &measures_resource;
    round->pool = pools[resource_index(round->question.resource)];
    round->filters = json_object();
    choose_filters(round, oracle);
    choose_order(round);
    choose_words(round);
}

void round_clear(struct round *round)
{
    json_decref(round->filters);
}

void round_pools_make(const struct oracle *oracle, json_t *ret_pools[RESOURCE_COUNT])
{
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        ret_pools[i] = pool_of(oracle, i);
    }
}

void round_pools_free(json_t *pools[RESOURCE_COUNT])
{
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        json_decref(pools[i]);
    }
}
