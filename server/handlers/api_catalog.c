#include <stdio.h>

#include "handlers.h"

/* An API catalog (RFC 9727) in the JSON form of a linkset (RFC 9264 section 4.2); HEAD tells a
 * client by the Link field alone that it has found one (RFC 9727 section 2). */
enum summit_status handle_api_catalog(const struct request *request, struct summit_store *store,
                                      struct answer *answer)
{
    (void)request;
    (void)store;
    answer->document = json_pack(
        "{s:[{s:s, s:[{s:s, s:s}, {s:s, s:s}], s:[{s:s, s:s}], s:[{s:s, s:s}]}]}", "linkset",
        "anchor", "/v1", "service-desc", "href", "/openapi.json", "type", "application/json",
        "href", "/openapi.yaml", "type", "application/yaml", "service-doc", "href", "/", "type",
        "text/html", "status", "href", "/readyz", "type", "application/json");
    answer->link = "</.well-known/api-catalog>; rel=\"api-catalog\"";
    snprintf(answer->validator, sizeof answer->validator, "%s", summit_version());
    return answer->document == NULL ? SUMMIT_NOMEM : SUMMIT_OK;
}
