/* A stream holds a piece, from which the transport takes what it has room for, and asks its source
 * for the next when that is used up. So it needs the memory of one piece, of the coder, and no
 * more, however long the body is.
 *
 * Between two pieces it holds a reference to its generation and nothing of it: a slow reader keeps
 * no connection to the database from others. There is one to be had, since a piece is made on a
 * thread of the transport, a thread makes one at a time, and a generation has a connection for
 * each, soon after its start (pool.c). A thread that waited would hold up all of its clients, and
 * the transport takes "nothing yet" for an invitation to ask again at once. */
#include "stream.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "compress.h"

struct stream {
    struct answer_stream source;
    struct generation *generation;
    char *piece;
    size_t piece_length;
    size_t piece_at;   /* what comes before has been read */
    int64_t made;      /* bytes that the source has given */
    bool source_ended; /* the piece is the last */
    struct compress *coder;
    bool coder_ended;
};

static bool has_piece(const struct stream *stream)
{
    return stream->piece_at < stream->piece_length;
}

/* Appends to the piece, which is empty but at the start. Takes data over. */
static enum summit_status append(struct stream *stream, char *data, size_t length)
{
    if (!has_piece(stream)) {
        free(stream->piece);
        stream->piece = data;
        stream->piece_at = 0;
        stream->piece_length = length;
        return SUMMIT_OK;
    }
    char *joined = realloc(stream->piece, stream->piece_length + length);
    if (joined != NULL) {
        memcpy(joined + stream->piece_length, data, length);
        stream->piece = joined;
        stream->piece_length += length;
    }
    free(data);
    return joined == NULL ? SUMMIT_NOMEM : SUMMIT_OK;
}

static enum summit_status make_piece(struct stream *stream, struct summit_store *store)
{
    char *data = NULL;
    size_t length = 0;
    int64_t size = stream->source.size;
    enum summit_status status = stream->source.next(stream->source.context, store, &data, &length);
    if (status != SUMMIT_OK) {
        return status;
    }
    stream->made += (int64_t)length;
    stream->source_ended = length == 0 || stream->made == size;
    if (size >= 0 && (stream->made > size || (stream->source_ended && stream->made < size))) {
        free(data);
        return SUMMIT_INTERNAL;
    }
    if (length == 0) {
        free(data);
        return SUMMIT_OK;
    }
    return append(stream, data, length);
}

/* Sees to it that there is a piece, unless the source has ended. */
static enum summit_status fill(struct stream *stream)
{
    enum summit_status status = SUMMIT_OK;
    if (!has_piece(stream) && !stream->source_ended) {
        struct summit_store *store = generation_take(stream->generation);
        status = store == NULL ? SUMMIT_BUSY : make_piece(stream, store);
        generation_give(stream->generation, store);
    }
    return status;
}

enum summit_status stream_start(struct answer *answer, struct generation *generation,
                                struct summit_store *store, struct stream **ret_stream)
{
    struct stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) {
        return SUMMIT_NOMEM;
    }
    stream->source = answer->stream;
    answer->stream = (struct answer_stream){.size = -1};
    stream->generation = generation;
    generation_retain(generation);
    stream->source_ended = stream->source.size == 0;
    enum summit_status status = SUMMIT_OK;
    while (status == SUMMIT_OK && !stream->source_ended &&
           stream->piece_length < STREAM_START_BYTES) {
        status = make_piece(stream, store);
    }
    if (status != SUMMIT_OK) {
        stream_free(stream);
        return status;
    }
    if (stream->source_ended) {
        answer->text = answer->owned_text = stream->piece;
        answer->text_length = stream->piece_length;
        stream->piece = NULL;
        stream_free(stream);
        stream = NULL;
    }
    *ret_stream = stream;
    return SUMMIT_OK;
}

bool stream_compress(struct stream *stream, enum coding coding)
{
    stream->coder = compress_new(coding);
    return stream->coder != NULL;
}

int64_t stream_size(const struct stream *stream)
{
    return stream->coder == NULL ? stream->source.size : -1;
}

static enum summit_status read_coded(struct stream *stream, char *buffer, size_t size,
                                     size_t *ret_length)
{
    size_t written = 0;
    while (written == 0 && !stream->coder_ended) {
        enum summit_status status = fill(stream);
        if (status != SUMMIT_OK) {
            return status;
        }
        size_t used = 0;
        if (!compress_write(stream->coder, stream->piece + stream->piece_at,
                            stream->piece_length - stream->piece_at, stream->source_ended, buffer,
                            size, &used, &written, &stream->coder_ended)) {
            return SUMMIT_NOMEM;
        }
        stream->piece_at += used;
    }
    *ret_length = written;
    return SUMMIT_OK;
}

enum summit_status stream_read(struct stream *stream, char *buffer, size_t size, size_t *ret_length)
{
    if (stream->coder != NULL) {
        return read_coded(stream, buffer, size, ret_length);
    }
    enum summit_status status = fill(stream);
    if (status != SUMMIT_OK) {
        return status;
    }
    size_t left = stream->piece_length - stream->piece_at;
    size_t length = left < size ? left : size;
    if (length > 0) {
        memcpy(buffer, stream->piece + stream->piece_at, length);
    }
    stream->piece_at += length;
    *ret_length = length;
    return SUMMIT_OK;
}

void stream_free(struct stream *stream)
{
    if (stream != NULL) {
        answer_stream_clear(&stream->source);
        compress_free(stream->coder);
        generation_release(stream->generation);
        free(stream->piece);
        free(stream);
    }
}
