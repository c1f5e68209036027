/* The least an HTTP server can do, to measure others by: epoll PORT FILE
 *
 * One thread, level-triggered epoll on 127.0.0.1, keep-alive. Whatever is asked, the answer is what
 * the file holds, head and body as they stand. A request costs one recv and one send.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD_MAX = 4096, EVENTS_MAX = 256, BACKLOG = 1024 };

struct connection {
    int descriptor;
    size_t received; /* of a head that is not complete yet */
    size_t unsent;   /* of the answer, from its end */
    int blocked;     /* waits until more can be sent */
    char head[HEAD_MAX];
};

struct answer {
    char *bytes;
    size_t length;
};

static struct answer read_answer(const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (file < 0 || fstat(file, &about) != 0)
        err(1, "%s", path);
    struct answer answer = {malloc((size_t)about.st_size), (size_t)about.st_size};
    if (answer.bytes == NULL || read(file, answer.bytes, answer.length) != about.st_size)
        err(1, "%s", path);
    close(file);
    return answer;
}

static int listen_on(uint16_t port)
{
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int on = 1;
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, BACKLOG) != 0)
        err(1, "port %u", port);
    return listener;
}

static void watch(int poller, int operation, int descriptor, uint32_t events, void *context)
{
    struct epoll_event event = {.events = events, .data.ptr = context};
    if (epoll_ctl(poller, operation, descriptor, &event) != 0)
        err(1, "epoll_ctl");
}

static void accept_all(int poller, int listener)
{
    for (;;) {
        int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor < 0)
            return;
        int on = 1;
        struct connection *connection = malloc(sizeof *connection);
        if (connection == NULL)
            err(1, "a connection");
        connection->descriptor = descriptor;
        connection->received = connection->unsent = 0;
        connection->blocked = 0;
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(poller, EPOLL_CTL_ADD, descriptor, EPOLLIN, connection);
    }
}

/* False if the connection is of no more use. */
static int send_rest(int poller, struct connection *connection, struct answer answer)
{
    const char *rest = answer.bytes + answer.length - connection->unsent;
    ssize_t sent = send(connection->descriptor, rest, connection->unsent, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN)
        return 0;
    connection->unsent -= sent > 0 ? (size_t)sent : 0;
    int blocked = connection->unsent > 0;
    if (blocked != connection->blocked)
        watch(poller, EPOLL_CTL_MOD, connection->descriptor, blocked ? EPOLLOUT : EPOLLIN,
              connection);
    connection->blocked = blocked;
    return 1;
}

/* Whoever measures asks one thing at a time, so a head ends where what was received ends. */
static int receive(int poller, struct connection *connection, struct answer answer)
{
    ssize_t got = recv(connection->descriptor, connection->head + connection->received,
                       HEAD_MAX - connection->received, 0);
    if (got <= 0)
        return got < 0 && errno == EAGAIN;
    connection->received += (size_t)got;
    const char *end = connection->head + connection->received - 4;
    if (connection->received < 4 || memcmp(end, "\r\n\r\n", 4) != 0)
        return connection->received < HEAD_MAX;
    connection->received = 0;
    connection->unsent = answer.length;
    return send_rest(poller, connection, answer);
}

static void serve(int poller, int listener, struct answer answer)
{
    for (;;) {
        struct epoll_event events[EVENTS_MAX];
        int count = epoll_wait(poller, events, EVENTS_MAX, -1);
        for (int i = 0; i < count; i++) {
            struct connection *connection = events[i].data.ptr;
            if (connection == NULL) {
                accept_all(poller, listener);
                continue;
            }
            int useful = connection->blocked ? send_rest(poller, connection, answer)
                                             : receive(poller, connection, answer);
            if (!useful) {
                close(connection->descriptor);
                free(connection);
            }
        }
    }
}

int main(int argc, char **argv)
{
    if (argc != 3)
        errx(2, "usage: epoll PORT FILE");
    struct answer answer = read_answer(argv[2]);
    int listener = listen_on((uint16_t)strtoul(argv[1], NULL, 10));
    int poller = epoll_create1(EPOLL_CLOEXEC);
    if (poller < 0)
        err(1, "epoll");
    watch(poller, EPOLL_CTL_ADD, listener, EPOLLIN, NULL);
    serve(poller, listener, answer);
}
