/* Which requests are answered from the cache, and under which key.
 *
 * The key is the request in its normal form: the target as the document's link to itself writes it
 * (decoded and encoded again, parameters in order), with what its fields prefer of what the route
 * offers. Only what was answered with a 200 is kept, so all parameters of a key are known and
 * checked, and neither their order nor unknown ones can fill the cache. */
#ifndef SERVER_RECALL_H
#define SERVER_RECALL_H

#include "answer.h"
#include "request.h"

struct response;

/* The response kept for a request whose target is in its normal form, before anything is read from
 * it; a reference, or NULL. */
struct response *recall_target(const struct request *request);

/* The response kept for a request that is routed and checked; a reference, or NULL, and then the
 * key stays in the request for recall_keep. */
struct response *recall_request(struct request *request);

/* Whether the response to a request may be kept.
 *   size  bytes that its body takes; 0 if it is static. */
bool recall_keeps(const struct request *request, const struct answer *answer, size_t size);

/* Keeps the response to a request that may be. */
void recall_keep(const struct request *request, struct response *response);

#endif
