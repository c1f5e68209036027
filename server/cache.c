/* A hash table with two queues, as in S3-FIFO: new entries come to the end of the first, which has
 * a tenth of the bytes. At its head an entry that was asked for in the meantime moves on to the end
 * of the second, any other goes. At the head of the second an entry that was asked for goes to its
 * end again. So a hit moves nothing: it only counts.
 *
 * Targets come from outside: the hash has a secret, so that nobody can choose targets that all fall
 * into one bucket. */
#include "cache.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/random.h>

#include "response.h"

enum {
    BUCKETS = 1024, /* a power of two */
    NEW_SHARE = 10, /* the first queue has one part in so many */
    LARGEST_SHARE = 4,
    HITS_MAX = 3,
    ENTRY_BYTES = 64 /* what malloc takes beside, about */
};

struct entry {
    struct entry *next; /* in the bucket */
    TAILQ_ENTRY(entry) place;
    uint64_t hash;
    const struct route *route;
    const struct representation *representation;
    enum coding coding;
    struct response *response;
    size_t size;
    unsigned hits; /* since it came to its queue's end, HITS_MAX at most */
    char target[];
};

TAILQ_HEAD(queue, entry);

struct cache {
    pthread_mutex_t lock;
    size_t size_max;
    size_t size;
    size_t new_size; /* of the first queue */
    struct queue new_entries;
    struct queue old_entries;
    uint64_t secret[2];
    struct entry *buckets[BUCKETS];
};

struct cache *cache_new(size_t size)
{
    struct cache *cache = calloc(1, sizeof *cache);
    if (cache == NULL) {
        return NULL;
    }
    if (getrandom(cache->secret, sizeof cache->secret, GRND_NONBLOCK) !=
        (ssize_t)sizeof cache->secret) {
        /* Early in a machine's life; addresses are random as well. */
        cache->secret[0] = (uintptr_t)cache;
        cache->secret[1] = (uintptr_t)&size;
    }
    cache->secret[1] |= 1;
    cache->size_max = size;
    pthread_mutex_init(&cache->lock, NULL);
    TAILQ_INIT(&cache->new_entries);
    TAILQ_INIT(&cache->old_entries);
    return cache;
}

/* Multiplies and folds eight bytes at a time. */
static uint64_t hash_of(const struct cache *cache, const char *text)
{
    uint64_t hash = cache->secret[0];
    size_t length = strlen(text);
    for (size_t at = 0; at < length; at += sizeof(uint64_t)) {
        uint64_t word = 0;
        size_t rest = length - at;
        memcpy(&word, text + at, rest < sizeof word ? rest : sizeof word);
        hash = (hash ^ word) * cache->secret[1];
        hash ^= hash >> 32;
    }
    return hash;
}

static struct entry **bucket_of(struct cache *cache, uint64_t hash)
{
    return &cache->buckets[(hash ^ (hash >> 20)) % BUCKETS];
}

/* The next entry of a target, from one on. */
static struct entry *find_target(struct entry *entry, uint64_t hash, const char *target)
{
    while (entry != NULL && (entry->hash != hash || strcmp(entry->target, target) != 0)) {
        entry = entry->next;
    }
    return entry;
}

static struct entry *find(struct cache *cache, uint64_t hash, const struct cache_key *key)
{
    struct entry *entry = find_target(*bucket_of(cache, hash), hash, key->target);
    while (entry != NULL &&
           (entry->representation != key->representation || entry->coding != key->coding)) {
        entry = find_target(entry->next, hash, key->target);
    }
    return entry;
}

static void remove_entry(struct cache *cache, struct entry *entry)
{
    struct entry **link = bucket_of(cache, entry->hash);
    while (*link != entry) {
        link = &(*link)->next;
    }
    *link = entry->next;
    cache->size -= entry->size;
    response_release(entry->response);
    free(entry);
}

/* Lets the entry at the head of the first queue move on, or go. */
static void pass_new(struct cache *cache)
{
    struct entry *entry = TAILQ_FIRST(&cache->new_entries);
    TAILQ_REMOVE(&cache->new_entries, entry, place);
    cache->new_size -= entry->size;
    if (entry->hits > 0) {
        entry->hits = 0;
        TAILQ_INSERT_TAIL(&cache->old_entries, entry, place);
    } else {
        remove_entry(cache, entry);
    }
}

/* Lets the entry at the head of the second queue begin again, or go. */
static void pass_old(struct cache *cache)
{
    struct entry *entry = TAILQ_FIRST(&cache->old_entries);
    TAILQ_REMOVE(&cache->old_entries, entry, place);
    if (entry->hits > 0) {
        entry->hits--;
        TAILQ_INSERT_TAIL(&cache->old_entries, entry, place);
    } else {
        remove_entry(cache, entry);
    }
}

/* Whether the first queue has to give. Its last entry has just come, and stays until the next one
 * does, even if it alone takes more than the queue's share: else it could never be asked for again.
 */
static bool is_turn_of_new(const struct cache *cache)
{
    bool has_others = TAILQ_FIRST(&cache->new_entries) != TAILQ_LAST(&cache->new_entries, queue);
    return TAILQ_EMPTY(&cache->old_entries) ||
           (has_others && cache->new_size > cache->size_max / NEW_SHARE);
}

static void make_room(struct cache *cache)
{
    while (cache->size > cache->size_max) {
        if (is_turn_of_new(cache)) {
            pass_new(cache);
        } else {
            pass_old(cache);
        }
    }
}

void cache_free(struct cache *cache)
{
    if (cache != NULL) {
        cache->size_max = 0;
        make_room(cache);
        pthread_mutex_destroy(&cache->lock);
        free(cache);
    }
}

const struct route *cache_route(struct cache *cache, const char *target)
{
    uint64_t hash = hash_of(cache, target);
    pthread_mutex_lock(&cache->lock);
    const struct entry *entry = find_target(*bucket_of(cache, hash), hash, target);
    const struct route *route = entry == NULL ? NULL : entry->route;
    pthread_mutex_unlock(&cache->lock);
    return route;
}

struct response *cache_get(struct cache *cache, const struct cache_key *key)
{
    uint64_t hash = hash_of(cache, key->target);
    struct response *response = NULL;
    pthread_mutex_lock(&cache->lock);
    struct entry *entry = find(cache, hash, key);
    if (entry != NULL) {
        entry->hits += entry->hits < HITS_MAX ? 1 : 0;
        response = entry->response;
        response_retain(response);
    }
    pthread_mutex_unlock(&cache->lock);
    return response;
}

static struct entry *make_entry(const struct cache *cache, const struct cache_key *key,
                                const struct route *route, struct response *response)
{
    size_t length = strlen(key->target) + 1;
    struct entry *entry = malloc(sizeof *entry + length);
    if (entry != NULL) {
        *entry = (struct entry){
            .hash = hash_of(cache, key->target),
            .route = route,
            .representation = key->representation,
            .coding = key->coding,
            .response = response,
            .size = sizeof *entry + length + ENTRY_BYTES + response_size(response),
        };
        memcpy(entry->target, key->target, length);
    }
    return entry;
}

bool cache_takes(const struct cache *cache, size_t size)
{
    return size <= cache->size_max / LARGEST_SHARE;
}

void cache_put(struct cache *cache, const struct cache_key *key, const struct route *route,
               struct response *response)
{
    struct entry *entry = make_entry(cache, key, route, response);
    if (entry == NULL) {
        return;
    }
    pthread_mutex_lock(&cache->lock);
    bool is_kept = cache_takes(cache, entry->size) && find(cache, entry->hash, key) == NULL;
    if (is_kept) {
        struct entry **bucket = bucket_of(cache, entry->hash);
        response_retain(response);
        entry->next = *bucket;
        *bucket = entry;
        TAILQ_INSERT_TAIL(&cache->new_entries, entry, place);
        cache->size += entry->size;
        cache->new_size += entry->size;
        make_room(cache);
    }
    pthread_mutex_unlock(&cache->lock);
    if (!is_kept) {
        free(entry);
    }
}
