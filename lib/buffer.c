#include "buffer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Enough for most rows. */
enum { CAPACITY_AT_FIRST = 1024 };

void buffer_clear(struct buffer *buffer)
{
    free(buffer->text);
    *buffer = (struct buffer){.text = NULL};
}

bool buffer_reserve(struct buffer *buffer, size_t count)
{
    if (buffer->failed || count >= SIZE_MAX / 4 - buffer->length) {
        buffer->failed = true;
        return false;
    }
    size_t wanted = buffer->length + count + 1;
    if (wanted <= buffer->capacity) {
        return true;
    }
    size_t capacity = buffer->capacity == 0 ? CAPACITY_AT_FIRST : buffer->capacity;
    while (capacity < wanted) {
        capacity *= 2;
    }
    char *text = realloc(buffer->text, capacity);
    if (text == NULL) {
        buffer->failed = true;
        return false;
    }
    buffer->text = text;
    buffer->capacity = capacity;
    return true;
}

int buffer_append_bytes(struct buffer *buffer, const char *bytes, size_t count)
{
    if (!buffer_reserve(buffer, count)) {
        return -1;
    }
    if (count > 0) {
        memcpy(buffer->text + buffer->length, bytes, count);
    }
    buffer->length += count;
    buffer->text[buffer->length] = '\0';
    return 0;
}

int buffer_append(struct buffer *buffer, const char *text)
{
    return buffer_append_bytes(buffer, text, strlen(text));
}

int buffer_append_byte(struct buffer *buffer, char byte)
{
    return buffer_append_bytes(buffer, &byte, 1);
}

char *buffer_take(struct buffer *buffer, size_t *ret_length)
{
    if (!buffer_reserve(buffer, 0)) {
        return NULL;
    }
    char *text = buffer->text;
    text[buffer->length] = '\0';
    *ret_length = buffer->length;
    *buffer = (struct buffer){.text = NULL};
    return text;
}
