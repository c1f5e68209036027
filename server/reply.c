/* One way out. An answer becomes a body (a document serialised, or a text as it is), the body gets
 * the coding the client prefers, and the response its headers. A problem is a body like any other,
 * but is never stored and never compressed. A stream is read while it is sent; it stays with the
 * request, which is freed after the transport has read for the last time. */
#include "reply.h"

#include <stdlib.h>
#include <string.h>

#include "compress.h"
#include "recall.h"
#include "response.h"
#include "stream.h"

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
        char id[REQUEST_ID_SIZE];
        request_id_write(request, id);
        document =
            problem_document(answer->problem, sentence(answer), instance, id, answer->errors);
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

static bool serialise(const struct answer *answer, struct response_body *ret_body)
{
    char *text = NULL;
    size_t length = 0;
    if (summit_document_text(answer->document, answer->is_pretty, &text, &length) != SUMMIT_OK) {
        return false;
    }
    *ret_body = (struct response_body){.data = text, .text = text, .length = length};
    return true;
}

/* The coding of the body, if it is one that a coding makes smaller. */
static enum coding choose_coding(const struct request *request, const struct answer *answer)
{
    bool is_compressible =
        answer->representation != NULL && answer->representation->is_compressible;
    return is_compressible ? request->coding : CODING_IDENTITY;
}

static bool make_body(const struct request *request, struct answer *answer,
                      struct response_body *ret_body)
{
    enum coding coding = choose_coding(request, answer);
    if (request->stream != NULL) {
        *ret_body = (struct response_body){.is_stream = true, .coding = coding};
        return coding == CODING_IDENTITY || stream_compress(request->stream, coding);
    }
    if (answer->document != NULL) {
        if (!serialise(answer, ret_body)) {
            return false;
        }
    } else {
        /* The body is sent after the answer is gone: what the answer owned is now the body's. */
        *ret_body = (struct response_body){.data = answer->owned_text,
                                           .text = answer->text == NULL ? "" : answer->text,
                                           .length = answer->text_length};
        answer->owned_text = NULL;
    }
    if (ret_body->length < COMPRESS_MIN_BYTES || coding == CODING_IDENTITY) {
        return true;
    }
    char *data = NULL;
    size_t length = 0;
    if (!compress_body(coding, ret_body->text, ret_body->length, &data, &length)) {
        free(ret_body->data);
        return false;
    }
    free(ret_body->data);
    *ret_body =
        (struct response_body){.data = data, .text = data, .length = length, .coding = coding};
    return true;
}

static int send_answer(struct request *request, struct answer *answer, struct response_body *body,
                       struct MHD_Connection *connection)
{
    char etag[ANSWER_ETAG_SIZE] = "";
    if (answer->validator[0] != '\0') {
        answer_etag(answer, body->coding, etag);
    }
    body->is_kept = recall_keeps(request, answer, body->data == NULL ? 0 : body->length);
    struct response *response = response_new(request, answer, etag, body);
    if (response == NULL) {
        return 0;
    }
    if (body->is_kept) {
        recall_keep(request, response);
    }
    return response_send(response, request, connection);
}

int reply_send(struct request *request, struct answer *answer, struct MHD_Connection *connection)
{
    if (answer->kept != NULL) {
        struct response *kept = answer->kept;
        answer->kept = NULL;
        return response_send(kept, request, connection);
    }
    if (answer->problem != PROBLEM_NONE && !make_problem(request, answer)) {
        return 0;
    }
    if (answer->http_status == 0) {
        answer->http_status = 200;
    }
    struct response_body body = {.text = ""};
    if (!make_body(request, answer, &body)) {
        answer_problem(answer, PROBLEM_UNAVAILABLE, "The server is out of memory.");
        if (!make_problem(request, answer) || !serialise(answer, &body)) {
            return 0;
        }
    }
    int result = send_answer(request, answer, &body, connection);
    free(body.data);
    return result;
}
