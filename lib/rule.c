#include "rule.h"

#include <inttypes.h>
#include <string.h>

#include "text.h"

/* "a text", "a list", ... as a reader of JSON would say it. */
static const char *type_name(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_STRING:
        return "a string";
    case JSON_INTEGER:
        return "an integer";
    case JSON_REAL:
        return "a number with a fraction";
    case JSON_TRUE:
    case JSON_FALSE:
        return "a boolean";
    default:
        return "null";
    }
}

static void wrong_type(const json_t *value, const char *wanted, const struct field *field,
                       const struct place *place, struct problems *problems)
{
    problems_add(problems, place, "wrong_type", NULL, "%s is %s%s, not %s", field->name, wanted,
                 field->nullable ? " or null" : "", type_name(value));
}

/* Control characters of C0, DEL and C1 (Unicode's category Cc); text is UTF-8. */
static bool has_control(const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
        if (*c < 0x20 || *c == 0x7f || (c[0] == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0)) {
            return true;
        }
    }
    return false;
}

static void check_text(const char *text, const struct field *field, const struct place *place,
                       struct problems *problems)
{
    size_t length = strlen(text);
    if (length == 0) {
        problems_add(problems, place, "empty_text", NULL, "%s is empty; %s", field->name,
                     field->nullable ? "what is not known is null" : "it must say something");
        return;
    }
    if (length > (size_t)field->max) {
        problems_add(problems, place, "too_long", NULL,
                     "%s has %zu bytes; at most %" PRId64 " are allowed", field->name, length,
                     field->max);
    }
    if (has_control(text)) {
        problems_add(problems, place, "control_character", NULL,
                     "%s has a control character (a line break, a tab, ...); write plain text",
                     field->name);
    }
    if (text[0] == ' ' || text[length - 1] == ' ') {
        problems_add(problems, place, "surrounding_blank", NULL,
                     "%s starts or ends with a blank; remove it", field->name);
    }
}

static void check_choice(const char *text, const struct field *field, const struct place *place,
                         struct problems *problems)
{
    if (text_is_one_of(text, field->values)) {
        return;
    }
    size_t count = 0;
    while (field->values[count] != NULL) {
        count++;
    }
    if (count > 12) {
        problems_add(problems, place, "unknown_code", summit_nearest(text, field->values),
                     "\"%.64s\" is not an assigned %s", text,
                     strcmp(field->name, "currency") == 0 ? "currency code (ISO 4217)"
                                                          : "country code (ISO 3166-1 alpha-2)");
        return;
    }
    text_auto *list = text_join(field->values);
    problems->nomem |= list == NULL;
    problems_add(problems, place, "unknown_value", summit_nearest(text, field->values),
                 "\"%.64s\" is not a %s; allowed are %s", text, field->name,
                 list == NULL ? "" : list);
}

/* BCP 47 as far as it goes here: an ISO 639-1 language, then subtags of 1 to 8 letters or digits.
 */
static void check_language(const char *text, const struct field *field, const struct place *place,
                           struct problems *problems)
{
    static const char alphanumeric[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    char primary[3] = {0};
    memcpy(primary, text, strnlen(text, 2));
    bool valid = strlen(text) <= 35 && text_is_one_of(primary, field->values);
    const char *rest = text + strlen(primary);
    while (valid && *rest != '\0') {
        size_t length = strspn(rest + 1, alphanumeric);
        valid = rest[0] == '-' && length >= 1 && length <= 8;
        rest += 1 + length;
    }
    if (!valid) {
        problems_add(problems, place, "unknown_code", NULL,
                     "\"%.64s\" is not a language tag (BCP 47) that starts with a code of ISO "
                     "639-1, such as \"en\" "
                     "or \"zh-Hans\"",
                     text);
    }
}

static void check_url(const char *text, const struct field *field, const struct place *place,
                      struct problems *problems)
{
    static const char reserved_out[] = " \"<>\\^`{|}";
    size_t scheme = strncmp(text, "https://", 8) == 0  ? 8
                    : strncmp(text, "http://", 7) == 0 ? 7
                                                       : 0;
    bool valid = scheme != 0 && text[scheme] != '\0' && text[scheme] != '/' &&
                 strpbrk(text, reserved_out) == NULL;
    for (const unsigned char *c = (const unsigned char *)text; valid && *c != '\0'; c++) {
        valid = *c > 0x20 && *c < 0x7f;
    }
    if (!valid) {
        problems_add(problems, place, "invalid_url", NULL,
                     "%s is an absolute http or https URL (RFC 3986), not \"%.64s\"", field->name,
                     text);
    }
    check_text(text, field, place, problems);
}

static void check_string(const json_t *value, const struct field *field, const struct place *place,
                         struct problems *problems)
{
    const char *text = json_string_value(value);
    if (text == NULL) {
        wrong_type(value, "a string", field, place, problems);
        return;
    }
    switch (field->rule) {
    case RULE_ID:
    case RULE_REFERENCE:
        if (!text_is_slug(text)) {
            problems_add(problems, place, "invalid_slug", NULL,
                         "\"%.80s\" is not an id: lower-case letters, digits and single hyphens "
                         "between them, at most %d bytes",
                         text, TEXT_SLUG_MAX_BYTES);
        }
        break;
    case RULE_DATE:
        if (!text_is_date(text)) {
            problems_add(problems, place, "invalid_date", NULL,
                         "\"%.64s\" is not a date of the calendar written YYYY-MM-DD", text);
        }
        break;
    case RULE_ENUM:
        check_choice(text, field, place, problems);
        break;
    case RULE_LANGUAGE:
        check_language(text, field, place, problems);
        break;
    case RULE_URL:
        check_url(text, field, place, problems);
        break;
    default:
        check_text(text, field, place, problems);
        break;
    }
}

static void check_integer(const json_t *value, const struct field *field, const struct place *place,
                          struct problems *problems)
{
    if (!json_is_integer(value)) {
        wrong_type(value, "an integer", field, place, problems);
        return;
    }
    json_int_t number = json_integer_value(value);
    if (number < field->min || number > field->max) {
        problems_add(problems, place, "out_of_range", NULL,
                     "%s is %" JSON_INTEGER_FORMAT "; it must be from %" PRId64 " to %" PRId64,
                     field->name, number, field->min, field->max);
    }
}

static void check_list(const json_t *value, const struct field *field, const struct place *place,
                       struct problems *problems)
{
    if (!json_is_array(value)) {
        wrong_type(value, "an array", field, place, problems);
        return;
    }
    if ((int64_t)json_array_size(value) < field->min) {
        problems_add(problems, place,
                     strcmp(field->name, "citations") == 0 ? "missing_citation" : "too_few", NULL,
                     "%s needs at least %" PRId64 " entry", field->name, field->min);
    }
    if (field->rule == RULE_TEXTS && (int64_t)json_array_size(value) > field->max) {
        problems_add(problems, place, "too_many", NULL,
                     "%s has %zu entries; at most %" PRId64 " are allowed", field->name,
                     json_array_size(value), field->max);
    }
    struct field entry = *field;
    entry.rule = field->rule == RULE_TEXTS ? RULE_TEXT : RULE_REFERENCE;
    entry.max = RESOURCE_NAME_MAX;
    for (size_t i = 0; i < json_array_size(value); i++) {
        struct place at = {.parent = place, .index = i};
        const json_t *item = json_array_get(value, i);
        if (field->rule == RULE_OBJECTS) {
            rule_check_object(item, field->fields, &at, problems);
        } else {
            check_string(item, &entry, &at, problems);
        }
    }
}

static void check_field(const json_t *value, const struct field *field, const struct place *place,
                        struct problems *problems)
{
    if (field->nullable && json_is_null(value)) {
        return;
    }
    switch (field->rule) {
    case RULE_INTEGER:
        check_integer(value, field, place, problems);
        break;
    case RULE_OBJECT:
        rule_check_object(value, field->fields, place, problems);
        break;
    case RULE_REFERENCES:
    case RULE_TEXTS:
    case RULE_OBJECTS:
        check_list(value, field, place, problems);
        break;
    default:
        check_string(value, field, place, problems);
        break;
    }
}

static void check_unknown_keys(const json_t *object, const struct field *fields,
                               const struct place *place, struct problems *problems)
{
    const char *names[RESOURCE_FIELD_MAX + 1];
    size_t count = 0;
    for (const struct field *field = fields; field->name != NULL; field++) {
        if (field->use != FIELD_DOCUMENT) {
            names[count++] = field->name;
        }
    }
    names[count] = NULL;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        if (!text_is_one_of(key, names) && !problems_are_full(problems)) {
            struct place at = {.parent = place, .key = key};
            text_auto *list = text_join(names);
            problems->nomem |= list == NULL;
            problems_add(problems, &at, "unknown_key", summit_nearest(key, names),
                         "\"%.64s\" is not a key here; allowed are %s", key,
                         list == NULL ? "" : list);
        }
    }
}

void rule_check_object(const json_t *object, const struct field *fields, const struct place *place,
                       struct problems *problems)
{
    if (!json_is_object(object)) {
        problems_add(problems, place, "wrong_type", NULL, "this must be an object, not %s",
                     type_name(object));
        return;
    }
    size_t known = 0;
    for (const struct field *field = fields; field->name != NULL; field++) {
        if (field->use == FIELD_DOCUMENT) {
            continue;
        }
        const json_t *value = json_object_get(object, field->name);
        struct place at = {.parent = place, .key = field->name};
        known += value != NULL;
        if (value == NULL && field->optional) {
            continue;
        }
        if (value == NULL) {
            problems_add(problems, place, "missing_key", NULL, "\"%s\" is missing%s", field->name,
                         field->nullable ? "; write null if it is not known" : "");
        } else {
            check_field(value, field, &at, problems);
        }
    }
    if (json_object_size(object) != known) {
        check_unknown_keys(object, fields, place, problems);
    }
}
