/* libmicrohttpd parses heads leniently and hands on what HTTP says to refuse. So nothing it has
 * decoded is used: the target is copied raw, when the request line arrives, and decoded by
 * target.c; the header fields are gone through one by one here. The first mistake found is the one
 * reported. */
#include "request.h"

#include <microhttpd.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <time.h>

#include "response.h"
#include "service.h"
#include "stream.h"

int64_t request_clock_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* What the ids of this process begin with, and the next one's number. */
static uint64_t next_id(void)
{
    static _Atomic uint32_t start;
    static atomic_uint count;
    uint32_t random = atomic_load_explicit(&start, memory_order_relaxed);
    if (random == 0) {
        if (getrandom(&random, sizeof random, GRND_NONBLOCK) != (ssize_t)sizeof random) {
            random = (uint32_t)request_clock_us();
        }
        uint32_t none = 0;
        random |= 1;
        if (!atomic_compare_exchange_strong(&start, &none, random)) {
            random = none;
        }
    }
    uint32_t number = atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
    return ((uint64_t)random << 32) | number;
}

size_t request_headers_max(const struct service *service)
{
    return service->connection_memory / 4 * 3;
}

void request_id_write(const struct request *request, char ret_id[REQUEST_ID_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    for (unsigned i = 0; i < REQUEST_ID_SIZE - 1; i++) {
        ret_id[i] = digits[request->id >> (60 - 4 * i) & 0xF];
    }
    ret_id[REQUEST_ID_SIZE - 1] = '\0';
}

struct request *request_new(const char *raw_target, struct service *service)
{
    size_t length = strlen(raw_target);
    bool is_kept = length <= REQUEST_TARGET_MAX;
    /* Not calloc, which does not take what this thread has just freed. */
    struct request *request = malloc(sizeof *request + (is_kept ? length + 1 : 0));
    if (request == NULL) {
        return NULL;
    }
    *request =
        (struct request){.started_us = request_clock_us(), .service = service, .id = next_id()};
    if (is_kept) {
        request->raw_target = memcpy(request->text, raw_target, length + 1);
    }
    return request;
}

void request_free(struct request *request)
{
    if (request != NULL) {
        target_clear(&request->target);
        stream_free(request->stream);
        response_release(request->response);
        free(request->self);
        for (size_t i = 0; i < REQUEST_FIELDS_MAX; i++) {
            free(request->joined[i]);
        }
        free(request);
    }
}

static void refuse(struct request *request, enum problem_kind kind, const char *detail)
{
    if (request->refusal == PROBLEM_NONE) {
        request->refusal = kind;
        request->refusal_detail = detail;
    }
}

/* token of RFC 9110 section 5.6.2 */
static bool is_token(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        bool is_common = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
        if (!is_common && (c == '\0' || strchr("!#$%&'*+.^_`|~0123456789", c) == NULL)) {
            return false;
        }
    }
    return length > 0;
}

/* field-value of RFC 9110 section 5.5: no control characters but the tab. */
static bool is_field_value(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f) {
            return false;
        }
    }
    return true;
}

/* Takes a line of a field, after what earlier lines gave (RFC 9110 section 5.3).
 *   joined  where the lines are joined, if there are several.
 * Returns false when out of memory. */
static bool take_field(const char **field, char **joined, const char *value)
{
    if (*field == NULL) {
        *field = value;
        return true;
    }
    char *longer = NULL;
    if (asprintf(&longer, "%s, %s", *field, value) < 0) {
        return false;
    }
    free(*joined);
    *joined = longer;
    *field = longer;
    return true;
}

/* Takes a field if it is one that has a meaning here. */
static void read_known(struct request *request, const char *name, size_t name_length,
                       const char *value)
{
    const struct {
        const char *name;
        size_t length;
        const char **field;
    } fields[REQUEST_FIELDS_MAX] = {
        {"Accept", 6, &request->accept},
        {"Accept-Encoding", 15, &request->accept_encoding},
        {"If-None-Match", 13, &request->if_none_match},
        {"If-Modified-Since", 17, &request->if_modified_since},
        {"If-Range", 8, &request->if_range},
        {"Range", 5, &request->range},
    };
    for (size_t i = 0; i < REQUEST_FIELDS_MAX; i++) {
        if (fields[i].length == name_length && strcasecmp(name, fields[i].name) == 0 &&
            !take_field(fields[i].field, &request->joined[i], value)) {
            refuse(request, PROBLEM_UNAVAILABLE, "The server is out of memory.");
        }
    }
}

struct head {
    struct request *request;
    size_t size;
    unsigned host_count;
};

static void read_framing(struct request *request, const char *name, const char *value)
{
    if (strcasecmp(name, "Transfer-Encoding") == 0) {
        request->has_body = true;
    } else if (strcasecmp(name, "Content-Length") == 0) {
        request->has_body |= strspn(value, "0") != strlen(value);
    }
}

static enum MHD_Result read_field(void *context, enum MHD_ValueKind kind, const char *name,
                                  size_t name_length, const char *value, size_t value_length)
{
    (void)kind;
    struct head *head = context;
    struct request *request = head->request;
    if (value == NULL) {
        value = "";
    }
    head->size += name_length + value_length + 4;
    if (!is_token(name, name_length)) {
        refuse(request, PROBLEM_BAD_REQUEST,
               "The name of a header field is not a token (RFC 9110 section 5.1).");
        return MHD_YES;
    }
    if (!is_field_value(value, value_length)) {
        refuse(request, PROBLEM_BAD_REQUEST,
               "The value of a header field has a control character (RFC 9110 section 5.5).");
        return MHD_YES;
    }
    read_known(request, name, name_length, value);
    if (strcasecmp(name, "Host") == 0) {
        head->host_count++;
        if (value_length == 0 || strpbrk(value, " \t/@?#\\,") != NULL) {
            refuse(request, PROBLEM_BAD_REQUEST,
                   "The Host field is not a host and an optional port (RFC 9110 section 7.2).");
        }
    }
    read_framing(request, name, value);
    return MHD_YES;
}

static void read_method(struct request *request, const char *method)
{
    static const char *const names[] = {"GET", "HEAD", "OPTIONS"};
    size_t length = strnlen(method, sizeof request->method_name - 1);
    memcpy(request->method_name, method, length);
    request->method = REQUEST_GET;
    while (request->method < REQUEST_OTHER && strcmp(names[request->method], method) != 0) {
        request->method++;
    }
}

static void check_host(struct request *request, const struct head *head, bool required)
{
    if (head->host_count > 1) {
        refuse(request, PROBLEM_BAD_REQUEST, "There is more than one Host field.");
    } else if (required && head->host_count == 0) {
        refuse(request, PROBLEM_BAD_REQUEST, "An HTTP/1.1 request has a Host field.");
    }
}

void request_read_head(struct request *request, struct MHD_Connection *connection,
                       const char *method, const char *version)
{
    struct head head = {.request = request};
    request->head_read = true;
    read_method(request, method);
    bool is_1_1 = strcmp(version, "HTTP/1.1") == 0;
    if (!is_1_1 && strcmp(version, "HTTP/1.0") != 0) {
        refuse(request, PROBLEM_VERSION_NOT_SUPPORTED, "This server speaks HTTP/1.1 and HTTP/1.0.");
    }
    if (request->raw_target == NULL) {
        refuse(request, PROBLEM_URI_TOO_LONG, "The target may have at most 4096 bytes.");
    }
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, read_field, &head);
    if (head.size > request_headers_max(request->service)) {
        refuse(request, PROBLEM_HEADERS_TOO_LARGE, "");
    }
    check_host(request, &head, is_1_1);
    if (request->has_body && request->method != REQUEST_OTHER) {
        refuse(request, PROBLEM_BAD_REQUEST,
               "A GET, HEAD or OPTIONS request has no body here; leave out Content-Length and "
               "Transfer-Encoding.");
    }
}
