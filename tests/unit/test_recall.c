/* Which requests are answered with what is kept, and which answers are kept. There is no transport:
 * an answer is made and kept, and then cannot be sent. */
#include "check.h"
#include "source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cache.h"
#include "dispatch.h"
#include "generation.h"
#include "reply.h"
#include "request.h"
#include "response.h"
#include "routes.h"
#include "service.h"

enum { CACHE_BYTES = 4 << 20 };

static struct service service;

/* A request, as the head says; GET of a target in the plainest form. */
struct asked {
    const char *target;
    enum request_method method;
    const char *accept;
    const char *accept_encoding;
    const char *range;
    bool has_body;
    enum problem_kind refusal;
};

static int set_up(void **state)
{
    service =
        (struct service){.connection_memory = 8192, .generations = source_generations(CACHE_BYTES)};
    *state = NULL;
    return service.generations == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    generations_close(service.generations);
    return 0;
}

enum outcome { MADE, KEPT };

/* Asks once. Returns whether the answer was there; if not it is made and, if it may be, kept. */
static enum outcome ask(struct asked asked)
{
    struct request *request = request_new(asked.target, &service);
    struct answer answer = {.last_modified_s = -1};
    assert_non_null(request);
    request->head_read = true;
    request->method = asked.method;
    strcpy(request->method_name, "NAME");
    request->accept = asked.accept;
    request->accept_encoding = asked.accept_encoding;
    request->range = asked.range;
    request->has_body = asked.has_body;
    request->refusal = asked.refusal;
    request->refusal_detail = "Refused.";
    request->generation = generations_acquire(service.generations);
    dispatch(request, &answer);
    enum outcome outcome = answer.kept == NULL ? MADE : KEPT;
    assert_int_equal(reply_send(request, &answer, NULL), 0);
    assert_int_equal(request->status, 0);
    answer_clear(&answer);
    generation_release(request->generation);
    request_free(request);
    return outcome;
}

#define ASK(...) ask((struct asked){__VA_ARGS__})

static void what_was_answered_is_there_the_next_time(void **state)
{
    static const char *const targets[] = {
        "/",
        "/v1",
        "/v1/measures",
        "/v1/areas?limit=3",
        "/v1/summits/xian-2023",
        "/v1/summits/xian-2023/proposals",
        "/v1/summits/xian-2023/record",
        "/v1/search?q=railway",
        "/v1/graph",
        "/v1/citations/summits/xian-2023",
        "/v1/measures?fields=id&format=csv",
        "/openapi.json",
        "/openapi.yaml",
        "/.well-known/api-catalog",
        "/problems/not-found",
    };
    (void)state;
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        for (int coding = 0; coding < CODING_NONE; coding++) {
            const char *field = coding_token((enum coding)coding);
            for (int j = 0; j < 3; j++) {
                enum outcome outcome = ASK(.target = targets[i], .accept_encoding = field);
                if (outcome != (j == 0 ? MADE : KEPT)) {
                    fail_msg("%s in %s, for time %d", targets[i], field, j);
                }
            }
        }
    }
}

/* All of these are one entry, whichever came first, and so is one after the other. */
static void spellings_of_one_request_share_an_answer(void **state)
{
    static const struct asked spellings[] = {
        {.target = "/v1/measures?area=trade&limit=5"},
        {.target = "/v1/measures?limit=5&area=trade"},
        {.target = "/v1/me%61sures?limit=%35&%61rea=tr%61de"},
        {.target = "/v1/measures?area=trade&limit=5", .method = REQUEST_HEAD},
        {.target = "/v1/measures?area=trade&limit=5", .accept = "*/*"},
        {.target = "/v1/measures?area=trade&limit=5", .accept = "application/json"},
        {.target = "/v1/measures?area=trade&limit=5",
         .accept = "text/csv;q=0.1, application/json;charset=utf-8;q=0.5, x/y"},
        {.target = "/v1/measures?limit=5&area=trade", .accept_encoding = "identity"},
        {.target = "/v1/measures?area=trade&limit=5", .accept_encoding = "gzip;q=0, zstd"},
        {.target = "/v1/measures?area=trade&limit=5", .range = "bytes=0-1"},
    };
    (void)state;
    enum { COUNT = sizeof spellings / sizeof spellings[0] };
    assert_int_equal(ask(spellings[1]), MADE);
    for (size_t i = 0; i < COUNT; i++) {
        if (ask(spellings[i]) != KEPT) {
            fail_msg("spelling %zu, %s, is made anew", i, spellings[i].target);
        }
    }
}

static void what_differs_in_anything_does_not(void **state)
{
    static const struct asked others[] = {
        {.target = "/v1/measures?area=energy&limit=4"},
        {.target = "/v1/measures?area=energy&limit=3"},
        {.target = "/v1/measures?area=energy&limit=4&pretty"},
        {.target = "/v1/measures?area=energy&limit=4&format=csv"},
        {.target = "/v1/measures?area=energy&limit=4", .accept = "text/csv"},
        {.target = "/v1/measures?area=energy&limit=4", .accept = "application/ld+json"},
        {.target = "/v1/measures?area=energy&limit=4", .accept_encoding = "gzip"},
        {.target = "/v1/measures?area=energy&limit=4", .accept_encoding = "gzip, br"},
        {.target = "/v1/measures?area=energy&limit=4",
         .accept = "text/csv",
         .accept_encoding = "br"},
    };
    (void)state;
    enum { COUNT = sizeof others / sizeof others[0] };
    for (size_t i = 0; i < 2 * COUNT; i++) {
        assert_int_equal(ask(others[i % COUNT]), i < COUNT ? MADE : KEPT);
    }
}

/* Whose name, once decoded, reads like several parameters. */
static void a_parameter_does_not_pass_for_others(void **state)
{
    static const char *const targets[] = {
        "/v1/areas?limit%3D3%26pretty=",     "/v1/areas?limit%3d3%26pretty",
        "/v1/areas?limit=3%26pretty%3D",     "/v1/areas%3Flimit=3&pretty=",
        "/v1/areas%3Flimit%3D3%26pretty%3D", "/v1%2Fareas?limit=3&pretty=",
    };
    (void)state;
    assert_int_equal(ASK(.target = "/v1/areas?limit=3&pretty="), MADE);
    assert_int_equal(ASK(.target = "/v1/areas?limit=3&pretty="), KEPT);
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        if (ASK(.target = targets[i]) != MADE) {
            fail_msg("%s is taken for another", targets[i]);
        }
    }
}

static const char *const refused[] = {
    "/v1/none",
    "/v1/measures/none",
    "/v1/measures/",
    "/v1/measures?aera=trade",
    "/v1/areas?limit=0",
    "/v1/areas?x=%ff",
    "/v1/areas?cursor=a",
    "/v1?x=1",
    "/healthz?x=1",
    "/v1//areas",
    "*",
    "/problems/none",
    "/v1/areas?limit=1&limit=1",
};

static void nothing_that_is_refused_or_volatile_is_kept(void **state)
{
    static const struct asked never[] = {
        {.target = "/healthz"},
        {.target = "/readyz"},
        {.target = "/v1/export.sqlite"},
        {.target = "/v1/export.sqlite", .range = "bytes=0-9"},
        {.target = "/v1/proposals", .accept = "image/png"},
        {.target = "/v1/proposals", .accept_encoding = "*;q=0"},
        {.target = "/v1/proposals", .method = REQUEST_OTHER},
        {.target = "/v1/proposals", .method = REQUEST_OPTIONS},
        {.target = "/v1/proposals", .has_body = true, .refusal = PROBLEM_BAD_REQUEST},
        {.target = "/v1/proposals", .refusal = PROBLEM_HEADERS_TOO_LARGE},
        {.target = "/v1/proposals", .has_body = true},
    };
    (void)state;
    for (int j = 0; j < 3; j++) {
        for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
            assert_int_equal(ask(never[i]), MADE);
        }
        for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
            assert_int_equal(ASK(.target = refused[i]), MADE);
        }
    }
    /* Nor did any of them leave something for their target, or is it given what there is. */
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
        struct generation *generation = generations_acquire(service.generations);
        assert_null(cache_route(generation_cache(generation), never[i].target));
        generation_release(generation);
    }
    assert_int_equal(ASK(.target = "/v1/proposals"), MADE);
    assert_int_equal(ASK(.target = "/v1/proposals"), KEPT);
    for (size_t i = 4; i < sizeof never / sizeof never[0]; i++) {
        assert_int_equal(ask(never[i]), MADE);
    }
}

/* Its answers say that the connection will be closed. */
static void a_server_that_stops_keeps_nothing_and_gives_nothing_kept(void **state)
{
    (void)state;
    assert_int_equal(ASK(.target = "/v1/statements"), MADE);
    atomic_store(&service.stopping, true);
    assert_int_equal(ASK(.target = "/v1/statements"), MADE);
    assert_int_equal(ASK(.target = "/v1/sources"), MADE);
    atomic_store(&service.stopping, false);
    assert_int_equal(ASK(.target = "/v1/statements"), KEPT);
    assert_int_equal(ASK(.target = "/v1/sources"), MADE);
}

/* Whoever varies what has no meaning, or is refused, gets no more entries for it. */
static void what_has_no_meaning_fills_nothing(void **state)
{
    (void)state;
    assert_int_equal(ASK(.target = "/v1/mechanisms?limit=9"), MADE);
    for (int i = 0; i < 3000; i++) {
        char target[128];
        char accept[128];
        snprintf(target, sizeof target, "/v1/mechanisms?limit=9&x%d=1", i);
        snprintf(accept, sizeof accept, "x/y%d, application/json;q=0.%d", i, 1 + i % 999);
        assert_int_equal(ASK(.target = target), MADE);
        assert_int_equal(ASK(.target = target), MADE);
        assert_int_equal(ASK(.target = "/v1/mechanisms?limit=9", .accept = accept), KEPT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_answered_is_there_the_next_time, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(spellings_of_one_request_share_an_answer, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_differs_in_anything_does_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_parameter_does_not_pass_for_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_that_is_refused_or_volatile_is_kept, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_server_that_stops_keeps_nothing_and_gives_nothing_kept,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_has_no_meaning_fills_nothing, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, source_set_up, source_tear_down);
}
