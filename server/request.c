/* libmicrohttpd parses heads leniently and hands on what HTTP says to refuse. So nothing it has
 * decoded is used: the target is copied raw, when the request line arrives, and decoded by
 * target.c; the header fields are gone through one by one here. The first mistake found is the one
 * reported. */
#include "request.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>

#include "stream.h"

int64_t request_clock_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Unique in this process, and hard to meet again in another. */
static void write_id(char ret_id[REQUEST_ID_SIZE])
{
    static _Atomic uint32_t start;
    static atomic_uint count;
    uint32_t random = atomic_load(&start);
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
    snprintf(ret_id, REQUEST_ID_SIZE, "%08x%08x", random, atomic_fetch_add(&count, 1));
}

struct request *request_new(const char *raw_target, struct service *service)
{
    struct request *request = calloc(1, sizeof *request);
    if (request == NULL) {
        return NULL;
    }
    request->started_us = request_clock_us();
    request->service = service;
    request->refusal.last_modified_s = -1;
    write_id(request->id);
    if (strlen(raw_target) <= REQUEST_TARGET_MAX) {
        request->raw_target = strdup(raw_target);
        if (request->raw_target == NULL) {
            free(request);
            return NULL;
        }
    }
    return request;
}

void request_free(struct request *request)
{
    if (request != NULL) {
        target_clear(&request->target);
        answer_clear(&request->refusal);
        free(request->raw_target);
        stream_free(request->stream);
        free(request->accept);
        free(request->accept_encoding);
        free(request->if_none_match);
        free(request->if_modified_since);
        free(request->if_range);
        free(request->range);
        free(request);
    }
}

static void refuse(struct request *request, enum problem_kind kind, const char *detail)
{
    if (request->refusal.problem == PROBLEM_NONE) {
        answer_problem(&request->refusal, kind, "%s", detail);
    }
}

/* token of RFC 9110 section 5.6.2 */
static bool is_token(const char *text, size_t length)
{
    static const char characters[] = "!#$%&'*+-.^_`|~0123456789"
                                     "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\0' || strchr(characters, text[i]) == NULL) {
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

/* Appends a line of a field to what earlier lines gave (RFC 9110 section 5.3). */
static bool join_field(char **field, const char *value)
{
    char *joined = NULL;
    if (*field == NULL) {
        joined = strdup(value);
    } else if (asprintf(&joined, "%s, %s", *field, value) < 0) {
        joined = NULL;
    }
    if (joined == NULL) {
        return false;
    }
    free(*field);
    *field = joined;
    return true;
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
    struct {
        const char *name;
        char **field;
    } fields[] = {
        {"Accept", &request->accept},
        {"Accept-Encoding", &request->accept_encoding},
        {"If-None-Match", &request->if_none_match},
        {"If-Modified-Since", &request->if_modified_since},
        {"If-Range", &request->if_range},
        {"Range", &request->range},
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (strcasecmp(name, fields[i].name) == 0 && !join_field(fields[i].field, value)) {
            refuse(request, PROBLEM_UNAVAILABLE, "The server is out of memory.");
        }
    }
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
    snprintf(request->method_name, sizeof request->method_name, "%s", method);
    request->method = REQUEST_GET;
    while (request->method < REQUEST_OTHER && strcmp(names[request->method], method) != 0) {
        request->method++;
    }
}

static void read_remote(struct request *request, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info == NULL ? NULL : info->client_addr;
    const void *number = NULL;
    if (address != NULL && address->sa_family == AF_INET) {
        number = &((const struct sockaddr_in *)(const void *)address)->sin_addr;
    } else if (address != NULL && address->sa_family == AF_INET6) {
        number = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
    }
    if (number == NULL ||
        inet_ntop(address->sa_family, number, request->remote, sizeof request->remote) == NULL) {
        snprintf(request->remote, sizeof request->remote, "unix");
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
    read_remote(request, connection);
    bool is_1_1 = strcmp(version, "HTTP/1.1") == 0;
    if (!is_1_1 && strcmp(version, "HTTP/1.0") != 0) {
        refuse(request, PROBLEM_VERSION_NOT_SUPPORTED, "This server speaks HTTP/1.1 and HTTP/1.0.");
    }
    if (request->raw_target == NULL) {
        refuse(request, PROBLEM_URI_TOO_LONG, "The target may have at most 4096 bytes.");
    }
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, read_field, &head);
    if (head.size > REQUEST_HEADERS_MAX) {
        refuse(request, PROBLEM_HEADERS_TOO_LARGE,
               "The header fields together may have at most 8192 bytes.");
    }
    check_host(request, &head, is_1_1);
    if (request->has_body && request->method != REQUEST_OTHER) {
        refuse(request, PROBLEM_BAD_REQUEST,
               "A GET, HEAD or OPTIONS request has no body here; leave out Content-Length and "
               "Transfer-Encoding.");
    }
}
