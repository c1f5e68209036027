#include "dispatch.h"

#include <stdio.h>
#include <string.h>

#include "generation.h"
#include "log.h"
#include "negotiate.h"
#include "recall.h"
#include "reply.h"
#include "routes.h"
#include "stream.h"

static bool parse_target(struct request *request, struct answer *answer)
{
    struct target_error error = {.offset = 0};
    switch (target_parse(request->raw_target, &request->target, &error)) {
    case TARGET_OK:
        return true;
    case TARGET_TOO_DEEP:
        answer_problem(answer, PROBLEM_NOT_FOUND, "%s", error.detail);
        return false;
    case TARGET_NOMEM:
        answer_problem(answer, PROBLEM_UNAVAILABLE, "The server is out of memory.");
        return false;
    case TARGET_MALFORMED:
        break;
    }
    if (error.parameter[0] == '\0') {
        answer_problem(answer, PROBLEM_BAD_REQUEST, "%s", error.detail);
        return false;
    }
    answer_problem(answer, PROBLEM_INVALID_PARAMETER, "%s", error.detail);
    answer->errors = json_pack("[{s:s, s:s, s:s, s:n}]", "parameter", error.parameter, "code",
                               "invalid_encoding", "detail", error.detail, "suggestion");
    return false;
}

static void not_found(const struct request *request, struct answer *answer)
{
    const char *paths[64] = {NULL};
    size_t count = 0;
    for (size_t i = 0; i < route_count && count < 63; i++) {
        if (strchr(routes[i].path, '{') == NULL) {
            paths[count++] = routes[i].path;
        }
    }
    const char *path = request->target.path;
    const char *near = summit_nearest(path, paths);
    if (near != NULL) {
        answer_problem(answer, PROBLEM_NOT_FOUND, "There is nothing at %.100s; did you mean %s?",
                       path, near);
    } else {
        answer_problem(answer, PROBLEM_NOT_FOUND,
                       "There is nothing at %.100s; /v1 lists what there is.", path);
    }
}

/* Whether the target names the form it wants, which beats the Accept field. Where there is such a
 * parameter, the library's query knows its values. */
static bool has_format(const struct request *request)
{
    const struct target *target = &request->target;
    for (size_t i = 0; request->route->resource != NULL && i < target->parameter_count; i++) {
        if (strcmp(target->parameters[i].name, "format") == 0) {
            return true;
        }
    }
    return false;
}

static bool negotiate(struct request *request, struct answer *answer)
{
    const struct representation *const *offered = request->route->offered;
    request->representation = representation_choose(request->accept, offered);
    if (request->representation == NULL && has_format(request)) {
        request->representation = offered[0];
    }
    if (request->representation == NULL) {
        char list[ANSWER_DETAIL_SIZE];
        representation_list(offered, list, sizeof list - 64);
        answer_problem(answer, PROBLEM_NOT_ACCEPTABLE, "This address has %s only.", list);
        return false;
    }
    request->coding = negotiate_coding(request->accept_encoding);
    if (request->coding == CODING_NONE) {
        answer_problem(answer, PROBLEM_NOT_ACCEPTABLE,
                       "Accept-Encoding excludes br, gzip and identity, the codings there are.");
        return false;
    }
    return true;
}

/* Service paths and the index take no parameters at all. */
static bool refuse_parameters(const struct request *request, struct answer *answer)
{
    if (request->route->resource != NULL || request->target.parameter_count == 0) {
        return true;
    }
    answer->problem = PROBLEM_INVALID_PARAMETER;
    answer->errors = json_array();
    for (size_t i = 0; i < request->target.parameter_count; i++) {
        json_t *error = json_pack("{s:s, s:s, s:s, s:n}", "parameter",
                                  request->target.parameters[i].name, "code", "unknown_parameter",
                                  "detail", "This address takes no parameters.", "suggestion");
        if (json_array_append_new(answer->errors, error) != 0) {
            answer_problem(answer, PROBLEM_UNAVAILABLE, "The server is out of memory.");
        }
    }
    return false;
}

static enum summit_status handle(struct request *request, struct answer *answer)
{
    const struct route *route = request->route;
    answer->representation = request->representation;
    answer->is_api = route->is_api;
    if (!route->is_api) {
        return route->handle(request, NULL, answer);
    }
    struct generation *generation = request->generation;
    struct summit_store *store = generation_take(generation);
    enum summit_status status = SUMMIT_BUSY;
    if (store != NULL) {
        status = route->handle(request, store, answer);
        if (status == SUMMIT_OK && answer->stream.next != NULL) {
            status = stream_start(answer, generation, store, &request->stream);
        }
        if (answer->validator[0] == '\0') {
            /* A revision has 16 digits; the version is a constant. */
            char *end = stpcpy(answer->validator, summit_store_revision(store));
            *end++ = '-';
            stpcpy(end, summit_version());
        }
        answer->last_modified_s = summit_store_published_at(store);
        generation_give(generation, store);
    }
    return status;
}

static bool check(struct request *request, struct answer *answer)
{
    if (request->refusal == PROBLEM_HEADERS_TOO_LARGE) {
        answer_problem(answer, request->refusal,
                       "The header fields together may have at most %zu bytes.",
                       request_headers_max(request->service));
        return false;
    }
    if (request->refusal != PROBLEM_NONE) {
        answer_problem(answer, request->refusal, "%s", request->refusal_detail);
        return false;
    }
    if (!parse_target(request, answer)) {
        return false;
    }
    request->route = routes_match(&request->target, request->parameters);
    if (request->route == NULL) {
        not_found(request, answer);
        return false;
    }
    if (request->method == REQUEST_OTHER) {
        answer_problem(answer, PROBLEM_METHOD_NOT_ALLOWED,
                       "The method %s is not allowed here; GET, HEAD and OPTIONS are.",
                       request->method_name);
        return false;
    }
    if (request->method == REQUEST_OPTIONS) {
        answer->http_status = 204;
        return false;
    }
    return negotiate(request, answer) && refuse_parameters(request, answer);
}

void dispatch(struct request *request, struct answer *answer)
{
    if (!check(request, answer)) {
        return;
    }
    answer->kept = recall_request(request);
    if (answer->kept != NULL) {
        return;
    }
    enum summit_status status = handle(request, answer);
    if (status == SUMMIT_OK) {
        if (answer->representation->is_download && answer->file_name == NULL) {
            answer->file_name = request->route->resource;
        }
        return;
    }
    if (answer->problem == PROBLEM_NONE) {
        answer->problem = reply_problem(status);
    }
    if (status == SUMMIT_TIMEOUT) {
        answer_problem(answer, answer->problem,
                       "This answer takes longer than one may; ask for fewer rows or includes.");
    }
    if (problem_type(answer->problem)->status >= 500) {
        char id[REQUEST_ID_SIZE];
        request_id_write(request, id);
        log_event(LOG_ERROR, "request_failed", log_text("id", id),
                  log_text("reason", summit_status_text(status)));
    }
}
