#include "compress.h"

#include <limits.h>
#include <stdlib.h>

#define ZLIB_CONST
#include <zlib.h>

enum { GZIP_WINDOW_BITS = 15 + 16, MEMORY_LEVEL = 8 };

bool compress_gzip(const char *data, size_t length, char **ret_data, size_t *ret_length)
{
    z_stream stream = {.next_in = NULL};
    if (length > UINT_MAX / 2 ||
        deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW_BITS, MEMORY_LEVEL,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        return false;
    }
    size_t size = deflateBound(&stream, length);
    char *output = malloc(size);
    bool done = false;
    if (output != NULL) {
        stream.next_in = (const Bytef *)data;
        stream.avail_in = (uInt)length;
        stream.next_out = (Bytef *)output;
        stream.avail_out = (uInt)size;
        done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    }
    if (done) {
        *ret_data = output;
        *ret_length = stream.total_out;
    } else {
        free(output);
    }
    deflateEnd(&stream);
    return done;
}

struct compress {
    z_stream stream;
};

struct compress *compress_new(void)
{
    struct compress *coder = calloc(1, sizeof *coder);
    if (coder != NULL && deflateInit2(&coder->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
                                      GZIP_WINDOW_BITS, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
        free(coder);
        coder = NULL;
    }
    return coder;
}

bool compress_write(struct compress *coder, const char *data, size_t length, bool is_last,
                    char *output, size_t size, size_t *ret_used, size_t *ret_written,
                    bool *ret_ended)
{
    z_stream *stream = &coder->stream;
    uInt input = length > UINT_MAX ? UINT_MAX : (uInt)length;
    uInt room = size > UINT_MAX ? UINT_MAX : (uInt)size;
    stream->next_in = (const Bytef *)data;
    stream->avail_in = input;
    stream->next_out = (Bytef *)output;
    stream->avail_out = room;
    int code = deflate(stream, is_last && input == length ? Z_FINISH : Z_NO_FLUSH);
    /* Z_BUF_ERROR: there was nothing to do, as when an empty piece is not the last. */
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
        return false;
    }
    *ret_used = input - stream->avail_in;
    *ret_written = room - stream->avail_out;
    *ret_ended = code == Z_STREAM_END;
    return true;
}

void compress_free(struct compress *coder)
{
    if (coder != NULL) {
        deflateEnd(&coder->stream);
        free(coder);
    }
}
