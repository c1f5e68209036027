/* json_dumps takes no notice when it cannot enlarge its buffer for a key, and leaves the key out.
 * So the text is gathered here, piece by piece as Jansson hands it out, and a piece that could not
 * be kept is remembered. To count the length first would be to write everything twice. */
#include "dump.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct buffer {
    char *text;
    size_t length;
    size_t size; /* more than length, for the NUL */
    bool nomem;
};

static int append(const char *piece, size_t length, void *context)
{
    enum { FIRST_SIZE = 128 };
    struct buffer *buffer = context;
    if (buffer->nomem) {
        return -1;
    }
    if (length >= buffer->size - buffer->length) {
        size_t size = buffer->size == 0 ? FIRST_SIZE : buffer->size;
        while (length >= size - buffer->length) {
            size *= 2;
        }
        char *larger = realloc(buffer->text, size);
        if (larger == NULL) {
            buffer->nomem = true;
            return -1;
        }
        buffer->text = larger;
        buffer->size = size;
    }
    memcpy(buffer->text + buffer->length, piece, length);
    buffer->length += length;
    return 0;
}

char *dump_json(const json_t *value, size_t flags)
{
    struct buffer buffer = {.text = NULL};
    if (json_dump_callback(value, append, &buffer, flags) != 0 || buffer.nomem ||
        buffer.text == NULL) {
        free(buffer.text);
        return NULL;
    }
    buffer.text[buffer.length] = '\0';
    return buffer.text;
}
