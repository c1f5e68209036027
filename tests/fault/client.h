/* One request to a server that runs in this process: the helpers of the black-box tests, without
 * their header daemon.h, which is not the server's. */
#ifndef TESTS_CLIENT_H
#define TESTS_CLIENT_H

struct daemon;
#ifndef TESTS_DAEMON_H
#define TESTS_DAEMON_H
#endif
#include "../support/http.h"

/* Sends a whole request on a connection of its own ("http://HOST:PORT") and reads until the server
 * closes it, as the request must ask for. Returns NULL when the server closed it without an answer,
 * or, of an export, which is a stream, before its end; the caller frees the reply. */
struct http_reply *client_ask(const char *address, const char *request);

#endif
