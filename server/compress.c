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
