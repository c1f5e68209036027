/* Every connection has a deadline for its next step: a whole request head, a whole answer, the next
 * request. Past it, shutdown() makes the transport see the end of the stream; the descriptor stays
 * the transport's to close. libmicrohttpd has a timeout too, but for silence only: a client that
 * sends a byte every second keeps its place for ever. And it takes locks for every request. A
 * client that does not take what is sent to it is the kernel's to notice. */
#include "connection.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "request.h"

void connections_init(struct connections *connections)
{
    pthread_mutex_init(&connections->lock, NULL);
    connections->head.next = &connections->head;
    connections->head.previous = &connections->head;
}

void connections_destroy(struct connections *connections)
{
    pthread_mutex_destroy(&connections->lock);
}

void connection_extend(struct connection *connection, int64_t now_us, unsigned timeout_s)
{
    if (connection != NULL) {
        atomic_store_explicit(&connection->deadline_us, now_us + (int64_t)timeout_s * 1000000,
                              memory_order_relaxed);
    }
}

void connection_cork(const struct connection *connection, bool is_corked)
{
    int value = is_corked;
    if (connection != NULL) {
        /* Other than TCP sockets send at once, which is as good. */
        (void)setsockopt(connection->fd, IPPROTO_TCP, TCP_CORK, &value, sizeof value);
    }
}

static void write_remote(const struct sockaddr *client, char ret_remote[INET6_ADDRSTRLEN])
{
    const void *number = NULL;
    if (client != NULL && client->sa_family == AF_INET) {
        number = &((const struct sockaddr_in *)(const void *)client)->sin_addr;
    } else if (client != NULL && client->sa_family == AF_INET6) {
        number = &((const struct sockaddr_in6 *)(const void *)client)->sin6_addr;
    }
    if (number == NULL ||
        inet_ntop(client->sa_family, number, ret_remote, INET6_ADDRSTRLEN) == NULL) {
        snprintf(ret_remote, INET6_ADDRSTRLEN, "unix");
    }
}

/* Ends the connection when the client has not taken anything for so long (the user timeout of RFC
 * 5482); of sockets other than TCP's only the deadline does. */
static void limit_stall(int fd, unsigned timeout_s)
{
    unsigned allowed_s =
        timeout_s < CONNECTION_STALL_TIMEOUT_MIN_S ? CONNECTION_STALL_TIMEOUT_MIN_S : timeout_s;
    unsigned timeout_ms = allowed_s * 1000;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout_ms, sizeof timeout_ms);
}

struct connection *connections_add(struct connections *connections, int fd,
                                   const struct sockaddr *client, unsigned timeout_s,
                                   unsigned stall_timeout_s)
{
    struct connection *connection = malloc(sizeof *connection);
    if (connection == NULL) {
        shutdown(fd, SHUT_RDWR); /* it would have no deadline */
        return NULL;
    }
    limit_stall(fd, stall_timeout_s);
    connection->fd = fd;
    atomic_init(&connection->deadline_us, 0);
    connection_extend(connection, request_clock_us(), timeout_s);
    write_remote(client, connection->remote);
    pthread_mutex_lock(&connections->lock);
    connection->next = connections->head.next;
    connection->previous = &connections->head;
    connection->next->previous = connection;
    connections->head.next = connection;
    pthread_mutex_unlock(&connections->lock);
    return connection;
}

void connections_remove(struct connections *connections, struct connection *connection)
{
    if (connection != NULL) {
        pthread_mutex_lock(&connections->lock);
        connection->next->previous = connection->previous;
        connection->previous->next = connection->next;
        pthread_mutex_unlock(&connections->lock);
        free(connection);
    }
}

void connections_expire(struct connections *connections)
{
    int64_t now_us = request_clock_us();
    pthread_mutex_lock(&connections->lock);
    for (struct connection *c = connections->head.next; c != &connections->head; c = c->next) {
        if (atomic_load_explicit(&c->deadline_us, memory_order_relaxed) < now_us) {
            shutdown(c->fd, SHUT_RDWR);
            atomic_store_explicit(&c->deadline_us, INT64_MAX, memory_order_relaxed);
        }
    }
    pthread_mutex_unlock(&connections->lock);
}
