/* Finished responses: the bytes of a body and its header fields, made once and sent as often as
 * they are asked for.
 *
 * A response never changes and is shared by references, so several threads may send it at once. It
 * knows what it is when it is not sent: a 304 (RFC 9110 section 15.4.5) is made of it when the
 * first client has it already, and a HEAD gets its fields without its body. */
#ifndef SERVER_RESPONSE_H
#define SERVER_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>

#include "answer.h"
#include "request.h"

struct MHD_Connection;
struct response;

/* What a response sends. */
struct response_body {
    char *data;       /* owned, or NULL and then */
    const char *text; /* static */
    size_t length;    /* in bytes */
    enum coding coding;
    bool is_stream; /* it is the request's stream, and the rest is empty */
    bool is_kept;   /* the response will be sent again */
};

/* Allows large bodies that are kept to take so many descriptors together, and 128 at most. Until
 * then they take none. To be called before there are threads. */
void response_allow_files(size_t count);

/* Makes a response.
 *   request  that it is for; that of a stream must outlive it.
 *   answer   what the fields say of it; borrowed.
 *   etag     "" for none.
 *   body     its data is the response's when this succeeds.
 * Returns a first reference, or NULL when out of memory. */
struct response *response_new(struct request *request, const struct answer *answer,
                              const char *etag, struct response_body *body)
    __attribute__((warn_unused_result));

/* Sends a response, or a 304 in its place if the request's conditions say so (RFC 9110 section
 * 13.2.2). The caller's reference becomes the request's; its status and bytes are written.
 * Returns what the transport is to be told: 1 to go on, 0 to close the connection. */
int response_send(struct response *response, struct request *request,
                  struct MHD_Connection *connection);

/* About how much memory a response takes, in bytes. */
size_t response_size(const struct response *response);

/* Takes another reference. */
void response_retain(struct response *response);

/* Gives a reference back; the last one frees it. NULL is fine. */
void response_release(struct response *response);

#endif
