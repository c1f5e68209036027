/* What a handler gives back: a status of its own, and one document or text. */
#ifndef SERVER_ANSWER_H
#define SERVER_ANSWER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "problem.h"
#include "summit.h"

enum { ANSWER_ETAG_SIZE = 64, ANSWER_DETAIL_SIZE = 256 };

/* Owned by the answer but for `text`. At most one of document and text is set when the handler
 * returns SUMMIT_OK; otherwise `errors` and `detail` explain. */
struct answer {
    unsigned http_status;   /* 0 is 200, or the problem's */
    const char *media_type; /* of the document or text */
    json_t *document;
    const char *text; /* static, or `owned_text` */
    size_t text_length;
    char *owned_text;
    char *next;                       /* the path of the next page, or NULL */
    const char *link;                 /* a Link field of its own (RFC 8288), static; or NULL */
    bool is_api;                      /* belongs to /v1, described by the OpenAPI document */
    bool is_volatile;                 /* must not be stored */
    char validator[ANSWER_ETAG_SIZE]; /* what the entity tag is made of; "" for none */
    int64_t last_modified_s;          /* seconds since 1970; negative for none */
    enum problem_kind problem;        /* set where a summit_status does not say it */
    char detail[ANSWER_DETAIL_SIZE];  /* of a problem; "" for the type's own */
    json_t *errors;                   /* of a problem: what is wrong with which parameter */
};

/* Sets a problem with a detail formatted as by printf. */
void answer_problem(struct answer *answer, enum problem_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Frees what an answer owns. */
void answer_clear(struct answer *answer);

#endif
