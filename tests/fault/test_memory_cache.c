/* Memory that runs out around the cache: while an answer is made and kept, while it is given again,
 * and while its 304 and its coded forms are made of it. */
#include "../support/check.h"
#include "alloc.h"
#include "log.h"
#include "serving.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#define FIELDS "Host: test\r\nConnection: close\r\n"

enum { QUESTIONS = 9, ALLOCATIONS_MAX = 100000 };

/* One target asked for in turn, by its fields and the line before them. */
struct scene {
    const char *name;
    const char *questions[QUESTIONS + 1];
};

#define GET(target) "GET " target " HTTP/1.1\r\n" FIELDS
#define HEAD(target) "HEAD " target " HTTP/1.1\r\n" FIELDS

/* Each form is made, given again, and becomes a 304, which is given again too. */
#define ALL_FORMS(name, target, respelt)                                                           \
    {                                                                                              \
        name,                                                                                      \
        {                                                                                          \
            GET(target)                                                                            \
            "\r\n", GET(respelt) "\r\n", GET(target) "If-None-Match: *\r\n\r\n",                   \
                GET(target) "If-None-Match: *\r\n\r\n",                                            \
                GET(target) "Accept-Encoding: gzip\r\n\r\n",                                       \
                GET(respelt) "Accept-Encoding: gzip\r\nIf-None-Match: *\r\n\r\n",                  \
                HEAD(target) "Accept-Encoding: br\r\n\r\n",                                        \
                GET(target) "Accept-Encoding: br\r\n\r\n",                                         \
                GET(target) "Accept-Encoding: br\r\nIf-None-Match: *\r\n\r\n"                      \
        }                                                                                          \
    }

static const struct scene scenes[] = {
    ALL_FORMS("a list", "/v1/areas?fields=id&limit=2", "/v1/areas?limit=2&fields=id"),
    ALL_FORMS("a table", "/v1/areas?format=csv&limit=2", "/v1/areas?limit=2&format=csv"),
    ALL_FORMS("an item", "/v1/areas/trade?fields=name", "/v1/areas/%74rade?fields=name"),
    ALL_FORMS("a document", "/openapi.json", "/openapi.%6ason"),
};

enum { SCENES = sizeof scenes / sizeof scenes[0] };

static int64_t begin(struct server *server)
{
    alloc_spare_this_thread();
    int64_t live = alloc_live();
    assert_int_equal(server_start(server), SUMMIT_OK);
    return live;
}

static void end(struct server *server, int64_t live)
{
    server_stop(server, SUMMIT_OK);
    (void)sqlite3_shutdown();
    assert_int_equal(alloc_live(), live);
}

/* How many allocations a request takes. */
static size_t cost(struct server *server, const char *request)
{
    static bool is_new[ALLOCATIONS_MAX];
    alloc_record();
    struct http_reply *reply = server_ask(server, request);
    size_t count = alloc_recorded(is_new, ALLOCATIONS_MAX);
    assert_non_null(reply);
    http_reply_free(reply);
    return count;
}

/* A hit takes what the connection, the request and its line in the log do. To give something in
 * another spelling takes a little more, as it has to be read first, and so does a first 304. */
static void what_is_kept_is_not_made_again(void **state)
{
    enum { HARDLY = 4, A_LITTLE = 14 };
    struct server *server = *state;
    int64_t live = begin(server);
    for (size_t i = 0; i < SCENES; i++) {
        const char *const *questions = scenes[i].questions;
        size_t made = cost(server, questions[0]);
        size_t hit = cost(server, questions[0]);
        assert_true(made > hit + A_LITTLE);
        assert_in_range(cost(server, questions[0]), 1, hit + HARDLY);
        assert_in_range(cost(server, questions[1]), hit + 1, hit + A_LITTLE);
        assert_in_range(cost(server, questions[2]), hit + 1, hit + A_LITTLE);
        assert_in_range(cost(server, questions[3]), 1, hit + HARDLY);
        assert_true(cost(server, questions[4]) > hit + A_LITTLE);
        assert_in_range(cost(server, questions[4]), 1, hit + HARDLY);
        assert_true(cost(server, questions[6]) > hit + A_LITTLE);
        assert_in_range(cost(server, questions[7]), 1, hit + HARDLY);
        server_forget(server);
        assert_true(cost(server, questions[0]) > hit + A_LITTLE);
    }
    end(server, live);
}

struct trial {
    struct server *server;
    const struct scene *scene;
    struct http_reply *expected[QUESTIONS];
    size_t failures;
    size_t closed;
    size_t refused;
};

static void check_reply(struct trial *trial, size_t question, const struct http_reply *reply,
                        bool may_fail)
{
    const char *request = trial->scene->questions[question];
    if (reply != NULL && reply_is_same(reply, trial->expected[question])) {
        return;
    }
    if (!may_fail) {
        fail_msg("%s, question %zu: %s without a failure", trial->scene->name, question,
                 reply == NULL ? "no answer" : reply->body);
    }
    trial->closed += reply == NULL;
    trial->refused += reply != NULL;
    if (reply != NULL) {
        reply_check_shortage(reply, request);
    }
}

/* Asks everything with an allocation failing. Returns whether one did. */
static bool ask_with_failure(struct trial *trial, int64_t index, enum alloc_mode mode)
{
    struct http_reply *replies[QUESTIONS];
    alloc_arm(index, mode);
    for (size_t i = 0; i < QUESTIONS; i++) {
        replies[i] = server_ask(trial->server, trial->scene->questions[i]);
    }
    bool injected = alloc_disarm();
    size_t wrong = trial->closed + trial->refused;
    for (size_t i = 0; i < QUESTIONS; i++) {
        check_reply(trial, i, replies[i], injected);
        http_reply_free(replies[i]);
    }
    /* One failure is one request's. */
    assert_true(mode != ALLOC_ONCE || trial->closed + trial->refused <= wrong + 1);
    for (size_t i = 0; i < QUESTIONS; i++) {
        struct http_reply *reply = server_ask(trial->server, trial->scene->questions[i]);
        check_reply(trial, i, reply, false);
        http_reply_free(reply);
    }
    return injected;
}

/* Fails the allocations of a scene: each alone, and every seventh with all that follow, or one in
 * so many as the environment variable FAULT_STEP says.
 *   is_kept  from the start; else all of it is made under the failures. */
static void play(struct server *server, const struct scene *scene, enum alloc_mode mode,
                 bool is_kept)
{
    const char *variable = getenv("FAULT_STEP");
    int64_t usual = mode == ALLOC_ONCE ? 1 : 7;
    int64_t stride = variable == NULL ? usual : (int64_t)strtoul(variable, NULL, 10);
    struct trial trial = {.server = server, .scene = scene};
    server_forget(server);
    for (size_t i = 0; i < QUESTIONS; i++) {
        trial.expected[i] = server_ask(server, scene->questions[i]);
        assert_non_null(trial.expected[i]);
        assert_true(trial.expected[i]->status == 200 || trial.expected[i]->status == 304);
    }
    bool injected = true;
    for (int64_t i = 0; injected; i += stride) {
        if (!is_kept) {
            server_forget(server);
        }
        injected = ask_with_failure(&trial, i, mode);
        trial.failures += injected;
    }
    print_message("# %s%s: %zu allocations failed%s: %zu times closed, %zu times refused\n",
                  scene->name, is_kept ? " that is kept" : "", trial.failures,
                  mode == ALLOC_ONCE ? "" : " with all after", trial.closed, trial.refused);
    assert_true(trial.failures > 0);
    if (variable == NULL) { /* else it depends on which of them fail */
        assert_true(trial.closed > 0);
        assert_true(is_kept || mode == ALLOC_FROM_ON || trial.refused > 0);
    }
    for (size_t i = 0; i < QUESTIONS; i++) {
        http_reply_free(trial.expected[i]);
    }
}

static void play_all(struct server *server, bool is_kept)
{
    int64_t live = begin(server);
    for (size_t i = 0; i < SCENES; i++) {
        play(server, &scenes[i], ALLOC_ONCE, is_kept);
        play(server, &scenes[i], ALLOC_FROM_ON, is_kept);
    }
    end(server, live);
}

static void keeping(void **state)
{
    play_all(*state, false);
}

static void giving_what_is_kept(void **state)
{
    play_all(*state, true);
}

/* Runs the test that the argument names, or all. */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_kept_is_not_made_again, server_set_up,
                                        server_tear_down),
        cmocka_unit_test_setup_teardown(keeping, server_set_up, server_tear_down),
        cmocka_unit_test_setup_teardown(giving_what_is_kept, server_set_up, server_tear_down),
    };
    alloc_install();
    log_open(LOG_FORMAT_JSON, LOG_ACCESS_ON);
    cmocka_set_test_filter(argc > 1 ? argv[1] : NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
