/* A body that is made piece by piece while it is sent. */
#ifndef SERVER_STREAM_H
#define SERVER_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "answer.h"
#include "generation.h"

struct stream;

/* So much of a body is made before its status line is sent: what goes wrong until then is still a
 * problem document, and a body that ends by then is sent whole, with its length. */
enum { STREAM_START_BYTES = 64 * 1024 };

/* Begins the stream that a handler put into its answer.
 *   answer      its stream is taken over on SUMMIT_OK; if that ends within the first bytes, the
 *               answer has them as its text instead.
 *   generation  a reference is taken, so the stream goes on with it whatever is served meanwhile.
 *   store       of the generation, for the first pieces.
 *   ret_stream  freed with stream_free; NULL if all of the body is in the answer.
 * Returns SUMMIT_OK, SUMMIT_NOMEM, what the source returns, or SUMMIT_INTERNAL if it has not the
 * size it told. */
enum summit_status stream_start(struct answer *answer, struct generation *generation,
                                struct summit_store *store, struct stream **ret_stream)
    __attribute__((warn_unused_result));

/* Codes the body from its first byte on. Before the first read.
 *   coding  any but CODING_IDENTITY and CODING_NONE.
 * Returns false when out of memory; the stream is then as it was. */
bool stream_compress(struct stream *stream, enum coding coding) __attribute__((warn_unused_result));

/* How many bytes stream_read will give in all; -1 if that is not known. */
int64_t stream_size(const struct stream *stream);

/* Reads the next bytes of the body.
 *   size        of the buffer, more than 0.
 *   ret_length  how many there are; 0 only at the end.
 * Returns SUMMIT_OK, SUMMIT_BUSY if the generation had no connection left, or as stream_start. */
enum summit_status stream_read(struct stream *stream, char *buffer, size_t size, size_t *ret_length)
    __attribute__((warn_unused_result));

/* Frees a stream at any point; NULL is fine. */
void stream_free(struct stream *stream);

#endif
