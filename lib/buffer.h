/* A text that grows at its end. */
#ifndef BUFFER_H
#define BUFFER_H

#include <stdbool.h>
#include <stddef.h>

/* Starts out as {NULL}. Once a function has failed, all further ones do, so that it is enough to
 * look at the last result, or at `failed`. */
struct buffer {
    char *text; /* ends with NUL; NULL while nothing has been appended */
    size_t length;
    size_t capacity;
    bool failed; /* out of memory */
};

/* Frees what a variable with __attribute__((cleanup(buffer_clear))) holds. */
void buffer_clear(struct buffer *buffer);

#define buffer_auto __attribute__((cleanup(buffer_clear))) struct buffer

/* Makes room for `count` more bytes and a NUL. Doubles its size, so that putting n bytes in one by
 * one costs O(n). False when out of memory. */
bool buffer_reserve(struct buffer *buffer, size_t count);

/* Appends a text, count bytes of it, or one byte. Returns 0, or -1 when out of memory. */
int buffer_append(struct buffer *buffer, const char *text);
int buffer_append_bytes(struct buffer *buffer, const char *bytes, size_t count);
int buffer_append_byte(struct buffer *buffer, char byte);

/* Hands out the text and leaves the buffer empty. The caller frees it; NULL when out of memory, now
 * or before. */
char *buffer_take(struct buffer *buffer, size_t *ret_length);

#endif
