/* Starting, becoming nobody, and stopping with work in hand. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "deadline.h"
#include "folder.h"
#include "http.h"
#include "process.h"
#include "wire.h"

#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char request[] = "GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n";

/* Waits until the daemon says that it is stopping. */
static void wait_until_stopping(const struct daemon *daemon)
{
    TEXT *log = daemon_log(daemon);
    int64_t deadline = deadline_after_ms(DEADLINE_USUAL_MS);
    while (strstr(log, "\"event\":\"stopping\"") == NULL) {
        assert_false(deadline_passed(deadline));
        deadline_pause_ms(5);
        text_release(&log);
        log = daemon_log(daemon);
    }
}

static void signals_stop_it(void **state)
{
    static const int signals[] = {SIGTERM, SIGINT};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct daemon *daemon = daemon_start(NULL);
        daemon_signal(daemon, signals[i]);
        assert_int_equal(daemon_wait_exit(daemon), 0);
        daemon_expect_event(daemon, "stopping");
        daemon_expect_event(daemon, "stopped");
        daemon_free(daemon);
    }
}

/* A client that is at rest between two requests does not hold up the end. */
static void kept_connections_do_not_delay_the_end(void **state)
{
    (void)state;
    struct daemon_options options = {.args =
                                         WORDS("--drain-timeout", "60", "--idle-timeout", "60")};
    struct daemon *daemon = daemon_start(&options);
    WIRE rested = wire_open(daemon);
    WIRE silent = wire_open(daemon);
    assert_true(wire_send_text(&rested, request));
    HTTP_REPLY *reply = wire_read_reply(&rested, false);
    assert_non_null(reply);
    daemon_signal(daemon, SIGTERM);
    assert_null(wire_read_reply(&rested, false));
    wire_read_to_end(&silent);
    assert_int_equal(daemon_wait_exit(daemon), 0);
    daemon_free(daemon);
}

/* Clients that have sent half a head have asked for nothing, and do not delay the end. */
static void half_a_head_delays_nothing(void **state)
{
    (void)state;
    struct daemon_options options = {.args = WORDS("--drain-timeout", "300")};
    struct daemon *daemon = daemon_start(&options);
    struct wire wires[8];
    for (size_t i = 0; i < 8; i++) {
        wires[i] = wire_open(daemon);
        assert_true(wire_send_text(&wires[i], "GET /v1/summits HTTP/1.1\r\nHo"));
    }
    deadline_pause_ms(200);
    daemon_signal(daemon, SIGTERM);
    assert_int_equal(daemon_wait_exit(daemon), 0); /* fails long before the drain timeout */
    char *log = daemon_log(daemon);
    assert_null(strstr(log, "requests_cut"));
    free(log);
    for (size_t i = 0; i < 8; i++) {
        wire_close(&wires[i]);
    }
    daemon_free(daemon);
}

/* A record whose statements together are more than a socket's buffers hold. */
static char *long_record(const char *folder)
{
    enum { STATEMENTS = 200, TEXT_BYTES = 2000 };
    char text[TEXT_BYTES + 1];
    memset(text, 'x', TEXT_BYTES);
    text[TEXT_BYTES] = '\0';
    json_auto_t *record = json_load_file(POND, 0, NULL);
    json_t *statements = json_object_get(record, "statements");
    for (size_t i = 0; i < STATEMENTS; i++) {
        json_t *statement = json_deep_copy(json_array_get(statements, 0));
        TEXT *id = text_of("pond-2021-long-%zu", i);
        json_object_set_new(statement, "id", json_string(id));
        json_object_set_new(statement, "text", json_string(text));
        json_array_append_new(statements, statement);
    }
    char *path = folder_join(folder, "long.json");
    assert_int_equal(json_dump_file(record, path, 0), 0);
    return path;
}

/* Starts a daemon that is then stuck in the middle of a reply to a client that does not read. Over
 * a Unix socket, since TCP's buffers grow to any size. */
static struct daemon *start_stuck(char *folder, const char *drain_timeout, struct wire *ret_wire)
{
    TEXT *record = long_record(folder);
    TEXT *listen = text_of("unix:%s/socket", folder);
    struct daemon_options options = {
        .listen = listen,
        .files = WORDS(record),
        .args = WORDS("--drain-timeout", drain_timeout, "--idle-timeout", "60"),
    };
    struct daemon *daemon = daemon_start(&options);
    *ret_wire = wire_open(daemon);
    assert_true(
        wire_send_text(ret_wire, "GET /v1/statements?limit=200 HTTP/1.1\r\nHost: x\r\n\r\n"));
    int64_t deadline = deadline_after_ms(DEADLINE_USUAL_MS);
    assert_true(wire_has_news(ret_wire, deadline_left_ms(deadline)));
    deadline_pause_ms(300);
    return daemon;
}

/* The reply that a slow reader is being sent is finished before the end. */
static void a_reply_in_flight_is_finished(void **state)
{
    *state = folder_new();
    WIRE wire = {.fd = -1};
    struct daemon *daemon = start_stuck(*state, "60", &wire);
    daemon_signal(daemon, SIGTERM);
    wait_until_stopping(daemon);
    HTTP_REPLY *reply = wire_read_reply(&wire, false); /* fails if it is cut off */
    assert_non_null(reply);
    assert_int_equal(reply->status, 200);
    assert_true(reply->body_length > 400000);
    assert_non_null(reply->json);
    assert_null(wire_read_reply(&wire, false));
    assert_int_equal(daemon_wait_exit(daemon), 0);
}

/* A reader that never reads is waited for only so long. */
static void the_drain_has_a_deadline(void **state)
{
    *state = folder_new();
    WIRE wire = {.fd = -1};
    struct daemon *daemon = start_stuck(*state, "1", &wire);
    daemon_signal(daemon, SIGTERM);
    assert_int_equal(daemon_wait_exit(daemon), 0);
}

static void more_signals_while_stopping_are_harmless(void **state)
{
    *state = folder_new();
    WIRE wire = {.fd = -1};
    struct daemon *daemon = start_stuck(*state, "2", &wire);
    daemon_signal(daemon, SIGTERM);
    wait_until_stopping(daemon);
    daemon_signal(daemon, SIGHUP);
    daemon_signal(daemon, SIGTERM);
    assert_int_equal(daemon_wait_exit(daemon), 0);
}

static int remove_folder(void **state)
{
    (void)daemon_free_all(NULL);
    folder_remove(*state);
    *state = NULL;
    return 0;
}

/* The numbers of the line "Uid:" or "Gid:" of /proc/PID/status. */
static void read_ids(pid_t pid, const char *name, unsigned ids[4])
{
    TEXT *path = text_of("/proc/%ld/status", (long)pid);
    TEXT *status = file_read(path, NULL);
    const char *line = strstr(status, name);
    assert_non_null(line);
    assert_int_equal(sscanf(line + strlen(name), "%u %u %u %u", &ids[0], &ids[1], &ids[2], &ids[3]),
                     4);
}

static void check_user(const struct daemon_options *options, const char *name)
{
    const struct passwd *user = getpwnam(name);
    assert_non_null(user);
    struct daemon *daemon = daemon_start(options);
    unsigned ids[4];
    read_ids(daemon->pid, "\nUid:", ids);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(ids[i], user->pw_uid);
    }
    read_ids(daemon->pid, "\nGid:", ids);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(ids[i], user->pw_gid);
    }
    TEXT *path = text_of("/proc/%ld/status", (long)daemon->pid);
    TEXT *status = file_read(path, NULL);
    assert_non_null(strstr(status, "\nCapEff:\t0000000000000000\n"));
    TEXT *log = daemon_log(daemon);
    TEXT *said = text_of("\"user\":\"%s\"", name);
    assert_non_null(strstr(log, "\"event\":\"serving_as\""));
    assert_non_null(strstr(log, said));
    HTTP_REPLY *reply = http_get(daemon, "/v1/summits");
    assert_int_equal(reply->status, 200);
    http_disconnect();
    daemon_stop(daemon);
}

static void root_becomes_nobody(void **state)
{
    (void)state;
    if (geteuid() != 0) {
        skip();
    }
    check_user(NULL, "nobody");
}

static void root_becomes_whom_it_is_told(void **state)
{
    (void)state;
    if (geteuid() != 0 || getpwnam("daemon") == NULL) {
        skip();
    }
    struct daemon_options by_option = {.args = WORDS("-u", "daemon")};
    check_user(&by_option, "daemon");
    struct daemon_options by_variable = {.env = WORDS("SUMMITD_USER=daemon")};
    check_user(&by_variable, "daemon");
    struct daemon_options both = {.args = WORDS("--user", "nobody"),
                                  .env = WORDS("SUMMITD_USER=daemon")};
    check_user(&both, "nobody");
}

/* Lines of valgrind, and of gcov when a server that became nobody may not write its counts. */
static bool is_of_a_tool(const char *line)
{
    return strncmp(line, "==", 2) == 0 || strncmp(line, "profiling:", 10) == 0;
}

/* The one line that a start that failed leaves for people. */
static char *complaint(struct daemon *daemon)
{
    assert_int_equal(daemon_wait_exit(daemon), 1);
    TEXT *log = daemon_log(daemon);
    char *rest = log;
    char *found = NULL;
    for (char *line = strtok_r(rest, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        if (strncmp(line, "summitd: ", 9) == 0) {
            assert_null(found);
            found = text_of("%s", line);
        } else if (*line != '{' && !is_of_a_tool(line)) {
            fail_msg("neither log nor complaint: %s", line);
        }
    }
    assert_non_null(found);
    return found;
}

static void starts_that_fail_say_why(void **state)
{
    (void)state;
    struct daemon *first = daemon_start(NULL);
    const char *taken = first->address + strlen("http://");
    TEXT *no_folder = folder_join(first->folder, "none");
    TEXT *no_socket_folder = text_of("unix:%s/none/socket", first->folder);
    TEXT *foreign = folder_new();
    TEXT *foreign_database = folder_join(foreign, "summit.db");
    file_write(foreign_database, "not a database, and longer than its header would be", 51);
    struct {
        struct daemon_options options;
        const char *says;
    } cases[] = {
        {{.listen = taken}, strrchr(taken, ':') + 1},
        {{.folder = no_folder}, no_folder},
        {{.listen = no_socket_folder}, no_socket_folder + 5},
        {{.folder = foreign}, foreign_database},
        {{.listen = "192.0.2.1:0"}, "192.0.2.1"},
        {{.listen = "no-such-host.invalid:0"}, "no-such-host.invalid"},
        {{.args = WORDS("-u", "no-such-user")}, "no-such-user"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct daemon *daemon = daemon_launch(&cases[i].options);
        TEXT *line = complaint(daemon);
        if (strstr(line, cases[i].says) == NULL) {
            fail_msg("does not name %s: %s", cases[i].says, line);
        }
        daemon_free(daemon);
    }
    folder_remove(foreign);
    foreign = NULL;
    daemon_stop(first);
}

static void every_request_is_one_line_of_the_log(void **state)
{
    (void)state;
    struct daemon *daemon = daemon_start(NULL);
    HTTP_REPLY *reply = http_get(daemon, "/v1/areas?limit=3");
    json_auto_t *line = daemon_wait_event(daemon, "request");
    assert_string_equal(json_string_value(json_object_get(line, "method")), "GET");
    assert_string_equal(json_string_value(json_object_get(line, "target")), "/v1/areas?limit=3");
    assert_string_equal(json_string_value(json_object_get(line, "remote")), "127.0.0.1");
    assert_int_equal(json_integer_value(json_object_get(line, "status")), 200);
    assert_int_equal(json_integer_value(json_object_get(line, "bytes")), reply->body_length);
    assert_true(json_is_integer(json_object_get(line, "duration_us")));
    assert_true(json_is_string(json_object_get(line, "id")));
    assert_true(json_is_string(json_object_get(line, "time")));
    http_disconnect();
    daemon_stop(daemon);
}

/* Whatever a client writes, a line of the log stays one line of JSON. */
static void the_log_cannot_be_forged(void **state)
{
    (void)state;
    struct daemon *daemon = daemon_start(NULL);
    WIRE wire = wire_open(daemon);
    assert_true(wire_send_text(&wire, "GET /\"},{\\\x1b[31m\xff HTTP/1.1\r\nHost: x\r\n\r\n"));
    HTTP_REPLY *reply = wire_read_reply(&wire, false);
    assert_non_null(reply);
    assert_int_equal(reply->status, 400);
    json_auto_t *line = daemon_wait_event(daemon, "request");
    assert_int_equal(json_integer_value(json_object_get(line, "status")), 400);
    TEXT *log = daemon_log(daemon);
    assert_null(strchr(log, '\x1b'));
    wire_close(&wire);
    daemon_stop(daemon);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(signals_stop_it, daemon_free_all),
        cmocka_unit_test_teardown(kept_connections_do_not_delay_the_end, daemon_free_all),
        cmocka_unit_test_teardown(half_a_head_delays_nothing, daemon_free_all),
        cmocka_unit_test_teardown(a_reply_in_flight_is_finished, remove_folder),
        cmocka_unit_test_teardown(the_drain_has_a_deadline, remove_folder),
        cmocka_unit_test_teardown(more_signals_while_stopping_are_harmless, remove_folder),
        cmocka_unit_test_teardown(root_becomes_nobody, daemon_free_all),
        cmocka_unit_test_teardown(root_becomes_whom_it_is_told, daemon_free_all),
        cmocka_unit_test_teardown(starts_that_fail_say_why, daemon_free_all),
        cmocka_unit_test_teardown(every_request_is_one_line_of_the_log, daemon_free_all),
        cmocka_unit_test_teardown(the_log_cannot_be_forged, daemon_free_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
