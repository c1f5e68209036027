/* The connections to a published file: opened when they are needed, and never to another file. */
#include "check.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

/* Makes a file one that cannot be opened, though stat() sees no difference. */
static void spoil(const char *path)
{
    struct stat before;
    assert_int_equal(stat(path, &before), 0);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    const struct timespec times[2] = {before.st_atim, before.st_mtim};
    assert_int_equal(pwrite(file, "spoilt", 6, 0), 6);
    assert_int_equal(futimens(file, times), 0);
    assert_int_equal(close(file), 0);
}

/* Filled, it has all there may be without opening one more. */
static void it_is_filled_one_by_one(void **state)
{
    const struct bench *bench = *state;
    struct summit_store *stores[MAX];
    for (size_t i = 0; i < MAX + 2; i++) {
        pool_fill(bench->pool);
    }
    assert_int_equal(unlink(bench->path), 0); /* no other can be opened */
    for (size_t i = 0; i < MAX; i++) {
        stores[i] = pool_take(bench->pool);
        assert_non_null(stores[i]);
    }
    assert_null(pool_take(bench->pool));
    for (size_t i = 0; i < MAX; i++) {
        pool_give(bench->pool, stores[i]);
    }
}

/* One that could not be opened is not tried again at once, however often it is wanted. */
static void a_failure_is_told_once(void **state)
{
    const struct bench *bench = *state;
    char *log_path = folder_join(bench->folder, "log");
    size_t length = 0;
    int file = open(log_path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    int saved = dup(STDERR_FILENO);
    spoil(bench->path);
    dup2(file, STDERR_FILENO);
    for (size_t i = 0; i < 100; i++) {
        pool_fill(bench->pool);
    }
    dup2(saved, STDERR_FILENO);
    char *text = file_read(log_path, &length);
    const char *first = strstr(text, "connection_failed");
    assert_non_null(first);
    assert_null(strstr(first + 1, "connection_failed"));
    free(text);
    free(log_path);
    close(saved);
    close(file);
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
        TEST(a_damaged_file_makes_no_pool),   TEST(it_is_filled_one_by_one),
        TEST(a_failure_is_told_once),
    };
    log_open(LOG_FORMAT_JSON, LOG_ACCESS_OFF);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
