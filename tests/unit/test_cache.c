/* What the cache keeps, for how long and in how many bytes. */
#include "check.h"
#include "kept.h"

#include <pthread.h>
#include <string.h>

enum { MODEL_KEYS = 600, MODEL_STEPS = 30000 };

/* One random step. The model is who is alive: kept is exactly that, and it can be had. */
static void step(struct cache *cache, size_t size_max, struct response *kept[MODEL_KEYS],
                 uint64_t *random)
{
    size_t number = next_random(random) % MODEL_KEYS;
    if (next_random(random) % 2 == 0) {
        assert_ptr_equal(ask(cache, number), kept[number]);
        return;
    }
    /* Mostly small ones; some that take a great part, or are too large. */
    size_t limit = next_random(random) % 8 == 0 ? size_max / 3 : size_max / 40;
    size_t size = next_random(random) % (limit + 1);
    bool was_there = kept[number] != NULL;
    bool is_kept = put(cache, number, size, &kept[number]);
    assert_false(is_kept && (was_there || size > size_max / 4));
    if (!was_there && size + OVERHEAD <= size_max / 4) {
        assert_true(is_kept);
    }
    assert_true(atomic_load(&live_bytes) <= size_max);
}

static void all_that_is_kept_is_within_its_bytes_and_can_be_had(void **state)
{
    static const size_t sizes[] = {1, 1000, 4000, 20000, 100000, 1000000};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        static struct response *kept[MODEL_KEYS];
        uint64_t random = 88172645463325252U + i;
        size_t most = 0;
        struct cache *cache = cache_new(sizes[i]);
        assert_non_null(cache);
        for (size_t j = 0; j < MODEL_STEPS; j++) {
            step(cache, sizes[i], kept, &random);
            most = atomic_load(&live_bytes) > most ? atomic_load(&live_bytes) : most;
        }
        /* It has used the room it has, but for what entries cost. */
        assert_true(sizes[i] < 20000 || most > sizes[i] / 2);
        cache_free(cache);
        for (size_t j = 0; j < MODEL_KEYS; j++) {
            assert_null(kept[j]);
        }
        assert_int_equal(atomic_load(&live_count), 0);
    }
}

/* What an entry takes beside its response counts too: many empty ones are no way around it. */
static void entries_of_nothing_are_bounded_as_well(void **state)
{
    (void)state;
    struct cache *cache = cache_new(100000);
    for (size_t i = 0; i < 10000; i++) {
        put(cache, i, 0, NULL);
    }
    assert_in_range(atomic_load(&live_count), 100, 100000 / 100);
    cache_free(cache);
    assert_int_equal(atomic_load(&live_count), 0);
}

enum { CRAWL = 20000, CRAWL_FIRST = 100000 };

/* Somebody asks for everything, once. */
static void crawl(struct cache *cache)
{
    for (size_t i = 0; i < CRAWL; i++) {
        size_t number = CRAWL_FIRST + i;
        if (ask(cache, number) == NULL) {
            put(cache, number, 1000, NULL);
        }
    }
}

static void what_is_asked_for_again_survives_a_crawl(void **state)
{
    (void)state;
    enum { HOT = 500 };
    static struct response *kept[2 * HOT];
    struct cache *cache = cache_new(1 << 20);
    for (size_t i = 0; i < 2 * HOT; i++) {
        assert_true(put(cache, i, 500, &kept[i]));
        assert_true(i % 2 == 0 || ask(cache, i) != NULL);
    }
    crawl(cache);
    for (size_t i = 0; i < 2 * HOT; i++) {
        assert_int_equal(kept[i] != NULL, i % 2);
        assert_ptr_equal(ask(cache, i), kept[i]);
    }
    cache_free(cache);
    assert_int_equal(atomic_load(&live_count), 0);
}

/* Otherwise what was asked for this morning would leave no room in the evening. */
static void what_is_asked_for_no_more_gives_way(void **state)
{
    (void)state;
    enum { ROUNDS = 4, HOT = 800 };
    static struct response *kept[ROUNDS * HOT];
    struct cache *cache = cache_new(1 << 20);
    for (size_t round = 0; round < ROUNDS; round++) {
        for (size_t i = round * HOT; i < (round + 1) * HOT; i++) {
            assert_true(put(cache, i, 1000, &kept[i]));
            assert_ptr_equal(ask(cache, i), kept[i]);
            assert_non_null(kept[i]);
        }
    }
    size_t last = 0;
    for (size_t i = 0; i < ROUNDS * HOT; i++) {
        assert_true(i / HOT >= ROUNDS - 2 || kept[i] == NULL);
        last += i / HOT == ROUNDS - 1 && kept[i] != NULL;
    }
    assert_in_range(last, HOT / 2, HOT);
    cache_free(cache);
    assert_int_equal(atomic_load(&live_count), 0);
}

/* However much is kept of what all ask for, whatever is new stays until a tenth of the bytes has
 * come after it. */
static void what_is_new_has_a_tenth_to_be_asked_for_again(void **state)
{
    (void)state;
    enum { SIZE_MAX_BYTES = 1 << 20, HOT = 3000, NEW = 80 };
    static struct response *kept[NEW];
    struct cache *cache = cache_new(SIZE_MAX_BYTES);
    for (size_t i = 0; i < HOT; i++) {
        assert_true(put(cache, i, 1000, NULL));
        assert_non_null(ask(cache, i));
    }
    for (size_t i = 0; i < NEW; i++) {
        assert_true(put(cache, HOT + i, 1000, &kept[i]));
    }
    for (size_t i = 0; i < NEW; i++) {
        assert_non_null(kept[i]);
        assert_ptr_equal(ask(cache, HOT + i), kept[i]);
    }
    crawl(cache);
    for (size_t i = 0; i < NEW; i++) {
        assert_non_null(kept[i]);
    }
    cache_free(cache);
    assert_int_equal(atomic_load(&live_count), 0);
}

static void one_that_takes_more_than_a_quarter_is_not_kept(void **state)
{
    (void)state;
    enum { SIZE_MAX_BYTES = 100000, QUARTER = SIZE_MAX_BYTES / 4 };
    struct cache *cache = cache_new(SIZE_MAX_BYTES);
    assert_false(put(cache, 0, QUARTER, NULL)); /* the entry itself comes to it */
    assert_false(put(cache, 0, QUARTER * 100, NULL));
    assert_null(ask(cache, 0));
    assert_int_equal(atomic_load(&live_count), 0);
    assert_true(put(cache, 0, QUARTER - OVERHEAD, NULL));
    assert_non_null(ask(cache, 0));
    cache_free(cache);
    assert_int_equal(atomic_load(&live_count), 0);
}

/* However full it is, and of what others ask for again and again. */
static void one_that_takes_less_has_its_chance_in_a_full_cache(void **state)
{
    (void)state;
    enum { SIZE_MAX_BYTES = 100000, SMALL = 200 };
    struct cache *cache = cache_new(SIZE_MAX_BYTES);
    for (size_t round = 0; round < 10; round++) {
        for (size_t i = 0; i < SMALL; i++) {
            if (ask(cache, i) == NULL) {
                put(cache, i, 1000, NULL);
            }
            (void)ask(cache, i);
        }
    }
    for (size_t size = 1000; size + OVERHEAD < SIZE_MAX_BYTES / 4; size += 1000) {
        assert_true(put(cache, 1000 + size, size, NULL));
        assert_non_null(ask(cache, 1000 + size));
    }
    cache_free(cache);
    assert_int_equal(atomic_load(&live_count), 0);
}

static void the_first_response_of_a_key_stays(void **state)
{
    (void)state;
    struct response *first = NULL;
    struct cache *cache = cache_new(100000);
    assert_true(put(cache, 7, 10, &first));
    for (size_t i = 0; i < 100; i++) {
        assert_false(put(cache, 7, 20, NULL));
        assert_non_null(first);
        assert_ptr_equal(ask(cache, 7), first);
    }
    assert_int_equal(atomic_load(&live_count), 1);
    cache_free(cache);
    assert_int_equal(atomic_load(&live_count), 0);
}

static void keys_that_differ_in_any_part_are_apart(void **state)
{
    (void)state;
    static struct response *kept[KEYS_OF_TARGET];
    char target[TARGET_SIZE];
    struct cache *cache = cache_new(100000);
    (void)key_of(0, target);
    assert_null(cache_route(cache, target));
    for (size_t i = 0; i < KEYS_OF_TARGET; i++) {
        for (size_t j = 0; j < KEYS_OF_TARGET; j++) {
            assert_ptr_equal(ask(cache, j), kept[j]);
        }
        assert_true(put(cache, i, i, &kept[i]));
        assert_ptr_equal(cache_route(cache, target), &route_of_all);
    }
    for (size_t i = 0; i < KEYS_OF_TARGET; i++) {
        assert_null(ask(cache, KEYS_OF_TARGET + i));
    }
    cache_free(cache);
}

/* Targets of every length, that differ in one byte at any place or by their end. */
static void targets_that_are_alike_are_apart(void **state)
{
    (void)state;
    enum { LENGTH = 40 };
    struct cache *cache = cache_new(10000000);
    struct response *responses[LENGTH][LENGTH + 1];
    char target[LENGTH + 1];
    struct cache_key key = {.target = target, .representation = &representation_json};
    for (int round = 0; round < 2; round++) {
        for (size_t length = 0; length < LENGTH; length++) {
            for (size_t at = 0; at <= length; at++) {
                memset(target, 'a', LENGTH);
                target[at] = at < length ? 'b' : 'a';
                target[length] = '\0';
                if (round == 0) {
                    responses[length][at] = make(0, 0);
                    assert_null(cache_get(cache, &key));
                    cache_put(cache, &key, &route_of_all, responses[length][at]);
                } else {
                    assert_ptr_equal(cache_get(cache, &key), responses[length][at]);
                    response_release(responses[length][at]);
                    response_release(responses[length][at]);
                }
            }
        }
    }
    cache_free(cache);
    assert_int_equal(atomic_load(&live_count), 0);
}

/* As while a slow client reads it. */
static void a_response_in_use_outlives_its_entry_and_the_cache(void **state)
{
    (void)state;
    char target[TARGET_SIZE];
    struct cache_key key = key_of(0, target);
    struct cache *cache = cache_new(100000);
    put(cache, 0, 1000, NULL);
    struct response *response = cache_get(cache, &key);
    assert_non_null(response);
    for (size_t i = 0; i < 3; i++) { /* it was asked for, so one crawl is not enough */
        for (size_t j = 0; j < 1000; j++) {
            (void)ask(cache, 10000 * i + 10 + j);
            put(cache, 10000 * i + 10 + j, 1000, NULL);
            (void)ask(cache, 10000 * i + 10 + j);
        }
    }
    assert_null(ask(cache, 0));
    cache_free(cache);
    assert_int_equal(atomic_load(&live_count), 1);
    assert_int_equal(atomic_load(&response->references), 1);
    response_release(response);
    assert_int_equal(atomic_load(&live_count), 0);
}

struct user {
    pthread_t thread;
    struct cache *cache;
    uint64_t random;
    size_t hits;
    const char *error; /* a thread must not assert */
};

static void *use(void *context)
{
    struct user *user = context;
    for (size_t i = 0; i < 20000; i++) {
        char target[TARGET_SIZE];
        size_t number = next_random(&user->random) % 300;
        struct cache_key key = key_of(number, target);
        const struct route *route = cache_route(user->cache, target);
        struct response *response = cache_get(user->cache, &key);
        if (route != NULL && route != &route_of_all) {
            user->error = "another route";
        }
        if (response == NULL) {
            response = make(number, next_random(&user->random) % 2000);
            cache_put(user->cache, &key, &route_of_all, response);
        } else {
            user->hits++;
        }
        if (response->key != number) {
            user->error = "another key's response";
        }
        response_release(response);
    }
    return NULL;
}

static void threads_share_it(void **state)
{
    (void)state;
    struct user users[4];
    struct cache *cache = cache_new(100000);
    for (size_t i = 0; i < 4; i++) {
        users[i] = (struct user){.cache = cache, .random = 123456789 + i};
        assert_int_equal(pthread_create(&users[i].thread, NULL, use, &users[i]), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(users[i].thread, NULL), 0);
        assert_null(users[i].error);
        assert_true(users[i].hits > 0);
    }
    assert_true(atomic_load(&live_bytes) <= 100000);
    cache_free(cache);
    assert_int_equal(atomic_load(&live_count), 0);
}

#define TEST(name) cmocka_unit_test_setup(name, kept_count_anew)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_that_is_kept_is_within_its_bytes_and_can_be_had),
        TEST(entries_of_nothing_are_bounded_as_well),
        TEST(what_is_asked_for_again_survives_a_crawl),
        TEST(what_is_asked_for_no_more_gives_way),
        TEST(what_is_new_has_a_tenth_to_be_asked_for_again),
        TEST(one_that_takes_more_than_a_quarter_is_not_kept),
        TEST(one_that_takes_less_has_its_chance_in_a_full_cache),
        TEST(the_first_response_of_a_key_stays),
        TEST(keys_that_differ_in_any_part_are_apart),
        TEST(targets_that_are_alike_are_apart),
        TEST(a_response_in_use_outlives_its_entry_and_the_cache),
        TEST(threads_share_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
