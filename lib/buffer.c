#include "buffer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Enough for most rows. */
enum { SIZE_AT_FIRST = 1024 };

void buffer_clear(struct buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (struct buffer){0};
}

bool buffer_reserve(struct buffer *buffer, size_t count)
{
    if (buffer->failed || count >= SIZE_MAX / 4 - buffer->length) {
        buffer->failed = true;
        return false;
    }
    size_t wanted = buffer->length + count + 1;
    if (wanted <= buffer->size) {
        return true;
    }
    size_t size = buffer->size == 0 ? SIZE_AT_FIRST : buffer->size;
    while (size < wanted) {
        size *= 2;
    }
    char *bytes = realloc(buffer->bytes, size);
    if (bytes == NULL) {
        buffer->failed = true;
        return false;
    }
    buffer->bytes = bytes;
    buffer->size = size;
    return true;
}

void buffer_append(struct buffer *buffer, const char *bytes, size_t count)
{
    if (count > 0 && buffer_reserve(buffer, count)) {
        memcpy(buffer->bytes + buffer->length, bytes, count);
        buffer->length += count;
    }
}

void buffer_append_byte(struct buffer *buffer, char byte)
{
    buffer_append(buffer, &byte, 1);
}

char *buffer_take(struct buffer *buffer, size_t *ret_length)
{
    if (!buffer_reserve(buffer, 0)) {
        return NULL;
    }
    char *bytes = buffer->bytes;
    bytes[buffer->length] = '\0';
    *ret_length = buffer->length;
    *buffer = (struct buffer){0};
    return bytes;
}
