/* One way out. An answer becomes a body (a document serialised, or a text as it is), the body gets
 * the coding the client prefers, and the response its headers. A problem is a body like any other,
 * but is never stored and never compressed. A stream is read while it is sent; it stays with the
 * request, which is freed after the transport has read for the last time. */
#include "reply.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compress.h"
#include "conditional.h"
#include "connection.h"
#include "json_line.h"
#include "log.h"
#include "negotiate.h"
#include "reply_headers.h"
#include "stream.h"

enum { STREAM_BLOCK_BYTES = 32 * 1024 };

struct body {
    char *data; /* owned, or NULL and then */
    const char *text;
    size_t length;
    bool is_gzip;
    bool is_stream; /* it is the request's stream, and the rest is empty */
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
static bool make_problem(struct request *request, struct answer *answer)
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
    stream_free(request->stream);
    request->stream = NULL;
    answer->document = document;
    answer->text = NULL;
    answer->http_status = problem_type(answer->problem)->status;
    answer->representation = &representation_problem;
    answer->file_name = NULL;
    answer->digest[0] = '\0';
    answer->validator[0] = '\0';
    answer->last_modified_s = -1;
    return document != NULL;
}

static bool serialise(const struct answer *answer, struct body *ret_body)
{
    char *line = NULL;
    size_t length = 0;
    if (!json_line(answer->document, answer->is_pretty, &line, &length)) {
        return false;
    }
    *ret_body = (struct body){.data = line, .text = line, .length = length};
    return true;
}

static bool wants_gzip(const struct request *request, const struct answer *answer)
{
    return answer->representation->is_compressible &&
           negotiate_coding(request->accept_encoding) == NEGOTIATE_GZIP;
}

static bool make_body(const struct request *request, struct answer *answer, struct body *ret_body)
{
    if (request->stream != NULL) {
        *ret_body = (struct body){.is_stream = true, .is_gzip = wants_gzip(request, answer)};
        return !ret_body->is_gzip || stream_compress(request->stream);
    }
    if (answer->document != NULL) {
        if (!serialise(answer, ret_body)) {
            return false;
        }
    } else {
        /* The body is sent after the answer is gone: what the answer owned is now the body's. */
        *ret_body = (struct body){.data = answer->owned_text,
                                  .text = answer->text == NULL ? "" : answer->text,
                                  .length = answer->text_length};
        answer->owned_text = NULL;
    }
    if (ret_body->length < COMPRESS_MIN_BYTES || !wants_gzip(request, answer)) {
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

/* The transport wants the next bytes of a stream. */
static ssize_t on_read(void *context, uint64_t position, char *buffer, size_t size)
{
    (void)position;
    struct request *request = context;
    size_t length = 0;
    enum summit_status status = stream_read(request->stream, buffer, size, &length);
    if (status != SUMMIT_OK) {
        log_event(LOG_ERROR, "answer_cut", log_text("id", request->id),
                  log_text("reason", summit_status_text(status)));
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    if (length == 0) {
        return MHD_CONTENT_READER_END_OF_STREAM;
    }
    /* A long download may go on for as long as it gets on. */
    connections_extend(request->connections, request->connection, CONNECTION_SEND_TIMEOUT_S);
    request->bytes += (int64_t)length;
    return (ssize_t)length;
}

/* Whether an answer has no body, only the fields of one (RFC 9110 sections 9.3.2 and 15.4.5). */
static bool is_bare(const struct request *request, const struct answer *answer)
{
    return answer->http_status == 304 || request->method == REQUEST_HEAD;
}

/* The response takes what the body owns; a stream stays the request's, which outlives it. */
static struct MHD_Response *make_response(struct request *request, struct body *body)
{
    if (body->is_stream) {
        int64_t size = stream_size(request->stream);
        return MHD_create_response_from_callback(size < 0 ? MHD_SIZE_UNKNOWN : (uint64_t)size,
                                                 STREAM_BLOCK_BYTES, on_read, request, NULL);
    }
    if (body->data == NULL) {
        return MHD_create_response_from_buffer(body->length, (void *)body->text,
                                               MHD_RESPMEM_PERSISTENT);
    }
    struct MHD_Response *response =
        MHD_create_response_from_buffer(body->length, body->data, MHD_RESPMEM_MUST_FREE);
    body->data = response == NULL ? body->data : NULL;
    return response;
}

static int queue(struct request *request, struct answer *answer, struct body *body,
                 const char *etag, struct MHD_Connection *connection)
{
    /* A 304 is given the body as well: the transport does not send it, but its Content-Length may
     * only be that of the 200 (RFC 9110 section 8.6). */
    struct MHD_Response *response = make_response(request, body);
    if (response == NULL) {
        return MHD_NO;
    }
    /* After the head alone, too, the transport would send the last chunk of a body in chunks, which
     * a client takes for the start of the next answer. Without chunks it closes the connection. */
    bool is_plain = is_bare(request, answer) && body->is_stream && stream_size(request->stream) < 0;
    enum MHD_Result queued = MHD_NO;
    if ((!is_plain || MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT,
                                               MHD_RO_END) == MHD_YES) &&
        reply_headers_add(response, request, answer, etag, body->is_gzip)) {
        queued = MHD_queue_response(connection, answer->http_status, response);
    }
    MHD_destroy_response(response);
    if (queued == MHD_YES) {
        request->status = answer->http_status;
        request->bytes = is_bare(request, answer) ? 0 : (int64_t)body->length;
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
        if (!make_problem(request, answer) || !serialise(answer, &body)) {
            return MHD_NO;
        }
    }
    char etag[ANSWER_ETAG_SIZE] = "";
    if (answer->validator[0] != '\0') {
        answer_etag(answer, body.is_gzip, etag);
        if (conditional_not_modified(request->if_none_match, request->if_modified_since, etag,
                                     answer->last_modified_s)) {
            answer->http_status = 304;
        }
    }
    int result = queue(request, answer, &body, etag, connection);
    free(body.data);
    return result;
}
