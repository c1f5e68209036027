/* Which fields a response has goes by what it is: every one, a stored one, one with content, and
 * the statuses that call for a field of their own. */
#include "reply_headers.h"

#include <microhttpd.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "conditional.h"
#include "service.h"

static bool add(struct MHD_Response *response, const char *name, const char *value)
{
    return MHD_add_response_header(response, name, value) == MHD_YES;
}

/* What every response has, whatever it says. */
static bool add_common(struct MHD_Response *response)
{
    static const char *const fields[][2] = {
        {"Access-Control-Allow-Origin", "*"},
        {"Access-Control-Expose-Headers",
         "Accept-Ranges, Allow, Content-Disposition, Content-Range, ETag, Last-Modified, Link, "
         "Repr-Digest, Retry-After"},
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
    if (answer->digest[0] != '\0') {
        added = added && add(response, "Repr-Digest", answer->digest);
    }
    return added && (!answer->has_ranges || add(response, "Accept-Ranges", "bytes"));
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

/* RFC 6266: saved under this name, not shown. */
static bool add_disposition(struct MHD_Response *response, const struct answer *answer)
{
    char *value = NULL;
    bool added = asprintf(&value, "attachment; filename=\"%s.%s\"", answer->file_name,
                          answer->representation->extension) >= 0 &&
                 add(response, "Content-Disposition", value);
    free(value);
    return added;
}

static bool add_content(struct MHD_Response *response, const struct answer *answer,
                        enum coding coding)
{
    static const char json_policy[] = "default-src 'none'; frame-ancestors 'none'";
    static const char html_policy[] =
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
    const struct representation *representation = answer->representation;
    bool is_html = representation == &representation_html;
    bool added = add(response, "Content-Type", representation->media_type) &&
                 add(response, "Content-Security-Policy", is_html ? html_policy : json_policy);
    if (answer->file_name != NULL) {
        added = added && add_disposition(response, answer);
    }
    return added &&
           (coding == CODING_IDENTITY || add(response, "Content-Encoding", coding_token(coding)));
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
    if (answer->http_status == 206 || answer->http_status == 416) {
        added = added && add(response, "Content-Range", answer->content_range);
    }
    if (answer->http_status == 503) {
        added = added && add(response, "Retry-After", "1");
    }
    /* After a head that was refused nobody knows where the next one starts (RFC 9112 section 5.1).
     */
    if (request->refusal != PROBLEM_NONE || request->has_body ||
        atomic_load(&request->service->stopping)) {
        added = added && add(response, "Connection", "close");
    }
    return added;
}

bool reply_headers_add(struct MHD_Response *response, const struct request *request,
                       const struct answer *answer, const char *etag, enum coding coding)
{
    bool added = add_common(response) && add_special(response, request, answer);
    if (answer->http_status == 204) {
        return added;
    }
    return added && add_caching(response, answer, etag) && add_link(response, answer) &&
           add_content(response, answer, coding);
}
