/* Finished responses of one generation, kept for the next request that asks for the same.
 *
 * A generation never changes, so what is kept is right for as long as the generation lives, and
 * goes with it. The cache is bounded in bytes. What is asked for once passes through a tenth of it;
 * what is asked for again meanwhile stays in the rest, so a crawler that asks for every page once
 * cannot drive out the pages that all ask for. */
#ifndef SERVER_CACHE_H
#define SERVER_CACHE_H

#include <stdbool.h>
#include <stddef.h>

#include "coding.h"
#include "representation.h"

struct cache;
struct response;
struct route;

/* What a response is kept for. */
struct cache_key {
    const char *target;                          /* as the link of the document to itself has it */
    const struct representation *representation; /* that the Accept field prefers */
    enum coding coding;                          /* that the Accept-Encoding field prefers */
};

/* Makes an empty cache.
 *   size  bytes that all of it may take.
 * NULL when out of memory. */
struct cache *cache_new(size_t size) __attribute__((warn_unused_result));

/* Gives all references back and frees the cache; NULL is fine. */
void cache_free(struct cache *cache);

/* The route of a target that any response is kept for; NULL if there is none. */
const struct route *cache_route(struct cache *cache, const char *target);

/* The response kept for a key, a reference of the caller's; NULL if there is none. */
struct response *cache_get(struct cache *cache, const struct cache_key *key);

/* Whether the cache would take what takes so many bytes. */
bool cache_takes(const struct cache *cache, size_t size);

/* Keeps a response, with a reference of its own, unless it is too large for the cache, there is one
 * already or no memory for it.
 *   key    copied.
 *   route  of its target; static. */
void cache_put(struct cache *cache, const struct cache_key *key, const struct route *route,
               struct response *response);

#endif
