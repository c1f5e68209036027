#include "buffer.h"

#include <string.h>

int buffer_append_bytes(struct buffer *buffer, const char *bytes, size_t length)
{
    if (buffer->capacity - buffer->length <= length) {
        size_t capacity = 2 * buffer->capacity + length + 1;
        char *larger = realloc(buffer->text, capacity);
        if (larger == NULL) {
            return -1;
        }
        buffer->text = larger;
        buffer->capacity = capacity;
    }
    memcpy(buffer->text + buffer->length, bytes, length);
    buffer->length += length;
    buffer->text[buffer->length] = '\0';
    return 0;
}

int buffer_append(struct buffer *buffer, const char *text)
{
    return buffer_append_bytes(buffer, text, strlen(text));
}
