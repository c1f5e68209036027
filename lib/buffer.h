/* A text that grows at its end. */
#ifndef BUFFER_H
#define BUFFER_H

#include <stddef.h>
#include <stdlib.h>

/* Starts out as {NULL}. */
struct buffer {
    char *text; /* ends with NUL; NULL while nothing has been appended */
    size_t length;
    size_t capacity;
};

/* Appends a text, or length bytes of it. Returns 0, or -1 when out of memory, with nothing done. */
int buffer_append(struct buffer *buffer, const char *text) __attribute__((warn_unused_result));
int buffer_append_bytes(struct buffer *buffer, const char *bytes, size_t length)
    __attribute__((warn_unused_result));

/* Frees the text a variable with __attribute__((cleanup(buffer_clear))) holds. */
static inline void buffer_clear(struct buffer *buffer)
{
    free(buffer->text);
}

#define buffer_auto __attribute__((cleanup(buffer_clear))) struct buffer

#endif
