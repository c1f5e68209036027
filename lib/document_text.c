/* A document's rows may be strings that hold their JSON texts; those are copied as they stand, and
 * all else Jansson writes. */
#include <string.h>

#include "buffer.h"
#include "dump.h"
#include "summit.h"

/* A row, or a list of rows, in either form. */
static int append_rows(struct buffer *buffer, const json_t *rows)
{
    if (json_is_string(rows)) {
        return buffer_append_bytes(buffer, json_string_value(rows), json_string_length(rows));
    }
    if (!json_is_string(json_array_get(rows, 0))) {
        return dump_append(buffer, rows, JSON_COMPACT);
    }
    int failed = buffer_append_byte(buffer, '[');
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        failed |= i > 0 ? buffer_append_byte(buffer, ',') : 0;
        failed |= buffer_append_bytes(buffer, json_string_value(row), json_string_length(row));
    }
    return failed | buffer_append_byte(buffer, ']');
}

/* The members of a document, or of what it includes: {resource: [row, ...]}. Their names need no
 * escape. */
static int append_members(struct buffer *buffer, json_t *object, bool is_included)
{
    int failed = buffer_append_byte(buffer, '{');
    bool is_first = true;
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        failed |= buffer_append(buffer, is_first ? "\"" : ",\"") | buffer_append(buffer, name) |
                  buffer_append(buffer, "\":");
        is_first = false;
        if (is_included || strcmp(name, "data") == 0) {
            failed |= append_rows(buffer, value);
        } else if (strcmp(name, "included") == 0) {
            failed |= append_members(buffer, value, true);
        } else {
            failed |= dump_append(buffer, value, JSON_COMPACT | JSON_ENCODE_ANY);
        }
    }
    return failed | buffer_append_byte(buffer, '}');
}

static bool has_texts(const json_t *data)
{
    return json_is_string(data) || json_is_string(json_array_get(data, 0));
}

enum summit_status summit_document_text(json_t *document, bool is_pretty, char **ret_text,
                                        size_t *ret_length)
{
    buffer_auto buffer = {.text = NULL};
    int failed = has_texts(json_object_get(document, "data"))
                     ? append_members(&buffer, document, false)
                     : dump_append(&buffer, document, is_pretty ? JSON_INDENT(2) : JSON_COMPACT);
    failed |= buffer_append_byte(&buffer, '\n');
    char *text = failed != 0 ? NULL : buffer_take(&buffer, ret_length);
    if (text == NULL) {
        return SUMMIT_NOMEM;
    }
    *ret_text = text;
    return SUMMIT_OK;
}
