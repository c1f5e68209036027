#include "kept.h"

#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

atomic_size_t live_count;
atomic_size_t live_bytes;

size_t response_size(const struct response *response)
{
    return response->size;
}

void response_retain(struct response *response)
{
    atomic_fetch_add(&response->references, 1);
}

void response_release(struct response *response)
{
    if (response == NULL || atomic_fetch_sub(&response->references, 1) != 1) {
        return;
    }
    if (response->home != NULL) {
        *response->home = NULL;
    }
    atomic_fetch_sub(&live_count, 1);
    atomic_fetch_sub(&live_bytes, response->size);
    free(response);
}

struct response *make(size_t key, size_t size)
{
    struct response *response = calloc(1, sizeof *response);
    assert_non_null(response);
    atomic_init(&response->references, 1);
    response->size = size;
    response->key = key;
    atomic_fetch_add(&live_count, 1);
    atomic_fetch_add(&live_bytes, size);
    return response;
}

const struct route route_of_all = {.path = "/"};

struct cache_key key_of(size_t number, char target[TARGET_SIZE])
{
    static const struct representation *const representations[] = {&representation_json,
                                                                   &representation_csv};
    snprintf(target, TARGET_SIZE, "/v1/measures?q=%zu", number / KEYS_OF_TARGET);
    return (struct cache_key){
        .target = target,
        .representation = representations[number % 2],
        .coding = (enum coding)(number / 2 % CODING_NONE),
    };
}

bool put(struct cache *cache, size_t number, size_t size, struct response **home)
{
    char target[TARGET_SIZE];
    struct cache_key key = key_of(number, target);
    struct response *response = make(number, size);
    cache_put(cache, &key, &route_of_all, response);
    bool is_kept = atomic_load(&response->references) == 2;
    if (is_kept && home != NULL) {
        assert_null(*home);
        *home = response;
        response->home = home;
    }
    memset(target, '?', sizeof target); /* the cache has a copy */
    response_release(response);
    return is_kept;
}

const struct response *ask(struct cache *cache, size_t number)
{
    char target[TARGET_SIZE];
    struct cache_key key = key_of(number, target);
    struct response *response = cache_get(cache, &key);
    if (response != NULL) {
        assert_int_equal(response->key, number);
        assert_true(atomic_load(&response->references) >= 2);
    }
    response_release(response);
    return response;
}

uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

int kept_count_anew(void **state)
{
    (void)state;
    atomic_store(&live_count, 0);
    atomic_store(&live_bytes, 0);
    return 0;
}
