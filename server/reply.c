/* One way out. An answer becomes a body (a document serialised, or a text as it is), the body gets
 * the coding the client prefers, and the response its headers. A problem is a body like any other,
 * but is never stored and never compressed. */
#include "reply.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compress.h"
#include "conditional.h"
#include "json_line.h"
#include "log.h"
#include "negotiate.h"
#include "service.h"

struct body {
    char *data; /* owned, or NULL and then */
    const char *text;
    size_t length;
    bool is_gzip;
};

enum problem_kind reply_problem(enum summit_status status)
{
    static const enum problem_kind kinds[] = {
        [SUMMIT_OK] = PROBLEM_NONE,
        [SUMMIT_NOT_FOUND] = PROBLEM_NOT_FOUND,
        [SUMMIT_INVALID] = PROBLEM_INVALID_PARAMETER,
        [SUMMIT_GONE] = PROBLEM_CURSOR_EXPIRED,
        [SUMMIT_BUSY] = PROBLEM_UNAVAILABLE,
        [SUMMIT_TIMEOUT] = PROBLEM_UNAVAILABLE,
        [SUMMIT_NOMEM] = PROBLEM_UNAVAILABLE,
        [SUMMIT_CORRUPT] = PROBLEM_UNAVAILABLE,
        [SUMMIT_FOREIGN] = PROBLEM_UNAVAILABLE,
        [SUMMIT_NEWER] = PROBLEM_UNAVAILABLE,
        [SUMMIT_FULL] = PROBLEM_INTERNAL_ERROR,
        [SUMMIT_IO] = PROBLEM_UNAVAILABLE,
        [SUMMIT_INTERNAL] = PROBLEM_INTERNAL_ERROR,
    };
    return kinds[status];
}

/* What a problem says in one sentence: its own detail, else the first error's; NULL for the type's.
 */
static const char *sentence(const struct answer *answer)
{
    if (answer->detail[0] != '\0') {
        return answer->detail;
    }
    return json_string_value(json_object_get(json_array_get(answer->errors, 0), "detail"));
}

/* A problem of parameters says which, always, and no other problem does. There may have been no
 * memory to say it, or there was none after it had been said. */
static void settle_errors(struct answer *answer)
{
    bool has_errors =
        answer->problem == PROBLEM_INVALID_PARAMETER || answer->problem == PROBLEM_CURSOR_EXPIRED;
    if (has_errors && json_array_size(answer->errors) == 0) {
        answer_problem(answer, PROBLEM_UNAVAILABLE, "The server is out of memory.");
        has_errors = false;
    }
    if (!has_errors) {
        json_decref(answer->errors);
        answer->errors = NULL;
    }
}

/* Turns an answer that is a problem into the document that says so. */
static bool make_problem(const struct request *request, struct answer *answer)
{
    char *instance = target_instance(request->raw_target == NULL ? "/" : request->raw_target);
    json_t *document = NULL;
    settle_errors(answer);
    if (instance != NULL) {
        document = problem_document(answer->problem, sentence(answer), instance, request->id,
                                    answer->errors);
    }
    free(instance);
    json_decref(answer->document);
    answer->document = document;
    answer->text = NULL;
    answer->http_status = problem_type(answer->problem)->status;
    answer->media_type = "application/problem+json";
    answer->validator[0] = '\0';
    answer->last_modified_s = -1;
    return document != NULL;
}

static bool serialise(const json_t *document, struct body *ret_body)
{
    char *line = NULL;
    size_t length = 0;
    if (!json_line(document, &line, &length)) {
        return false;
    }
    *ret_body = (struct body){.data = line, .text = line, .length = length};
    return true;
}

static bool make_body(const struct request *request, struct answer *answer, struct body *ret_body)
{
    if (answer->document != NULL) {
        if (!serialise(answer->document, ret_body)) {
            return false;
        }
    } else {
        /* The body is sent after the answer is gone: what the answer owned is now the body's. */
        *ret_body = (struct body){.data = answer->owned_text,
                                  .text = answer->text == NULL ? "" : answer->text,
                                  .length = answer->text_length};
        answer->owned_text = NULL;
    }
    if (answer->problem != PROBLEM_NONE || ret_body->length < COMPRESS_MIN_BYTES ||
        negotiate_coding(request->accept_encoding) != NEGOTIATE_GZIP) {
        return true;
    }
    char *data = NULL;
    size_t length = 0;
    if (!compress_gzip(ret_body->text, ret_body->length, &data, &length)) {
        free(ret_body->data);
        return false;
    }
    free(ret_body->data);
    *ret_body = (struct body){.data = data, .text = data, .length = length, .is_gzip = true};
    return true;
}

static bool add(struct MHD_Response *response, const char *name, const char *value)
{
    return MHD_add_response_header(response, name, value) == MHD_YES;
}

/* What every response has, whatever it says. */
static bool add_common(struct MHD_Response *response)
{
    static const char *const fields[][2] = {
        {"Access-Control-Allow-Origin", "*"},
        {"Access-Control-Expose-Headers", "Allow, ETag, Last-Modified, Link, Retry-After"},
        {"Cross-Origin-Resource-Policy", "cross-origin"},
        {"Referrer-Policy", "no-referrer"},
        {"Vary", "Accept, Accept-Encoding"},
        {"X-Content-Type-Options", "nosniff"},
    };
    bool added = true;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        added = added && add(response, fields[i][0], fields[i][1]);
    }
    return added;
}

static bool add_caching(struct MHD_Response *response, const struct answer *answer,
                        const char *etag)
{
    bool stored = answer->problem == PROBLEM_NONE && !answer->is_volatile;
    bool added = add(response, "Cache-Control",
                     stored ? "public, max-age=60, stale-while-revalidate=86400" : "no-store");
    if (etag[0] != '\0') {
        added = added && add(response, "ETag", etag);
    }
    if (answer->last_modified_s >= 0) {
        char date[CONDITIONAL_DATE_SIZE];
        conditional_date_format(answer->last_modified_s, date);
        added = added && add(response, "Last-Modified", date);
    }
    return added;
}

static bool add_link(struct MHD_Response *response, const struct answer *answer)
{
    static const char description[] = "</openapi.json>; rel=\"service-desc\"";
    if (answer->link != NULL) {
        return add(response, "Link", answer->link);
    }
    if (!answer->is_api) {
        return true;
    }
    if (answer->next == NULL) {
        return add(response, "Link", description);
    }
    char *value = NULL;
    bool added = asprintf(&value, "<%s>; rel=\"next\", %s", answer->next, description) >= 0 &&
                 add(response, "Link", value);
    free(value);
    return added;
}

static bool add_content(struct MHD_Response *response, const struct answer *answer, bool is_gzip)
{
    static const char json_policy[] = "default-src 'none'; frame-ancestors 'none'";
    static const char html_policy[] =
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
    bool is_html = strncmp(answer->media_type, "text/html", 9) == 0;
    bool added = add(response, "Content-Type", answer->media_type) &&
                 add(response, "Content-Security-Policy", is_html ? html_policy : json_policy);
    return added && (!is_gzip || add(response, "Content-Encoding", "gzip"));
}

/* The fields that a status calls for. */
static bool add_special(struct MHD_Response *response, const struct request *request,
                        const struct answer *answer)
{
    bool added = true;
    if (answer->http_status == 405 || answer->http_status == 204) {
        added = add(response, "Allow", "GET, HEAD, OPTIONS");
    }
    if (answer->http_status == 204) {
        added = added && add(response, "Access-Control-Allow-Methods", "GET, HEAD, OPTIONS") &&
                add(response, "Access-Control-Allow-Headers", "*") &&
                add(response, "Access-Control-Max-Age", "86400");
    }
    if (answer->http_status == 503) {
        added = added && add(response, "Retry-After", "1");
    }
    /* After a head that was refused nobody knows where the next one starts (RFC 9112 section 5.1).
     */
    if (request->refusal.problem != PROBLEM_NONE || request->has_body ||
        atomic_load(&request->service->stopping)) {
        added = added && add(response, "Connection", "close");
    }
    return added;
}

static bool add_headers(struct MHD_Response *response, const struct request *request,
                        const struct answer *answer, const char *etag, bool is_gzip)
{
    bool added = add_common(response) && add_special(response, request, answer);
    if (answer->http_status == 204) {
        return added;
    }
    added = added && add_caching(response, answer, etag) && add_link(response, answer);
    return added && (answer->http_status == 304 || add_content(response, answer, is_gzip));
}

static int queue(struct request *request, struct answer *answer, struct body *body,
                 const char *etag, struct MHD_Connection *connection)
{
    /* A 304 is given the body as well: the transport does not send it, but its Content-Length may
     * only be that of the 200 (RFC 9110 section 8.6). */
    struct MHD_Response *response;
    if (body->data == NULL) {
        response = MHD_create_response_from_buffer(body->length, (void *)body->text,
                                                   MHD_RESPMEM_PERSISTENT);
    } else {
        response = MHD_create_response_from_buffer(body->length, body->data, MHD_RESPMEM_MUST_FREE);
        body->data = response == NULL ? body->data : NULL;
    }
    if (response == NULL) {
        return MHD_NO;
    }
    enum MHD_Result queued = MHD_NO;
    if (add_headers(response, request, answer, etag, body->is_gzip)) {
        queued = MHD_queue_response(connection, answer->http_status, response);
    }
    MHD_destroy_response(response);
    if (queued == MHD_YES) {
        bool is_sent = answer->http_status != 304 && request->method != REQUEST_HEAD;
        request->status = answer->http_status;
        request->bytes = is_sent ? (int64_t)body->length : 0;
    }
    return (int)queued;
}

int reply_send(struct request *request, struct answer *answer, struct MHD_Connection *connection)
{
    if (answer->problem != PROBLEM_NONE && !make_problem(request, answer)) {
        return MHD_NO;
    }
    if (answer->http_status == 0) {
        answer->http_status = 200;
    }
    struct body body = {.text = ""};
    if (!make_body(request, answer, &body)) {
        answer_problem(answer, PROBLEM_UNAVAILABLE, "The server is out of memory.");
        if (!make_problem(request, answer) || !serialise(answer->document, &body)) {
            return MHD_NO;
        }
    }
    char etag[ANSWER_ETAG_SIZE + 16] = "";
    if (answer->validator[0] != '\0') {
        snprintf(etag, sizeof etag, "\"%s%s\"", answer->validator, body.is_gzip ? "-gzip" : "");
        if (conditional_not_modified(request->if_none_match, request->if_modified_since, etag,
                                     answer->last_modified_s)) {
            answer->http_status = 304;
        }
    }
    int result = queue(request, answer, &body, etag, connection);
    free(body.data);
    return result;
}
