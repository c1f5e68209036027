/* One libcurl handle serves all requests, so that connections are kept alive as a browser keeps
 * them. Bodies are not decoded by libcurl: tests see what is on the wire. */
#include "http.h"

#include "check.h"
#include "deadline.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

struct bytes {
    char *start;
    size_t length;
};

static CURL *handle;

static size_t append(char *data, size_t size, size_t count, void *context)
{
    struct bytes *bytes = context;
    char *grown = realloc(bytes->start, bytes->length + size * count + 1);
    if (grown == NULL) {
        return 0;
    }
    memcpy(grown + bytes->length, data, size * count);
    bytes->start = grown;
    bytes->length += size * count;
    grown[bytes->length] = '\0';
    return size * count;
}

/* Cuts reply->head into version, status, names and values. False when it is no HTTP head. */
static bool cut_head(struct http_reply *reply)
{
    char *rest = NULL;
    char *line = strtok_r(reply->head, "\r\n", &rest);
    if (line == NULL || strlen(line) < 12 || line[8] != ' ') {
        return false;
    }
    line[8] = '\0';
    reply->version = line;
    reply->status = (int)strtol(line + 9, NULL, 10);
    while ((line = strtok_r(NULL, "\r\n", &rest)) != NULL) {
        char *colon = strchr(line, ':');
        if (colon == NULL || reply->header_count == HTTP_HEADERS_MAX) {
            return false;
        }
        *colon = '\0';
        reply->names[reply->header_count] = line;
        reply->values[reply->header_count] = colon + 1 + strspn(colon + 1, " \t");
        reply->header_count++;
    }
    return true;
}

/* Takes both allocations. NULL when the head can't be understood. */
static struct http_reply *reply_new(char *head, char *body, size_t body_length)
{
    struct http_reply *reply = calloc(1, sizeof *reply);
    if (reply == NULL) {
        free(head);
        free(body);
        return NULL;
    }
    reply->head = head;
    reply->body = body != NULL ? body : calloc(1, 1);
    reply->body_length = body_length;
    if (head == NULL || reply->body == NULL || !cut_head(reply)) {
        http_reply_free(reply);
        return NULL;
    }
    const char *type = http_header(reply, "Content-Type");
    const char *coding = http_header(reply, "Content-Encoding");
    bool is_json = type != NULL && strstr(type, "json") != NULL && strstr(type, "ndjson") == NULL;
    if (is_json && coding == NULL && body_length > 0) {
        reply->json = json_loadb(reply->body, body_length, JSON_REJECT_DUPLICATES, NULL);
        if (reply->json == NULL) {
            print_error("not JSON: %s\n", reply->body);
        }
    }
    return reply;
}

static void prepare(CURL *curl, const struct daemon *daemon, const char *method, const char *target,
                    struct bytes *head, struct bytes *body)
{
    char url[8192];
    const char *origin = daemon->address;
    curl_easy_reset(curl);
    if (strncmp(daemon->address, "unix:", 5) == 0) {
        curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, daemon->address + 5);
        origin = "http://localhost";
    }
    int length = snprintf(url, sizeof url, "%s%s", origin, target);
    assert_in_range(length, 1, sizeof url - 1);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
                     (long)deadline_left_ms(deadline_after_ms(DEADLINE_USUAL_MS)));
    if (strcmp(method, "HEAD") == 0) {
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    } else {
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    }
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, append);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, head);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
}

struct http_reply *http_request(const struct daemon *daemon, const char *method, const char *target,
                                const char *const headers[])
{
    if (handle == NULL) {
        handle = curl_easy_init();
    }
    assert_non_null(handle);
    struct bytes head = {0};
    struct bytes body = {0};
    prepare(handle, daemon, method, target, &head, &body);
    struct curl_slist *list = NULL;
    for (size_t i = 0; headers != NULL && headers[i] != NULL; i++) {
        list = curl_slist_append(list, headers[i]);
        assert_non_null(list);
    }
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, list);
    CURLcode code = curl_easy_perform(handle);
    curl_slist_free_all(list);
    if (code != CURLE_OK) {
        free(head.start);
        free(body.start);
        fail_msg("%s %s: %s", method, target, curl_easy_strerror(code));
    }
    struct http_reply *reply = reply_new(head.start, body.start, body.length);
    assert_non_null(reply);
    return reply;
}

struct http_reply *http_get(const struct daemon *daemon, const char *target)
{
    return http_request(daemon, "GET", target, NULL);
}

struct http_reply *http_get_status(const struct daemon *daemon, const char *target, int status)
{
    struct http_reply *reply = http_get(daemon, target);
    if (reply->status != status) {
        fail_msg("GET %s: %d, not %d: %s", target, reply->status, status, reply->body);
    }
    return reply;
}

struct http_reply *http_wait_status(const struct daemon *daemon, const char *target, int status)
{
    int64_t deadline = deadline_after_ms(DEADLINE_USUAL_MS);
    struct http_reply *reply = http_get(daemon, target);
    while (reply->status != status) {
        if (deadline_passed(deadline)) {
            fail_msg("GET %s: still %d, not %d: %s", target, reply->status, status, reply->body);
        }
        http_reply_free(reply);
        deadline_pause_ms(20);
        reply = http_get(daemon, target);
    }
    return reply;
}

json_t *http_get_json(const struct daemon *daemon, const char *target)
{
    HTTP_REPLY *reply = http_get_status(daemon, target, 200);
    if (reply->json == NULL) {
        fail_msg("GET %s: no JSON", target);
    }
    return json_incref(reply->json);
}

const char *http_header(const struct http_reply *reply, const char *name)
{
    for (size_t i = 0; i < reply->header_count; i++) {
        if (strcasecmp(reply->names[i], name) == 0) {
            return reply->values[i];
        }
    }
    return NULL;
}

size_t http_header_count(const struct http_reply *reply, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < reply->header_count; i++) {
        count += strcasecmp(reply->names[i], name) == 0;
    }
    return count;
}

char *http_body_gunzip(const struct http_reply *reply, size_t *ret_length)
{
    enum { ROOM = 4 * 1024 * 1024 };
    char *out = malloc(ROOM);
    assert_non_null(out);
    z_stream stream = {0};
    assert_int_equal(inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
    stream.next_in = (Bytef *)reply->body;
    stream.avail_in = (uInt)reply->body_length;
    stream.next_out = (Bytef *)out;
    stream.avail_out = ROOM - 1;
    int status = inflate(&stream, Z_FINISH);
    *ret_length = stream.total_out;
    out[stream.total_out] = '\0';
    unsigned left = stream.avail_in;
    inflateEnd(&stream);
    assert_int_equal(status, Z_STREAM_END);
    assert_int_equal(left, 0);
    return out;
}

struct http_reply *http_reply_parse(const char *bytes, size_t length, bool is_head,
                                    size_t *ret_used)
{
    const char *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (end == NULL) {
        return NULL;
    }
    size_t head_length = (size_t)(end - bytes) + 4;
    struct http_reply *reply = reply_new(strndup(bytes, head_length), NULL, 0);
    if (reply == NULL) {
        fail_msg("no HTTP reply: %.*s", (int)head_length, bytes);
    }
    const char *declared = http_header(reply, "Content-Length");
    bool bodiless = is_head || reply->status < 200 || reply->status == 204 || reply->status == 304;
    if (!bodiless && declared == NULL) {
        fail_msg("a reply without Content-Length: %.*s", (int)head_length, bytes);
    }
    size_t body_length = bodiless ? 0 : strtoul(declared, NULL, 10);
    http_reply_free(reply);
    if (length - head_length < body_length) {
        return NULL;
    }
    char *body = malloc(body_length + 1);
    assert_non_null(body);
    memcpy(body, bytes + head_length, body_length);
    body[body_length] = '\0';
    *ret_used = head_length + body_length;
    return reply_new(strndup(bytes, head_length), body, body_length);
}

void http_reply_free(struct http_reply *reply)
{
    if (reply != NULL) {
        free(reply->head);
        free(reply->body);
        json_decref(reply->json);
        free(reply);
    }
}

void http_reply_release(struct http_reply **reply)
{
    http_reply_free(*reply);
}

void http_disconnect(void)
{
    if (handle != NULL) {
        curl_easy_cleanup(handle);
        handle = NULL;
    }
}
