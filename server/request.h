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
struct connections;
struct generation;
struct stream;
struct service;
struct route;

enum {
    REQUEST_TARGET_MAX = 4096,  /* bytes of the target; RFC 9110 section 4.1 */
    REQUEST_HEADERS_MAX = 8192, /* bytes of all header fields */
    REQUEST_ID_SIZE = 17,
    REQUEST_PARAMETERS_MAX = 2
};

enum request_method { REQUEST_GET, REQUEST_HEAD, REQUEST_OPTIONS, REQUEST_OTHER };

struct request {
    char id[REQUEST_ID_SIZE];
    char *raw_target; /* as sent; NULL if it was longer than REQUEST_TARGET_MAX */
    char method_name[16];
    enum request_method method;
    bool head_read; /* the transport has given us the whole head */
    bool has_body;  /* the head announces one */
    struct target target;
    const struct route *route;
    const char *parameters[REQUEST_PARAMETERS_MAX]; /* segments that stand for {id} and the like */
    const struct representation *representation; /* what its Accept field prefers; set once routed
                                                    and acceptable */
    struct service *service;
    struct generation *generation;   /* that answers; borrowed, while the handler runs */
    struct connections *connections; /* where */
    struct connection *connection;   /* the deadline of this request is kept; may be NULL */
    struct stream *stream;           /* the body under way, or NULL; owned */

    /* Header fields, several lines of one joined with ", "; NULL where absent. Owned. */
    char *accept;
    char *accept_encoding;
    char *if_none_match;
    char *if_modified_since;
    char *if_range;
    char *range;

    /* What the guards found; PROBLEM_NONE if all is well. */
    struct answer refusal;

    /* For the log. */
    char remote[64];
    int64_t started_us; /* monotonic clock */
    unsigned status;
    int64_t bytes;
};

/* Begins a request when its request line has been read.
 *   raw_target  as sent, borrowed.
 * Returns NULL when out of memory. */
struct request *request_new(const char *raw_target, struct service *service);

/* Reads the head of a request and checks what the transport leaves to us (RFC 9112
 * sections 3.2, 5.1 and 6, RFC 9110 section 5.5); what is wrong stands in request->refusal. */
void request_read_head(struct request *request, struct MHD_Connection *connection,
                       const char *method, const char *version);

/* Frees a request. */
void request_free(struct request *request);

/* Microseconds on the monotonic clock. */
int64_t request_clock_us(void);

#endif
