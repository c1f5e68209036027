/* The rows of a document may be a string that holds their JSON text; that is copied as it stands,
 * and all else written. */
#include <string.h>

#include "buffer.h"
#include "dump.h"
#include "summit.h"

enum { MEMBERS_LENGTH = 500 };

/* The members of a document, or of what it includes: {resource: rows}. Their names need no
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
        if (json_is_string(value) && (is_included || strcmp(name, "data") == 0)) {
            failed |=
                buffer_append_bytes(buffer, json_string_value(value), json_string_length(value));
        } else if (strcmp(name, "included") == 0) {
            failed |= append_members(buffer, value, true);
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
    const json_t *data = json_object_get(document, "data");
    /* What is beside the rows is seldom more. */
    (void)buffer_reserve(&buffer, json_string_length(data) + MEMBERS_LENGTH);
    int failed = json_is_string(data)
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
