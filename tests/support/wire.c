#include "wire.h"

#include "check.h"
#include "deadline.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int connect_unix(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    assert_true(strlen(path) < sizeof address.sun_path);
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        fail_msg("can't connect to %s: %s", path, strerror(errno));
    }
    return fd;
}

/* `place` is HOST:PORT or [IPV6]:PORT. */
static int connect_tcp(const char *place)
{
    char host[128];
    const char *colon = strrchr(place, ':');
    assert_non_null(colon);
    size_t start = *place == '[' ? 1 : 0;
    size_t length = (size_t)(colon - place) - 2 * start;
    assert_true(length < sizeof host);
    memcpy(host, place + start, length);
    host[length] = '\0';
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST};
    struct addrinfo *found = NULL;
    assert_int_equal(getaddrinfo(host, colon + 1, &hints, &found), 0);
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    int status = connect(fd, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    if (status != 0) {
        fail_msg("can't connect to %s: %s", place, strerror(errno));
    }
    return fd;
}

struct wire wire_open(const struct daemon *daemon)
{
    struct wire wire = {.fd = -1};
    if (strncmp(daemon->address, "unix:", 5) == 0) {
        wire.fd = connect_unix(daemon->address + 5);
    } else {
        wire.fd = connect_tcp(daemon->address + strlen("http://"));
    }
    wire.received = calloc(1, 1);
    assert_non_null(wire.received);
    return wire;
}

bool wire_send(struct wire *wire, const void *bytes, size_t length)
{
    const char *at = bytes;
    int64_t deadline = deadline_after_ms(DEADLINE_USUAL_MS);
    while (length > 0) {
        ssize_t sent = send(wire->fd, at, length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) {
            at += sent;
            length -= (size_t)sent;
        } else if (errno == EAGAIN) {
            struct pollfd ready = {.fd = wire->fd, .events = POLLOUT};
            if (poll(&ready, 1, deadline_left_ms(deadline)) == 0) {
                fail_msg("the server does not take what is sent");
            }
        } else {
            return false;
        }
    }
    return true;
}

bool wire_send_text(struct wire *wire, const char *text)
{
    return wire_send(wire, text, strlen(text));
}

/* Reads what there is, waiting for it until the deadline. */
static void read_more(struct wire *wire, int64_t deadline)
{
    struct pollfd ready = {.fd = wire->fd, .events = POLLIN};
    if (poll(&ready, 1, deadline_left_ms(deadline)) == 0) {
        fail_msg("the server neither answers nor closes; received: %.200s", wire->received);
    }
    enum { PART = 65536 };
    char *grown = realloc(wire->received, wire->length + PART + 1);
    assert_non_null(grown);
    wire->received = grown;
    ssize_t got = recv(wire->fd, grown + wire->length, PART, 0);
    if (got > 0) {
        wire->length += (size_t)got;
    } else {
        wire->ended = true;
    }
    grown[wire->length] = '\0';
}

struct http_reply *wire_read_reply(struct wire *wire, bool is_head)
{
    int64_t deadline = deadline_after_ms(DEADLINE_USUAL_MS);
    for (;;) {
        size_t used = 0;
        struct http_reply *reply = http_reply_parse(wire->received, wire->length, is_head, &used);
        if (reply != NULL) {
            wire->length -= used;
            memmove(wire->received, wire->received + used, wire->length + 1);
            return reply;
        }
        if (wire->ended) {
            if (wire->length > 0) {
                fail_msg("a reply was cut off: %.200s", wire->received);
            }
            return NULL;
        }
        read_more(wire, deadline);
    }
}

bool wire_has_news(struct wire *wire, int span_ms)
{
    struct pollfd ready = {.fd = wire->fd, .events = POLLIN};
    return wire->ended || wire->length > 0 || poll(&ready, 1, span_ms) > 0;
}

void wire_read_to_end(struct wire *wire)
{
    int64_t deadline = deadline_after_ms(DEADLINE_USUAL_MS);
    while (!wire->ended) {
        read_more(wire, deadline);
    }
}

void wire_close(struct wire *wire)
{
    if (wire->fd >= 0) {
        close(wire->fd);
        wire->fd = -1;
    }
    free(wire->received);
    wire->received = NULL;
    wire->length = 0;
}
