#include "serving.h"

#include "../support/check.h"
#include "../support/deadline.h"
#include "../support/folder.h"
#include "daemon.h"
#include "generation.h"
#include "response.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LAKESIDE TESTS_DIR "/fixtures/records/lakeside-2020.json"
#define POND TESTS_DIR "/fixtures/records/pond-2021.json"

static void publish(const char *path, const char *record_path, char ret_revision[17])
{
    json_t *record = NULL;
    json_t *problems = NULL;
    struct summit_publication publication;
    assert_int_equal(summit_record_load(record_path, &record, &problems, NULL), SUMMIT_OK);
    assert_int_equal(summit_publish(path, &record, 1, 0, &publication, &problems, NULL), SUMMIT_OK);
    json_decref(record);
    memcpy(ret_revision, publication.revision, sizeof publication.revision);
}

/* What is logged goes to a file, to be looked at in the end; what cmocka says does not. */
static void divert_log(const char *path)
{
    static bool diverted;
    if (!diverted) {
        stderr = fdopen(fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10), "w");
        assert_non_null(stderr);
        setvbuf(stderr, NULL, _IONBF, 0);
        diverted = true;
    }
    int log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    assert_true(log >= 0);
    assert_true(dup2(log, STDERR_FILENO) >= 0);
    close(log);
}

int server_set_up(void **state)
{
    static struct server server;
    server = (struct server){.folder = folder_new(), .cache_size = 1 << 20};
    server.database = folder_join(server.folder, "summit.db");
    server.other = folder_join(server.folder, "other.db");
    server.place = folder_join(server.folder, "place.db");
    server.log = folder_join(server.folder, "log");
    publish(server.database, LAKESIDE, server.revision);
    publish(server.other, POND, server.other_revision);
    divert_log(server.log);
    *state = &server;
    return 0;
}

/* Every line of the log is whole, whatever there was memory for. */
static void check_log(const char *path)
{
    char *log = file_read(path, NULL);
    char *rest = log;
    for (char *line = strsep(&rest, "\n"); line != NULL && rest != NULL;
         line = strsep(&rest, "\n")) {
        json_error_t error;
        json_t *event = json_loads(line, JSON_REJECT_DUPLICATES, &error);
        if (!json_is_string(json_object_get(event, "event"))) {
            fail_msg("the log has the line: %s", line);
        }
        json_decref(event);
    }
    free(log);
}

int server_tear_down(void **state)
{
    struct server *server = *state;
    check_log(server->log);
    free(server->database);
    free(server->other);
    free(server->place);
    free(server->log);
    folder_remove(server->folder);
    return 0;
}

enum summit_status server_start(void *context)
{
    struct server *server = context;
    struct message message = {{0}};
    struct listen_address address;
    server->service =
        (struct service){.connection_memory = 8192, .head_timeout_s = 60, .idle_timeout_s = 60};
    server->generations = NULL;
    server->daemon = NULL;
    server->set.count = 0;
    enum summit_status status = SUMMIT_NOMEM;
    if (listen_address_parse("127.0.0.1:0", &address, &message) &&
        listen_open(&address, 1, &server->set, &message)) {
        response_allow_files(SIZE_MAX);
        status = generations_open(server->database, 2, 0, server->cache_size, &server->generations,
                                  &message);
    }
    server->service.generations = server->generations;
    if (status == SUMMIT_OK &&
        !daemon_start(&server->set, &server->service, 1, 16, &server->daemon, &message)) {
        status = SUMMIT_NOMEM;
    }
    assert_true(status == SUMMIT_OK || message.text[0] != '\0');
    return status;
}

void server_stop(void *context, enum summit_status status)
{
    struct server *server = context;
    assert_true((server->daemon != NULL) == (status == SUMMIT_OK));
    daemon_stop(server->daemon, 0);
    generations_close(server->generations);
    listen_close(&server->set);
}

void server_forget(struct server *server)
{
    struct message message;
    generations_close(server->generations);
    assert_int_equal(generations_open(server->database, 2, 0, server->cache_size,
                                      &server->generations, &message),
                     SUMMIT_OK);
    server->service.generations = server->generations;
}

const char *request_name(const char *request)
{
    static char name[128];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(request, "\r"), request);
    return name;
}

/* Waits until the server is done with what it was asked. */
static void wait_idle(struct server *server)
{
    int64_t deadline = deadline_after_ms(DEADLINE_USUAL_MS);
    while (atomic_load(&server->service.active) > 0) {
        assert_false(deadline_passed(deadline));
        deadline_pause_ms(1);
    }
}

struct http_reply *server_ask(struct server *server, const char *request)
{
    struct http_reply *reply = client_ask(server->set.listeners[0].name, request);
    wait_idle(server);
    return reply;
}

static bool same_field(const struct http_reply *a, const struct http_reply *b, const char *name)
{
    const char *first = http_header(a, name);
    const char *second = http_header(b, name);
    return first == NULL || second == NULL ? first == second : strcmp(first, second) == 0;
}

bool reply_is_same(const struct http_reply *reply, const struct http_reply *expected)
{
    static const char *const names[] = {"ETag", "Content-Type", "Content-Encoding", "Cache-Control",
                                        "Link"};
    bool same = reply->status == expected->status && reply->header_count == expected->header_count;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        same = same && same_field(reply, expected, names[i]);
    }
    if (expected->json == NULL || expected->status < 400) {
        return same && reply->body_length == expected->body_length &&
               memcmp(reply->body, expected->body, reply->body_length) == 0;
    }
    json_t *id = json_object_get(expected->json, "request_id");
    json_auto_t *others = json_deep_copy(reply->json);
    return same && json_object_set(others, "request_id", id) == 0 &&
           json_equal(others, expected->json);
}

void reply_check_shortage(const struct http_reply *reply, const char *request)
{
    static const char *const texts[] = {"type", "title", "detail", "instance", "request_id"};
    bool well_formed = (reply->status == 500 || reply->status == 503) &&
                       json_object_size(reply->json) == 6 &&
                       json_integer_value(json_object_get(reply->json, "status")) == reply->status;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        well_formed = well_formed && json_is_string(json_object_get(reply->json, texts[i]));
    }
    bool has_fields = well_formed &&
                      strcmp(http_header(reply, "Content-Type"), "application/problem+json") == 0 &&
                      strcmp(http_header(reply, "Cache-Control"), "no-store") == 0 &&
                      (reply->status == 500) == (http_header(reply, "Retry-After") == NULL);
    if (!has_fields && strncmp(request, "HEAD ", 5) != 0) {
        fail_msg("%s is answered: %d %s", request_name(request), reply->status, reply->body);
    }
}
