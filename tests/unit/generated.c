#include "generated.h"

#include "check.h"
#include "fixture.h"

#include <stdio.h>

enum {
    SUMMITS = 4,
    SOURCES = 6,
    AREAS = 12,
    INITIATIVES = 9,
    PARTICIPANTS = 5, /* of a summit, as are the following */
    PROPOSALS = 12,
    MECHANISMS = 5,
    STATEMENTS = 60,
    PARAGRAPHS = 30
};

/* Knuth's linear congruential generator for MMIX; its high bits are good enough here. */
size_t chance_below(struct chance *chance, size_t end)
{
    chance->state = chance->state * 6364136223846793005U + 1442695040888963407U;
    return (size_t)(chance->state >> 33) % end;
}

size_t chance_skewed(struct chance *chance, size_t end)
{
    size_t large = chance_below(chance, end * end * end);
    size_t root = 0;
    while ((root + 1) * (root + 1) * (root + 1) <= large) {
        root++;
    }
    return end - 1 - root;
}

const char *generated_word(size_t number, char ret_word[8])
{
    static const char consonants[] = "bdfgklmnprstvz";
    static const char vowels[] = "aeiou";
    for (size_t i = 0; i < 6; i += 2) {
        ret_word[i] = consonants[number % 14];
        number /= 14;
        ret_word[i + 1] = vowels[number % 5];
        number /= 5;
    }
    ret_word[6] = '\0';
    return ret_word;
}

struct generation {
    struct chance chance;
    json_t *record;
    bool is_cited[SOURCES][PARAGRAPHS];
};

static const char *one_of(struct generation *generation, const char *const *values, size_t count)
{
    return values[chance_below(&generation->chance, count)];
}

static json_t *citations(struct generation *generation)
{
    size_t source = chance_skewed(&generation->chance, SOURCES);
    size_t paragraph = chance_below(&generation->chance, PARAGRAPHS);
    generation->is_cited[source][paragraph] = true;
    json_t *list = json_array();
    json_array_append_new(list,
                          json_pack("{s:o, s:i}", "source_id", json_sprintf("source-%zu", source),
                                    "paragraph", (int)paragraph + 1));
    return list;
}

/* Adds a row, with what it cites. */
static void add(struct generation *generation, const char *resource, json_t *row)
{
    assert_non_null(row);
    json_object_set_new(row, "citations", citations(generation));
    json_array_append_new(json_object_get(generation->record, resource), row);
}

/* Some words; the first word of all in all but a few. */
static json_t *text(struct generation *generation)
{
    char words[256] = "";
    char word[8];
    size_t count = 3 + chance_below(&generation->chance, 8);
    for (size_t i = 0; i < count; i++) {
        bool is_first = i == 0 && chance_below(&generation->chance, 50) > 0;
        size_t number = is_first ? 0 : 1 + chance_skewed(&generation->chance, GENERATED_WORDS - 1);
        fixture_append(words, sizeof words, "%s%s", i == 0 ? "" : " ",
                       generated_word(number, word));
    }
    return json_string(words);
}

static json_t *country(struct generation *generation)
{
    static const char *const codes[] = {"CN", "KZ", "UZ", "NO"};
    return json_pack("{s:s, s:s}", "code", one_of(generation, codes, 4), "name", "Country");
}

/* At most `most` of the ids "PREFIX0", "PREFIX1"..., each once. */
static json_t *some(struct generation *generation, const char *prefix, size_t end, size_t most)
{
    json_t *ids = json_array();
    size_t count = chance_below(&generation->chance, most + 1);
    size_t number = chance_skewed(&generation->chance, end);
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(ids, json_sprintf("%s%zu", prefix, (number + i * i) % end));
    }
    return ids;
}

static void add_summits(struct generation *generation)
{
    static const char *const cities[] = {"Aral", "aral", "Bayan"};
    for (size_t i = 0; i < SUMMITS; i++) {
        add(generation, "summits",
            json_pack("{s:o, s:s, s:n, s:s, s:s, s:s, s:n, s:o, s:o}", "id",
                      json_sprintf("summit-%zu", i), "name", i % 2 == 0 ? "meeting" : "Meeting",
                      "series", "starts_on", i < 2 ? "2024-05-05" : "2023-01-02", "ends_on",
                      "2024-06-07", "city", one_of(generation, cities, 3), "region", "country",
                      country(generation), "summary", text(generation)));
    }
}

static void add_areas(struct generation *generation)
{
    static const char *const categories[] = {"traditional", "growth_driver", "other"};
    static const char *const names[] = {"Water", "water", "Air", "Roads"};
    for (size_t i = 0; i < AREAS; i++) {
        json_t *parts = json_array();
        for (size_t j = 0; j < SUMMITS; j++) {
            json_array_append_new(parts, json_pack("{s:o, s:s}", "summit_id",
                                                   json_sprintf("summit-%zu", j), "category",
                                                   one_of(generation, categories, 3)));
        }
        add(generation, "areas",
            json_pack("{s:o, s:s, s:n, s:o}", "id", json_sprintf("area-%zu", (i * 5) % AREAS),
                      "name", one_of(generation, names, 4), "description", "summits", parts));
    }
    for (size_t i = 0; i < INITIATIVES; i++) {
        add(generation, "initiatives",
            json_pack("{s:o, s:s, s:n, s:n}", "id",
                      json_sprintf("initiative-%zu", (i * 2) % INITIATIVES), "name",
                      one_of(generation, names, 4), "description", "launched_by"));
    }
}

static void add_participants(struct generation *generation, size_t summit)
{
    for (size_t i = 0; i < PARTICIPANTS; i++) {
        add(generation, "participants",
            json_pack("{s:o, s:o, s:s, s:s, s:o, s:s, s:i}", "id",
                      json_sprintf("summit-%zu-person-%zu", summit, i), "summit_id",
                      json_sprintf("summit-%zu", summit), "name", i % 2 == 0 ? "Same" : "same",
                      "office", "Office", "country", country(generation), "role",
                      i == 0 ? "host" : "guest", "position", (int)(PARTICIPANTS - i)));
    }
}

static void add_proposals(struct generation *generation, size_t summit)
{
    static const char *const titles[] = {"Point", "point", "Promise"};
    static const char *const standings[] = {"proposed", "existing"};
    for (size_t i = 0; i < PROPOSALS; i++) {
        size_t person = chance_below(&generation->chance, PARTICIPANTS);
        add(generation, "proposals",
            json_pack("{s:o, s:o, s:i, s:s, s:o, s:o, s:o}", "id",
                      json_sprintf("summit-%zu-point-%zu", summit, i), "summit_id",
                      json_sprintf("summit-%zu", summit), "number", (int)((i * 5) % PROPOSALS) + 1,
                      "title", one_of(generation, titles, 3), "summary", text(generation),
                      "proposed_by", json_sprintf("summit-%zu-person-%zu", summit, person),
                      "area_ids", some(generation, "area-", AREAS, 3)));
    }
    for (size_t i = 0; i < MECHANISMS; i++) {
        json_t *proposal =
            i % 2 == 0 ? json_null() : json_sprintf("summit-%zu-point-%zu", summit, i);
        add(generation, "mechanisms",
            json_pack("{s:o, s:o, s:s, s:n, s:s, s:o, s:o}", "id",
                      json_sprintf("summit-%zu-council-%zu", summit, i), "summit_id",
                      json_sprintf("summit-%zu", summit), "name", one_of(generation, titles, 3),
                      "description", "standing", one_of(generation, standings, 2), "area_ids",
                      some(generation, "area-", AREAS, 2), "proposal_id", proposal));
    }
}

static void add_statements(struct generation *generation, size_t summit)
{
    static const char *const kinds[] = {"principle", "position", "call", "assessment"};
    for (size_t i = 0; i < STATEMENTS; i++) {
        size_t person = chance_below(&generation->chance, PARTICIPANTS + 1);
        json_t *said_by = person == PARTICIPANTS
                              ? json_null()
                              : json_sprintf("summit-%zu-person-%zu", summit, person);
        add(generation, "statements",
            json_pack("{s:o, s:o, s:s, s:o, s:o, s:o, s:o}", "id",
                      json_sprintf("summit-%zu-said-%zu", summit, (i * 7) % STATEMENTS),
                      "summit_id", json_sprintf("summit-%zu", summit), "kind",
                      one_of(generation, kinds, 4), "text", text(generation), "said_by", said_by,
                      "area_ids", some(generation, "area-", AREAS, 2), "initiative_ids",
                      some(generation, "initiative-", INITIATIVES, 1)));
    }
}

static void add_measures(struct generation *generation, size_t count)
{
    static const char *const modalities[] = {"will",     "will",      "will",       "proposes",
                                             "proposes", "calls_for", "encourages", "is_ready_to"};
    int numbers[SUMMITS * PROPOSALS] = {0};
    for (size_t i = 0; i < count; i++) {
        size_t place = chance_skewed(&generation->chance, SUMMITS * PROPOSALS);
        size_t summit = place / PROPOSALS;
        char council[64];
        snprintf(council, sizeof council, "summit-%zu-council-", summit);
        add(generation, "measures",
            json_pack("{s:o, s:o, s:i, s:o, s:s, s:[], s:o, s:o, s:o}", "id",
                      json_sprintf("summit-%zu-step-%05zu", summit, (i * 7919) % 65536),
                      "proposal_id",
                      json_sprintf("summit-%zu-point-%zu", summit, place % PROPOSALS), "number",
                      ++numbers[place], "text", text(generation), "modality",
                      one_of(generation, modalities, COUNT(modalities)), "amounts", "area_ids",
                      some(generation, "area-", AREAS, 3), "initiative_ids",
                      some(generation, "initiative-", INITIATIVES, 2), "mechanism_ids",
                      some(generation, council, MECHANISMS, 1)));
    }
}

/* Last: a paragraph is cited by some row, or it says why not. */
static void add_sources(struct generation *generation)
{
    static const char *const titles[] = {"Speech", "speech", "News"};
    static const char *const days[] = {"2023-01-02", "2023-01-03", NULL, "2023-01-02", NULL, NULL};
    for (size_t i = 0; i < SOURCES; i++) {
        json_t *omitted = json_array();
        for (size_t j = 0; j < PARAGRAPHS; j++) {
            if (!generation->is_cited[i][j]) {
                json_array_append_new(omitted, json_pack("{s:i, s:s}", "paragraph", (int)j + 1,
                                                         "reason", "Nobody cites it."));
            }
        }
        json_t *row = json_pack("{s:o, s:s, s:n, s:n, s:s?, s:s, s:n, s:i, s:o}", "id",
                                json_sprintf("source-%zu", i), "title", titles[i % 3], "publisher",
                                "place", "published_on", days[i], "language", "en", "url",
                                "paragraph_count", PARAGRAPHS, "omitted_paragraphs", omitted);
        assert_non_null(row);
        json_array_append_new(json_object_get(generation->record, "sources"), row);
    }
}

/* Puts the rows of an array into any order. */
static void shuffle(struct generation *generation, const char *resource)
{
    json_t *rows = json_object_get(generation->record, resource);
    for (size_t i = json_array_size(rows); i > 1; i--) {
        size_t place = chance_below(&generation->chance, i);
        JSON *last = json_incref(json_array_get(rows, i - 1));
        JSON *other = json_incref(json_array_get(rows, place));
        json_array_set(rows, i - 1, other);
        json_array_set(rows, place, last);
    }
}

json_t *generated_record(uint64_t seed, size_t measures)
{
    static const char *const resources[] = {"summits",     "participants", "proposals",
                                            "measures",    "areas",        "statements",
                                            "initiatives", "mechanisms",   "sources"};
    struct generation generation = {.chance = {seed}, .record = json_pack("{s:i}", "version", 1)};
    for (size_t i = 0; i < COUNT(resources); i++) {
        json_object_set_new(generation.record, resources[i], json_array());
    }
    add_summits(&generation);
    add_areas(&generation);
    for (size_t i = 0; i < SUMMITS; i++) {
        add_participants(&generation, i);
        add_proposals(&generation, i);
        add_statements(&generation, i);
    }
    add_measures(&generation, measures);
    add_sources(&generation);
    for (size_t i = 0; i < COUNT(resources); i++) {
        shuffle(&generation, resources[i]);
    }
    return generation.record;
}
