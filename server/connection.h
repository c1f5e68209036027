/* The connections there are, each with the time by which it must have got further. */
#ifndef SERVER_CONNECTION_H
#define SERVER_CONNECTION_H

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* How long an answer, or the next part of a stream, may take to be sent, in seconds: a client that
 * reads a byte now and then is not idle, and would otherwise stay for ever. */
enum { CONNECTION_SEND_TIMEOUT_S = 300 };

/* How long a client may take nothing of what is sent to it, in seconds, at least: it may have lost
 * its way to us for a moment. */
enum { CONNECTION_STALL_TIMEOUT_MIN_S = 30 };

struct sockaddr;

struct connection {
    struct connection *next;
    struct connection *previous;
    int fd;
    _Atomic int64_t deadline_us;   /* monotonic clock */
    char remote[INET6_ADDRSTRLEN]; /* the client's address as a number, or "unix" */
};

/* A list with its lock. */
struct connections {
    pthread_mutex_t lock;
    struct connection head; /* both ends of the ring */
};

/* Makes an empty list. */
void connections_init(struct connections *connections);

/* Frees the list, which must be empty. */
void connections_destroy(struct connections *connections);

/* Adds a connection that must get further within timeout_s seconds.
 *   client           its address, NULL if it has none.
 *   stall_timeout_s  seconds that it may take nothing of what is sent to it.
 * NULL when out of memory; then the connection is shut down. */
struct connection *connections_add(struct connections *connections, int fd,
                                   const struct sockaddr *client, unsigned timeout_s,
                                   unsigned stall_timeout_s);

/* Removes and frees a connection; NULL is fine. Before its descriptor is closed. */
void connections_remove(struct connections *connections, struct connection *connection);

/* Gives a connection another timeout_s seconds from now_us on, on the monotonic clock; NULL is
 * fine. For any thread. */
void connection_extend(struct connection *connection, int64_t now_us, unsigned timeout_s);

/* Shuts down every connection that is past its deadline. */
void connections_expire(struct connections *connections);

/* Lets the kernel gather what is sent into full segments from here on, or send what it has
 * gathered: a head and a file are sent by two calls, but leave together. NULL is fine. */
void connection_cork(const struct connection *connection, bool is_corked);

#endif
