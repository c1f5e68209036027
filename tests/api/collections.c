#include "collections.h"

#include "check.h"
#include "process.h"

#include <string.h>

#define BY_FIELD(name, field)                                                                      \
    {                                                                                              \
        name, LINK_FIELD, field, false                                                             \
    }
#define BY_LIST(name, field)                                                                       \
    {                                                                                              \
        name, LINK_LIST, field, false                                                              \
    }
#define BY_SOURCE(name)                                                                            \
    {                                                                                              \
        name, LINK_CITATION, NULL, false                                                           \
    }
#define BACK_SOURCE(name)                                                                          \
    {                                                                                              \
        name, LINK_CITATION, NULL, true                                                            \
    }
#define BACK_FIELD(name, field)                                                                    \
    {                                                                                              \
        name, LINK_FIELD, field, true                                                              \
    }
#define BACK_LIST(name, field)                                                                     \
    {                                                                                              \
        name, LINK_LIST, field, true                                                               \
    }

const struct collection collections[COLLECTION_COUNT] = {
    {
        .name = "summits",
        .fields = "id:s name:s series:S starts_on:d ends_on:d city:s region:S country:k summary:s "
                  "counts:n citations:c",
        .filters = {{"country", LINK_COUNTRY, NULL, false},
                    {"area", LINK_ELSEWHERE, NULL, false},
                    {"initiative", LINK_ELSEWHERE, NULL, false},
                    BY_SOURCE("source")},
        .includes = {BACK_FIELD("participants", "summit_id"),
                     BACK_FIELD("proposals", "summit_id"),
                     BACK_FIELD("measures", "summit_id"),
                     BACK_FIELD("statements", "summit_id"),
                     BACK_FIELD("mechanisms", "summit_id"),
                     {"areas", LINK_ELSEWHERE, NULL, true},
                     {"initiatives", LINK_ELSEWHERE, NULL, true},
                     {"sources", LINK_ELSEWHERE, NULL, true}},
    },
    {
        .name = "participants",
        .fields = "id:s summit_id:s name:s office:s country:k role:s position:i citations:c",
        .filters = {BY_FIELD("summit", "summit_id"),
                    {"country", LINK_COUNTRY, NULL, false},
                    BY_FIELD("role", "role"),
                    BY_SOURCE("source")},
        .includes = {BY_FIELD("summits", "summit_id"), BACK_FIELD("proposals", "proposed_by"),
                     BACK_FIELD("statements", "said_by"), BY_SOURCE("sources")},
        .nested = true,
    },
    {
        .name = "proposals",
        .fields = "id:s summit_id:s number:i title:s summary:s proposed_by:s area_ids:l "
                  "measure_count:i citations:c",
        .filters = {BY_FIELD("summit", "summit_id"), BY_LIST("area", "area_ids"),
                    BY_FIELD("participant", "proposed_by"), BY_SOURCE("source")},
        .includes = {BY_FIELD("summits", "summit_id"), BY_FIELD("participants", "proposed_by"),
                     BACK_FIELD("measures", "proposal_id"), BY_LIST("areas", "area_ids"),
                     BACK_FIELD("mechanisms", "proposal_id"), BY_SOURCE("sources")},
        .nested = true,
    },
    {
        .name = "measures",
        .fields = "id:s summit_id:s proposal_id:s number:i text:s modality:s amounts:m area_ids:l "
                  "initiative_ids:l mechanism_ids:l citations:c",
        .filters = {BY_FIELD("summit", "summit_id"), BY_FIELD("proposal", "proposal_id"),
                    BY_LIST("area", "area_ids"), BY_LIST("initiative", "initiative_ids"),
                    BY_LIST("mechanism", "mechanism_ids"), BY_FIELD("modality", "modality"),
                    BY_SOURCE("source")},
        .includes = {BY_FIELD("summits", "summit_id"), BY_FIELD("proposals", "proposal_id"),
                     BY_LIST("areas", "area_ids"), BY_LIST("initiatives", "initiative_ids"),
                     BY_LIST("mechanisms", "mechanism_ids"), BY_SOURCE("sources")},
        .nested = true,
    },
    {
        .name = "areas",
        .fields = "id:s name:s description:S category:S counts:n citations:c",
        .filters = {{"summit", LINK_ELSEWHERE, NULL, false},
                    {"category", LINK_ELSEWHERE, NULL, false},
                    BY_SOURCE("source")},
        .includes = {{"summits", LINK_ELSEWHERE, NULL, true},
                     BACK_LIST("proposals", "area_ids"),
                     BACK_LIST("measures", "area_ids"),
                     BACK_LIST("statements", "area_ids"),
                     BACK_LIST("mechanisms", "area_ids"),
                     BY_SOURCE("sources")},
        .nested = true,
    },
    {
        .name = "statements",
        .fields = "id:s summit_id:s kind:s text:s said_by:S area_ids:l initiative_ids:l "
                  "citations:c",
        .filters = {BY_FIELD("summit", "summit_id"), BY_FIELD("kind", "kind"),
                    BY_LIST("area", "area_ids"), BY_LIST("initiative", "initiative_ids"),
                    BY_FIELD("participant", "said_by"), BY_SOURCE("source")},
        .includes = {BY_FIELD("summits", "summit_id"), BY_FIELD("participants", "said_by"),
                     BY_LIST("areas", "area_ids"), BY_LIST("initiatives", "initiative_ids"),
                     BY_SOURCE("sources")},
        .nested = true,
    },
    {
        .name = "initiatives",
        .fields = "id:s name:s description:S launched_by:S counts:n citations:c",
        .filters = {{"summit", LINK_ELSEWHERE, NULL, false}, BY_SOURCE("source")},
        .includes = {{"summits", LINK_ELSEWHERE, NULL, true},
                     BACK_LIST("measures", "initiative_ids"),
                     BACK_LIST("statements", "initiative_ids"),
                     BY_SOURCE("sources")},
    },
    {
        .name = "mechanisms",
        .fields = "id:s summit_id:s name:s description:S standing:s area_ids:l proposal_id:S "
                  "citations:c",
        .filters = {BY_FIELD("summit", "summit_id"), BY_FIELD("proposal", "proposal_id"),
                    BY_LIST("area", "area_ids"), BY_FIELD("standing", "standing"),
                    BY_SOURCE("source")},
        .includes = {BY_FIELD("summits", "summit_id"), BY_FIELD("proposals", "proposal_id"),
                     BACK_LIST("measures", "mechanism_ids"), BY_LIST("areas", "area_ids"),
                     BY_SOURCE("sources")},
        .nested = true,
    },
    {
        .name = "sources",
        .fields = "id:s title:s publisher:S place:S published_on:D language:s url:S "
                  "paragraph_count:i cited_count:i",
        .filters = {{"summit", LINK_ELSEWHERE, NULL, false}},
        .includes = {{"summits", LINK_ELSEWHERE, NULL, true},
                     BACK_SOURCE("participants"),
                     BACK_SOURCE("proposals"),
                     BACK_SOURCE("measures"),
                     BACK_SOURCE("areas"),
                     BACK_SOURCE("statements"),
                     BACK_SOURCE("initiatives"),
                     BACK_SOURCE("mechanisms")},
        .item_include = "coverage",
        .nested = true,
    },
};

const struct collection *collection_named(const char *name)
{
    for (size_t i = 0; i < COLLECTION_COUNT; i++) {
        if (strcmp(collections[i].name, name) == 0) {
            return &collections[i];
        }
    }
    fail_msg("no collection %s", name);
    return NULL;
}

static bool is_date(json_t *value)
{
    const char *text = json_string_value(value);
    if (text == NULL || strlen(text) != 10) {
        return false;
    }
    for (size_t i = 0; i < 10; i++) {
        bool dash = i == 4 || i == 7;
        if (dash ? text[i] != '-' : (text[i] < '0' || text[i] > '9')) {
            return false;
        }
    }
    return true;
}

static bool is_citation(json_t *value)
{
    json_error_t error;
    return json_unpack_ex(value, &error, JSON_VALIDATE_ONLY, "{s:s,s:i!}", "source_id",
                          "paragraph") == 0;
}

static bool is_country(json_t *value)
{
    json_error_t error;
    return json_unpack_ex(value, &error, JSON_VALIDATE_ONLY, "{s:s,s:s!}", "code", "name") == 0;
}

static bool is_id(json_t *value)
{
    return json_string_length(value) > 0;
}

static bool is_list_of(json_t *value, bool (*fits)(json_t *))
{
    size_t i;
    json_t *item;
    json_array_foreach(value, i, item)
    {
        if (!fits(item)) {
            return false;
        }
    }
    return json_is_array(value);
}

static bool is_equivalent(json_t *value)
{
    json_error_t error;
    return json_unpack_ex(value, &error, JSON_VALIDATE_ONLY, "{s:i,s:s,s:s,s:s!}", "value",
                          "currency", "qualifier", "stated") == 0;
}

static bool is_amount(json_t *value)
{
    json_error_t error;
    return is_list_of(json_object_get(value, "equivalents"), is_equivalent) &&
           json_unpack_ex(value, &error, JSON_VALIDATE_ONLY, "{s:i,s:s,s:s,s:s,s:o!}", "value",
                          "currency", "qualifier", "stated", "equivalents") == 0;
}

static bool is_counts(json_t *value)
{
    const char *name;
    json_t *count;
    json_object_foreach(value, name, count)
    {
        if (!json_is_integer(count) || json_integer_value(count) < 0) {
            return false;
        }
    }
    return json_object_size(value) > 1;
}

static bool fits_type(json_t *value, char type)
{
    switch (type) {
    case 's':
        return json_string_length(value) > 0;
    case 'd':
        return is_date(value);
    case 'i':
        return json_is_integer(value);
    case 'l':
        return is_list_of(value, is_id);
    case 'k':
        return is_country(value);
    case 'n':
        return is_counts(value);
    case 'm':
        return is_list_of(value, is_amount);
    case 'c':
        return is_list_of(value, is_citation) && json_array_size(value) > 0;
    default:
        return json_is_null(value) || fits_type(value, (char)(type - 'A' + 'a'));
    }
}

void collection_check_row(const struct collection *collection, json_t *row)
{
    TEXT *fields = strdup(collection->fields);
    size_t count = 0;
    char *rest = fields;
    for (char *field = strtok_r(rest, " ", &rest); field != NULL;
         field = strtok_r(NULL, " ", &rest)) {
        char *colon = strchr(field, ':');
        *colon = '\0';
        json_t *value = json_object_get(row, field);
        if (value == NULL || !fits_type(value, colon[1])) {
            fail_msg("%s %s: member %s is not as documented", collection->name, row_id(row), field);
        }
        count++;
    }
    assert_int_equal(json_object_size(row), count);
}

int start_two_summits(void **state)
{
    struct daemon_options options = {.files = WORDS(XIAN, LAKESIDE)};
    *state = daemon_start(&options);
    return 0;
}
