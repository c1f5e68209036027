/* The file is sent as it is, so its SHA-256 is both its validator and its digest; two databases of
 * one revision may differ in a byte, and a part of one must never be joined to a part of the other.
 * It is read through the store: this process must not open the file itself. */
#include <nettle/base64.h>
#include <stdio.h>
#include <stdlib.h>

#include "../conditional.h"
#include "../generation.h"
#include "../range.h"
#include "handlers.h"

enum { PIECE_BYTES = 64 * 1024, BASE64_SIZE = BASE64_ENCODE_RAW_LENGTH(SUMMIT_DIGEST_BYTES) + 1 };

/* What is still to be sent. */
struct part {
    int64_t at;
    int64_t end;
};

static enum summit_status next_piece(void *context, struct summit_store *store, char **ret_data,
                                     size_t *ret_length)
{
    struct part *part = context;
    int64_t left = part->end - part->at;
    size_t length = left < PIECE_BYTES ? (size_t)left : PIECE_BYTES;
    char *data = malloc(length);
    if (data == NULL) {
        return SUMMIT_NOMEM;
    }
    enum summit_status status = summit_store_read(store, part->at, data, length);
    if (status != SUMMIT_OK) {
        free(data);
        return status;
    }
    part->at += (int64_t)length;
    *ret_data = data;
    *ret_length = length;
    return SUMMIT_OK;
}

/* Whether the request is for a part, and for which; the conditions come before the range (RFC 9110
 * section 13.2.2), which only a GET has. */
static enum range_kind choose_part(const struct request *request, const struct answer *answer,
                                   int64_t size, int64_t *ret_first, int64_t *ret_last)
{
    char etag[ANSWER_ETAG_SIZE];
    answer_etag(answer, false, etag);
    if (request->method != REQUEST_GET ||
        conditional_not_modified(request->if_none_match, request->if_modified_since, etag,
                                 answer->last_modified_s) ||
        !range_is_wanted(request->if_range, etag, answer->last_modified_s)) {
        return RANGE_WHOLE;
    }
    return range_parse(request->range, size, ret_first, ret_last);
}

enum summit_status handle_export_sqlite(const struct request *request, struct summit_store *store,
                                        struct answer *answer)
{
    const int64_t size = summit_store_size(store);
    uint8_t bytes[SUMMIT_DIGEST_BYTES];
    enum summit_status status = generation_digest(request->generation, store, bytes);
    if (status != SUMMIT_OK) {
        return status;
    }
    char digest[BASE64_SIZE] = "";
    base64_encode_raw(digest, sizeof bytes, bytes);
    snprintf(answer->validator, sizeof answer->validator, "%s", digest);
    snprintf(answer->digest, sizeof answer->digest, "sha-256=:%s:", digest);
    answer->last_modified_s = summit_store_published_at(store);
    answer->file_name = "summit";
    answer->has_ranges = true;
    int64_t first = 0;
    int64_t last = size - 1;
    switch (choose_part(request, answer, size, &first, &last)) {
    case RANGE_UNSATISFIABLE:
        snprintf(answer->content_range, sizeof answer->content_range, "bytes */%lld",
                 (long long)size);
        answer_problem(answer, PROBLEM_RANGE_NOT_SATISFIABLE,
                       "The database has %lld bytes; the range begins beyond them.",
                       (long long)size);
        return SUMMIT_INVALID;
    case RANGE_PART:
        answer->http_status = 206;
        snprintf(answer->content_range, sizeof answer->content_range, "bytes %lld-%lld/%lld",
                 (long long)first, (long long)last, (long long)size);
        break;
    case RANGE_WHOLE:
        break;
    }
    struct part *part = malloc(sizeof *part);
    if (part == NULL) {
        return SUMMIT_NOMEM;
    }
    *part = (struct part){.at = first, .end = last + 1};
    answer->stream = (struct answer_stream){
        .next = next_piece, .release = free, .context = part, .size = part->end - part->at};
    return SUMMIT_OK;
}
