#include "csv_reader.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>

/* ---- Lines --------------------------------------------------------------------------------- */

struct input {
    const char *text;
    size_t length;
    size_t at;
};

static int next(const struct input *input)
{
    return input->at < input->length ? (unsigned char)input->text[input->at] : -1;
}

static void fail_at(const struct input *input, const char *what)
{
    fail_msg("%s at byte %zu of \"%.*s\"", what, input->at, (int)input->length, input->text);
}

static json_t *quoted_field(struct input *input)
{
    char *field = malloc(input->length + 1);
    size_t length = 0;
    input->at++;
    for (;; input->at++) {
        int c = next(input);
        if (c < 0) {
            fail_at(input, "quotes without end");
        }
        if (c == '"') {
            input->at++;
            if (next(input) != '"') {
                break;
            }
        }
        field[length++] = (char)c;
    }
    json_t *value = json_stringn(field, length);
    free(field);
    assert_non_null(value);
    return value;
}

static json_t *plain_field(struct input *input)
{
    size_t start = input->at;
    for (int c = next(input); c >= 0 && c != ',' && c != '\r'; c = next(input)) {
        if (c == '"' || c < 0x20) {
            fail_at(input, "a byte that needs quotes");
        }
        input->at++;
    }
    size_t length = input->at - start;
    return length == 0 ? json_null() : json_stringn(input->text + start, length);
}

json_t *csv_read(const char *text, size_t length)
{
    struct input input = {text, length, 0};
    json_t *lines = json_array();
    while (next(&input) >= 0) {
        json_t *line = json_array();
        for (;;) {
            json_t *field = next(&input) == '"' ? quoted_field(&input) : plain_field(&input);
            assert_int_equal(json_array_append_new(line, field), 0);
            if (next(&input) != ',') {
                break;
            }
            input.at++;
        }
        if (length - input.at < 2 || memcmp(text + input.at, "\r\n", 2) != 0) {
            fail_at(&input, "neither a comma nor CRLF");
        }
        input.at += 2;
        assert_int_equal(json_array_append_new(lines, line), 0);
    }
    return lines;
}

/* ---- Formulas ------------------------------------------------------------------------------ */

static bool starts_with(const char *text, size_t length, const char *start)
{
    return length >= strlen(start) && memcmp(text, start, strlen(start)) == 0;
}

bool csv_is_formula(const char *text, size_t length)
{
    static const char *const starts[] = {"=",  "+",      "-",      "@",      "\t",     "\r",
                                         "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", NULL};
    static const char *const blanks[] = {" ", "\u00a0", "\u3000", "\ufeff", NULL};
    for (size_t i = 0; starts[i] != NULL; i++) {
        if (starts_with(text, length, starts[i])) {
            return true;
        }
    }
    for (size_t i = 0; blanks[i] != NULL; i++) {
        if (starts_with(text, length, blanks[i])) {
            return csv_is_formula(text + strlen(blanks[i]), length - strlen(blanks[i]));
        }
    }
    return length > 0 && text[0] == '\0';
}

/* Whether the first byte is an apostrophe that the writer put there. */
static bool is_guarded(const char *text, size_t length)
{
    if (length == 0 || text[0] != '\'') {
        return false;
    }
    size_t at = 1;
    while (at < length && !csv_is_formula(text + at, length - at)) {
        size_t size = text[at] == '\'' || text[at] == ' '             ? 1
                      : starts_with(text + at, length - at, "\u00a0") ? 2
                      : starts_with(text + at, length - at, "\u3000") ? 3
                      : starts_with(text + at, length - at, "\ufeff") ? 3
                                                                      : 0;
        if (size == 0) {
            return false;
        }
        at += size;
    }
    return at < length;
}

/* ---- Rows ---------------------------------------------------------------------------------- */

static json_t *value_of(const struct field *field, const char *text, size_t length)
{
    json_t *value = NULL;
    if (field->type == FIELD_INTEGER || field->rule == RULE_INTEGER || field->fields != NULL) {
        value = json_loadb(text, length, JSON_DECODE_ANY, NULL);
    } else {
        value = json_stringn(text, length);
    }
    if (value == NULL) {
        fail_msg("%s cannot be \"%.*s\"", field->name, (int)length, text);
    }
    return value;
}

/* Cuts a list at its separators and undoes the escapes. */
static json_t *entries_of(const struct field *field, const char *text, size_t length)
{
    json_t *entries = json_array();
    char *entry = malloc(length + 1);
    size_t size = 0;
    for (size_t i = 0; i <= length; i++) {
        if (i < length && text[i] == '\\') {
            i++;
            assert_true(i < length && (text[i] == '\\' || text[i] == '|'));
            entry[size++] = text[i];
        } else if (i < length && text[i] != '|') {
            entry[size++] = text[i];
        } else {
            json_t *value = size == 0 ? json_null() : value_of(field, entry, size);
            assert_int_equal(json_array_append_new(entries, value), 0);
            size = 0;
        }
    }
    free(entry);
    return entries;
}

static void restore_members(json_t *row, const struct field *field, const struct field *member,
                            const json_t *entries)
{
    json_t *objects = json_object_get(row, field->name);
    if (objects == NULL) {
        objects = json_array();
        json_object_set_new(row, field->name, objects);
        for (size_t i = 0; i < json_array_size(entries); i++) {
            json_array_append_new(objects, json_object());
        }
    }
    assert_int_equal(json_array_size(objects), json_array_size(entries));
    for (size_t i = 0; i < json_array_size(entries); i++) {
        json_object_set(json_array_get(objects, i), member->name, json_array_get(entries, i));
    }
}

static const struct field *field_of(const struct field *fields, const char *name, size_t length)
{
    while (fields->name != NULL &&
           (strlen(fields->name) != length || memcmp(fields->name, name, length) != 0)) {
        fields++;
    }
    if (fields->name == NULL) {
        fail_msg("there is no field %.*s", (int)length, name);
    }
    return fields;
}

static void restore_column(json_t *row, const struct field *fields, const char *name,
                           const json_t *cell)
{
    size_t length = strcspn(name, ".");
    const struct field *field = field_of(fields, name, length);
    const struct field *member = name[length] == '\0' ? NULL
                                                      : field_of(field->fields, name + length + 1,
                                                                 strlen(name + length + 1));
    const char *text = json_string_value(cell);
    size_t size = json_string_length(cell);
    if (text != NULL && is_guarded(text, size)) {
        text++;
        size--;
    }
    const struct field *last = member == NULL ? field : member;
    if (field->rule == RULE_REFERENCES || field->rule == RULE_OBJECTS) {
        json_auto_t *entries = text == NULL ? json_array() : entries_of(last, text, size);
        if (member == NULL) {
            json_object_set(row, field->name, entries);
        } else {
            restore_members(row, field, member, entries);
        }
        return;
    }
    if (member != NULL && json_object_get(row, field->name) == NULL) {
        json_object_set_new(row, field->name, json_object());
    }
    json_t *object = member == NULL ? row : json_object_get(row, field->name);
    json_object_set_new(object, last->name,
                        text == NULL ? json_null() : value_of(last, text, size));
}

json_t *csv_restore(const struct field *fields, const json_t *header, const json_t *line)
{
    json_t *row = json_object();
    assert_int_equal(json_array_size(line), json_array_size(header));
    for (size_t i = 0; i < json_array_size(header); i++) {
        restore_column(row, fields, json_string_value(json_array_get(header, i)),
                       json_array_get(line, i));
    }
    return row;
}
