/* A thread keeps one connection and asks for one target. The helpers of the other tests fail a test
 * by a jump that only its own thread can make, so there is a small client here that only notes what
 * is wrong. */
#include "load.h"

#include "../support/check.h"
#include "../support/deadline.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { THREADS_MAX = 16, REPLY_MAX = 4 * 1024 * 1024, RECEIVE_TIMEOUT_S = 60 };

struct client {
    struct load *load;
    size_t target;
    pthread_t thread;
    int fd;
    char etag[128]; /* of the last whole answer */
    char *bytes;    /* REPLY_MAX + 1 */
};

struct load {
    struct load_options options;
    struct sockaddr_in address;
    struct client clients[THREADS_MAX];
    size_t count;
    atomic_bool stops;
    atomic_size_t answers;
    atomic_size_t not_modified;
    atomic_size_t refusals;
    pthread_mutex_t lock;
    char error[LOAD_ERROR_SIZE];
};

static void note_error(struct client *client, const char *error)
{
    struct load *load = client->load;
    pthread_mutex_lock(&load->lock);
    if (load->error[0] == '\0') {
        snprintf(load->error, sizeof load->error, "%s: %.1900s",
                 load->options.targets[client->target], error);
    }
    pthread_mutex_unlock(&load->lock);
    atomic_store(&load->stops, true);
}

static bool client_connect(struct client *client)
{
    struct timeval limit = {.tv_sec = RECEIVE_TIMEOUT_S};
    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client->fd < 0) {
        return false;
    }
    (void)setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    (void)setsockopt(client->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    const struct sockaddr_in *address = &client->load->address;
    return connect(client->fd, (const struct sockaddr *)address, sizeof *address) == 0;
}

static void copy_field(const char *head, const char *name, char *ret_value, size_t size)
{
    const char *field = strcasestr(head, name);
    const char *value = field == NULL ? "" : field + strlen(name);
    value += strspn(value, " ");
    snprintf(ret_value, size, "%.*s", (int)strcspn(value, "\r"), value);
}

/* Reads one whole reply. Returns NULL, or what went wrong. */
static const char *receive(struct client *client, struct load_reply *reply)
{
    size_t length = 0;
    size_t wanted = REPLY_MAX;
    const char *body = NULL;
    while (length < wanted) {
        ssize_t got = recv(client->fd, client->bytes + length, wanted - length, 0);
        if (got <= 0) {
            return got == 0 ? "the connection was closed in mid-reply" : strerror(errno);
        }
        length += (size_t)got;
        client->bytes[length] = '\0';
        char *end = body == NULL ? strstr(client->bytes, "\r\n\r\n") : NULL;
        if (end != NULL) {
            char number[32];
            body = end + 4;
            end[2] = '\0';
            reply->status = (int)strtol(client->bytes + strcspn(client->bytes, " "), NULL, 10);
            copy_field(client->bytes, "\r\nETag:", reply->etag, sizeof reply->etag);
            copy_field(client->bytes, "\r\nContent-Length:", number, sizeof number);
            wanted = (size_t)(body - client->bytes) +
                     (reply->status == 304 ? 0 : strtoul(number, NULL, 10));
        }
        if (wanted > REPLY_MAX) {
            return "the reply is too long";
        }
    }
    if (reply->status != 304) {
        reply->json =
            json_loadb(body, length - (size_t)(body - client->bytes), JSON_REJECT_DUPLICATES, NULL);
        return reply->json == NULL ? "the body is not JSON" : NULL;
    }
    return NULL;
}

static const char *ask(struct client *client, bool conditional, struct load_reply *reply)
{
    char request[1024];
    bool has_tag = conditional && client->etag[0] != '\0';
    int length =
        snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: test\r\n%s%s%s\r\n",
                 client->load->options.targets[client->target], has_tag ? "If-None-Match: " : "",
                 has_tag ? client->etag : "", has_tag ? "\r\n" : "");
    if (send(client->fd, request, (size_t)length, MSG_NOSIGNAL) != length) {
        return strerror(errno);
    }
    const char *error = receive(client, reply);
    if (error == NULL && reply->status == 304 &&
        (!has_tag || strcmp(reply->etag, client->etag) != 0)) {
        return "a 304 that was not called for";
    }
    return error;
}

static void judge(struct client *client, const struct load_reply *reply)
{
    struct load *load = client->load;
    char error[LOAD_ERROR_SIZE] = "";
    atomic_fetch_add(&load->answers, 1);
    if (reply->status == 304) {
        atomic_fetch_add(&load->not_modified, 1);
        if (load->options.phase == NULL) {
            return;
        }
    }
    if (!load->options.accept(load->options.context, reply, error)) {
        note_error(client, error);
    }
    if (reply->status >= 500) {
        atomic_fetch_add(&load->refusals, 1);
    }
    if (reply->status == 200) {
        memcpy(client->etag, reply->etag, sizeof client->etag);
    }
}

static void *run(void *context)
{
    struct client *client = context;
    if (!client_connect(client)) {
        note_error(client, strerror(errno));
    }
    for (size_t i = 0; !atomic_load(&client->load->stops); i++) {
        const atomic_int *phase = client->load->options.phase;
        struct load_reply reply = {.target = client->target,
                                   .phase = phase == NULL ? 0 : atomic_load(phase)};
        const char *error = ask(client, i % 2 == 1, &reply);
        if (error != NULL) {
            note_error(client, error);
        } else {
            judge(client, &reply);
        }
        json_decref(reply.json);
        deadline_pause_ms(1); /* others are to get on as well */
    }
    if (client->fd >= 0) {
        close(client->fd);
    }
    return NULL;
}

struct load *load_start(const struct load_options *options)
{
    struct load *load = calloc(1, sizeof *load);
    assert_non_null(load);
    load->options = *options;
    pthread_mutex_init(&load->lock, NULL);
    const char *port = strrchr(options->daemon->address, ':');
    load->address.sin_family = AF_INET;
    load->address.sin_port = htons((uint16_t)strtoul(port + 1, NULL, 10));
    load->address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    json_object_seed(0);
    for (; options->targets[load->count] != NULL; load->count++) {
        assert_true(load->count < THREADS_MAX);
        struct client *client = &load->clients[load->count];
        *client = (struct client){.load = load, .target = load->count, .fd = -1};
        client->bytes = malloc(REPLY_MAX + 1);
        assert_non_null(client->bytes);
        assert_int_equal(pthread_create(&client->thread, NULL, run, client), 0);
    }
    return load;
}

size_t load_answers(struct load *load)
{
    return atomic_load(&load->answers);
}

void load_wait(struct load *load, size_t answers)
{
    size_t wanted = load_answers(load) + answers;
    int64_t deadline = deadline_after_ms(6 * DEADLINE_USUAL_MS);
    while (load_answers(load) < wanted && !atomic_load(&load->stops)) {
        if (deadline_passed(deadline)) {
            fail_msg("the server has stopped answering");
        }
        deadline_pause_ms(5);
    }
}

struct load_result load_stop(struct load *load)
{
    atomic_store(&load->stops, true);
    for (size_t i = 0; i < load->count; i++) {
        pthread_join(load->clients[i].thread, NULL);
        free(load->clients[i].bytes);
    }
    struct load_result result = {
        .answers = atomic_load(&load->answers),
        .not_modified = atomic_load(&load->not_modified),
        .refusals = atomic_load(&load->refusals),
    };
    memcpy(result.error, load->error, sizeof result.error);
    pthread_mutex_destroy(&load->lock);
    free(load);
    return result;
}
