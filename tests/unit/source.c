#include "source.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "folder.h"
#include "generation.h"

static char *folder;
static char *path;
static struct generations *generations;

struct generations *source_generations(size_t cache_size)
{
    struct generations *others = NULL;
    struct message message;
    bool opened = generations_open(path, 1, 0, cache_size, &others, &message) == SUMMIT_OK;
    return opened ? others : NULL;
}

int source_set_up(void **state)
{
    (void)state;
    folder = folder_new();
    path = folder_join(folder, "summit.db");
    json_auto_t *record = NULL;
    json_auto_t *problems = NULL;
    bool published = summit_record_builtin(&record) == SUMMIT_OK &&
                     summit_publish(path, &record, 1, 0, NULL, &problems, NULL) == SUMMIT_OK;
    generations = published ? source_generations(0) : NULL;
    return generations != NULL ? 0 : -1;
}

int source_tear_down(void **state)
{
    (void)state;
    generations_close(generations);
    free(path);
    folder_remove(folder);
    return 0;
}

static char byte_at(size_t piece)
{
    return (char)('a' + piece % 26);
}

static enum summit_status next_piece(void *context, struct summit_store *store, char **ret_data,
                                     size_t *ret_length)
{
    struct source *source = context;
    assert_non_null(store);
    if (source->made == source->fail_at) {
        return SUMMIT_TIMEOUT;
    }
    if (source->made == source->count) {
        *ret_length = 0;
        return SUMMIT_OK;
    }
    char *data = malloc(source->length);
    memset(data, byte_at(source->made), source->length);
    source->made++;
    *ret_data = data;
    *ret_length = source->length;
    return SUMMIT_OK;
}

static void release(void *context)
{
    struct source *source = context;
    source->released++;
}

bool source_is_body(const struct source *source, const char *body, size_t length)
{
    if (length != source->count * source->length) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (body[i] != byte_at(i / source->length)) {
            return false;
        }
    }
    return true;
}

enum summit_status source_start(struct source *source, int64_t size, struct answer *ret_answer,
                                struct stream **ret_stream)
{
    struct generation *generation = generations_acquire(generations);
    struct summit_store *store = generation_take(generation);
    assert_non_null(store);
    *ret_answer = (struct answer){.representation = &representation_csv};
    ret_answer->stream = (struct answer_stream){
        .next = next_piece, .release = release, .context = source, .size = size};
    enum summit_status status = stream_start(ret_answer, generation, store, ret_stream);
    generation_give(generation, store);
    generation_release(generation);
    return status;
}

/* Undoes gzip; NULL unless the member is whole and nothing follows it. */
char *source_gunzip(const char *data, size_t length, size_t *ret_length)
{
    enum { ROOM = 4000000 };
    char *plain = malloc(ROOM);
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)data,
                       .avail_in = (uInt)length,
                       .next_out = (Bytef *)plain,
                       .avail_out = ROOM};
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    bool whole = inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_in == 0;
    *ret_length = stream.total_out;
    inflateEnd(&stream);
    if (!whole) {
        free(plain);
        plain = NULL;
    }
    return plain;
}
