/* The server in this process, to be asked over a socket while memory runs out. */
#ifndef TESTS_SERVING_H
#define TESTS_SERVING_H

#include <stdbool.h>

#include "client.h"
#include "listen.h"
#include "service.h"
#include "summit.h"

struct server {
    char *folder;
    char *database;
    char *other; /* a database of another revision */
    char *place; /* where the one takes the place of the other */
    char *log;
    size_t cache_size; /* of each generation */
    struct listen_set set;
    struct generations *generations;
    struct service service;
    struct daemon *daemon;
    char revision[17];
    char other_revision[17];
};

/* cmocka setup and teardown: a server that is not started, with its databases; what it logs is
 * looked at in the end. */
int server_set_up(void **state);
int server_tear_down(void **state);

/* Starts and stops the server, as `run` and `check` of an operation do. */
enum summit_status server_start(void *context);
void server_stop(void *context, enum summit_status status);

/* Takes up the database anew, with nothing in the cache; no request may be under way. */
void server_forget(struct server *server);

/* Asks the server, which runs, and waits until it is done with that. As client_ask(). */
struct http_reply *server_ask(struct server *server, const char *request);

/* The first line of a request. */
const char *request_name(const char *request);

/* The very answer there is without a failure, but for the request's own id. */
bool reply_is_same(const struct http_reply *reply, const struct http_reply *expected);

/* Fails unless a reply is the problem that a lack of memory is. */
void reply_check_shortage(const struct http_reply *reply, const char *request);

#endif
