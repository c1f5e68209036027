#include "rows.h"

#include <stdlib.h>
#include <string.h>

#include "envelope.h"

static enum summit_status next_piece(void *context, struct summit_store *store, char **ret_data,
                                     size_t *ret_length)
{
    return summit_stream_next(context, store, ret_data, ret_length);
}

static void release(void *context)
{
    summit_stream_free(context);
}

static bool is_limited(const struct request *request)
{
    const struct target *target = &request->target;
    for (size_t i = 0; i < target->parameter_count; i++) {
        if (strcmp(target->parameters[i].name, "limit") == 0) {
            return true;
        }
    }
    return false;
}

/* A page is one piece. */
static enum summit_status give_page(const struct request *request, struct summit_store *store,
                                    struct summit_stream *stream, struct answer *answer)
{
    char *cursor = NULL;
    enum summit_status status =
        summit_stream_next(stream, store, &answer->owned_text, &answer->text_length);
    answer->text = answer->owned_text;
    if (status == SUMMIT_OK) {
        status = summit_stream_cursor(stream, store, &cursor);
    }
    if (status == SUMMIT_OK) {
        status = envelope_link(request, cursor, answer);
    }
    free(cursor);
    return status;
}

enum summit_status rows_give(const struct request *request, struct summit_store *store,
                             struct summit_query **query, struct answer *answer)
{
    struct summit_stream *stream = NULL;
    enum summit_status status = summit_stream_new(store, *query, &stream, &answer->errors);
    if (status != SUMMIT_OK) {
        return status;
    }
    *query = NULL;
    if (is_limited(request)) {
        status = give_page(request, store, stream, answer);
        summit_stream_free(stream);
        return status;
    }
    answer->stream = (struct answer_stream){
        .next = next_piece, .release = release, .context = stream, .size = -1};
    return SUMMIT_OK;
}
