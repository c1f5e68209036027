/* libmicrohttpd's timeout is for silence only: a client that sends a byte every second keeps its
 * place for ever. Here every connection has a deadline for its next step instead: a whole request
 * head, then a whole answer. Past it, shutdown() makes the transport see the end of the stream; the
 * descriptor stays the transport's to close. */
#include "connection.h"

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

static int64_t deadline_after(unsigned timeout_s)
{
    return request_clock_us() + (int64_t)timeout_s * 1000000;
}

struct connection *connections_add(struct connections *connections, int fd, unsigned timeout_s)
{
    struct connection *connection = malloc(sizeof *connection);
    if (connection == NULL) {
        return NULL;
    }
    connection->fd = fd;
    connection->deadline_us = deadline_after(timeout_s);
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

void connections_extend(struct connections *connections, struct connection *connection,
                        unsigned timeout_s)
{
    if (connection != NULL) {
        pthread_mutex_lock(&connections->lock);
        connection->deadline_us = deadline_after(timeout_s);
        pthread_mutex_unlock(&connections->lock);
    }
}

void connections_expire(struct connections *connections)
{
    int64_t now_us = request_clock_us();
    pthread_mutex_lock(&connections->lock);
    for (struct connection *c = connections->head.next; c != &connections->head; c = c->next) {
        if (c->deadline_us < now_us) {
            shutdown(c->fd, SHUT_RDWR);
            c->deadline_us = INT64_MAX;
        }
    }
    pthread_mutex_unlock(&connections->lock);
}
