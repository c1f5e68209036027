/* The compact form, which nearly everything is written in, is written here: Jansson hands out each
 * brace and quote as a piece of its own and notes every object in a table, to find loops that no
 * document has. Other forms it writes. json_dumps takes no notice when it cannot enlarge its buffer
 * for a key, and leaves the key out; so its pieces are gathered here, and one that could not be
 * kept is remembered. */
#include "dump.h"

#include <stdio.h>
#include <string.h>

/* What stands for a character that cannot stand for itself (RFC 8259 section 7); NULL for one that
 * has no short form. */
static const char *short_escape(char character)
{
    switch (character) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\b':
        return "\\b";
    case '\f':
        return "\\f";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        return NULL;
    }
}

static void write_escape(struct buffer *buffer, char character)
{
    const char *escape = short_escape(character);
    char number[8];
    if (escape == NULL) {
        snprintf(number, sizeof number, "\\u%04X", (unsigned)(unsigned char)character);
        escape = number;
    }
    (void)buffer_append(buffer, escape);
}

static bool is_escaped(char character)
{
    return (unsigned char)character < 0x20 || character == '"' || character == '\\';
}

/* The characters between two that are escaped are copied together. */
static void write_string(struct buffer *buffer, const char *text, size_t length)
{
    size_t start = 0;
    (void)buffer_append_byte(buffer, '"');
    for (size_t i = 0; i < length; i++) {
        if (is_escaped(text[i])) {
            (void)buffer_append_bytes(buffer, text + start, i - start);
            write_escape(buffer, text[i]);
            start = i + 1;
        }
    }
    (void)buffer_append_bytes(buffer, text + start, length - start);
    (void)buffer_append_byte(buffer, '"');
}

static void write_integer(struct buffer *buffer, json_int_t value)
{
    char digits[24];
    size_t place = sizeof digits;
    unsigned long long rest = (unsigned long long)value;
    rest = value < 0 ? 0 - rest : rest;
    do {
        digits[--place] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0) {
        digits[--place] = '-';
    }
    (void)buffer_append_bytes(buffer, digits + place, sizeof digits - place);
}

static void write_value(struct buffer *buffer, const json_t *value);

static void write_array(struct buffer *buffer, const json_t *array)
{
    (void)buffer_append_byte(buffer, '[');
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (i > 0) {
            (void)buffer_append_byte(buffer, ',');
        }
        write_value(buffer, json_array_get(array, i));
    }
    (void)buffer_append_byte(buffer, ']');
}

static void write_object(struct buffer *buffer, const json_t *constant)
{
    json_t *object =
        (json_t *)constant; /* nothing is changed, but Jansson's iterators want it so */
    char separator = '{';
    for (void *i = json_object_iter(object); i != NULL; i = json_object_iter_next(object, i)) {
        const char *name = json_object_iter_key(i);
        (void)buffer_append_byte(buffer, separator);
        write_string(buffer, name, strlen(name));
        (void)buffer_append_byte(buffer, ':');
        write_value(buffer, json_object_iter_value(i));
        separator = ',';
    }
    (void)buffer_append(buffer, separator == '{' ? "{}" : "}");
}

static int append(const char *piece, size_t length, void *context)
{
    return buffer_append_bytes(context, piece, length);
}

static void write_by_jansson(struct buffer *buffer, const json_t *value, size_t flags)
{
    buffer->failed |= json_dump_callback(value, append, buffer, flags) != 0;
}

/* The buffer remembers a failure. */
static void write_value(struct buffer *buffer, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        write_object(buffer, value);
        break;
    case JSON_ARRAY:
        write_array(buffer, value);
        break;
    case JSON_STRING:
        write_string(buffer, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
        write_integer(buffer, json_integer_value(value));
        break;
    case JSON_REAL:
        write_by_jansson(buffer, value, JSON_ENCODE_ANY); /* how many digits is its affair */
        break;
    case JSON_TRUE:
        (void)buffer_append(buffer, "true");
        break;
    case JSON_FALSE:
        (void)buffer_append(buffer, "false");
        break;
    case JSON_NULL:
        (void)buffer_append(buffer, "null");
        break;
    }
}

int dump_append(struct buffer *buffer, const json_t *value, size_t flags)
{
    if ((flags & ~(size_t)JSON_ENCODE_ANY) == JSON_COMPACT) {
        write_value(buffer, value);
    } else {
        write_by_jansson(buffer, value, flags);
    }
    return buffer->failed ? -1 : 0;
}

char *dump_json(const json_t *value, size_t flags)
{
    buffer_auto buffer = {.text = NULL};
    size_t length = 0;
    return dump_append(&buffer, value, flags) == 0 ? buffer_take(&buffer, &length) : NULL;
}
