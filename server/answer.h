/* What a handler gives back: a status of its own, and one document or text. */
#ifndef SERVER_ANSWER_H
#define SERVER_ANSWER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coding.h"
#include "problem.h"
#include "representation.h"
#include "summit.h"

enum {
    ANSWER_VALIDATOR_SIZE = 64,
    ANSWER_ETAG_SIZE = 128,
    ANSWER_DETAIL_SIZE = 512,
    ANSWER_DIGEST_SIZE = 64,
    ANSWER_RANGE_SIZE = 72
};

/* A body that is made piece by piece, for what is too large to be made at once. Nothing of a store
 * may be kept from one piece to the next: each may be made with another store of the generation, on
 * another thread, or never, when the client has gone. */
struct answer_stream {
    /* Makes the next piece, of some ten thousand bytes.
     *   ret_data    allocated; the caller frees it.
     *   ret_length  0 ends the body, and *ret_data may then stay NULL.
     * Returns SUMMIT_OK, or what kept it from that, which ends the answer where it is. */
    enum summit_status (*next)(void *context, struct summit_store *store, char **ret_data,
                               size_t *ret_length);
    void (*release)(void *context); /* frees the context; may be NULL */
    void *context;
    int64_t size; /* of the body in bytes; -1 if it is not known */
};

struct response;

/* Owned by the answer but for `text`. At most one of document, text and stream is set when the
 * handler returns SUMMIT_OK; otherwise `errors` and `detail` explain. */
struct answer {
    unsigned http_status;                        /* 0 is 200, or the problem's */
    const struct representation *representation; /* what the body is; NULL for none */
    const char *file_name; /* of a download, without extension, ASCII, static; NULL for none */
    bool is_pretty;        /* write the document for people */
    struct response *kept; /* the finished response, from the cache: all else is empty */
    json_t *document;
    const char *text; /* static, or `owned_text` */
    size_t text_length;
    char *owned_text;
    struct answer_stream stream;           /* its `next` is NULL where there is none */
    char *next;                            /* the path of the next page, or NULL */
    const char *link;                      /* a Link field of its own (RFC 8288), static; or NULL */
    bool is_api;                           /* belongs to /v1, described by the OpenAPI document */
    bool is_volatile;                      /* must not be stored */
    char validator[ANSWER_VALIDATOR_SIZE]; /* what the entity tag is made of; "" for none */
    int64_t last_modified_s;               /* seconds since 1970; negative for none */
    bool has_ranges;                       /* parts of it can be had (RFC 9110 section 14.3) */
    char content_range[ANSWER_RANGE_SIZE]; /* of a 206 or 416 (section 14.4); "" for none */
    char digest[ANSWER_DIGEST_SIZE];       /* Repr-Digest (RFC 9530); "" for none */
    enum problem_kind problem;             /* set where a summit_status does not say it */
    char detail[ANSWER_DETAIL_SIZE];       /* of a problem; "" for the type's own */
    json_t *errors;                        /* of a problem: what is wrong with which parameter */
};

/* Sets a problem with a detail formatted as by printf. */
void answer_problem(struct answer *answer, enum problem_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Writes the entity tag of an answer with a validator, its quotes included: one for each form of
 * the same content (RFC 9110 section 8.8.3). ret_etag has ANSWER_ETAG_SIZE bytes. */
void answer_etag(const struct answer *answer, enum coding coding, char *ret_etag);

/* Releases a stream's context and empties the stream. */
void answer_stream_clear(struct answer_stream *stream);

/* Frees what an answer owns. */
void answer_clear(struct answer *answer);

#endif
