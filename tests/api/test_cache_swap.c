/* What is kept goes with its generation: after a new one is announced, nobody gets an answer of the
 * one before. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "deadline.h"
#include "http.h"
#include "process.h"

#include "../fault/load.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

enum { VARIANTS = 3, TARGETS = 8, SWAPS = 12, ANSWERS_A_SWAP = 200 };

/* Some in their normal form, which is looked up as it was sent, some not. */
static const char *const targets[TARGETS + 1] = {
    "/v1/summits",
    "/v1/summits",
    "/v1/participants",
    "/v1/measures?include=areas,proposals",
    "/v1/measures?limit=2&fields=id",
    "/v1/areas?facet=summit&limit=200",
    "/v1/search?limit=5&q=the",
    "/v1",
};

static const char *const variants[VARIANTS][4] = {
    {"--replace", XIAN},
    {"--replace", XIAN, POND},
    {"--replace", XIAN, POND, LAKESIDE},
};

struct bench {
    struct daemon *daemon;
    char revisions[VARIANTS][17];
    json_t *documents[VARIANTS][TARGETS];
    atomic_int announced; /* how many swaps; variant N % VARIANTS is served from then on */
};

static void import(const struct bench *bench, int variant)
{
    const char *words[5] = {NULL};
    memcpy(words, variants[variant], sizeof variants[variant]);
    daemon_import(bench->daemon, words);
}

/* Waits until the new generation is announced: by the log, or by /readyz.
 *   revision  "" for whatever the log says next. */
static void wait_announced(struct bench *bench, const char *revision, bool by_log)
{
    int64_t deadline = deadline_after_ms(DEADLINE_USUAL_MS);
    for (bool is_there = false; !is_there;) {
        json_auto_t *says = by_log ? daemon_wait_event(bench->daemon, "generation")
                                   : http_get_json(bench->daemon, "/readyz");
        const char *now = json_string_value(json_object_get(says, "revision"));
        is_there = strcmp(now, revision) == 0;
        assert_false(deadline_passed(deadline));
    }
}

/* What each variant answers, as long as nothing else is going on. */
static void learn(struct bench *bench)
{
    for (int i = 0; i < VARIANTS; i++) {
        import(bench, i);
        json_auto_t *line = daemon_wait_event(bench->daemon, "generation");
        const char *revision = json_string_value(json_object_get(line, "revision"));
        assert_true(revision != NULL && strlen(revision) == 16);
        strcpy(bench->revisions[i], revision);
        for (int j = 0; j < TARGETS; j++) {
            bench->documents[i][j] = http_get_json(bench->daemon, targets[j]);
            for (int k = 0; k < i; k++) {
                assert_false(json_equal(bench->documents[i][j], bench->documents[k][j]));
            }
        }
    }
}

static int set_up(void **state)
{
    static struct bench bench;
    struct daemon_options options = {.files = WORDS(LAKESIDE), .args = WORDS("--threads", "4")};
    *state = &bench;
    bench.daemon = daemon_start(&options);
    learn(&bench);
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    for (int i = 0; i < VARIANTS * TARGETS; i++) {
        json_decref(bench->documents[i / TARGETS][i % TARGETS]);
    }
    return daemon_stop_all(state);
}

static int variant_of(const struct bench *bench, const char *etag)
{
    for (int i = 0; i < VARIANTS; i++) {
        if (strncmp(etag + 1, bench->revisions[i], 16) == 0) {
            return i;
        }
    }
    return -1;
}

/* Whether a variant may be served to who asked when so many swaps had been announced: from the last
 * of those on, up to the one that may be there before it is announced. */
static bool is_of_its_time(const struct bench *bench, int variant, int phase)
{
    int last = atomic_load(&bench->announced) + 1;
    bool is_one = false;
    for (int i = phase; i <= last; i++) {
        is_one = is_one || i % VARIANTS == variant;
    }
    return is_one;
}

static bool accept(void *context, const struct load_reply *reply, char error[LOAD_ERROR_SIZE])
{
    const struct bench *bench = context;
    int variant = variant_of(bench, reply->etag);
    const char *wrong = NULL;
    if (variant < 0 || (reply->status != 200 && reply->status != 304)) {
        wrong = "is no answer";
    } else if (!is_of_its_time(bench, variant, reply->phase)) {
        wrong = "is of a generation that is gone";
    } else if (reply->status == 200 &&
               !json_equal(reply->json, bench->documents[variant][reply->target])) {
        wrong = "is not what its entity tag says";
    }
    if (wrong != NULL) {
        snprintf(error, LOAD_ERROR_SIZE, "%d %s, asked for after %d swaps, %s", reply->status,
                 reply->etag, reply->phase, wrong);
    }
    return wrong == NULL;
}

static void swaps_under_load_leave_nothing_of_the_old(void **state)
{
    struct bench *bench = *state;
    atomic_store(&bench->announced, VARIANTS - 1);
    struct load_options options = {bench->daemon, targets, accept, bench, &bench->announced};
    struct load *load = load_start(&options);
    load_wait(load, ANSWERS_A_SWAP);
    for (int i = VARIANTS; i < VARIANTS + SWAPS; i++) {
        import(bench, i % VARIANTS);
        wait_announced(bench, bench->revisions[i % VARIANTS], i % 2 == 0);
        atomic_store(&bench->announced, i);
        load_wait(load, ANSWERS_A_SWAP);
    }
    struct load_result result = load_stop(load);
    print_message("# %d swaps: %zu answers, %zu of them 304\n", SWAPS, result.answers,
                  result.not_modified);
    if (result.error[0] != '\0') {
        fail_msg("%s", result.error);
    }
    assert_in_range(result.not_modified, SWAPS, result.answers - SWAPS);
}

/* A cache in which few of the answers have room, so that they come and go while others read them.
 */
static void what_goes_under_load_is_whole_until_it_is_sent(void **state)
{
    struct bench *bench = *state;
    struct daemon *before = bench->daemon;
    struct daemon_options daemon_options = {.files = WORDS(XIAN, POND, LAKESIDE),
                                            .args =
                                                WORDS("--threads", "4", "--cache-size", "40000")};
    bench->daemon = daemon_start(&daemon_options);
    atomic_store(&bench->announced, VARIANTS - 1);
    struct load_options options = {bench->daemon, targets, accept, bench, &bench->announced};
    struct load *load = load_start(&options);
    load_wait(load, 20 * ANSWERS_A_SWAP);
    struct load_result result = load_stop(load);
    daemon_stop(bench->daemon);
    bench->daemon = before;
    if (result.error[0] != '\0') {
        fail_msg("%s", result.error);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(swaps_under_load_leave_nothing_of_the_old),
        cmocka_unit_test(what_goes_under_load_is_whole_until_it_is_sent),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
