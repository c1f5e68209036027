/* What no decent client sends, byte by byte: broken request lines, headers and targets, each with
 * the one answer it may get. After each of them the server has to be well. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "http.h"
#include "problem.h"
#include "wire.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* REFUSED stands for an error that libmicrohttpd may give before the server sees the request,
 * or for closing the connection at once: either is safe. ANY is for bytes that it hides from the
 * server: it has to survive them. */
enum { REFUSED = 0, ANY = -1 };

struct guard {
    const char *name;
    const char *bytes;
    size_t length;
    int status;
    const char *slug;
};

#define GUARD(name, bytes, status, slug)                                                           \
    {                                                                                              \
        name, bytes, sizeof(bytes) - 1, status, slug                                               \
    }
#define TARGET(target, status, slug)                                                               \
    GUARD(target, "GET " target " HTTP/1.1\r\nHost: x\r\n\r\n", status, slug)
#define FIELD(field, status, slug)                                                                 \
    GUARD(field, "GET /v1 HTTP/1.1\r\nHost: x\r\n" field "\r\n\r\n", status, slug)

static const struct guard targets[] = {
    TARGET("v1/measures", 400, "bad-request"),
    TARGET("*", 400, "bad-request"),
    TARGET("http://x/v1", 400, "bad-request"),
    TARGET("http://x", 400, "bad-request"),
    TARGET("x:80", 400, "bad-request"),
    TARGET("?limit=1", 400, "bad-request"),
    TARGET("/v1/measures/%00", 400, "bad-request"),
    TARGET("/v1/measures/xian-2023-energy-line-d%00", 400, "bad-request"),
    TARGET("/v1/measures/%zz", 400, "bad-request"),
    TARGET("/v1/measures/%4", 400, "bad-request"),
    TARGET("/v1/measures/%", 400, "bad-request"),
    TARGET("/v1/measures/%C0%AF", 400, "bad-request"),
    TARGET("/v1/measures/%ED%A0%80", 400, "bad-request"),
    TARGET("/v1/measures/%F5%80%80%80", 400, "bad-request"),
    TARGET("/v1/measures/%FF", 400, "bad-request"),
    TARGET("/v1/measures/a%0D%0AX-Evil:%201", 400, "bad-request"),
    TARGET("/v1/measures/%7F", 400, "bad-request"),
    TARGET("/v1/measures/\xC3\xA9", 400, "bad-request"),
    TARGET("/v1/measures/a|b", 400, "bad-request"),
    TARGET("/v1/measures#x", 400, "bad-request"),
    TARGET("/v1//measures", 400, "bad-request"),
    TARGET("//v1/measures", 400, "bad-request"),
    TARGET("/v1/../v1/measures", 400, "bad-request"),
    TARGET("/v1/%2E%2E/v1/measures", 400, "bad-request"),
    TARGET("/v1/./measures", 400, "bad-request"),
    TARGET("/v1/measures/a%2Fb", 404, "not-found"),
    TARGET("/v1%2Fmeasures", 404, "not-found"),
    TARGET("/v1/measures%3Flimit=1", 404, "not-found"),
    TARGET("/v1/summits/xian-2023%2Fareas", 404, "not-found"),
    GUARD("asterisk-form of OPTIONS", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 400, "bad-request"),
    GUARD("CONNECT", "CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", REFUSED, NULL),
    GUARD("lower-case method", "get /v1 HTTP/1.1\r\nHost: x\r\n\r\n", 405, "method-not-allowed"),
    GUARD("unknown method", "BREW /v1 HTTP/1.1\r\nHost: x\r\n\r\n", 405, "method-not-allowed"),
};

static const struct guard requests[] = {
    GUARD("no Host", "GET /v1 HTTP/1.1\r\n\r\n", 400, "bad-request"),
    GUARD("two Hosts", "GET /v1 HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", 400, "bad-request"),
    GUARD("empty Host", "GET /v1 HTTP/1.1\r\nHost:\r\n\r\n", 400, "bad-request"),
    GUARD("Host with a path", "GET /v1 HTTP/1.1\r\nHost: x/y\r\n\r\n", 400, "bad-request"),
    GUARD("Host with a user", "GET /v1 HTTP/1.1\r\nHost: a@x\r\n\r\n", 400, "bad-request"),
    GUARD("Hosts in one line", "GET /v1 HTTP/1.1\r\nHost: x, y\r\n\r\n", 400, "bad-request"),
    GUARD("two Hosts, 1.0", "GET /v1 HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n", 400, "bad-request"),
    FIELD("Content-Length: 5\r\n\r\nhello", 400, "bad-request"),
    FIELD("Content-Length: 100", 400, "bad-request"),
    FIELD("Content-Length: -1", REFUSED, NULL),
    FIELD("Content-Length: 99999999999999999999999", REFUSED, NULL),
    FIELD("Content-Length: 0\r\nContent-Length: 7", REFUSED, NULL),
    FIELD("Transfer-Encoding: chunked\r\n\r\n0", 400, "bad-request"),
    FIELD("Transfer-Encoding: gzip, chunked", 400, "bad-request"),
    FIELD("Transfer-Encoding: identity", 400, "bad-request"),
    FIELD("Transfer-Encoding: chunked\r\nContent-Length: 3", 400, "bad-request"),
    FIELD("Bad Name: x", 400, "bad-request"),
    FIELD("Bad(Name: x", 400, "bad-request"),
    FIELD("Na\x01me: x", 400, "bad-request"),
    FIELD("N\xC3\xA4me: x", 400, "bad-request"),
    FIELD("X-Control: a\x01z", 400, "bad-request"),
    FIELD("X-Control: a\x7Fz", 400, "bad-request"),
    FIELD("no colon", REFUSED, NULL),
    GUARD("HTTP/1.9", "GET /v1 HTTP/1.9\r\nHost: x\r\n\r\n", 505, "http-version-not-supported"),
    GUARD("HTTP/2.0", "GET /v1 HTTP/2.0\r\nHost: x\r\n\r\n", REFUSED, NULL),
    GUARD("HTTP/0.9", "GET /v1\r\n\r\n", REFUSED, NULL),
    GUARD("no version", "GET /v1 HTTP\r\nHost: x\r\n\r\n", REFUSED, NULL),
    GUARD("h2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", REFUSED, NULL),
    GUARD("space in the target", "GET /v1/a b HTTP/1.1\r\nHost: x\r\n\r\n", REFUSED, NULL),
    GUARD("TLS hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03garbage\r\n\r\n", REFUSED,
          NULL),
    GUARD("bytes", "\xff\xfe\xfd\x01\x02\r\n\r\n", REFUSED, NULL),
    GUARD("only a colon", ":\r\n\r\n", REFUSED, NULL),
};

static const struct guard hidden[] = {
    GUARD("NUL in a value", "GET /v1 HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n", ANY, NULL),
    GUARD("NUL in the target", "GET /v1\0/x HTTP/1.1\r\nHost: x\r\n\r\n", ANY, NULL),
    FIELD(": no name", ANY, NULL),
    FIELD(" folded: x", ANY, NULL),
};

/* Whether the answer is the right one; if not, it is shown. */
static bool is_guarded(void *daemon, const struct guard *guard)
{
    WIRE wire = wire_open(daemon);
    (void)wire_send(&wire, guard->bytes, guard->length);
    if (guard->status <= REFUSED) {
        (void)shutdown(wire.fd, SHUT_WR); /* no more to wait for */
    }
    HTTP_REPLY *reply = wire_read_reply(&wire, false);
    int status = reply != NULL ? reply->status : REFUSED;
    bool is_refusal = status == REFUSED || (status >= 400 && status <= 505);
    bool right =
        guard->status == ANY || (guard->status == REFUSED && is_refusal) || status == guard->status;
    if (!right) {
        print_error("%s: %d, not %d: %s\n", guard->name, status, guard->status,
                    reply != NULL ? reply->body : "closed");
    } else if (guard->slug != NULL) {
        problem_check(reply, guard->status, guard->slug, NULL);
    }
    HTTP_REPLY *after = http_get(daemon, "/healthz");
    assert_int_equal(after->status, 200);
    return right;
}

static void bad_targets_are_refused(void **state)
{
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        wrong += !is_guarded(*state, &targets[i]);
    }
    assert_int_equal(wrong, 0);
}

static void bad_requests_are_refused(void **state)
{
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        wrong += !is_guarded(*state, &requests[i]);
    }
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) {
        wrong += !is_guarded(*state, &hidden[i]);
    }
    assert_int_equal(wrong, 0);
}

static void a_405_names_the_methods_to_use(void **state)
{
    WIRE wire = wire_open(*state);
    assert_true(wire_send_text(&wire, "BREW /v1 HTTP/1.1\r\nHost: x\r\n\r\n"));
    HTTP_REPLY *reply = wire_read_reply(&wire, false);
    assert_non_null(reply);
    assert_int_equal(reply->status, 405);
    assert_string_equal(http_header(reply, "Allow"), "GET, HEAD, OPTIONS");
}

/* Unusual, and still right. */
static const struct guard unusual[] = {
    GUARD("no Host on 1.0", "GET /v1 HTTP/1.0\r\n\r\n", 200, NULL),
    GUARD("empty line first", "\r\nGET /v1 HTTP/1.1\r\nHost: x\r\n\r\n", 200, NULL),
    GUARD("any Host", "GET /v1 HTTP/1.1\r\nHost: anything.example:1\r\n\r\n", 200, NULL),
    FIELD("Content-Length: 0", 200, NULL),
    FIELD("X-Empty:", 200, NULL),
    FIELD("X-Latin: \xE9", 200, NULL),
    FIELD("X-Tab: a\tb", 200, NULL),
    FIELD("x!#$%&'*+-.^_`|~09az: every character of a token", 200, NULL),
    TARGET("/v1?", 200, NULL),
    TARGET("/%76%31/measures", 200, NULL),
    TARGET("/v1/measures/xian%2D2023%2Denergy-line-d", 200, NULL),
};

static void unusual_requests_are_served(void **state)
{
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof unusual / sizeof unusual[0]; i++) {
        wrong += !is_guarded(*state, &unusual[i]);
    }
    assert_int_equal(wrong, 0);
}

static void long_lines_over_the_wire_are_a_414_and_a_431(void **state)
{
    static const struct {
        const char *start;
        size_t filler;
        const char *end;
        int status;
    } cases[] = {
        {"GET /", 5000, " HTTP/1.1\r\nHost: x\r\n\r\n", 414},
        {"GET /v1?area=", 5000, " HTTP/1.1\r\nHost: x\r\n\r\n", 414},
        {"GET /v1 HTTP/1.1\r\nHost: x\r\nX: ", 9000, "\r\n\r\n", 431},
        {"GET /v1 HTTP/1.1\r\nHost: ", 9000, "\r\n\r\n", 431},
        {"GET /v1 HTTP/1.1\r\nHost: x\r\n", 9000, ": x\r\n\r\n", 431},
        {"GET /", 1000000, " HTTP/1.1\r\nHost: x\r\n\r\n", 414},
        {"GET /v1 HTTP/1.1\r\nHost: x\r\nX: ", 1000000, "\r\n\r\n", 431},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t start = strlen(cases[i].start);
        TEXT *text = calloc(1, start + cases[i].filler + strlen(cases[i].end) + 1);
        assert_non_null(text);
        strcpy(text, cases[i].start);
        memset(text + start, 'a', cases[i].filler);
        strcpy(text + start + cases[i].filler, cases[i].end);
        WIRE wire = wire_open(*state);
        bool sent = wire_send_text(&wire, text);
        HTTP_REPLY *reply = sent ? wire_read_reply(&wire, false) : NULL;
        bool big = cases[i].filler > 100000; /* may be cut off before it is all sent */
        if (reply == NULL ? !big : reply->status != cases[i].status) {
            fail_msg("%zu bytes: %d, not %d", cases[i].filler, reply != NULL ? reply->status : -1,
                     cases[i].status);
        }
    }
}

/* After a head that was refused nobody knows where the next one starts: what follows it is not read
 * as a request (RFC 9112 section 5.1 names the first of these). */
static void nothing_is_read_after_a_refused_head(void **state)
{
    static const char *const heads[] = {
        "GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length : 45\r\n\r\n",
        "GET /healthz HTTP/1.1\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /healthz HTTP/1.9\r\nHost: x\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        TEXT *text = text_of("%sGET /v1 HTTP/1.1\r\nHost: x\r\n\r\n", heads[i]);
        WIRE wire = wire_open(*state);
        assert_true(wire_send_text(&wire, text));
        HTTP_REPLY *refusal = wire_read_reply(&wire, false);
        assert_non_null(refusal);
        assert_true(refusal->status == 400 || refusal->status == 505);
        assert_string_equal(http_header(refusal, "Connection"), "close");
        assert_null(wire_read_reply(&wire, false));
    }
}

/* As many header lines as fit are taken; more are an error and no crash. */
static void many_header_lines_are_a_431(void **state)
{
    TEXT *text = calloc(1, 40000);
    assert_non_null(text);
    strcpy(text, "GET /v1 HTTP/1.1\r\nHost: x\r\n");
    size_t length = strlen(text);
    for (size_t i = 0; i < 6000; i++) {
        memcpy(text + length, "a:b\r\n", 5);
        length += 5;
    }
    strcpy(text + length, "\r\n");
    WIRE wire = wire_open(*state);
    bool sent = wire_send_text(&wire, text);
    HTTP_REPLY *reply = sent ? wire_read_reply(&wire, false) : NULL;
    if (reply != NULL) {
        assert_int_equal(reply->status, 431);
    }
    HTTP_REPLY *after = http_get(*state, "/healthz");
    assert_int_equal(after->status, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_targets_are_refused),
        cmocka_unit_test(bad_requests_are_refused),
        cmocka_unit_test(a_405_names_the_methods_to_use),
        cmocka_unit_test(unusual_requests_are_served),
        cmocka_unit_test(long_lines_over_the_wire_are_a_414_and_a_431),
        cmocka_unit_test(nothing_is_read_after_a_refused_head),
        cmocka_unit_test(many_header_lines_are_a_431),
    };
    return cmocka_run_group_tests(tests, start_two_summits, daemon_stop_all);
}
