/* Imports that are killed: at fifty moments of their run by the clock, and at fifty of their system
 * calls, counted by tracing them. Each leaves the old database in place or the new one, whole; a
 * server that goes on meanwhile serves one or the other; the next import clears up. */
#include "../api/rows.h"
#include "../support/check.h"
#include "../support/daemon.h"
#include "../support/deadline.h"
#include "../support/folder.h"
#include "../support/http.h"
#include "../support/process.h"
#include "leftovers.h"
#include "load.h"
#include "summit.h"
#include "variants.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOMENTS = 50, MEASURES = 400, VARIANTS = 2 };

struct bench {
    struct daemon *daemon;
    char *folder; /* of the database; the records are elsewhere */
    char *records_folder;
    char *records[VARIANTS];
    char revisions[VARIANTS][17];
    char *error_path;
    int in_place; /* the variant now in place */
    size_t killed;
    size_t arrived; /* imports whose database was in place when they ended */
    size_t left_behind;
};

static int set_up(void **state)
{
    static struct bench bench;
    bench = (struct bench){.records_folder = folder_new(), .folder = folder_new()};
    for (int i = 0; i < VARIANTS; i++) {
        bench.records[i] = variant_write(bench.records_folder, i, MEASURES);
        variant_revision(bench.records[i], bench.revisions[i]);
    }
    bench.error_path = folder_join(bench.records_folder, "error");
    struct daemon_options options = {.files = WORDS(bench.records[0]), .folder = bench.folder};
    bench.daemon = daemon_start(&options);
    *state = &bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    daemon_free_all(NULL);
    for (int i = 0; i < VARIANTS; i++) {
        free(bench->records[i]);
    }
    free(bench->error_path);
    folder_remove(bench->folder);
    folder_remove(bench->records_folder);
    return 0;
}

/* Every answer is of one variant, and says so in its revision and its entity tag. */
static bool accept_whole(void *context, const struct load_reply *reply, char error[LOAD_ERROR_SIZE])
{
    const struct bench *bench = context;
    const json_t *meta = json_object_get(reply->json, "meta");
    const char *revision = json_string_value(json_object_get(meta, "revision"));
    int variant = variant_of(reply->json);
    bool agrees = reply->status == 200 && revision != NULL && variant >= 0 && variant < VARIANTS &&
                  strcmp(revision, bench->revisions[variant]) == 0 &&
                  strncmp(reply->etag + 1, revision, strlen(revision)) == 0;
    if (!agrees) {
        snprintf(error, LOAD_ERROR_SIZE, "status %d, revision %s, ETag %s, variant %d",
                 reply->status, revision == NULL ? "none" : revision, reply->etag, variant);
    }
    return agrees;
}

static const char *const targets[] = {
    "/v1/measures?limit=200&include=proposals",
    "/v1/proposals?include=summits",
    "/v1/summits/pond-2021?include=statements,proposals",
    NULL,
};

static pid_t start_import(const struct bench *bench, int variant, bool traced)
{
    struct process_options options = {
        .args =
            WORDS("import", "--replace", "-d", bench->daemon->database, bench->records[variant]),
        .env = traced ? WORDS("ASAN_OPTIONS=detect_leaks=0") : NULL,
        .error_path = bench->error_path,
    };
    return process_start(&options);
}

/* After an import of the other variant that may have been killed. */
static void check_place(struct bench *bench, bool killed)
{
    struct summit_store *store = NULL;
    struct summit_error error;
    int other = 1 - bench->in_place;
    size_t left = leftovers_count(bench->folder);
    enum summit_status status =
        summit_store_open(bench->daemon->database, SUMMIT_STORE_VERIFY, &store, &error);
    if (status != SUMMIT_OK) {
        fail_msg("after an import was killed: %s", error.message);
    }
    bool arrived = strcmp(summit_store_revision(store), bench->revisions[other]) == 0;
    if (!arrived) {
        assert_true(killed);
        assert_string_equal(summit_store_revision(store), bench->revisions[bench->in_place]);
    }
    summit_store_close(store);
    bench->killed += killed;
    bench->arrived += arrived;
    bench->left_behind += left > 0;
    bench->in_place = arrived ? other : bench->in_place;
}

/* An import that is let be, after one that was not. */
static void check_next(struct bench *bench)
{
    int variant = 1 - bench->in_place;
    PROCESS_RESULT result = process_run(
        WORDS("import", "--replace", "-d", bench->daemon->database, bench->records[variant]), NULL);
    if (result.status != 0) {
        fail_msg("the next import fails: %s", result.error);
    }
    assert_int_equal(leftovers_count(bench->folder), 0);
    check_place(bench, false);
}

static void report(struct bench *bench, const char *how, struct load_result result)
{
    if (result.error[0] != '\0') {
        fail_msg("%s", result.error);
    }
    print_message("# %s: %zu of %d imports killed, %zu left files behind, %zu arrived with those "
                  "let be; %zu answers meanwhile, %zu of them 304\n",
                  how, bench->killed, MOMENTS, bench->left_behind, bench->arrived, result.answers,
                  result.not_modified);
    assert_true(bench->killed > 0);
    assert_int_equal(leftovers_count(bench->folder), 0);
    TEXT *expected = text_of("%s", bench->revisions[bench->in_place]);
    HTTP_REPLY *reply = http_get_status(bench->daemon, "/v1/summits", 200);
    for (int64_t deadline = deadline_after_ms(DEADLINE_USUAL_MS);
         strncmp(http_header(reply, "ETag") + 1, expected, strlen(expected)) != 0;) {
        assert_false(deadline_passed(deadline));
        deadline_pause_ms(20);
        http_reply_free(reply);
        reply = http_get_status(bench->daemon, "/v1/summits", 200);
    }
    daemon_stop(bench->daemon);
}

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void pause_us(int64_t span_us)
{
    struct timespec span = {.tv_sec = span_us / 1000000, .tv_nsec = span_us % 1000000 * 1000};
    nanosleep(&span, NULL);
}

static bool end_import(pid_t pid)
{
    int status = 0;
    assert_true(process_wait(pid, deadline_after_ms(3 * DEADLINE_USUAL_MS), &status));
    assert_true(status == 0 || status == 128 + SIGKILL);
    return status != 0;
}

static void killed_by_the_clock(void **state)
{
    struct bench *bench = *state;
    struct load_options load_options = {bench->daemon, targets, accept_whole, bench, NULL};
    struct load *load = load_start(&load_options);
    int64_t start_us = now_us();
    assert_false(end_import(start_import(bench, 1, false)));
    int64_t span_us = now_us() - start_us;
    check_place(bench, false);
    for (int i = 0; i < MOMENTS; i++) {
        pid_t pid = start_import(bench, 1 - bench->in_place, false);
        pause_us(span_us * i / MOMENTS);
        assert_int_equal(kill(pid, SIGKILL), 0);
        check_place(bench, end_import(pid));
        if (i % 2 == 1) {
            check_next(bench);
        }
    }
    check_next(bench);
    load_wait(load, 10);
    report(bench, "by the clock", load_stop(load));
}

/* Lets a traced process run into its next system call, or out of it. Returns false when it has
 * ended. */
static bool step(pid_t pid)
{
    int status = 0;
    int64_t deadline = deadline_after_ms(3 * DEADLINE_USUAL_MS);
    while (waitpid(pid, &status, __WALL | WNOHANG) == 0) {
        if (deadline_passed(deadline)) {
            (void)kill(pid, SIGKILL);
            fail_msg("a traced import does not go on");
        }
        pause_us(10);
    }
    if (WIFEXITED(status) || WIFSIGNALED(status)) {
        return false;
    }
    int number = WSTOPSIG(status);
    bool is_own = number == (SIGTRAP | 0x80) || number == SIGTRAP || status >> 16 != 0;
    assert_int_equal(ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(intptr_t)(is_own ? 0 : number)), 0);
    return true;
}

/* Traces an import up to a number of stops and kills it there. Returns the stops it came to; -1
 * where tracing is not allowed. */
static int64_t trace_import(struct bench *bench, int64_t stops)
{
    pid_t pid = start_import(bench, 1 - bench->in_place, true);
    if (ptrace(PTRACE_SEIZE, pid, NULL, (void *)(intptr_t)PTRACE_O_TRACESYSGOOD) != 0 ||
        ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) != 0) {
        int refusal = errno;
        (void)end_import(pid);
        errno = refusal;
        return -1;
    }
    int64_t count = 0;
    while (count < stops && step(pid)) {
        count++;
    }
    if (count == stops) {
        assert_int_equal(kill(pid, SIGKILL), 0);
        (void)end_import(pid);
    }
    return count;
}

static void killed_at_system_calls(void **state)
{
    struct bench *bench = *state;
    struct load_options load_options = {bench->daemon, targets, accept_whole, bench, NULL};
    int64_t all = trace_import(bench, INT64_MAX);
    if (all < 0) {
        print_message("# an import cannot be traced here: %s\n", strerror(errno));
        skip();
    }
    struct load *load = load_start(&load_options);
    check_place(bench, false);
    for (int i = 0; i < MOMENTS; i++) {
        int64_t stops = all * i / MOMENTS + 1;
        check_place(bench, trace_import(bench, stops) == stops);
        if (i % 2 == 1) {
            check_next(bench);
        }
    }
    check_next(bench);
    load_wait(load, 10);
    report(bench, "at system calls", load_stop(load));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(killed_by_the_clock, set_up, tear_down),
        cmocka_unit_test_setup_teardown(killed_at_system_calls, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
