/* Memory that runs out in the server: when it starts, when another database comes into place, and
 * during a request, for which the server runs in this process and is asked over a socket. */
#include "../support/check.h"
#include "../support/deadline.h"
#include "../support/folder.h"
#include "alloc.h"
#include "client.h"
#include "daemon.h"
#include "generation.h"
#include "listen.h"
#include "log.h"
#include "memory.h"
#include "requests.h"
#include "service.h"
#include "summit.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LAKESIDE TESTS_DIR "/fixtures/records/lakeside-2020.json"
#define POND TESTS_DIR "/fixtures/records/pond-2021.json"

struct server {
    char *folder;
    char *database;
    char *other; /* a database of another revision */
    char *place; /* where the one takes the place of the other */
    char *log;
    struct listen_set set;
    struct generations *generations;
    struct service service;
    struct daemon *daemon;
    char revision[17];
    char other_revision[17];
};

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

static int set_up(void **state)
{
    static struct server server;
    server = (struct server){.folder = folder_new()};
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

static int tear_down(void **state)
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

static enum summit_status start(void *context)
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
        status = generations_open(server->database, 2, 0, 1 << 20, &server->generations, &message);
    }
    server->service.generations = server->generations;
    if (status == SUMMIT_OK &&
        !daemon_start(&server->set, &server->service, 1, 16, &server->daemon, &message)) {
        status = SUMMIT_NOMEM;
    }
    assert_true(status == SUMMIT_OK || message.text[0] != '\0');
    return status;
}

static void stop(void *context, enum summit_status status)
{
    struct server *server = context;
    assert_true((server->daemon != NULL) == (status == SUMMIT_OK));
    daemon_stop(server->daemon, 0);
    generations_close(server->generations);
    listen_close(&server->set);
}

static void starting(void **state)
{
    struct operation operation = {
        .name = "start",
        .run = start,
        .check = stop,
    };
    operation_fail_all(&operation, *state);
}

static void put_other(void *context)
{
    struct server *server = context;
    struct message message;
    file_replace_by_copy(server->place, server->database);
    assert_int_equal(generations_open(server->place, 2, 0, 1 << 20, &server->generations, &message),
                     SUMMIT_OK);
    file_replace_by_copy(server->place, server->other);
}

static bool serves(const struct server *server, const char *revision)
{
    struct generation_state state;
    generations_state(server->generations, &state);
    return strcmp(state.revision, revision) == 0;
}

static enum summit_status refresh(void *context)
{
    struct server *server = context;
    generations_refresh(server->generations, false);
    return serves(server, server->other_revision) ? SUMMIT_OK : SUMMIT_NOMEM;
}

/* Without memory the old database goes on being served; with it, the new one is without a signal.
 */
static void check_refreshed(void *context, enum summit_status status)
{
    struct server *server = context;
    if (status != SUMMIT_OK) {
        struct generation_state state;
        generations_state(server->generations, &state);
        assert_true(serves(server, server->revision));
        assert_true(state.is_stale);
        assert_string_equal(state.reason, "unreadable");
        generations_refresh(server->generations, false);
        assert_true(serves(server, server->other_revision));
    }
    generations_close(server->generations);
}

static void taking_up_another_database(void **state)
{
    struct operation operation = {
        .name = "refresh",
        .prepare = put_other,
        .run = refresh,
        .check = check_refreshed,
        .each_way = true,
    };
    operation_fail_all(&operation, *state);
}

/* The first line of a request. */
static const char *name_of(const char *request)
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

static bool same_field(const struct http_reply *a, const struct http_reply *b, const char *name)
{
    const char *first = http_header(a, name);
    const char *second = http_header(b, name);
    return first == NULL || second == NULL ? first == second : strcmp(first, second) == 0;
}

/* The very answer there is without a failure, but for the request's own id. */
static bool is_same(const struct http_reply *reply, const struct http_reply *expected)
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

static void check_shortage(const struct http_reply *reply, const char *request)
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
        fail_msg("%s is answered: %d %s", name_of(request), reply->status, reply->body);
    }
}

struct tally {
    size_t count;
    size_t closed;
    size_t refused;
};

/* Asks once with an allocation failing, then without. Returns whether one failed. */
static bool ask_with_failure(struct server *server, const char *request,
                             const struct http_reply *expected, int64_t index, enum alloc_mode mode,
                             struct tally *tally)
{
    const char *address = server->set.listeners[0].name;
    alloc_arm(index, mode);
    struct http_reply *reply = client_ask(address, request);
    wait_idle(server);
    bool injected = alloc_disarm();
    tally->count += injected;
    tally->closed += reply == NULL;
    if (reply == NULL ? !injected : !injected && !is_same(reply, expected)) {
        fail_msg("%s: wrong without a failure", name_of(request));
    }
    if (reply != NULL && !is_same(reply, expected)) {
        check_shortage(reply, request);
        tally->refused++;
    }
    http_reply_free(reply);
    reply = client_ask(address, request);
    if (reply == NULL || !is_same(reply, expected)) {
        fail_msg("%s: after allocation %lld failed, the next answer is %s", name_of(request),
                 (long long)index, reply == NULL ? "none" : reply->body);
    }
    http_reply_free(reply);
    return injected;
}

static void fail_request(struct server *server, const char *request, enum alloc_mode mode)
{
    const char *variable = getenv("FAULT_STEP");
    int64_t step = variable == NULL ? 1 : (int64_t)strtoul(variable, NULL, 10);
    const char *address = server->set.listeners[0].name;
    http_reply_free(client_ask(address, request));
    struct http_reply *expected = client_ask(address, request);
    assert_non_null(expected);
    wait_idle(server);
    struct tally tally = {.count = 0};
    bool injected = true;
    for (int64_t i = 0; injected; i += step) {
        injected = ask_with_failure(server, request, expected, i, mode, &tally);
    }
    print_message("# %s: %d; %zu allocations failed%s: %zu times closed, %zu times refused\n",
                  name_of(request), expected->status, tally.count,
                  mode == ALLOC_ONCE ? "" : " with all after", tally.closed, tally.refused);
    http_reply_free(expected);
}

static void fail_requests(struct server *server, const char *const *texts, size_t count)
{
    alloc_spare_this_thread();
    int64_t live = alloc_live();
    assert_int_equal(start(server), SUMMIT_OK);
    for (size_t i = 0; i < count; i++) {
        fail_request(server, texts[i], ALLOC_ONCE);
        fail_request(server, texts[i], ALLOC_FROM_ON);
    }
    stop(server, SUMMIT_OK);
    (void)sqlite3_shutdown();
    assert_int_equal(alloc_live(), live);
}

static void answering(void **state)
{
    fail_requests(*state, requests, sizeof requests / sizeof requests[0]);
}

static void answering_with_rows(void **state)
{
    fail_requests(*state, row_requests, sizeof row_requests / sizeof row_requests[0]);
}

/* Runs the test that the argument names, or all. */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(starting, set_up, tear_down),
        cmocka_unit_test_setup_teardown(taking_up_another_database, set_up, tear_down),
        cmocka_unit_test_setup_teardown(answering, set_up, tear_down),
        cmocka_unit_test_setup_teardown(answering_with_rows, set_up, tear_down),
    };
    alloc_install();
    log_open(LOG_FORMAT_JSON, LOG_ACCESS_ON);
    cmocka_set_test_filter(argc > 1 ? argv[1] : NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
