/* Kept answers on connections of every kind; and what is never kept. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "deadline.h"
#include "folder.h"
#include "http.h"
#include "process.h"
#include "same.h"
#include "wire.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define HOST "Host: test\r\n"

static void a_connection_is_closed_or_kept_as_each_request_says(void **state)
{
    static const struct {
        const char *request;
        const char *heads;
        bool is_closed;
    } cases[] = {
        {"GET /v1/areas HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", "G", true},
        {"GET /v1/areas HTTP/1.1\r\n" HOST "\r\n", "G", false},
        {"HEAD /v1/areas HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", "H", true},
        {"HEAD /v1/areas HTTP/1.1\r\n" HOST "\r\n", "H", false},
        {"GET /v1/areas HTTP/1.0\r\n\r\n", "G", true},
        {"HEAD /v1/areas HTTP/1.0\r\n\r\n", "H", true},
        {"GET /v1/areas HTTP/1.0\r\n" HOST "Connection: keep-alive\r\n\r\n", "G", false},
        {"GET /v1/areas HTTP/1.1\r\n" HOST "Connection: keep-alive\r\n\r\n", "G", false},
        {"GET /v1/areas HTTP/1.1\r\n" HOST "If-None-Match: *\r\n\r\n", "H", false},
        {"GET /v1/areas HTTP/1.0\r\nIf-None-Match: *\r\n\r\n", "H", true},
        {"GET /v1/areas HTTP/1.1\r\n" HOST "If-None-Match: *\r\nConnection: close\r\n\r\n", "H",
         true},
        {"GET /v1/areas HTTP/1.1\r\n" HOST "Accept-Encoding: br\r\n\r\n", "G", false},
    };
    enum { COUNT = sizeof cases / sizeof cases[0] };
    for (size_t i = 0; i < COUNT * COUNT; i++) { /* each after each */
        size_t which = i % 2 == 0 ? i / COUNT : i % COUNT;
        pair_exchange(*state, cases[which].request, cases[which].heads, cases[which].is_closed);
    }
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    static const char *const requests[] = {
        "GET /v1/measures?limit=3 HTTP/1.1\r\n" HOST "\r\n",
        "HEAD /v1/measures?limit=3 HTTP/1.1\r\n" HOST "\r\n",
        "GET /v1/measures?limit=3 HTTP/1.1\r\n" HOST "If-None-Match: *\r\n\r\n",
        "GET /openapi.json HTTP/1.1\r\n" HOST "\r\n",
        "GET /v1/measures?limit=3 HTTP/1.1\r\n" HOST "Accept-Encoding: gzip\r\n\r\n",
        "GET /v1/areas HTTP/1.1\r\n" HOST "Accept: text/csv\r\n\r\n",
        "GET /openapi.json HTTP/1.1\r\n" HOST "Accept-Encoding: br\r\n\r\n",
        "HEAD /openapi.json HTTP/1.1\r\n" HOST "If-None-Match: *\r\n\r\n",
        "GET /v1/summits/xian-2023 HTTP/1.1\r\n" HOST "Accept: application/ld+json\r\n\r\n",
        "OPTIONS /v1/measures?limit=3 HTTP/1.1\r\n" HOST "\r\n",
        "GET / HTTP/1.1\r\n" HOST "\r\n",
    };
    enum { COUNT = sizeof requests / sizeof requests[0], ROUNDS = 5 };
    char bytes[16384] = "";
    char heads[COUNT * ROUNDS + 1] = "";
    for (size_t i = 0; i < COUNT * ROUNDS; i++) {
        const char *request = requests[i * (i / COUNT + 2) % COUNT];
        strcat(bytes, request);
        strcat(heads, request[0] == 'G' && strstr(request, "If-None") == NULL ? "G" : "H");
    }
    pair_exchange(*state, bytes, heads, false);
}

/* So many large answers that no buffer between the two takes them all; the client reads a part of
 * one, or nothing, and resets the connection. */
static void a_client_that_goes_away_does_no_harm(void **state)
{
    const struct pair *pair = *state;
    enum { CLIENTS = 12, REQUESTS = 60 };
    static const char request[] = "GET /openapi.json HTTP/1.1\r\n" HOST "\r\n";
    HTTP_REPLY *right = http_get_status(pair->forgetting, "/openapi.json", 200);
    assert_true(right->body_length > 100000);
    for (size_t i = 0; i < CLIENTS; i++) {
        struct linger at_once = {.l_onoff = 1, .l_linger = 0};
        WIRE wire = wire_open(pair->keeping);
        for (size_t j = 0; j < REQUESTS; j++) {
            assert_true(wire_send_text(&wire, request));
        }
        if (i % 3 > 0) {
            HTTP_REPLY *reply = wire_read_reply(&wire, false);
            check_same(reply, right, "before it goes");
        }
        if (i % 2 == 0) {
            assert_int_equal(setsockopt(wire.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once),
                             0);
        }
        wire_close(&wire);
        HTTP_REPLY *next = http_get_status(pair->keeping, "/openapi.json", 200);
        check_same(next, right, "after a client has gone");
    }
}

/* A request that is refused, with `%s` where bytes are filled in. */
struct refused {
    int status;
    const char *before;
    size_t filler;
    const char *after;
};

static const struct refused refusals[] = {
    {400, "GET /v1/measures?limit=0 HTTP/1.1\r\n" HOST, 0, ""},
    {400, "GET /v1/measures?aera=trade HTTP/1.1\r\n" HOST, 0, ""},
    {400, "GET /v1/measures?cursor=abc HTTP/1.1\r\n" HOST, 0, ""},
    {400, "GET /v1/measures?limit=9&limit=9 HTTP/1.1\r\n" HOST, 0, ""},
    {400, "GET /v1?x=1 HTTP/1.1\r\n" HOST, 0, ""},
    {400, "GET /v1/measures HTTP/1.1\r\n", 0, ""},
    {400, "GET /v1/measures HTTP/1.1\r\n" HOST HOST, 0, ""},
    {400, "GET /v1/measures HTTP/1.1\r\n" HOST "Content-Length: 1\r\n", 0, ""},
    {400, "GET /v1/measures?limit%3D9%26pretty= HTTP/1.1\r\n" HOST, 0, ""},
    {404, "GET /v1/mesures HTTP/1.1\r\n" HOST, 0, ""},
    {404, "GET /v1/measures/ HTTP/1.1\r\n" HOST, 0, ""},
    {404, "GET /v1/measures/none HTTP/1.1\r\n" HOST, 0, ""},
    {405, "DELETE /v1/measures HTTP/1.1\r\n" HOST, 0, ""},
    {406, "GET /v1/measures HTTP/1.1\r\n" HOST "Accept: image/png\r\n", 0, ""},
    {406, "GET /v1/measures HTTP/1.1\r\n" HOST "Accept-Encoding: *;q=0\r\n", 0, ""},
    {414, "GET /v1/measures?q=", 4200, " HTTP/1.1\r\n" HOST},
    {431, "GET /v1/measures HTTP/1.1\r\n" HOST "X: ", 6200, "\r\n"},
};

static struct http_reply *ask_refused(const struct daemon *daemon, const struct refused *refused)
{
    TEXT *filler = calloc(1, refused->filler + 1);
    memset(filler, 'a', refused->filler);
    TEXT *request = text_of("%s%s%s\r\n", refused->before, filler, refused->after);
    WIRE wire = wire_open(daemon);
    assert_true(wire_send_text(&wire, request));
    struct http_reply *reply = wire_read_reply(&wire, false);
    assert_non_null(reply);
    if (reply->status != refused->status) {
        fail_msg("%s is a %d", refused->before, reply->status);
    }
    return reply;
}

/* Each has an id of its own, so no two are one. What is kept for their target does not answer them,
 * and stays as it is. */
static void no_refused_request_is_kept_or_answered_from_what_is(void **state)
{
    const struct pair *pair = *state;
    HTTP_REPLY *right = http_get_status(pair->keeping, "/v1/measures", 200);
    HTTP_REPLY *kept = http_get_status(pair->keeping, "/v1/measures", 200);
    check_same(kept, right, "/v1/measures");
    HTTP_REPLY *similar = http_get_status(pair->keeping, "/v1/measures?limit=9&pretty=", 200);
    assert_non_null(similar);
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        TEXT *last = text_of("none");
        for (int j = 0; j < 3; j++) {
            HTTP_REPLY *reply = ask_refused(pair->keeping, &refusals[i]);
            json_t *id = json_object_get(reply->json, "request_id");
            assert_string_equal(http_header(reply, "Cache-Control"), "no-store");
            assert_null(http_header(reply, "ETag"));
            assert_true(json_is_string(id));
            assert_string_not_equal(json_string_value(id), last);
            free(last);
            last = text_of("%s", json_string_value(id));
        }
        HTTP_REPLY *after = http_get_status(pair->keeping, "/v1/measures", 200);
        check_same(after, right, refusals[i].before);
    }
}

/* The generation, and all that is kept for it, is the same before, meanwhile and afterwards. */
static void readiness_and_health_are_told_anew_each_time(void **state)
{
    (void)state;
    struct daemon *daemon = daemon_start(NULL);
    size_t length = 0;
    TEXT *good = file_read(daemon->database, &length);
    for (int i = 0; i < 3; i++) {
        static const char *const statuses[] = {"ready", "stale", "ready"};
        int64_t deadline = deadline_after_ms(DEADLINE_USUAL_MS);
        for (bool is_told = false; !is_told;) {
            HTTP_REPLY *reply = http_get_status(daemon, "/readyz", 200);
            const char *status = json_string_value(json_object_get(reply->json, "status"));
            assert_string_equal(http_header(reply, "Cache-Control"), "no-store");
            is_told = strcmp(status, statuses[i]) == 0;
            assert_false(deadline_passed(deadline));
            deadline_pause_ms(is_told ? 0 : 20);
        }
        HTTP_REPLY *health = http_get_status(daemon, "/healthz", 200);
        assert_string_equal(http_header(health, "Cache-Control"), "no-store");
        if (i == 0) {
            file_replace(daemon->database, good, length / 2);
        } else {
            file_replace(daemon->database, good, length);
        }
    }
    daemon_stop(daemon);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_is_closed_or_kept_as_each_request_says),
        cmocka_unit_test(pipelined_requests_are_answered_in_order),
        cmocka_unit_test(a_client_that_goes_away_does_no_harm),
        cmocka_unit_test(no_refused_request_is_kept_or_answered_from_what_is),
        cmocka_unit_test(readiness_and_health_are_told_anew_each_time),
    };
    return cmocka_run_group_tests(tests, start_pair, daemon_stop_all);
}
