/* One request, from the transport to the handlers. */
#ifndef SERVER_REQUEST_H
#define SERVER_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "answer.h"
#include "target.h"

struct MHD_Connection;
struct connection;
struct generation;
struct response;
struct service;
struct stream;
struct route;

enum {
    REQUEST_TARGET_MAX = 4096, /* bytes of the target; RFC 9110 section 4.1 */
    REQUEST_ID_SIZE = 17,
    REQUEST_FIELDS_MAX = 6, /* that have a meaning here */
    REQUEST_PARAMETERS_MAX = 2
};

enum request_method { REQUEST_GET, REQUEST_HEAD, REQUEST_OPTIONS, REQUEST_OTHER };

struct request {
    uint64_t id; /* request_id_write() writes it */
    char method_name[16];
    enum request_method method;
    bool head_read; /* the transport has given us the whole head */
    bool has_body;  /* the head announces one */
    struct target target;
    const struct route *route;
    const char *parameters[REQUEST_PARAMETERS_MAX]; /* segments that stand for {id} and the like */
    const struct representation *representation; /* what its Accept field prefers; set once routed
                                                    and acceptable */
    enum coding coding; /* what its Accept-Encoding field prefers; set with the representation */
    struct service *service;
    struct generation *generation; /* that answers; borrowed, while the answer is made */
    struct connection *connection; /* with its deadline; may be NULL */
    struct stream *stream;         /* the body under way, or NULL; owned */
    struct response *response;     /* what is sent, or NULL; a reference of its own */
    bool is_corked;                /* until it is sent; connection_cork() */
    char *self;                    /* its target in normal form, once it is checked; owned */

    /* Header fields, NULL where absent: the transport's memory, or what is in `joined`. */
    const char *accept;
    const char *accept_encoding;
    const char *if_none_match;
    const char *if_modified_since;
    const char *if_range;
    const char *range;
    char *joined[REQUEST_FIELDS_MAX]; /* several lines of one field, joined with ", "; owned */

    /* What the guards found, and what they say of it, which is static; PROBLEM_NONE if all is well.
     */
    enum problem_kind refusal;
    const char *refusal_detail;

    /* For the log. */
    int64_t started_us; /* monotonic clock */
    unsigned status;
    int64_t bytes;

    char *raw_target; /* as sent, in `text`; NULL if it was longer than REQUEST_TARGET_MAX */
    char text[];
};

/* Begins a request when its request line has been read.
 *   raw_target  as sent, borrowed.
 * Returns NULL when out of memory. */
struct request *request_new(const char *raw_target, struct service *service);

/* Reads the head of a request and checks what the transport leaves to us (RFC 9112
 * sections 3.2, 5.1 and 6, RFC 9110 section 5.5); what is wrong stands in request->refusal. */
void request_read_head(struct request *request, struct MHD_Connection *connection,
                       const char *method, const char *version);

/* How many bytes all header fields of a request may have: the rest of the connection's memory is
 * for the transport's list of them and the fields of the answer. */
size_t request_headers_max(const struct service *service);

/* Writes the request's id, 16 hexadecimal digits: unique in this process, and hard to meet again in
 * another. */
void request_id_write(const struct request *request, char ret_id[REQUEST_ID_SIZE]);

/* Frees a request. */
void request_free(struct request *request);

/* Microseconds on the monotonic clock. */
int64_t request_clock_us(void);

#endif
