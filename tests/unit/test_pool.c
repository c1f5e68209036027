/* The connections to a published file: opened when they are needed, and never to another file. */
#include "check.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "folder.h"
#include "log.h"
#include "pool.h"

enum { MAX = 3 };

struct bench {
    char *folder;
    char *path;
    struct pool *pool;
};

static void publish(const char *path)
{
    json_t *record = NULL;
    json_t *problems = NULL;
    assert_int_equal(summit_record_builtin(&record), SUMMIT_OK);
    assert_int_equal(
        summit_publish(path, &record, 1, SUMMIT_PUBLISH_REPLACE, NULL, &problems, NULL), SUMMIT_OK);
    json_decref(record);
}

static int set_up(void **state)
{
    static struct bench bench;
    struct summit_error error;
    bench.folder = folder_new();
    bench.path = folder_join(bench.folder, "summit.db");
    publish(bench.path);
    assert_int_equal(pool_open(bench.path, MAX, 0, &bench.pool, &error), SUMMIT_OK);
    *state = &bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    pool_close(bench->pool);
    free(bench->path);
    folder_remove(bench->folder);
    return 0;
}

static void the_same_one_is_taken_again(void **state)
{
    const struct bench *bench = *state;
    struct summit_store *store = pool_take(bench->pool);
    assert_non_null(store);
    pool_give(bench->pool, store);
    assert_ptr_equal(pool_take(bench->pool), store);
    pool_give(bench->pool, store);
    pool_give(bench->pool, NULL);
}

static void others_are_opened_up_to_the_most(void **state)
{
    const struct bench *bench = *state;
    struct summit_store *stores[MAX];
    for (size_t i = 0; i < MAX; i++) {
        stores[i] = pool_take(bench->pool);
        assert_non_null(stores[i]);
        assert_string_equal(summit_store_revision(stores[i]), summit_store_revision(stores[0]));
        for (size_t j = 0; j < i; j++) {
            assert_ptr_not_equal(stores[i], stores[j]);
        }
    }
    assert_null(pool_take(bench->pool));
    for (size_t i = 0; i < MAX; i++) {
        pool_give(bench->pool, stores[i]);
    }
}

static void *take(void *pool)
{
    return pool_take(pool);
}

/* Takes a second connection, which cannot be opened: it is the first, once that is given back. */
static void expect_wait(const struct bench *bench)
{
    pthread_t thread;
    void *taken = NULL;
    struct summit_store *store = pool_take(bench->pool);
    assert_non_null(store);
    assert_int_equal(pthread_create(&thread, NULL, take, bench->pool), 0);
    usleep(20000); /* so that it mostly waits by then; it must be right also if it does not */
    pool_give(bench->pool, store);
    assert_int_equal(pthread_join(thread, &taken), 0);
    assert_ptr_equal(taken, store);
    pool_give(bench->pool, store);
}

static void none_is_opened_to_another_file(void **state)
{
    const struct bench *bench = *state;
    publish(bench->path);
    expect_wait(bench);
    struct identity now = identity_of(bench->path);
    assert_false(identity_same(&now, pool_identity(bench->pool)));
}

static void none_is_opened_when_the_file_is_gone(void **state)
{
    const struct bench *bench = *state;
    assert_int_equal(unlink(bench->path), 0);
    expect_wait(bench);
}

static void a_damaged_file_makes_no_pool(void **state)
{
    const struct bench *bench = *state;
    struct summit_error error;
    struct pool *pool = NULL;
    char *path = folder_join(bench->folder, "damaged.db");
    size_t length = 0;
    char *bytes = file_read(bench->path, &length);
    memset(bytes + length / 2, 'x', 4096);
    file_write(path, bytes, length);
    assert_int_equal(pool_open(path, MAX, 0, &pool, &error), SUMMIT_CORRUPT);
    assert_null(pool);
    assert_non_null(strstr(error.message, "damaged"));
    free(bytes);
    free(path);
    pool_close(NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_same_one_is_taken_again),    TEST(others_are_opened_up_to_the_most),
        TEST(none_is_opened_to_another_file), TEST(none_is_opened_when_the_file_is_gone),
        TEST(a_damaged_file_makes_no_pool),
    };
    log_open(LOG_FORMAT_JSON, LOG_ACCESS_OFF);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
