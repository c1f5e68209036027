/* Caching, compression, CORS and the other headers of answers that are no errors. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "http.h"
#include "process.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* A header that must be there. */
static const char *header(const struct http_reply *reply, const char *name)
{
    const char *value = http_header(reply, name);
    if (value == NULL) {
        fail_msg("no header %s", name);
    }
    assert_int_equal(http_header_count(reply, name), 1);
    return value;
}

static void assert_header(const struct http_reply *reply, const char *name, const char *value)
{
    assert_string_equal(header(reply, name), value);
}

static const char *const documents[] = {
    "/v1",
    "/v1/measures",
    "/v1/measures?area=trade&limit=1&include=areas",
    "/v1/summits/xian-2023",
    "/v1/summits/xian-2023/areas",
};

enum { DOCUMENT_COUNT = sizeof documents / sizeof documents[0] };

/* Documents that do not come from the database. */
static const struct {
    const char *target;
    const char *type;
} services[] = {
    {"/", "text/html"},
    {"/openapi.yaml", "application/yaml"},
    {"/openapi.json", "application/json"},
    {"/.well-known/api-catalog", "application/linkset+json"},
    {"/problems/not-found", "text/html"},
};

enum { SERVICE_COUNT = sizeof services / sizeof services[0] };

static void check_security(const struct http_reply *reply)
{
    assert_header(reply, "X-Content-Type-Options", "nosniff");
    assert_header(reply, "Referrer-Policy", "no-referrer");
    assert_header(reply, "Cross-Origin-Resource-Policy", "cross-origin");
    assert_null(http_header(reply, "Server"));
    assert_null(http_header(reply, "Set-Cookie"));
    const char *type = http_header(reply, "Content-Type");
    if (type != NULL && strstr(type, "json") != NULL) {
        assert_header(reply, "Content-Security-Policy",
                      "default-src 'none'; frame-ancestors 'none'");
    } else {
        assert_non_null(strstr(header(reply, "Content-Security-Policy"), "default-src 'none'"));
    }
}

static void check_cors(const struct http_reply *reply)
{
    static const char *const exposed[] = {"ETag", "Last-Modified", "Link", "Retry-After", "Allow"};
    assert_header(reply, "Access-Control-Allow-Origin", "*");
    assert_null(http_header(reply, "Access-Control-Allow-Credentials"));
    for (size_t i = 0; i < sizeof exposed / sizeof exposed[0]; i++) {
        assert_non_null(strstr(header(reply, "Access-Control-Expose-Headers"), exposed[i]));
    }
}

static void check_etag(const char *etag, const char *suffix)
{
    size_t length = strlen(etag);
    size_t end = strlen(suffix);
    assert_true(length > 17 + end && etag[0] == '"');
    assert_string_equal(etag + length - end, suffix);
}

static void documents_carry_their_headers(void **state)
{
    for (size_t i = 0; i < DOCUMENT_COUNT; i++) {
        HTTP_REPLY *reply = http_get_status(*state, documents[i], 200);
        assert_int_equal(strncmp(header(reply, "Content-Type"), "application/json", 16), 0);
        assert_header(reply, "Cache-Control", "public, max-age=60, stale-while-revalidate=86400");
        assert_header(reply, "Vary", "Accept, Accept-Encoding");
        check_etag(header(reply, "ETag"), "\"");
        const char *modified = header(reply, "Last-Modified");
        assert_int_equal(strlen(modified), strlen("Sun, 06 Nov 1994 08:49:37 GMT"));
        assert_string_equal(modified + 25, " GMT");
        assert_non_null(header(reply, "Date"));
        assert_non_null(strstr(header(reply, "Link"), "</openapi.json>; rel=\"service-desc\""));
        assert_null(http_header(reply, "Content-Encoding"));
        check_security(reply);
        check_cors(reply);
    }
}

static void etags_name_the_revision_and_the_version(void **state)
{
    HTTP_REPLY *reply = http_get_status(*state, "/v1/measures", 200);
    json_t *meta = json_object_get(reply->json, "meta");
    PROCESS_RESULT version = process_run(WORDS("--version"), NULL);
    const char *number = strpbrk(version.output, "0123456789");
    assert_non_null(number);
    TEXT *etag = text_of("\"%s-%.*s\"", json_string_value(json_object_get(meta, "revision")),
                         (int)strspn(number, "0123456789.abcdefghijklmnopqrstuvwxyz-+"), number);
    assert_header(reply, "ETag", etag);
}

static void service_documents_carry_their_headers(void **state)
{
    for (size_t i = 0; i < SERVICE_COUNT; i++) {
        HTTP_REPLY *reply = http_get_status(*state, services[i].target, 200);
        assert_int_equal(
            strncmp(header(reply, "Content-Type"), services[i].type, strlen(services[i].type)), 0);
        check_security(reply);
        check_cors(reply);
        TEXT *match = text_of("If-None-Match: %s", header(reply, "ETag"));
        HTTP_REPLY *same = http_request(*state, "GET", services[i].target, WORDS(match));
        assert_int_equal(same->status, 304);
    }
    static const char *const probes[] = {"/healthz", "/readyz"};
    for (size_t i = 0; i < 2; i++) {
        HTTP_REPLY *reply = http_get_status(*state, probes[i], 200);
        assert_header(reply, "Cache-Control", "no-store");
        assert_null(http_header(reply, "ETag"));
        check_security(reply);
        check_cors(reply);
    }
}

/* A 304 has no body and repeats what a cache needs. */
static void check_not_modified(const struct http_reply *is, const struct http_reply *full)
{
    /* Content-Length, if it is there at all, is the 200's (RFC 9110 section 8.6). */
    static const char *const repeated[] = {
        "ETag", "Cache-Control", "Vary", "Last-Modified", "Content-Length",
    };
    assert_int_equal(is->status, 304);
    assert_int_equal(is->body_length, 0);
    for (size_t i = 0; i < sizeof repeated / sizeof repeated[0]; i++) {
        assert_header(is, repeated[i], header(full, repeated[i]));
    }
    assert_null(http_header(is, "Content-Type"));
    check_cors(is);
}

struct condition {
    const char *format; /* headers, one a line; %s is the ETag */
    int status;
};

/* RFC 9110, sections 13.1.2, 13.1.3 and 13.2.2. */
static const struct condition conditions[] = {
    {"If-None-Match: %s", 304},
    {"If-None-Match: W/%s", 304},
    {"If-None-Match: *", 304},
    {"If-None-Match: \"other\", %s", 304},
    {"If-None-Match: \"other\",%s,\"third\"", 304},
    {"If-None-Match: \"a,b\" , W/%s", 304},
    {"If-None-Match: \"other\"\nIf-None-Match: %s", 304},
    {"If-None-Match: \"other\"", 200},
    {"If-None-Match: W/\"other\"", 200},
    {"If-None-Match: nonsense", 200},
    {"If-None-Match: \"x%s", 200},
    {"If-None-Match: \"other\"\nIf-Modified-Since: Fri, 31 Dec 2100 23:59:59 GMT", 200},
    {"If-None-Match: %s\nIf-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT", 304},
    {"If-Modified-Since: Fri, 31 Dec 2100 23:59:59 GMT", 304},
    {"If-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT", 200},
    {"If-Modified-Since: yesterday", 200},
};

static struct http_reply *request_with(void *daemon, const char *method, const char *target,
                                       const char *lines)
{
    TEXT *copy = text_of("%s", lines);
    const char *list[8] = {NULL};
    size_t count = 0;
    char *rest = copy;
    for (char *line = strtok_r(rest, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        list[count++] = line;
    }
    return http_request(daemon, method, target, list);
}

static void conditions_are_evaluated(void **state)
{
    static const char *const methods[] = {"GET", "HEAD"};
    HTTP_REPLY *full = http_get_status(*state, "/v1/measures", 200);
    const char *etag = header(full, "ETag");
    for (size_t i = 0; i < 2 * sizeof conditions / sizeof conditions[0]; i++) {
        const struct condition *condition = &conditions[i / 2];
        char lines[512];
        const char *place = strstr(condition->format, "%s");
        size_t before = place != NULL ? (size_t)(place - condition->format) : 0;
        snprintf(lines, sizeof lines, "%.*s%s%s", (int)before, condition->format,
                 place != NULL ? etag : "", place != NULL ? place + 2 : condition->format);
        HTTP_REPLY *reply = request_with(*state, methods[i % 2], "/v1/measures", lines);
        if (reply->status != condition->status) {
            fail_msg("%s with %s: %d", methods[i % 2], lines, reply->status);
        }
        if (condition->status == 304) {
            check_not_modified(reply, full);
        }
    }
}

static void the_exact_modification_date_is_a_304(void **state)
{
    HTTP_REPLY *full = http_get_status(*state, "/v1/measures", 200);
    TEXT *since = text_of("If-Modified-Since: %s", header(full, "Last-Modified"));
    HTTP_REPLY *reply = http_request(*state, "GET", "/v1/measures", WORDS(since));
    check_not_modified(reply, full);
}

/* Conditions are for what is there; an error stays one. */
static void conditions_do_not_hide_errors(void **state)
{
    HTTP_REPLY *missing =
        http_request(*state, "GET", "/v1/measures/none", WORDS("If-None-Match: *"));
    assert_int_equal(missing->status, 404);
    HTTP_REPLY *wrong = http_request(*state, "GET", "/v1?x=1", WORDS("If-None-Match: *"));
    assert_int_equal(wrong->status, 400);
}

static const struct {
    const char *accept;
    bool gzip;
} codings[] = {
    {"Accept-Encoding: gzip", true},
    {"Accept-Encoding: GZIP", true},
    {"Accept-Encoding: x-gzip", true},
    {"Accept-Encoding: deflate, gzip;q=0.5, zstd", true},
    {"Accept-Encoding: gzip;q=1.0, identity;q=0.5", true},
    {"Accept-Encoding: *, br;q=0.5", true},
    {"Accept-Encoding: identity;q=0, *, br;q=0", true},
    {"Accept-Encoding: gzip;q=0", false},
    {"Accept-Encoding: gzip;q=0.000", false},
    {"Accept-Encoding: *;q=1, gzip;q=0, br;q=0", false},
    {"Accept-Encoding: identity", false},
    {"Accept-Encoding: identity, gzip;q=0.2", false},
    {"Accept-Encoding: zstd", false},
    {"Accept-Encoding: gzipped", false},
    {"Accept-Encoding:", false},
};

static void gzip_is_for_whoever_accepts_it(void **state)
{
    HTTP_REPLY *plain = http_get_status(*state, "/v1/measures", 200);
    for (size_t i = 0; i < sizeof codings / sizeof codings[0]; i++) {
        HTTP_REPLY *reply = http_request(*state, "GET", "/v1/measures", WORDS(codings[i].accept));
        assert_int_equal(reply->status, 200);
        assert_header(reply, "Vary", "Accept, Accept-Encoding");
        bool is_gzip = http_header(reply, "Content-Encoding") != NULL;
        if (is_gzip != codings[i].gzip) {
            fail_msg("%s: %s", codings[i].accept, is_gzip ? "gzip" : "identity");
        }
        if (!is_gzip) {
            assert_int_equal(reply->body_length, plain->body_length);
            assert_header(reply, "ETag", header(plain, "ETag"));
            continue;
        }
        assert_header(reply, "Content-Encoding", "gzip");
        assert_true(reply->body_length < plain->body_length);
        size_t length = 0;
        TEXT *body = http_body_gunzip(reply, &length);
        assert_int_equal(length, plain->body_length);
        assert_memory_equal(body, plain->body, length);
        check_etag(header(reply, "ETag"), "-gzip\"");
        assert_string_not_equal(header(reply, "ETag"), header(plain, "ETag"));
    }
}

static void each_coding_is_validated_by_its_own_etag(void **state)
{
    HTTP_REPLY *zipped =
        http_request(*state, "GET", "/v1/measures", WORDS("Accept-Encoding: gzip"));
    TEXT *match = text_of("If-None-Match: %s", header(zipped, "ETag"));
    HTTP_REPLY *same =
        http_request(*state, "GET", "/v1/measures", WORDS("Accept-Encoding: gzip", match));
    check_not_modified(same, zipped);
    HTTP_REPLY *plain = http_request(*state, "GET", "/v1/measures", WORDS(match));
    assert_int_equal(plain->status, 200);
}

static void options_is_a_204(void **state)
{
    static const char *const targets[] = {"/v1",      "/v1/measures",  "/v1/summits/xian-2023",
                                          "/healthz", "/openapi.json", "/"};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        HTTP_REPLY *reply = http_request(*state, "OPTIONS", targets[i],
                                         WORDS("Origin: https://front.example",
                                               "Access-Control-Request-Method: GET",
                                               "Access-Control-Request-Headers: if-none-match"));
        assert_int_equal(reply->status, 204);
        assert_int_equal(reply->body_length, 0);
        assert_header(reply, "Allow", "GET, HEAD, OPTIONS");
        assert_header(reply, "Access-Control-Allow-Methods", "GET, HEAD, OPTIONS");
        assert_header(reply, "Access-Control-Max-Age", "86400");
        const char *allowed = header(reply, "Access-Control-Allow-Headers");
        assert_true(strcmp(allowed, "*") == 0 || strstr(allowed, "If-None-Match") != NULL);
        assert_header(reply, "Access-Control-Allow-Origin", "*");
    }
}

static void check_head(void *daemon, const char *target, const char *accept_encoding)
{
    HTTP_REPLY *get = http_request(daemon, "GET", target, WORDS(accept_encoding));
    HTTP_REPLY *head = http_request(daemon, "HEAD", target, WORDS(accept_encoding));
    assert_int_equal(head->status, get->status);
    assert_int_equal(head->body_length, 0);
    TEXT *length = text_of("%zu", get->body_length);
    bool is_error = get->status >= 400; /* its request_id differs, but not in length */
    assert_header(head, "Content-Length", length);
    assert_int_equal(head->header_count, get->header_count);
    for (size_t i = 0; i < get->header_count; i++) {
        if (strcasecmp(get->names[i], "Date") != 0 && !is_error) {
            assert_header(head, get->names[i], get->values[i]);
        }
    }
}

static void head_answers_what_get_would(void **state)
{
    for (size_t i = 0; i < DOCUMENT_COUNT; i++) {
        check_head(*state, documents[i], "Accept-Encoding: identity");
        check_head(*state, documents[i], "Accept-Encoding: gzip");
    }
    for (size_t i = 0; i < SERVICE_COUNT; i++) {
        check_head(*state, services[i].target, "Accept-Encoding: identity");
    }
    check_head(*state, "/healthz", "Accept-Encoding: identity");
    check_head(*state, "/v1/measures/none", "Accept-Encoding: identity");
}

static void errors_are_readable_from_a_browser(void **state)
{
    static const char *const targets[] = {"/v1/none", "/v1/measures?limit=0"};
    for (size_t i = 0; i < 2; i++) {
        HTTP_REPLY *reply = http_get(*state, targets[i]);
        assert_true(reply->status >= 400);
        check_cors(reply);
        check_security(reply);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_carry_their_headers),
        cmocka_unit_test(etags_name_the_revision_and_the_version),
        cmocka_unit_test(service_documents_carry_their_headers),
        cmocka_unit_test(conditions_are_evaluated),
        cmocka_unit_test(the_exact_modification_date_is_a_304),
        cmocka_unit_test(conditions_do_not_hide_errors),
        cmocka_unit_test(gzip_is_for_whoever_accepts_it),
        cmocka_unit_test(each_coding_is_validated_by_its_own_etag),
        cmocka_unit_test(options_is_a_204),
        cmocka_unit_test(head_answers_what_get_would),
        cmocka_unit_test(errors_are_readable_from_a_browser),
    };
    return cmocka_run_group_tests(tests, start_two_summits, daemon_stop_all);
}
