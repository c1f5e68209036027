#include "handlers.h"

static enum summit_status next_piece(void *context, struct summit_store *store, char **ret_data,
                                     size_t *ret_length)
{
    return summit_excerpt_next(context, store, ret_data, ret_length);
}

static void release(void *context)
{
    summit_excerpt_free(context);
}

enum summit_status handle_record(const struct request *request, struct summit_store *store,
                                 struct answer *answer)
{
    struct summit_excerpt *excerpt = NULL;
    enum summit_status status = summit_excerpt_new(store, request->parameters[0], &excerpt);
    if (status == SUMMIT_NOT_FOUND) {
        answer_problem(answer, PROBLEM_NOT_FOUND,
                       "The record has no summit \"%.64s\"; /v1/summits lists those there are.",
                       request->parameters[0]);
    }
    if (status != SUMMIT_OK) {
        return status;
    }
    answer->file_name = "record";
    answer->stream = (struct answer_stream){
        .next = next_piece, .release = release, .context = excerpt, .size = -1};
    return SUMMIT_OK;
}
