/* How libmicrohttpd drives a request:
 *
 *   on_connection STARTED   a connection gets its deadline for a first request head
 *   on_target               the request line is there: the request begins, with the raw target
 *   on_request, first call  the head is there: guards; a request with a body is refused at once
 *   on_request, next call   the response kept for it, or dispatch and reply
 *   on_completed            the answer is sent, or the client has gone: log, free
 *   on_connection CLOSED    the connection leaves the list
 *
 * An answer is queued on the second call, as one queued on the first makes libmicrohttpd close the
 * connection. Each listening socket has a daemon of its own. */
#include "daemon.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "connection.h"
#include "dispatch.h"
#include "generation.h"
#include "log.h"
#include "recall.h"
#include "reply.h"
#include "request.h"
#include "response.h"

struct daemon {
    struct service *service;
    struct listen_set *set;
    struct connections connections;
    struct MHD_Daemon *transports[LISTEN_MAX];
    size_t transport_count;
};

static struct connection *connection_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

static void on_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct daemon *daemon = context;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        connections_remove(&daemon->connections, *socket_context);
        *socket_context = NULL;
        return;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info != NULL) {
        int fd = info->connect_fd;
        info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
        *socket_context =
            connections_add(&daemon->connections, fd, info == NULL ? NULL : info->client_addr,
                            daemon->service->head_timeout_s, daemon->service->idle_timeout_s);
    }
}

static void *on_target(void *context, const char *target, struct MHD_Connection *connection)
{
    (void)connection;
    struct daemon *daemon = context;
    return request_new(target, daemon->service);
}

static int make_answer(struct request *request, struct MHD_Connection *connection)
{
    struct answer answer = {.last_modified_s = -1};
    dispatch(request, &answer);
    int result = reply_send(request, &answer, connection);
    answer_clear(&answer);
    return result;
}

static enum MHD_Result answer_request(struct request *request, struct MHD_Connection *connection)
{
    request->generation = generations_acquire(request->service->generations);
    struct response *kept = recall_target(request);
    int result =
        kept != NULL ? response_send(kept, request, connection) : make_answer(request, connection);
    generation_release(request->generation);
    request->generation = NULL;
    return result == MHD_YES ? MHD_YES : MHD_NO;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **request_context)
{
    (void)url;
    (void)upload;
    struct daemon *daemon = context;
    struct request *request = *request_context;
    if (request == NULL) {
        return MHD_NO; /* there was no memory for it */
    }
    if (!request->head_read) {
        request_read_head(request, connection, method, version);
        atomic_fetch_add(&daemon->service->active, 1);
        request->connection = connection_of(connection);
        connection_extend(request->connection, request->started_us, CONNECTION_SEND_TIMEOUT_S);
        return request->has_body ? answer_request(request, connection) : MHD_YES;
    }
    if (*upload_size != 0) {
        *upload_size = 0;
        return MHD_YES;
    }
    return answer_request(request, connection);
}

static void log_completed(const struct request *request, int64_t now_us)
{
    char id[REQUEST_ID_SIZE];
    request_id_write(request, id);
    log_request(&(struct log_request){
        .id = id,
        .remote = request->connection == NULL ? NULL : request->connection->remote,
        .method = request->method_name,
        .target = request->raw_target,
        .status = (int)request->status,
        .bytes = request->bytes,
        .duration_us = now_us - request->started_us,
    });
}

static void on_completed(void *context, struct MHD_Connection *connection, void **request_context,
                         enum MHD_RequestTerminationCode code)
{
    (void)code;
    struct daemon *daemon = context;
    struct request *request = *request_context;
    if (request == NULL) {
        return;
    }
    if (request->is_corked) {
        connection_cork(request->connection, false);
    }
    int64_t now_us = request_clock_us();
    if (request->status != 0) {
        log_completed(request, now_us);
    }
    if (request->head_read) {
        atomic_fetch_sub(&daemon->service->active, 1);
    }
    request_free(request);
    *request_context = NULL;
    connection_extend(connection_of(connection), now_us, daemon->service->idle_timeout_s);
}

/* The target stays as it is: target.c decodes the raw one. */
static size_t keep_escaped(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

static struct MHD_Daemon *start_transport(struct daemon *daemon, int fd, unsigned threads,
                                          unsigned max_connections)
{
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_USE_TURBO, 0, NULL, NULL, on_request,
        daemon, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE, threads,
        MHD_OPTION_CONNECTION_LIMIT, max_connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        daemon->service->connection_memory, MHD_OPTION_STRICT_FOR_CLIENT, 0,
        MHD_OPTION_UNESCAPE_CALLBACK, keep_escaped, NULL, MHD_OPTION_URI_LOG_CALLBACK, on_target,
        daemon, MHD_OPTION_NOTIFY_COMPLETED, on_completed, daemon, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, daemon, MHD_OPTION_END);
}

bool daemon_start(struct listen_set *set, struct service *service, unsigned threads,
                  unsigned max_connections, struct daemon **ret_daemon, struct message *ret_message)
{
    struct daemon *daemon = calloc(1, sizeof *daemon);
    if (daemon == NULL) {
        return message_set(ret_message, "out of memory");
    }
    daemon->service = service;
    daemon->set = set;
    connections_init(&daemon->connections);
    for (size_t i = 0; i < set->count; i++) {
        struct MHD_Daemon *transport =
            start_transport(daemon, set->listeners[i].fd, threads, max_connections);
        if (transport == NULL) {
            message_set(ret_message,
                        "%s: the transport does not start; allow more threads, memory or open "
                        "files, or ask for fewer --threads or --max-connections",
                        set->listeners[i].name);
            daemon_stop(daemon, 0);
            return false;
        }
        daemon->transports[daemon->transport_count++] = transport;
    }
    *ret_daemon = daemon;
    return true;
}

void daemon_expire(struct daemon *daemon)
{
    connections_expire(&daemon->connections);
}

static void wait_for_requests(struct daemon *daemon, unsigned timeout_s)
{
    static const struct timespec pause = {.tv_nsec = 5000000L};
    int64_t deadline_us = request_clock_us() + (int64_t)timeout_s * 1000000;
    while (atomic_load(&daemon->service->active) > 0 && request_clock_us() < deadline_us) {
        nanosleep(&pause, NULL);
        connections_expire(&daemon->connections);
    }
    unsigned left = atomic_load(&daemon->service->active);
    if (left > 0) {
        log_event(LOG_WARNING, "requests_cut", log_number("count", (int64_t)left));
    }
}

void daemon_stop(struct daemon *daemon, unsigned drain_timeout_s)
{
    if (daemon == NULL) {
        return;
    }
    atomic_store(&daemon->service->stopping, true);
    for (size_t i = 0; i < daemon->transport_count; i++) {
        MHD_quiesce_daemon(daemon->transports[i]);
    }
    listen_stop(daemon->set);
    wait_for_requests(daemon, drain_timeout_s);
    for (size_t i = 0; i < daemon->transport_count; i++) {
        MHD_stop_daemon(daemon->transports[i]);
    }
    connections_destroy(&daemon->connections);
    free(daemon);
}
