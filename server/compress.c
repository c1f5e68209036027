/* The levels come from measuring bodies of 5 to 300 KB in both codings. Brotli at 3 takes less time
 * than gzip at its default and gives as many bytes; from some 64 KiB on it takes that time at 5 and
 * gives a tenth less. At 10 it gives a fifth less, but takes thirty times as long, 0.5 ms for a
 * kibibyte, while somebody waits for the answer.
 *
 * A brotli coder's memory goes by its window. With this one it is 1 to 3 MB, twice that with four
 * times the window, which gives large bodies a twentieth less. */
#include "compress.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

#define ZLIB_CONST
#include <zlib.h>

#include "brotli.h"

enum { GZIP_WINDOW_BITS = 15 + 16, GZIP_MEMORY_LEVEL = 8 };
enum { BROTLI_WINDOW_BITS_MIN = 10, BROTLI_WINDOW_BITS_MAX = 16 };
enum { BROTLI_QUALITY = 3, BROTLI_QUALITY_LARGE = 5, LARGE_BYTES = 64 * 1024 };

struct compress {
    enum coding coding;
    union {
        z_stream gzip;
        struct brotli *brotli;
    };
};

static bool gzip_start(struct compress *coder)
{
    return deflateInit2(&coder->gzip, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW_BITS,
                        GZIP_MEMORY_LEVEL, Z_DEFAULT_STRATEGY) == Z_OK;
}

static bool gzip_write(struct compress *coder, const char *data, size_t length, bool is_last,
                       char *output, size_t size, size_t *ret_used, size_t *ret_written,
                       bool *ret_ended)
{
    z_stream *stream = &coder->gzip;
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

/* Begins with a window no larger than a body of so many bytes needs. */
static bool brotli_start(struct compress *coder, size_t length)
{
    uint32_t quality = length > LARGE_BYTES ? BROTLI_QUALITY_LARGE : BROTLI_QUALITY;
    uint32_t window_bits = BROTLI_WINDOW_BITS_MIN;
    while (window_bits < BROTLI_WINDOW_BITS_MAX && (size_t)1 << window_bits < length) {
        window_bits++;
    }
    coder->brotli = brotli_new(quality, window_bits);
    return coder->brotli != NULL;
}

static struct compress *start(enum coding coding, size_t length)
{
    struct compress *coder = calloc(1, sizeof *coder);
    if (coder == NULL) {
        return NULL;
    }
    coder->coding = coding;
    bool started = coding == CODING_BROTLI ? brotli_start(coder, length) : gzip_start(coder);
    if (!started) {
        free(coder);
        coder = NULL;
    }
    return coder;
}

struct compress *compress_new(enum coding coding)
{
    return start(coding, SIZE_MAX);
}

bool compress_write(struct compress *coder, const char *data, size_t length, bool is_last,
                    char *output, size_t size, size_t *ret_used, size_t *ret_written,
                    bool *ret_ended)
{
    if (coder->coding == CODING_BROTLI) {
        return brotli_write(coder->brotli, data, length, is_last, output, size, ret_used,
                            ret_written, ret_ended);
    }
    return gzip_write(coder, data, length, is_last, output, size, ret_used, ret_written, ret_ended);
}

void compress_free(struct compress *coder)
{
    if (coder != NULL && coder->coding == CODING_BROTLI) {
        brotli_free(coder->brotli);
    } else if (coder != NULL) {
        deflateEnd(&coder->gzip);
    }
    free(coder);
}

bool compress_body(enum coding coding, const char *data, size_t length, char **ret_data,
                   size_t *ret_length)
{
    struct compress *coder = start(coding, length);
    const size_t step = length / 4 + COMPRESS_MIN_BYTES;
    char *output = NULL;
    size_t size = 0;
    size_t made = 0;
    bool is_good = coder != NULL;
    bool ended = false;
    while (is_good && !ended) {
        if (made == size) {
            size += step;
            char *larger = realloc(output, size);
            is_good = larger != NULL;
            output = is_good ? larger : output;
        }
        size_t used = 0;
        size_t written = 0;
        is_good = is_good && compress_write(coder, data, length, true, output + made, size - made,
                                            &used, &written, &ended);
        data += used;
        length -= used;
        made += written;
    }
    compress_free(coder);
    if (!is_good) {
        free(output);
        return false;
    }
    /* Less room that is not to be had is no reason to fail. */
    char *fitting = realloc(output, made);
    *ret_data = fitting != NULL ? fitting : output;
    *ret_length = made;
    return true;
}
