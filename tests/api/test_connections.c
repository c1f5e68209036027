/* The life of connections: kept alive, pipelined, half closed, slow, and too many of them. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "deadline.h"
#include "http.h"
#include "process.h"
#include "wire.h"

#include <string.h>
#include <sys/socket.h>

static const char request[] = "GET /v1/measures HTTP/1.1\r\nHost: x\r\n\r\n";

static void assert_answered(struct wire *wire, int status)
{
    HTTP_REPLY *reply = wire_read_reply(wire, false);
    assert_non_null(reply);
    assert_int_equal(reply->status, status);
}

static void a_connection_serves_many_requests(void **state)
{
    WIRE wire = wire_open(*state);
    for (size_t i = 0; i < 20; i++) {
        assert_true(wire_send_text(&wire, request));
        assert_answered(&wire, 200);
    }
}

/* HEAD, 304, 204 and errors leave the connection as usable as a 200 does. */
static void bodiless_answers_keep_the_connection(void **state)
{
    static const struct {
        const char *bytes;
        bool is_head;
        int status;
    } steps[] = {
        {"HEAD /v1 HTTP/1.1\r\nHost: x\r\n\r\n", true, 200},
        {"OPTIONS /v1 HTTP/1.1\r\nHost: x\r\n\r\n", false, 204},
        {"GET /v1 HTTP/1.1\r\nHost: x\r\nIf-None-Match: *\r\n\r\n", false, 304},
        {"GET /v1/none HTTP/1.1\r\nHost: x\r\n\r\n", false, 404},
        {"HEAD /v1/none HTTP/1.1\r\nHost: x\r\n\r\n", true, 404},
        {"GET /v1?x HTTP/1.1\r\nHost: x\r\n\r\n", false, 400},
        {"GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n", false, 200},
    };
    WIRE wire = wire_open(*state);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        assert_true(wire_send_text(&wire, steps[i].bytes));
        HTTP_REPLY *reply = wire_read_reply(&wire, steps[i].is_head);
        assert_non_null(reply);
        assert_int_equal(reply->status, steps[i].status);
    }
}

static void connections_end_when_asked(void **state)
{
    static const char *const last[] = {
        "GET /v1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /v1 HTTP/1.0\r\n\r\n",
    };
    for (size_t i = 0; i < 2; i++) {
        WIRE wire = wire_open(*state);
        assert_true(wire_send_text(&wire, last[i]));
        assert_answered(&wire, 200);
        assert_null(wire_read_reply(&wire, false));
    }
}

/* 50 requests in one write are answered in their order, each with its own document. */
static void pipelined_requests_are_answered_in_order(void **state)
{
    TEXT *all = text_of("%s", "");
    for (size_t i = 0; i < 50; i++) {
        char *longer =
            text_of("%sGET /v1/measures?limit=%zu HTTP/1.1\r\nHost: x\r\n\r\n", all, i % 25 + 1);
        text_release(&all);
        all = longer;
    }
    WIRE wire = wire_open(*state);
    assert_true(wire_send_text(&wire, all));
    for (size_t i = 0; i < 50; i++) {
        HTTP_REPLY *reply = wire_read_reply(&wire, false);
        assert_non_null(reply);
        assert_int_equal(reply->status, 200);
        json_t *limit = json_object_get(json_object_get(reply->json, "meta"), "limit");
        assert_int_equal(json_integer_value(limit), i % 25 + 1);
    }
}

/* What follows a request with a body must never be taken for a request of its own. */
static void nothing_is_smuggled_behind_a_body(void **state)
{
    static const char *const heads[] = {"Content-Length: 41", "Transfer-Encoding: chunked",
                                        "Content-Length: 0\r\nTransfer-Encoding: chunked"};
    for (size_t i = 0; i < 3; i++) {
        TEXT *bytes = text_of("GET /v1 HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n%s", heads[i], request);
        WIRE wire = wire_open(*state);
        assert_true(wire_send_text(&wire, bytes));
        assert_answered(&wire, 400);
        assert_null(wire_read_reply(&wire, false));
    }
}

static void a_request_may_come_in_pieces(void **state)
{
    WIRE wire = wire_open(*state);
    for (size_t i = 0; i < strlen(request); i++) {
        assert_true(wire_send(&wire, request + i, 1));
    }
    assert_answered(&wire, 200);
}

static void a_half_closed_client_gets_its_answer(void **state)
{
    WIRE wire = wire_open(*state);
    assert_true(wire_send_text(&wire, request));
    assert_int_equal(shutdown(wire.fd, SHUT_WR), 0);
    assert_answered(&wire, 200);
}

static void clients_that_go_away_do_no_harm(void **state)
{
    static const char *const parts[] = {"", "G", "GET /v1", "GET /v1 HTTP/1.1\r\nHost", request};
    for (size_t i = 0; i < 100; i++) {
        WIRE wire = wire_open(*state);
        (void)wire_send_text(&wire, parts[i % 5]);
        if (i % 2 == 0) {
            struct linger reset = {.l_onoff = 1, .l_linger = 0};
            (void)setsockopt(wire.fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        }
    }
    HTTP_REPLY *reply = http_get(*state, "/healthz");
    assert_int_equal(reply->status, 200);
}

/* A head that comes byte by byte is not waited for, however lively the client is. */
static void a_slow_head_is_cut_off(void **state)
{
    (void)state;
    struct daemon_options options = {.args = WORDS("--head-timeout", "1")};
    struct daemon *daemon = daemon_start(&options);
    WIRE wire = wire_open(daemon);
    int64_t deadline = deadline_after_ms(DEADLINE_USUAL_MS);
    assert_true(wire_send_text(&wire, "GET /v1 HTTP/1.1\r\nX-Slow: "));
    while (!wire_has_news(&wire, 200)) {
        assert_false(deadline_passed(deadline));
        if (!wire_send_text(&wire, "a")) {
            break;
        }
    }
    wire_read_to_end(&wire);
    HTTP_REPLY *after = http_get(daemon, "/healthz");
    assert_int_equal(after->status, 200);
    http_disconnect();
    daemon_stop(daemon);
}

/* The deadline is one of a head: a kept connection may rest between two requests. */
static void the_head_deadline_spares_idle_connections(void **state)
{
    (void)state;
    struct daemon_options options = {.args = WORDS("--head-timeout", "1", "--idle-timeout", "60")};
    struct daemon *daemon = daemon_start(&options);
    WIRE wire = wire_open(daemon);
    assert_true(wire_send_text(&wire, request));
    assert_answered(&wire, 200);
    assert_false(wire_has_news(&wire, 2500));
    assert_true(wire_send_text(&wire, request));
    assert_answered(&wire, 200);
    wire_close(&wire);
    daemon_stop(daemon);
}

static void an_idle_connection_is_closed(void **state)
{
    (void)state;
    struct daemon_options options = {.args = WORDS("--idle-timeout", "1")};
    struct daemon *daemon = daemon_start(&options);
    WIRE wire = wire_open(daemon);
    assert_true(wire_send_text(&wire, request));
    assert_answered(&wire, 200);
    assert_null(wire_read_reply(&wire, false));
    daemon_stop(daemon);
}

/* Past the limit a client waits, and is served as soon as another leaves. */
static void the_client_past_the_limit_waits(void **state)
{
    (void)state;
    struct daemon_options options = {.args = WORDS("--threads", "1", "--max-connections", "4")};
    struct daemon *daemon = daemon_start(&options);
    WIRE first = wire_open(daemon);
    WIRE second = wire_open(daemon);
    WIRE third = wire_open(daemon);
    WIRE fourth = wire_open(daemon);
    struct wire *held[] = {&first, &second, &third, &fourth};
    for (size_t i = 0; i < 4; i++) {
        assert_true(wire_send_text(held[i], request));
        assert_answered(held[i], 200);
    }
    WIRE fifth = wire_open(daemon);
    assert_true(wire_send_text(&fifth, request));
    assert_false(wire_has_news(&fifth, 300));
    for (size_t i = 0; i < 4; i++) {
        assert_true(wire_send_text(held[i], request));
        assert_answered(held[i], 200);
    }
    wire_close(&second);
    assert_answered(&fifth, 200);
    for (size_t i = 0; i < 4; i++) {
        wire_close(held[i]);
    }
    wire_close(&fifth);
    daemon_stop(daemon);
}

/* Clients that hold connections without a word cannot keep others out for long. */
static void silent_connections_make_way(void **state)
{
    (void)state;
    struct daemon_options options = {
        .args = WORDS("--threads", "1", "--max-connections", "4", "--head-timeout", "1")};
    struct daemon *daemon = daemon_start(&options);
    WIRE first = wire_open(daemon);
    WIRE second = wire_open(daemon);
    WIRE third = wire_open(daemon);
    WIRE fourth = wire_open(daemon);
    WIRE fifth = wire_open(daemon);
    assert_true(wire_send_text(&fifth, request));
    assert_answered(&fifth, 200);
    wire_read_to_end(&first);
    wire_read_to_end(&second);
    wire_read_to_end(&third);
    wire_read_to_end(&fourth);
    wire_close(&fifth);
    daemon_stop(daemon);
}

/* Nor can one that asks for much and takes nothing of it, for half a minute. */
static void a_client_that_takes_nothing_makes_way(void **state)
{
    enum { REQUESTS = 300, PATIENCE_MS = 90000 };
    (void)state;
    struct daemon_options options = {
        .args = WORDS("--threads", "1", "--max-connections", "1", "--idle-timeout", "1")};
    struct daemon *daemon = daemon_start(&options);
    WIRE wire = wire_open(daemon);
    for (size_t i = 0; i < REQUESTS; i++) {
        assert_true(wire_send_text(&wire, "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"));
    }
    WIRE next = wire_open(daemon);
    assert_true(wire_send_text(&next, request));
    assert_true(wire_has_news(&next, PATIENCE_MS));
    assert_answered(&next, 200);
    wire_close(&next);
    wire_close(&wire);
    daemon_stop(daemon);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_serves_many_requests),
        cmocka_unit_test(bodiless_answers_keep_the_connection),
        cmocka_unit_test(connections_end_when_asked),
        cmocka_unit_test(pipelined_requests_are_answered_in_order),
        cmocka_unit_test(nothing_is_smuggled_behind_a_body),
        cmocka_unit_test(a_request_may_come_in_pieces),
        cmocka_unit_test(a_half_closed_client_gets_its_answer),
        cmocka_unit_test(clients_that_go_away_do_no_harm),
        cmocka_unit_test(a_slow_head_is_cut_off),
        cmocka_unit_test(the_head_deadline_spares_idle_connections),
        cmocka_unit_test(an_idle_connection_is_closed),
        cmocka_unit_test(the_client_past_the_limit_waits),
        cmocka_unit_test(silent_connections_make_way),
        cmocka_unit_test(a_client_that_takes_nothing_makes_way),
    };
    return cmocka_run_group_tests(tests, start_two_summits, daemon_stop_all);
}
