/* A plain socket to a daemon, for what no HTTP library will send.
 *
 * Functions fail the running test at their deadline, never hang. */
#ifndef TESTS_WIRE_H
#define TESTS_WIRE_H

#include "daemon.h"
#include "http.h"

#include <stdbool.h>
#include <stddef.h>

struct wire {
    int fd;
    char *received; /* not yet taken by wire_read_reply() */
    size_t length;
    bool ended; /* the server has closed (or reset) the connection */
};

/* Connects to the daemon's first address. */
struct wire wire_open(const struct daemon *daemon);

/* Sends all. False when the server has closed the connection before. */
bool wire_send(struct wire *wire, const void *bytes, size_t length);

bool wire_send_text(struct wire *wire, const char *text);

/* The next whole reply; NULL when the server closes the connection with nothing of a reply sent.
 * The caller frees it. */
struct http_reply *wire_read_reply(struct wire *wire, bool is_head);

/* Waits up to `span_ms` for anything to read, the end included. Does not fail. */
bool wire_has_news(struct wire *wire, int span_ms);

/* Reads until the server closes the connection. */
void wire_read_to_end(struct wire *wire);

/* Closes and frees. May be repeated. */
void wire_close(struct wire *wire);

#define WIRE __attribute__((cleanup(wire_close))) struct wire

#endif
