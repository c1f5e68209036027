/* One walk over the field table gives the columns of the header and of every row, so they cannot
 * differ. A field is first written raw to the end of the line's buffer; then it is looked at once,
 * and if it needs quotes or an apostrophe it is moved apart in place, from its end. So a line costs
 * time in proportion to its length, and one allocation unless it is long. */
#include "csv.h"

#include <stdint.h>
#include <string.h>

#include "buffer.h"
#include "dump.h"
#include "text.h"

static const char separator = '|';
static const char escape = '\\';

struct line {
    struct buffer buffer;
    size_t start; /* of the field that is being written */
    size_t count; /* fields ended */
    bool is_number;
};

static void line_clear(struct line *line)
{
    buffer_clear(&line->buffer);
}

#define line_auto __attribute__((cleanup(line_clear))) struct line

/* ---- Fields -------------------------------------------------------------------------------- */

/* The bytes of the blank or apostrophe a text starts with, or 0. */
static size_t skipped(const char *text, size_t length)
{
    static const char *const marks[] = {" ", "'", "\xc2\xa0", "\xe3\x80\x80", "\xef\xbb\xbf"};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        size_t size = strlen(marks[i]);
        if (size <= length && memcmp(text, marks[i], size) == 0) {
            return size;
        }
    }
    return 0;
}

static bool starts_formula(const char *text, size_t length)
{
    static const char *const wide[] = {"\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d",
                                       "\xef\xbc\xa0"};
    for (size_t size = skipped(text, length); size > 0; size = skipped(text, length)) {
        text += size;
        length -= size;
    }
    if (length == 0) {
        return false;
    }
    if (memchr("=+-@\t\r\n", text[0], 8) != NULL) { /* the eighth is NUL */
        return true;
    }
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++) {
        if (length >= 3 && memcmp(text, wide[i], 3) == 0) {
            return true;
        }
    }
    return false;
}

static bool needs_quotes(const char *text, size_t length)
{
    if (length > 0 && (text[0] == ' ' || text[length - 1] == ' ')) {
        return true;
    }
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20 || c == 0x7f || c == ',' || c == '"' || c == ';') {
            return true;
        }
    }
    return false;
}

/* Puts the raw field at the end of the buffer into quotes, with an apostrophe first if guarded. */
static void quote(struct line *line, bool guarded)
{
    struct buffer *buffer = &line->buffer;
    size_t length = buffer->length - line->start;
    size_t quotes = 0;
    for (size_t i = 0; i < length; i++) {
        quotes += buffer->text[line->start + i] == '"' ? 1 : 0;
    }
    size_t more = quotes + (guarded ? 3 : 2);
    if (!buffer_reserve(buffer, more)) {
        return;
    }
    char *first = buffer->text + line->start;
    char *to = first + length + more;
    *--to = '"';
    for (size_t i = length; i > 0; i--) {
        *--to = first[i - 1];
        if (*to == '"') {
            *--to = '"';
        }
    }
    if (guarded) {
        *--to = '\'';
    }
    *--to = '"';
    buffer->length += more;
}

static void field_begin(struct line *line)
{
    if (line->count > 0) {
        buffer_append_byte(&line->buffer, ',');
    }
    line->start = line->buffer.length;
    line->is_number = false;
}

static void field_end(struct line *line)
{
    line->count++;
    size_t length = line->buffer.length - line->start;
    if (line->buffer.failed || length == 0) {
        return;
    }
    const char *text = line->buffer.text + line->start;
    bool guarded = !line->is_number && starts_formula(text, length);
    if (guarded || needs_quotes(text, length)) {
        quote(line, guarded);
    }
}

/* ---- Values -------------------------------------------------------------------------------- */

static void write_entry_text(struct buffer *buffer, const char *text, size_t length)
{
    size_t from = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == separator || text[i] == escape) {
            buffer_append_bytes(buffer, text + from, i - from);
            buffer_append_byte(buffer, escape);
            from = i;
        }
    }
    buffer_append_bytes(buffer, text + from, length - from);
}

/* JSON's integers without an allocation. */
static void write_integer(struct buffer *buffer, json_int_t value)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0) {
        digits[--at] = '-';
    }
    buffer_append_bytes(buffer, digits + at, sizeof digits - at);
}

/* Writes a value raw; as an entry of a list with what an entry escapes. */
static void write_value(struct buffer *buffer, const json_t *value, bool is_entry)
{
    if (value == NULL || json_is_null(value)) {
        return;
    }
    if (json_is_integer(value)) {
        write_integer(buffer, json_integer_value(value));
        return;
    }
    text_auto *dumped = NULL;
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);
    if (text == NULL) {
        dumped = dump_json(value, JSON_COMPACT | JSON_ENCODE_ANY);
        text = dumped;
        length = dumped == NULL ? 0 : strlen(dumped);
        buffer->failed |= dumped == NULL;
    }
    if (is_entry) {
        write_entry_text(buffer, text, length);
    } else {
        buffer_append_bytes(buffer, text, length);
    }
}

static void write_field(struct line *line, const json_t *value)
{
    field_begin(line);
    line->is_number = json_is_number(value);
    write_value(&line->buffer, value, false);
    field_end(line);
    if (json_is_string(value) && json_string_length(value) == 0) {
        buffer_append_bytes(&line->buffer, "\"\"", 2); /* not null */
    }
}

/* The entries of a list, or one member of each; list may be NULL. */
static void write_list(struct line *line, const json_t *list, const char *member)
{
    field_begin(line);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *entry = json_array_get(list, i);
        const json_t *value = member == NULL ? entry : json_object_get(entry, member);
        if (i > 0) {
            buffer_append_byte(&line->buffer, separator);
        }
        line->is_number = json_is_number(value) && json_array_size(list) == 1;
        write_value(&line->buffer, value, true);
    }
    field_end(line);
}

/* ---- Columns ------------------------------------------------------------------------------- */

static bool is_shown(const struct field *field)
{
    return field->use != FIELD_RECORD;
}

/* Which fields of the resource `names` keeps, as bits. Each name is looked for from behind the one
 * before, so that names in the resource's order are found at once. */
static uint32_t kept_fields(const struct field *fields, const json_t *names)
{
    _Static_assert(RESOURCE_FIELD_MAX <= 32, "a bit for each field");
    if (names == NULL) {
        return UINT32_MAX;
    }
    size_t count = 0;
    while (fields[count].name != NULL) {
        count++;
    }
    uint32_t kept = 0;
    size_t next = 0;
    for (size_t i = 0; i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        for (size_t tried = 0; name != NULL && tried < count; tried++) {
            size_t at = (next + tried) % count;
            if (strcmp(fields[at].name, name) == 0) {
                kept |= UINT32_C(1) << at;
                next = at + 1;
                break;
            }
        }
    }
    return kept;
}

static void write_name(struct line *line, const struct field *field, const struct field *member)
{
    field_begin(line);
    buffer_append_bytes(&line->buffer, field->name, strlen(field->name));
    if (member != NULL) {
        buffer_append_byte(&line->buffer, '.');
        buffer_append_bytes(&line->buffer, member->name, strlen(member->name));
    }
    field_end(line);
}

static void write_names(struct line *line, const struct field *field)
{
    if (field->fields == NULL) {
        write_name(line, field, NULL);
        return;
    }
    for (const struct field *member = field->fields; member->name != NULL; member++) {
        if (is_shown(member)) {
            write_name(line, field, member);
        }
    }
}

/* The columns of one field; value is NULL for null. */
static enum summit_status write_columns(struct line *line, const struct field *field,
                                        const json_t *value)
{
    bool is_list = field->rule == RULE_OBJECTS || field->rule == RULE_REFERENCES;
    bool is_object = field->fields != NULL && !is_list;
    if (value != NULL &&
        ((is_list && !json_is_array(value)) || (is_object && !json_is_object(value)))) {
        return SUMMIT_CORRUPT;
    }
    if (field->fields == NULL) {
        if (is_list) {
            write_list(line, value, NULL);
        } else {
            write_field(line, value);
        }
        return SUMMIT_OK;
    }
    for (const struct field *member = field->fields; member->name != NULL; member++) {
        if (is_shown(member) && is_list) {
            write_list(line, value, member->name);
        } else if (is_shown(member)) {
            write_field(line, json_object_get(value, member->name));
        }
    }
    return SUMMIT_OK;
}

/* The header when row is NULL. */
static enum summit_status make_line(const struct resource *resource, const json_t *names,
                                    const json_t *row, char **ret_line, size_t *ret_length)
{
    line_auto line = {{0}, 0, 0, false};
    uint32_t kept = kept_fields(resource->fields, names);
    for (size_t i = 0; resource->fields[i].name != NULL; i++) {
        const struct field *field = &resource->fields[i];
        if (!is_shown(field) || (kept & UINT32_C(1) << i) == 0) {
            continue;
        }
        if (row == NULL) {
            write_names(&line, field);
            continue;
        }
        const json_t *value = json_object_get(row, field->name);
        enum summit_status status = write_columns(&line, field, json_is_null(value) ? NULL : value);
        if (status != SUMMIT_OK) {
            return status;
        }
    }
    if (line.count == 1 && line.buffer.length == 0) {
        buffer_append_bytes(&line.buffer, "\"\"", 2); /* not an empty line, which readers skip */
    }
    buffer_append_bytes(&line.buffer, "\r\n", 2);
    size_t length = 0;
    char *text = buffer_take(&line.buffer, &length);
    if (text == NULL) {
        return SUMMIT_NOMEM;
    }
    *ret_line = text;
    *ret_length = length;
    return SUMMIT_OK;
}

enum summit_status csv_header(const struct resource *resource, const json_t *names, char **ret_line,
                              size_t *ret_length)
{
    return make_line(resource, names, NULL, ret_line, ret_length);
}

enum summit_status csv_row(const struct resource *resource, const json_t *names, const json_t *row,
                           char **ret_line, size_t *ret_length)
{
    return make_line(resource, names, row, ret_line, ret_length);
}
