#include "problem.h"

#include <string.h>

static const struct problem_type types[PROBLEM_COUNT] = {
    [PROBLEM_BAD_REQUEST] =
        {"bad-request", 400, "Bad request",
         "The request itself is malformed: its target, its Host field, another header field, or a "
         "body where none belongs. Send a GET, HEAD or OPTIONS with one Host field, a target that "
         "starts with a slash and is percent-encoded UTF-8, and no body."},
    [PROBLEM_INVALID_PARAMETER] =
        {"invalid-parameter", 400, "Invalid parameter",
         "A query parameter is unknown here, stands twice, or has a value it cannot have. The "
         "member errors names each one and, where there is one, the nearest right name or value. "
         "GET /v1 lists the filters and includes of every resource."},
    [PROBLEM_NOT_FOUND] =
        {"not-found", 404, "Not found",
         "Nothing has this address: the path is mistyped, or the record has no row with this id. "
         "GET /v1 lists what there is."},
    [PROBLEM_METHOD_NOT_ALLOWED] =
        {"method-not-allowed", 405, "Method not allowed",
         "The record is read-only. Every address answers GET, HEAD and OPTIONS, and no other "
         "method."},
    [PROBLEM_NOT_ACCEPTABLE] =
        {"not-acceptable", 406, "Not acceptable",
         "The Accept or Accept-Encoding field excludes every form this address has. The member "
         "detail says which there are; leave the field out to get the usual one."},
    [PROBLEM_CURSOR_EXPIRED] =
        {"cursor-expired", 410, "Cursor expired",
         "The record was published anew since this cursor was made, so its place in the list is "
         "gone. Start again without the parameter cursor."},
    [PROBLEM_URI_TOO_LONG] =
        {"uri-too-long", 414, "URI too long",
         "The target of the request is longer than this server reads. Name fewer values in one "
         "request."},
    [PROBLEM_RANGE_NOT_SATISFIABLE] =
        {"range-not-satisfiable", 416, "Range not satisfiable",
         "The Range field asks for a part that begins beyond the end of the body. Content-Range "
         "says how many bytes there are; leave Range out to get all of them."},
    [PROBLEM_HEADERS_TOO_LARGE] =
        {"headers-too-large", 431, "Request header fields too large",
         "The header fields of the request are larger than this server reads. No cookies or "
         "credentials are needed here."},
    [PROBLEM_INTERNAL_ERROR] = {"internal-error", 500, "Internal error",
                                "The server made a mistake. Its log has a line request_failed with "
                                "the same request_id and the "
                                "reason."},
    [PROBLEM_UNAVAILABLE] =
        {"unavailable", 503, "Unavailable",
         "The server cannot answer just now: it is stopping, out of memory, its database cannot "
         "be read, or the answer took longer than one answer may. Try again after the time that "
         "Retry-After gives."},
    [PROBLEM_VERSION_NOT_SUPPORTED] = {"http-version-not-supported", 505,
                                       "HTTP version not supported",
                                       "This server speaks HTTP/1.1 and HTTP/1.0."},
};

const struct problem_type *problem_type(enum problem_kind kind)
{
    return &types[kind];
}

const struct problem_type *problem_find(const char *slug)
{
    for (size_t kind = PROBLEM_NONE + 1; kind < PROBLEM_COUNT; kind++) {
        if (strcmp(types[kind].slug, slug) == 0) {
            return &types[kind];
        }
    }
    return NULL;
}

json_t *problem_document(enum problem_kind kind, const char *detail, const char *instance,
                         const char *request_id, json_t *errors)
{
    const struct problem_type *type = &types[kind];
    json_auto_t *document = json_pack("{s:s+, s:s, s:i, s:s, s:s, s:s}", "type", "/problems/",
                                      type->slug, "title", type->title, "status", (int)type->status,
                                      "detail", detail == NULL ? type->explanation : detail,
                                      "instance", instance, "request_id", request_id);
    if (document == NULL) {
        return NULL;
    }
    if (errors != NULL && json_object_set(document, "errors", errors) != 0) {
        return NULL;
    }
    return json_incref(document);
}
