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

static int append_name(struct buffer *buffer, const char *name, bool is_first)
{
    return buffer_append(buffer, is_first ? "\"" : ",\"") | buffer_append(buffer, name) |
           buffer_append(buffer, "\":");
}

/* {resource: [row, ...]}; names of resources need no escape. */
static int append_included(struct buffer *buffer, json_t *included)
{
    int failed = buffer_append_byte(buffer, '{');
    bool is_first = true;
    const char *name;
    json_t *rows;
    json_object_foreach(included, name, rows)
    {
        failed |= append_name(buffer, name, is_first) | append_rows(buffer, rows);
        is_first = false;
    }
    return failed | buffer_append_byte(buffer, '}');
}

static bool has_texts(const json_t *data)
{
    return json_is_string(data) || json_is_string(json_array_get(data, 0));
}

static int append_document(struct buffer *buffer, json_t *document)
{
    int failed = buffer_append_byte(buffer, '{');
    bool is_first = true;
    const char *name;
    json_t *value;
    json_object_foreach(document, name, value)
    {
        failed |= append_name(buffer, name, is_first);
        is_first = false;
        if (strcmp(name, "data") == 0) {
            failed |= append_rows(buffer, value);
        } else if (strcmp(name, "included") == 0) {
            failed |= append_included(buffer, value);
        } else {
            failed |= dump_append(buffer, value, JSON_COMPACT | JSON_ENCODE_ANY);
        }
    }
    return failed | buffer_append_byte(buffer, '}');
}

enum summit_status summit_document_text(json_t *document, bool is_pretty, char **ret_text,
                                        size_t *ret_length)
{
    buffer_auto buffer = {.text = NULL};
    int failed = has_texts(json_object_get(document, "data"))
                     ? append_document(&buffer, document)
                     : dump_append(&buffer, document, is_pretty ? JSON_INDENT(2) : JSON_COMPACT);
    failed |= buffer_append_byte(&buffer, '\n');
    char *text = failed != 0 ? NULL : buffer_take(&buffer, ret_length);
    if (text == NULL) {
        return SUMMIT_NOMEM;
    }
    *ret_text = text;
    return SUMMIT_OK;
}
