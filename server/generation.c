/* One thread looks at the file in place; the workers only take a reference to the current
 * generation under a lock that is held for a few instructions. */
#include "generation.h"

#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cache.h"
#include "identity.h"
#include "log.h"
#include "pool.h"

struct generation {
    atomic_uint references;
    struct pool *pool;
    struct cache *cache;         /* NULL if nothing is kept */
    pthread_mutex_t digest_lock; /* of the two that follow */
    bool has_digest;
    uint8_t digest[SUMMIT_DIGEST_BYTES];
};

struct generations {
    const char *path;
    unsigned workers;
    unsigned budget_ms;
    size_t cache_size;
    pthread_mutex_t lock; /* of what stands below */
    struct generation *current;
    struct generation_state state;
    struct identity refused; /* the file that was refused last */
    bool refused_for_good;   /* it is the file's own fault, not of the moment */
};

static void generation_free(struct generation *generation)
{
    pool_close(generation->pool);
    cache_free(generation->cache);
    pthread_mutex_destroy(&generation->digest_lock);
    free(generation);
}

/* A file that takes long to read is read now, when no client waits for it. */
static enum summit_status digest_large(const struct generations *generations,
                                       struct generation *generation, struct summit_error *error)
{
    enum { LARGE_BYTES = 16 * 1024 * 1024 };
    enum summit_status status = SUMMIT_OK;
    struct summit_store *store = generation_take(generation);
    if (summit_store_size(store) > LARGE_BYTES) {
        uint8_t digest[SUMMIT_DIGEST_BYTES];
        status = generation_digest(generation, store, digest);
    }
    generation_give(generation, store);
    if (status != SUMMIT_OK) {
        snprintf(error->message, sizeof error->message, "%s: %s", generations->path,
                 summit_status_text(status));
    }
    return status;
}

static enum summit_status generation_open(const struct generations *generations,
                                          struct generation **ret_generation,
                                          struct summit_error *error)
{
    struct generation *generation = calloc(1, sizeof *generation);
    if (generation == NULL) {
        snprintf(error->message, sizeof error->message, "%s: out of memory", generations->path);
        return SUMMIT_NOMEM;
    }
    atomic_init(&generation->references, 1);
    pthread_mutex_init(&generation->digest_lock, NULL);
    enum summit_status status = pool_open(generations->path, generations->workers,
                                          generations->budget_ms, &generation->pool, error);
    if (status == SUMMIT_OK) {
        status = digest_large(generations, generation, error);
    }
    if (status != SUMMIT_OK) {
        generation_free(generation);
        return status;
    }
    if (generations->cache_size > 0) {
        generation->cache = cache_new(generations->cache_size);
    }
    if (generations->cache_size > 0 && generation->cache == NULL) {
        snprintf(error->message, sizeof error->message, "%s: out of memory", generations->path);
        generation_free(generation);
        return SUMMIT_NOMEM;
    }
    *ret_generation = generation;
    return SUMMIT_OK;
}

/* Puts a generation in place of the current one. */
static void serve(struct generations *generations, struct generation *generation)
{
    struct generation_state state = {.is_stale = false};
    struct summit_store *store = generation_take(generation);
    snprintf(state.revision, sizeof state.revision, "%s", summit_store_revision(store));
    generation_give(generation, store);
    pthread_mutex_lock(&generations->lock);
    struct generation *old = generations->current;
    generations->current = generation;
    generations->state = state;
    pthread_mutex_unlock(&generations->lock);
    generation_release(old);
    /* To look at a whole file takes more memory than to serve it. */
    malloc_trim(0);
    log_event(LOG_INFO, "generation", log_text("revision", state.revision));
}

enum summit_status generations_open(const char *path, unsigned workers, unsigned budget_ms,
                                    size_t cache_size, struct generations **ret_generations,
                                    struct message *ret_message)
{
    struct summit_error error = {{0}};
    struct generations *generations = calloc(1, sizeof *generations);
    if (generations == NULL) {
        message_set(ret_message, "%s: out of memory", path);
        return SUMMIT_NOMEM;
    }
    generations->path = path;
    generations->workers = workers;
    generations->budget_ms = budget_ms;
    generations->cache_size = cache_size;
    pthread_mutex_init(&generations->lock, NULL);
    struct generation *generation = NULL;
    enum summit_status status = generation_open(generations, &generation, &error);
    if (status != SUMMIT_OK) {
        message_set(ret_message, "%s", error.message);
        generations_close(generations);
        return status;
    }
    serve(generations, generation);
    *ret_generations = generations;
    return SUMMIT_OK;
}

static const char *reason_of(enum summit_status status)
{
    switch (status) {
    case SUMMIT_NOT_FOUND:
        return "missing";
    case SUMMIT_FOREIGN:
        return "foreign";
    case SUMMIT_NEWER:
        return "newer_version";
    case SUMMIT_CORRUPT:
        return "damaged";
    case SUMMIT_BUSY:
        return "busy";
    default:
        return "unreadable";
    }
}

static void refuse(struct generations *generations, const struct identity *identity,
                   enum summit_status status, const char *detail)
{
    pthread_mutex_lock(&generations->lock);
    struct generation_state *state = &generations->state;
    bool repeated = state->is_stale && identity_same(identity, &generations->refused) &&
                    strcmp(state->reason, reason_of(status)) == 0;
    if (!repeated) {
        state->is_stale = true;
        state->reason = reason_of(status);
        state->since_s = (int64_t)time(NULL);
        snprintf(state->detail, sizeof state->detail, "%s", detail);
    }
    generations->refused = *identity;
    generations->refused_for_good = status == SUMMIT_CORRUPT || status == SUMMIT_FOREIGN ||
                                    status == SUMMIT_NEWER || status == SUMMIT_NOT_FOUND;
    pthread_mutex_unlock(&generations->lock);
    if (!repeated) {
        log_event(LOG_WARNING, "generation_rejected", log_text("reason", reason_of(status)),
                  log_text("detail", detail));
    }
}

/* The refused file is gone and the one that is served is in place again. */
static void accept_current(struct generations *generations)
{
    pthread_mutex_lock(&generations->lock);
    bool was_stale = generations->state.is_stale;
    generations->state.is_stale = false;
    pthread_mutex_unlock(&generations->lock);
    if (was_stale) {
        log_event(LOG_INFO, "generation", log_text("revision", generations->state.revision));
    }
}

void generations_refresh(struct generations *generations, bool again)
{
    struct identity identity = identity_of(generations->path);
    /* Only this thread writes what is read here without the lock. */
    if (identity_same(&identity, pool_identity(generations->current->pool))) {
        pool_fill(generations->current->pool);
        accept_current(generations);
        return;
    }
    if (!again && generations->state.is_stale && generations->refused_for_good &&
        identity_same(&identity, &generations->refused)) {
        return;
    }
    struct summit_error error = {{0}};
    struct generation *generation = NULL;
    enum summit_status status = generation_open(generations, &generation, &error);
    if (status == SUMMIT_OK) {
        serve(generations, generation);
    } else {
        refuse(generations, &identity, status, error.message);
    }
}

struct generation *generations_acquire(struct generations *generations)
{
    pthread_mutex_lock(&generations->lock);
    struct generation *generation = generations->current;
    atomic_fetch_add(&generation->references, 1);
    pthread_mutex_unlock(&generations->lock);
    return generation;
}

void generation_retain(struct generation *generation)
{
    atomic_fetch_add(&generation->references, 1);
}

void generation_release(struct generation *generation)
{
    if (generation != NULL && atomic_fetch_sub(&generation->references, 1) == 1) {
        generation_free(generation);
    }
}

struct summit_store *generation_take(struct generation *generation)
{
    return pool_take(generation->pool);
}

void generation_give(struct generation *generation, struct summit_store *store)
{
    pool_give(generation->pool, store);
}

struct cache *generation_cache(const struct generation *generation)
{
    return generation->cache;
}

enum summit_status generation_digest(struct generation *generation, struct summit_store *store,
                                     uint8_t *ret_digest)
{
    enum summit_status status = SUMMIT_OK;
    pthread_mutex_lock(&generation->digest_lock);
    if (!generation->has_digest) {
        status = summit_store_digest(store, generation->digest);
        generation->has_digest = status == SUMMIT_OK;
    }
    memcpy(ret_digest, generation->digest, SUMMIT_DIGEST_BYTES);
    pthread_mutex_unlock(&generation->digest_lock);
    return status;
}

void generations_state(struct generations *generations, struct generation_state *ret_state)
{
    pthread_mutex_lock(&generations->lock);
    *ret_state = generations->state;
    pthread_mutex_unlock(&generations->lock);
}

void generations_close(struct generations *generations)
{
    if (generations != NULL) {
        generation_release(generations->current);
        pthread_mutex_destroy(&generations->lock);
        free(generations);
    }
}
