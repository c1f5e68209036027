#include "response.h"

#include <microhttpd.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

#include "conditional.h"
#include "connection.h"
#include "log.h"
#include "reply_headers.h"
#include "stream.h"

enum {
    STREAM_BLOCK_BYTES = 32 * 1024,
    FORM_BYTES = 2048, /* what the transport takes for the fields of a response, about */
    FILE_MIN_BYTES = 16 * 1024,
    FILES_MAX = 128
};

static atomic_uint file_count;
static unsigned file_count_max;

struct response {
    atomic_uint references;
    unsigned http_status;
    struct request *request; /* of a stream, else NULL */
    bool is_head;            /* of a stream: only its head is asked for */
    bool is_file;            /* the transport has the body in a file, else it is here: */
    char *data;              /* owned, or NULL and then */
    const char *text;        /* static */
    size_t length;
    int64_t last_modified_s;
    struct MHD_Response *whole;
    _Atomic(struct MHD_Response *) not_modified; /* NULL until it is wanted */
    char etag[ANSWER_ETAG_SIZE];                 /* "" for none */
};

/* The transport wants the next bytes of a stream. */
static ssize_t on_read(void *context, uint64_t position, char *buffer, size_t size)
{
    (void)position;
    struct request *request = context;
    size_t length = 0;
    enum summit_status status = stream_read(request->stream, buffer, size, &length);
    if (status != SUMMIT_OK) {
        char id[REQUEST_ID_SIZE];
        request_id_write(request, id);
        log_event(LOG_ERROR, "answer_cut", log_text("id", id),
                  log_text("reason", summit_status_text(status)));
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    if (length == 0) {
        return MHD_CONTENT_READER_END_OF_STREAM;
    }
    /* A long download may go on for as long as it gets on. */
    connection_extend(request->connection, request_clock_us(), CONNECTION_SEND_TIMEOUT_S);
    request->bytes += (int64_t)length;
    return (ssize_t)length;
}

/* One form of a stream. After the head alone the transport would send the last chunk of a body in
 * chunks too, which a client takes for the start of the next answer. Without chunks it closes the
 * connection.
 *   is_bare  no body is sent. */
static struct MHD_Response *stream_form(const struct response *response, bool is_bare)
{
    int64_t size = stream_size(response->request->stream);
    struct MHD_Response *form =
        MHD_create_response_from_callback(size < 0 ? MHD_SIZE_UNKNOWN : (uint64_t)size,
                                          STREAM_BLOCK_BYTES, on_read, response->request, NULL);
    if (form != NULL && is_bare && size < 0 &&
        MHD_set_response_options(form, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END) != MHD_YES) {
        MHD_destroy_response(form);
        return NULL;
    }
    return form;
}

/* A file in memory that holds a body; -1 if there is none to be had. */
static int open_file(const char *text, size_t length)
{
    int fd = memfd_create("summitd-response", MFD_CLOEXEC);
    size_t written = 0;
    while (fd >= 0 && written < length) {
        ssize_t count = write(fd, text + written, length - written);
        if (count <= 0) {
            close(fd);
            return -1;
        }
        written += (size_t)count;
    }
    return fd;
}

/* A large body that is to be sent again and again is given to the transport as a file, which the
 * kernel sends without copying it (sendfile(2)). Each takes a descriptor, so there is a limit;
 * where there is none to be had, the body is sent from where it is. */
static struct MHD_Response *file_form(const char *text, size_t length)
{
    struct MHD_Response *form = NULL;
    if (atomic_fetch_add(&file_count, 1) < file_count_max) {
        int fd = open_file(text, length);
        form = fd < 0 ? NULL : MHD_create_response_from_fd64(length, fd);
        if (form == NULL && fd >= 0) {
            close(fd);
        }
    }
    if (form == NULL) {
        atomic_fetch_sub(&file_count, 1);
    }
    return form;
}

static struct MHD_Response *whole_form(struct response *response, bool is_kept)
{
    if (response->request != NULL) {
        return stream_form(response, response->is_head);
    }
    const char *text = response->data == NULL ? response->text : response->data;
    struct MHD_Response *form = NULL;
    if (is_kept && response->data != NULL && response->length >= FILE_MIN_BYTES) {
        form = file_form(text, response->length);
        response->is_file = form != NULL;
    }
    return form != NULL ? form
                        : MHD_create_response_from_buffer(response->length, (void *)text,
                                                          MHD_RESPMEM_PERSISTENT);
}

/* The transport says of which type it is. NOLINTNEXTLINE(readability-non-const-parameter) */
static ssize_t refuse_read(void *context, uint64_t position, char *buffer, size_t size)
{
    (void)context;
    (void)position;
    (void)buffer;
    (void)size;
    return MHD_CONTENT_READER_END_WITH_ERROR;
}

/* The body of a 304 is never sent, but the transport is told its length: Content-Length may only be
 * that of the 200 (RFC 9110 section 8.6). */
static struct MHD_Response *not_modified_form(const struct response *response)
{
    if (response->request != NULL) {
        return stream_form(response, true);
    }
    return MHD_create_response_from_callback(response->length, 1, refuse_read, NULL, NULL);
}

struct copying {
    struct MHD_Response *form;
    bool failed;
};

/* All fields of a 200 that a 304 has as well: those that are not of the content. */
static enum MHD_Result copy_field(void *context, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
    static const char *const of_content[] = {
        "Content-Disposition",
        "Content-Encoding",
        "Content-Security-Policy",
        "Content-Type",
    };
    (void)kind;
    struct copying *copying = context;
    for (size_t i = 0; i < sizeof of_content / sizeof of_content[0]; i++) {
        if (strcasecmp(name, of_content[i]) == 0) {
            return MHD_YES;
        }
    }
    enum MHD_Result added = MHD_add_response_header(copying->form, name, value);
    copying->failed = added != MHD_YES;
    return added;
}

/* The response as a 304, made once. NULL when out of memory. */
static struct MHD_Response *not_modified(struct response *response)
{
    struct MHD_Response *there = atomic_load(&response->not_modified);
    if (there != NULL) {
        return there;
    }
    struct copying copying = {.form = not_modified_form(response)};
    if (copying.form == NULL) {
        return NULL;
    }
    MHD_get_response_headers(response->whole, copy_field, &copying);
    if (copying.failed) {
        MHD_destroy_response(copying.form);
        return NULL;
    }
    if (!atomic_compare_exchange_strong(&response->not_modified, &there, copying.form)) {
        MHD_destroy_response(copying.form); /* another thread was first */
        return there;
    }
    return copying.form;
}

void response_allow_files(size_t count)
{
    file_count_max = count < FILES_MAX ? (unsigned)count : FILES_MAX;
}

struct response *response_new(struct request *request, const struct answer *answer,
                              const char *etag, struct response_body *body)
{
    struct response *response = calloc(1, sizeof *response);
    if (response == NULL) {
        return NULL;
    }
    atomic_init(&response->references, 1);
    response->http_status = answer->http_status;
    response->request = body->is_stream ? request : NULL;
    response->is_head = request->method == REQUEST_HEAD;
    response->text = body->text;
    response->length = body->length;
    response->last_modified_s = answer->last_modified_s;
    response->data = body->data;
    stpcpy(response->etag, etag);
    response->whole = whole_form(response, body->is_kept);
    if (response->whole == NULL ||
        !reply_headers_add(response->whole, request, answer, etag, body->coding)) {
        response->data = NULL; /* still the caller's */
        response_release(response);
        return NULL;
    }
    body->data = NULL;
    if (response->is_file) {
        free(response->data);
        response->data = NULL;
        response->text = NULL;
    }
    return response;
}

static bool is_unchanged(const struct response *response, const struct request *request)
{
    return response->etag[0] != '\0' &&
           (request->if_none_match != NULL || request->if_modified_since != NULL) &&
           conditional_not_modified(request->if_none_match, request->if_modified_since,
                                    response->etag, response->last_modified_s);
}

int response_send(struct response *response, struct request *request,
                  struct MHD_Connection *connection)
{
    bool unchanged = is_unchanged(response, request);
    struct MHD_Response *form = unchanged ? not_modified(response) : response->whole;
    unsigned status = unchanged ? 304 : response->http_status;
    request->response = response; /* the transport reads the body until the request is done */
    if (form == NULL || MHD_queue_response(connection, status, form) != MHD_YES) {
        return MHD_NO;
    }
    request->status = status;
    request->bytes = unchanged || request->method == REQUEST_HEAD ? 0 : (int64_t)response->length;
    request->is_corked = response->is_file && request->bytes > 0;
    if (request->is_corked) {
        connection_cork(request->connection, true);
    }
    return MHD_YES;
}

size_t response_size(const struct response *response)
{
    size_t owned = response->data != NULL || response->is_file ? response->length : 0;
    return sizeof *response + owned + 2 * (size_t)FORM_BYTES;
}

void response_retain(struct response *response)
{
    atomic_fetch_add_explicit(&response->references, 1, memory_order_relaxed);
}

static void destroy_form(struct MHD_Response *form)
{
    if (form != NULL) {
        MHD_destroy_response(form);
    }
}

void response_release(struct response *response)
{
    if (response != NULL && atomic_fetch_sub(&response->references, 1) == 1) {
        destroy_form(response->whole);
        destroy_form(atomic_load(&response->not_modified));
        atomic_fetch_sub(&file_count, response->is_file ? 1 : 0);
        free(response->data);
        free(response);
    }
}
