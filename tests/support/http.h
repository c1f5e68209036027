/* HTTP requests to a daemon over libcurl, and the reply as the server wrote it.
 *
 * Functions fail the running test when there is no reply within the deadline. */
#ifndef TESTS_HTTP_H
#define TESTS_HTTP_H

#include "daemon.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { HTTP_HEADERS_MAX = 64 };

struct http_reply {
    int status;
    char *head;          /* status line and header lines, cut into the strings below */
    const char *version; /* "HTTP/1.1" */
    size_t header_count;
    const char *names[HTTP_HEADERS_MAX];
    const char *values[HTTP_HEADERS_MAX];
    char *body; /* as sent (not decoded), with a NUL after its last byte */
    size_t body_length;
    json_t *json; /* the parsed body of an identity-coded JSON (or ...+json) reply, else NULL */
};

/* Requests `target`, sent as it is written. `headers` are "Name: value" lines ended by NULL
 * ("Name:" removes one of libcurl's own); NULL is none. The caller frees the reply. */
struct http_reply *http_request(const struct daemon *daemon, const char *method, const char *target,
                                const char *const headers[]);

/* A plain GET. */
struct http_reply *http_get(const struct daemon *daemon, const char *target);

/* A GET that must be answered with `status`. */
struct http_reply *http_get_status(const struct daemon *daemon, const char *target, int status);

/* Repeats a GET until it is answered with `status`, for what the daemon does in its own time. */
struct http_reply *http_wait_status(const struct daemon *daemon, const char *target, int status);

/* The JSON body of a GET that must be a 200. The caller owns it. */
json_t *http_get_json(const struct daemon *daemon, const char *target);

/* A header's value, the first one; NULL when there is none. */
const char *http_header(const struct http_reply *reply, const char *name);

size_t http_header_count(const struct http_reply *reply, const char *name);

/* The body after undoing its gzip coding; the caller frees it. */
char *http_body_gunzip(const struct http_reply *reply, size_t *ret_length);

/* Takes one whole reply from the start of `bytes`. `is_head`: it answers a HEAD and has no body.
 * Returns NULL when it is not complete yet, else a reply and its length in `ret_used`. Only replies
 * with Content-Length or a status that has no body are known. */
struct http_reply *http_reply_parse(const char *bytes, size_t length, bool is_head,
                                    size_t *ret_used);

/* Takes NULL. */
void http_reply_free(struct http_reply *reply);

void http_reply_release(struct http_reply **reply);

/* Drops kept connections, which would otherwise count against a connection limit. */
void http_disconnect(void);

#define HTTP_REPLY __attribute__((cleanup(http_reply_release))) struct http_reply

#endif
