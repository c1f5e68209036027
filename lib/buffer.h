/* Bytes that are put together piece by piece. */
#ifndef BUFFER_H
#define BUFFER_H

#include <stdbool.h>
#include <stddef.h>

/* Starts as {0}. Once a function has failed, all further ones do; what is in it stays the buffer's
 * until buffer_take. */
struct buffer {
    char *bytes;
    size_t length; /* of what was put in */
    size_t size;   /* of what is allocated */
    bool failed;   /* out of memory */
};

/* Frees what a variable with __attribute__((cleanup(buffer_clear))) holds. */
void buffer_clear(struct buffer *buffer);

#define buffer_auto __attribute__((cleanup(buffer_clear))) struct buffer

/* Makes room for `count` more bytes and one for a NUL. Doubles its size, so that putting n bytes in
 * one by one costs O(n). False when out of memory. */
bool buffer_reserve(struct buffer *buffer, size_t count);

/* Appends bytes; may be called with a count of 0. */
void buffer_append(struct buffer *buffer, const char *bytes, size_t count);

/* Appends one byte. */
void buffer_append_byte(struct buffer *buffer, char byte);

/* Hands out the bytes, with a NUL after the last, and leaves the buffer empty. The caller frees
 * them. NULL when out of memory, now or before. */
char *buffer_take(struct buffer *buffer, size_t *ret_length);

#endif
