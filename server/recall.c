#include "recall.h"

#include "cache.h"
#include "generation.h"
#include "links.h"
#include "negotiate.h"
#include "response.h"
#include "routes.h"
#include "service.h"

/* A refused request, and one whose connection is to be closed, get fields of their own. */
static struct cache *cache_for(const struct request *request)
{
    bool is_plain = request->refusal == PROBLEM_NONE && !request->has_body &&
                    (request->method == REQUEST_GET || request->method == REQUEST_HEAD) &&
                    !atomic_load_explicit(&request->service->stopping, memory_order_relaxed);
    return is_plain ? generation_cache(request->generation) : NULL;
}

struct response *recall_target(const struct request *request)
{
    struct cache *cache = cache_for(request);
    if (cache == NULL) {
        return NULL;
    }
    const struct route *route = cache_route(cache, request->raw_target);
    if (route == NULL) {
        return NULL;
    }
    struct cache_key key = {
        .target = request->raw_target,
        .representation = representation_choose(request->accept, route->offered),
        .coding = negotiate_coding(request->accept_encoding),
    };
    return cache_get(cache, &key);
}

static struct cache_key key_of(const struct request *request)
{
    return (struct cache_key){
        .target = request->self,
        .representation = request->representation,
        .coding = request->coding,
    };
}

struct response *recall_request(struct request *request)
{
    struct cache *cache = cache_for(request);
    if (cache == NULL) {
        return NULL;
    }
    request->self = links_to(request, NULL);
    if (request->self == NULL) {
        return NULL;
    }
    struct cache_key key = key_of(request);
    return cache_get(cache, &key);
}

bool recall_keeps(const struct request *request, const struct answer *answer, size_t size)
{
    return request->self != NULL && answer->http_status == 200 && answer->problem == PROBLEM_NONE &&
           !answer->is_volatile && request->stream == NULL && !answer->has_ranges &&
           cache_takes(generation_cache(request->generation), size);
}

void recall_keep(const struct request *request, struct response *response)
{
    struct cache_key key = key_of(request);
    cache_put(generation_cache(request->generation), &key, request->route, response);
}
