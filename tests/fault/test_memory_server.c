/* Memory that runs out in the server: when it starts, when another database comes into place, and
 * during a request, for which the server runs in this process and is asked over a socket. */
#include "../support/check.h"
#include "../support/folder.h"
#include "alloc.h"
#include "generation.h"
#include "log.h"
#include "memory.h"
#include "requests.h"
#include "serving.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void starting(void **state)
{
    struct operation operation = {
        .name = "start",
        .run = server_start,
        .check = server_stop,
    };
    operation_fail_all(&operation, *state);
}

static void put_other(void *context)
{
    struct server *server = context;
    struct message message;
    file_replace_by_copy(server->place, server->database);
    assert_int_equal(
        generations_open(server->place, 2, 0, server->cache_size, &server->generations, &message),
        SUMMIT_OK);
    file_replace_by_copy(server->place, server->other);
}

static bool serves(const struct server *server, const char *revision)
{
    struct generation_state state;
    generations_state(server->generations, &state);
    return strcmp(state.revision, revision) == 0;
}

static enum summit_status refresh(void *context)
{
    struct server *server = context;
    generations_refresh(server->generations, false);
    return serves(server, server->other_revision) ? SUMMIT_OK : SUMMIT_NOMEM;
}

/* Without memory the old database goes on being served; with it, the new one is without a signal.
 */
static void check_refreshed(void *context, enum summit_status status)
{
    struct server *server = context;
    if (status != SUMMIT_OK) {
        struct generation_state state;
        generations_state(server->generations, &state);
        assert_true(serves(server, server->revision));
        assert_true(state.is_stale);
        assert_string_equal(state.reason, "unreadable");
        generations_refresh(server->generations, false);
        assert_true(serves(server, server->other_revision));
    }
    generations_close(server->generations);
}

static void taking_up_another_database(void **state)
{
    struct operation operation = {
        .name = "refresh",
        .prepare = put_other,
        .run = refresh,
        .check = check_refreshed,
        .each_way = true,
    };
    operation_fail_all(&operation, *state);
}

struct tally {
    size_t count;
    size_t closed;
    size_t refused;
};

/* Asks once with an allocation failing, then without. Returns whether one failed. */
static bool ask_with_failure(struct server *server, const char *request,
                             const struct http_reply *expected, int64_t index, enum alloc_mode mode,
                             struct tally *tally)
{
    alloc_arm(index, mode);
    struct http_reply *reply = server_ask(server, request);
    bool injected = alloc_disarm();
    tally->count += injected;
    tally->closed += reply == NULL;
    if (reply == NULL ? !injected : !injected && !reply_is_same(reply, expected)) {
        fail_msg("%s: wrong without a failure", request_name(request));
    }
    if (reply != NULL && !reply_is_same(reply, expected)) {
        reply_check_shortage(reply, request);
        tally->refused++;
    }
    http_reply_free(reply);
    reply = server_ask(server, request);
    if (reply == NULL || !reply_is_same(reply, expected)) {
        fail_msg("%s: after allocation %lld failed, the next answer is %s", request_name(request),
                 (long long)index, reply == NULL ? "none" : reply->body);
    }
    http_reply_free(reply);
    return injected;
}

static void fail_request(struct server *server, const char *request, enum alloc_mode mode)
{
    const char *variable = getenv("FAULT_STEP");
    int64_t step = variable == NULL ? 1 : (int64_t)strtoul(variable, NULL, 10);
    http_reply_free(server_ask(server, request));
    struct http_reply *expected = server_ask(server, request);
    assert_non_null(expected);
    struct tally tally = {.count = 0};
    bool injected = true;
    for (int64_t i = 0; injected; i += step) {
        injected = ask_with_failure(server, request, expected, i, mode, &tally);
    }
    print_message("# %s: %d; %zu allocations failed%s: %zu times closed, %zu times refused\n",
                  request_name(request), expected->status, tally.count,
                  mode == ALLOC_ONCE ? "" : " with all after", tally.closed, tally.refused);
    http_reply_free(expected);
}

/* Nothing is kept, so that every answer is made. */
static void fail_requests(struct server *server, const char *const *texts, size_t count)
{
    alloc_spare_this_thread();
    int64_t live = alloc_live();
    server->cache_size = 0;
    assert_int_equal(server_start(server), SUMMIT_OK);
    for (size_t i = 0; i < count; i++) {
        fail_request(server, texts[i], ALLOC_ONCE);
        fail_request(server, texts[i], ALLOC_FROM_ON);
    }
    server_stop(server, SUMMIT_OK);
    (void)sqlite3_shutdown();
    assert_int_equal(alloc_live(), live);
}

static void answering(void **state)
{
    fail_requests(*state, requests, sizeof requests / sizeof requests[0]);
}

static void answering_with_rows(void **state)
{
    fail_requests(*state, row_requests, sizeof row_requests / sizeof row_requests[0]);
}

/* Runs the test that the argument names, or all. */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(starting, server_set_up, server_tear_down),
        cmocka_unit_test_setup_teardown(taking_up_another_database, server_set_up,
                                        server_tear_down),
        cmocka_unit_test_setup_teardown(answering, server_set_up, server_tear_down),
        cmocka_unit_test_setup_teardown(answering_with_rows, server_set_up, server_tear_down),
    };
    alloc_install();
    log_open(LOG_FORMAT_JSON, LOG_ACCESS_ON);
    cmocka_set_test_filter(argc > 1 ? argv[1] : NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
