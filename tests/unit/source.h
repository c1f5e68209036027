/* Streams from a made-up source, over a generation of the built-in record. */
#ifndef TESTS_UNIT_SOURCE_H
#define TESTS_UNIT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "answer.h"
#include "stream.h"

enum { SOURCE_NEVER = 1000000, SOURCE_PIECE = 30000 };

/* Gives `count` pieces of `length` bytes, and fails with SUMMIT_TIMEOUT instead of giving piece
 * `fail_at`. */
struct source {
    size_t count;
    size_t length;
    size_t fail_at;
    size_t made;
    unsigned released; /* how often */
};

/* cmocka group setup and teardown: the generations that all streams are of. */
int source_set_up(void **state);
int source_tear_down(void **state);

/* Generations over the same database that keep so many bytes of answers; the caller closes them. */
struct generations *source_generations(size_t cache_size);

/* stream_start() of an answer with this source, which tells this size. */
enum summit_status source_start(struct source *source, int64_t size, struct answer *ret_answer,
                                struct stream **ret_stream);

/* Whether this is what the source gives in all. */
bool source_is_body(const struct source *source, const char *body, size_t length);

/* Undoes gzip; NULL unless the member is whole and nothing follows it. The caller frees it. */
char *source_gunzip(const char *data, size_t length, size_t *ret_length);

#endif
