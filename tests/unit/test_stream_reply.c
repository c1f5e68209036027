/* Streams through the transport, to clients that accept gzip, know no chunks, want the head only,
 * or have it already. */
#include "check.h"
#include "source.h"

#include <curl/curl.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "negotiate.h"
#include "reply.h"
#include "service.h"

struct exchange {
    struct service service;
    struct source source;
    int64_t size;
    int64_t bytes; /* that the request counted */
    struct MHD_Daemon *daemon;
    CURL *curl;
    char head[4096];
    char *body;
    size_t length;
};

static void *on_target(void *context, const char *target, struct MHD_Connection *connection)
{
    (void)connection;
    struct exchange *exchange = context;
    return request_new(target, &exchange->service);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **request_context)
{
    (void)url;
    (void)upload;
    (void)upload_size;
    struct exchange *exchange = context;
    struct request *request = *request_context;
    if (!request->head_read) {
        request_read_head(request, connection, method, version);
        return MHD_YES;
    }
    struct answer answer;
    request->coding = negotiate_coding(request->accept_encoding); /* as dispatch does */
    enum summit_status status =
        source_start(&exchange->source, exchange->size, &answer, &request->stream);
    answer.last_modified_s = -1;
    snprintf(answer.validator, sizeof answer.validator, "tag");
    answer.problem = reply_problem(status);
    int result = reply_send(request, &answer, connection);
    answer_clear(&answer);
    return result == 1 ? MHD_YES : MHD_NO;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **request_context,
                         enum MHD_RequestTerminationCode code)
{
    (void)connection;
    (void)code;
    struct exchange *exchange = context;
    struct request *request = *request_context;
    exchange->bytes = request->bytes;
    request_free(request);
    *request_context = NULL;
}

static size_t on_head(char *data, size_t size, size_t count, void *context)
{
    struct exchange *exchange = context;
    size_t used = strlen(exchange->head);
    assert_true(used + size * count < sizeof exchange->head);
    memcpy(exchange->head + used, data, size * count);
    return size * count;
}

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    struct exchange *exchange = context;
    exchange->body = realloc(exchange->body, exchange->length + size * count);
    memcpy(exchange->body + exchange->length, data, size * count);
    exchange->length += size * count;
    return size * count;
}

/* Asks a daemon of its own for the stream; `field` is one header line or NULL. All is freed when
 * this returns but what exchange_end frees. */
static CURLcode ask(struct exchange *exchange, bool is_head, bool is_1_0, const char *field)
{
    char url[64];
    exchange->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, on_request, exchange,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)32768, MHD_OPTION_URI_LOG_CALLBACK, on_target,
        exchange, MHD_OPTION_NOTIFY_COMPLETED, on_completed, exchange, MHD_OPTION_END);
    assert_non_null(exchange->daemon);
    snprintf(url, sizeof url, "http://127.0.0.1:%u/x",
             (unsigned)MHD_get_daemon_info(exchange->daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    CURL *curl = curl_easy_init();
    struct curl_slist *fields = field == NULL ? NULL : curl_slist_append(NULL, field);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
    curl_easy_setopt(curl, CURLOPT_NOBODY, is_head ? 1L : 0L);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION,
                     is_1_0 ? (long)CURL_HTTP_VERSION_1_0 : (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_head);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, exchange);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, exchange);
    CURLcode code = curl_easy_perform(curl);
    curl_slist_free_all(fields);
    curl_easy_cleanup(curl);
    MHD_stop_daemon(exchange->daemon);
    assert_int_equal(exchange->source.released, 1);
    return code;
}

static void exchange_end(struct exchange *exchange)
{
    free(exchange->body);
}

static bool has_line(const struct exchange *exchange, const char *line)
{
    return strstr(exchange->head, line) != NULL;
}

static void a_known_size_is_told(void **state)
{
    (void)state;
    struct exchange exchange = {.source = {50, SOURCE_PIECE, SOURCE_NEVER, 0, 0},
                                .size = 50 * SOURCE_PIECE};
    assert_int_equal(ask(&exchange, false, false, NULL), CURLE_OK);
    assert_true(has_line(&exchange, "HTTP/1.1 200 "));
    assert_true(has_line(&exchange, "\r\nContent-Length: 1500000\r\n"));
    assert_false(has_line(&exchange, "Transfer-Encoding"));
    assert_true(source_is_body(&exchange.source, exchange.body, exchange.length));
    assert_int_equal(exchange.bytes, 1500000);
    exchange_end(&exchange);
}

static void an_unknown_size_is_sent_in_chunks(void **state)
{
    (void)state;
    struct exchange exchange = {.source = {50, SOURCE_PIECE, SOURCE_NEVER, 0, 0}, .size = -1};
    assert_int_equal(ask(&exchange, false, false, NULL), CURLE_OK);
    assert_true(has_line(&exchange, "\r\nTransfer-Encoding: chunked\r\n"));
    assert_false(has_line(&exchange, "Content-Length"));
    assert_true(has_line(&exchange, "\r\nETag: \"tag-csv\"\r\n"));
    assert_true(source_is_body(&exchange.source, exchange.body, exchange.length));
    assert_int_equal(exchange.bytes, 1500000);
    exchange_end(&exchange);
}

static void without_chunks_the_end_of_the_connection_is_the_end(void **state)
{
    (void)state;
    struct exchange exchange = {.source = {50, SOURCE_PIECE, SOURCE_NEVER, 0, 0}, .size = -1};
    assert_int_equal(ask(&exchange, false, true, NULL), CURLE_OK);
    assert_false(has_line(&exchange, "Transfer-Encoding"));
    assert_true(source_is_body(&exchange.source, exchange.body, exchange.length));
    exchange_end(&exchange);
}

static void gzip_is_for_whoever_accepts_it(void **state)
{
    (void)state;
    struct exchange exchange = {.source = {50, SOURCE_PIECE, SOURCE_NEVER, 0, 0},
                                .size = 50 * SOURCE_PIECE};
    assert_int_equal(ask(&exchange, false, false, "Accept-Encoding: gzip"), CURLE_OK);
    assert_true(has_line(&exchange, "\r\nContent-Encoding: gzip\r\n"));
    assert_true(has_line(&exchange, "\r\nTransfer-Encoding: chunked\r\n"));
    assert_true(has_line(&exchange, "\r\nETag: \"tag-csv-gzip\"\r\n"));
    assert_int_equal(exchange.bytes, exchange.length);
    size_t length = 0;
    char *plain = source_gunzip(exchange.body, exchange.length, &length);
    assert_non_null(plain);
    assert_true(source_is_body(&exchange.source, plain, length));
    free(plain);
    exchange_end(&exchange);
}

static void a_short_one_is_sent_whole(void **state)
{
    (void)state;
    struct exchange exchange = {.source = {2, 1000, SOURCE_NEVER, 0, 0}, .size = -1};
    assert_int_equal(ask(&exchange, false, false, NULL), CURLE_OK);
    assert_true(has_line(&exchange, "\r\nContent-Length: 2000\r\n"));
    assert_true(source_is_body(&exchange.source, exchange.body, exchange.length));
    exchange_end(&exchange);
}

/* Neither the head alone nor a 304 needs more than the start of the body, or sends any of it. */
static void without_a_body_it_is_not_made(void **state)
{
    (void)state;
    for (int is_head = 0; is_head < 2; is_head++) {
        for (int known = 0; known < 2; known++) {
            struct exchange exchange = {.source = {50, SOURCE_PIECE, SOURCE_NEVER, 0, 0},
                                        .size = known ? 50 * SOURCE_PIECE : -1};
            assert_int_equal(
                ask(&exchange, is_head != 0, false, is_head ? NULL : "If-None-Match: \"tag-csv\""),
                CURLE_OK);
            assert_true(has_line(&exchange, is_head ? "HTTP/1.1 200 " : "HTTP/1.1 304 "));
            assert_true(has_line(&exchange, "\r\nETag: \"tag-csv\"\r\n"));
            assert_int_equal(has_line(&exchange, "\r\nContent-Length: 1500000\r\n"), known);
            assert_false(has_line(&exchange, "\r\nContent-Length: 0\r\n"));
            assert_int_equal(exchange.length, 0);
            assert_int_equal(exchange.bytes, 0);
            assert_in_range(exchange.source.made, 1, 4);
            exchange_end(&exchange);
        }
    }
}

static void an_early_failure_is_a_problem(void **state)
{
    (void)state;
    struct exchange exchange = {.source = {50, SOURCE_PIECE, 1, 0, 0}, .size = -1};
    assert_int_equal(ask(&exchange, false, false, "Accept-Encoding: gzip"), CURLE_OK);
    assert_true(has_line(&exchange, "HTTP/1.1 503 "));
    assert_true(has_line(&exchange, "\r\nContent-Type: application/problem+json\r\n"));
    json_auto_t *problem = json_loadb(exchange.body, exchange.length, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(problem, "type")),
                        "/problems/unavailable");
    exchange_end(&exchange);
}

/* The client must not take what it got for the whole. */
static void a_late_failure_is_seen_by_the_client(void **state)
{
    (void)state;
    for (int variant = 0; variant < 3; variant++) {
        struct exchange exchange = {.source = {50, SOURCE_PIECE, 10, 0, 0},
                                    .size = variant == 0 ? 50 * SOURCE_PIECE : -1};
        CURLcode code = ask(&exchange, false, false, variant == 2 ? "Accept-Encoding: gzip" : NULL);
        assert_int_not_equal(code, CURLE_OK);
        assert_true(exchange.length <= 10 * SOURCE_PIECE);
        exchange_end(&exchange);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_known_size_is_told),
        cmocka_unit_test(an_unknown_size_is_sent_in_chunks),
        cmocka_unit_test(without_chunks_the_end_of_the_connection_is_the_end),
        cmocka_unit_test(gzip_is_for_whoever_accepts_it),
        cmocka_unit_test(a_short_one_is_sent_whole),
        cmocka_unit_test(without_a_body_it_is_not_made),
        cmocka_unit_test(an_early_failure_is_a_problem),
        cmocka_unit_test(a_late_failure_is_seen_by_the_client),
    };
    return cmocka_run_group_tests(tests, source_set_up, source_tear_down);
}
