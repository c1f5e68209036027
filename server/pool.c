/* A connection has the schema to read when it is opened, and to open one for each thread was most
 * of a start on a machine with many processors. So the ones after the first are opened one by one
 * while answers are given, or when somebody finds none free. By then the path may lead to another
 * file, or memory be short; then there is nothing for it but to wait for a connection that is in
 * use.
 *
 * The file itself is only ever looked at with stat(): closing any descriptor of it would drop the
 * POSIX locks that SQLite holds on it. */
#include "pool.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "log.h"

enum { RETRY_S = 1 };

struct pool {
    const char *path;
    unsigned budget_ms;
    struct identity identity;
    pthread_mutex_t lock; /* of what stands below */
    pthread_cond_t given;
    size_t free_count;
    size_t taken_count;
    size_t open_count; /* or about to be */
    size_t max;
    int64_t retry_at_s;            /* after one could not be opened, on the monotonic clock */
    struct summit_store *stores[]; /* those that are free; max places */
};

/* Opens the file, which must be the one of the pool before and after. */
static enum summit_status open_store(const struct pool *pool, unsigned flags,
                                     struct summit_store **ret_store, struct summit_error *error)
{
    struct summit_store *store = NULL;
    enum summit_status status = summit_store_open(pool->path, flags, &store, error);
    if (status != SUMMIT_OK) {
        return status;
    }
    struct identity now = identity_of(pool->path);
    if (!identity_same(&now, &pool->identity)) {
        summit_store_close(store);
        snprintf(error->message, sizeof error->message, "%s: changed while it was opened",
                 pool->path);
        return SUMMIT_BUSY;
    }
    summit_store_set_budget(store, pool->budget_ms);
    *ret_store = store;
    return SUMMIT_OK;
}

enum summit_status pool_open(const char *path, size_t max, unsigned budget_ms,
                             struct pool **ret_pool, struct summit_error *error)
{
    struct pool *pool = calloc(1, sizeof *pool + max * sizeof(struct summit_store *));
    if (pool == NULL) {
        snprintf(error->message, sizeof error->message, "%s: out of memory", path);
        return SUMMIT_NOMEM;
    }
    pool->path = path;
    pool->budget_ms = budget_ms;
    pool->max = max;
    pool->identity = identity_of(path);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->given, NULL);
    /* Only the first connection reads the file as a whole; the others are to the same one. */
    enum summit_status status = open_store(pool, SUMMIT_STORE_VERIFY, &pool->stores[0], error);
    if (status != SUMMIT_OK) {
        pool_close(pool);
        return status;
    }
    pool->free_count = 1;
    pool->open_count = 1;
    *ret_pool = pool;
    return SUMMIT_OK;
}

const struct identity *pool_identity(const struct pool *pool)
{
    return &pool->identity;
}

static int64_t now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return now.tv_sec;
}

/* Whether one more connection may be opened; then it counts as open. With the lock held. */
static bool claim(struct pool *pool)
{
    bool may_open = pool->open_count < pool->max && now_s() >= pool->retry_at_s;
    pool->open_count += may_open ? 1 : 0;
    return may_open;
}

/* The connection that was claimed could not be opened. Returns whether that is news. */
static bool give_up(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    bool is_news = pool->retry_at_s == 0;
    pool->open_count--;
    pool->retry_at_s = now_s() + RETRY_S;
    pthread_mutex_unlock(&pool->lock);
    return is_news;
}

/* Opens the connection that was claimed. NULL if it cannot be, and for a while nobody tries again.
 */
static struct summit_store *open_another(struct pool *pool)
{
    struct summit_store *store = NULL;
    struct summit_error error = {{0}};
    struct identity now = identity_of(pool->path);
    if (!identity_same(&now, &pool->identity)) {
        (void)give_up(pool); /* another file is in place, and about to be served */
        return NULL;
    }
    if (open_store(pool, 0, &store, &error) != SUMMIT_OK) {
        if (give_up(pool)) {
            log_event(LOG_WARNING, "connection_failed", log_text("detail", error.message));
        }
        return NULL;
    }
    pthread_mutex_lock(&pool->lock);
    pool->retry_at_s = 0;
    pthread_mutex_unlock(&pool->lock);
    return store;
}

static struct summit_store *wait_for_one(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    while (pool->free_count == 0) {
        pthread_cond_wait(&pool->given, &pool->lock);
    }
    struct summit_store *store = pool->stores[--pool->free_count];
    pthread_mutex_unlock(&pool->lock);
    return store;
}

struct summit_store *pool_take(struct pool *pool)
{
    struct summit_store *store = NULL;
    pthread_mutex_lock(&pool->lock);
    if (pool->taken_count == pool->max) {
        pthread_mutex_unlock(&pool->lock);
        return NULL;
    }
    pool->taken_count++;
    bool may_open = pool->free_count == 0 && claim(pool);
    if (pool->free_count > 0) {
        store = pool->stores[--pool->free_count];
    }
    pthread_mutex_unlock(&pool->lock);
    if (may_open) {
        store = open_another(pool);
    }
    return store == NULL ? wait_for_one(pool) : store;
}

static void put(struct pool *pool, struct summit_store *store, size_t returned_count)
{
    pthread_mutex_lock(&pool->lock);
    pool->stores[pool->free_count++] = store;
    pool->taken_count -= returned_count;
    pthread_cond_signal(&pool->given);
    pthread_mutex_unlock(&pool->lock);
}

void pool_give(struct pool *pool, struct summit_store *store)
{
    if (store != NULL) {
        put(pool, store, 1);
    }
}

void pool_fill(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    bool may_open = claim(pool);
    pthread_mutex_unlock(&pool->lock);
    struct summit_store *store = may_open ? open_another(pool) : NULL;
    if (store != NULL) {
        put(pool, store, 0);
    }
}

void pool_close(struct pool *pool)
{
    if (pool != NULL) {
        for (size_t i = 0; i < pool->free_count; i++) {
            summit_store_close(pool->stores[i]);
        }
        pthread_cond_destroy(&pool->given);
        pthread_mutex_destroy(&pool->lock);
        free(pool);
    }
}
