#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "server/log.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char captured[1 << 20];
static int saved_stderr = -1;
static FILE *capture_file;

static void capture_begin(enum log_format format)
{
    capture_file = tmpfile();
    assert_non_null(capture_file);
    saved_stderr = dup(STDERR_FILENO);
    assert_true(saved_stderr >= 0);
    assert_true(dup2(fileno(capture_file), STDERR_FILENO) >= 0);
    log_open(format, LOG_ACCESS_ON);
}

/* What was logged since capture_begin. */
static const char *capture_end(void)
{
    dup2(saved_stderr, STDERR_FILENO);
    close(saved_stderr);
    rewind(capture_file);
    captured[fread(captured, 1, sizeof captured - 1, capture_file)] = '\0';
    fclose(capture_file);
    return captured;
}

/* The one line captured, as JSON; asserts that it is one line. */
static json_t *captured_object(void)
{
    const char *line = capture_end();
    assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
    json_t *object = json_loads(line, 0, NULL);
    assert_non_null(object);
    return object;
}

static void test_json(void **state)
{
    static const char shape[] = "0000-00-00T00:00:00.000Z";
    (void)state;
    capture_begin(LOG_FORMAT_AUTO); /* a file is no terminal */
    log_event(LOG_WARNING, "sample", log_text("name", "Xi\u2019an \"quoted\""),
              log_text("nothing", NULL), log_number("count", -5), log_number("big", INT64_MAX));
    json_t *object = captured_object();
    assert_string_equal(json_string_value(json_object_get(object, "level")), "warning");
    assert_string_equal(json_string_value(json_object_get(object, "event")), "sample");
    assert_string_equal(json_string_value(json_object_get(object, "name")),
                        "Xi\u2019an \"quoted\"");
    assert_true(json_is_null(json_object_get(object, "nothing")));
    assert_int_equal(json_integer_value(json_object_get(object, "count")), -5);
    assert_true(json_integer_value(json_object_get(object, "big")) == INT64_MAX);
    const char *time = json_string_value(json_object_get(object, "time"));
    assert_int_equal(strlen(time), strlen(shape));
    for (size_t i = 0; i < strlen(shape); i++) {
        if (shape[i] == '0') {
            assert_in_range(time[i], '0', '9');
        } else {
            assert_int_equal(time[i], shape[i]);
        }
    }
    assert_memory_equal(captured, "{\"time\":\"", 9);
    json_decref(object);

    capture_begin(LOG_FORMAT_JSON);
    log_event(LOG_ERROR, "bare");
    object = captured_object();
    assert_int_equal(json_object_size(object), 3);
    json_decref(object);
}

static void test_request(void **state)
{
    const struct log_request request = {.id = "r1",
                                        .remote = "::1",
                                        .method = "GET",
                                        .target = "/v1?a=1",
                                        .status = 200,
                                        .bytes = 123,
                                        .duration_us = 250};
    (void)state;
    capture_begin(LOG_FORMAT_JSON);
    log_request(&request);
    const char *line = capture_end();
    assert_non_null(strstr(line, "\"level\":\"info\",\"event\":\"request\",\"id\":\"r1\","
                                 "\"remote\":\"::1\",\"method\":\"GET\",\"target\":\"/v1?a=1\","
                                 "\"status\":200,\"bytes\":123,\"duration_us\":250}\n"));
    capture_begin(LOG_FORMAT_TEXT);
    log_request(&request);
    line = capture_end();
    assert_string_equal(line + 24, " info request id=r1 remote=::1 method=GET target=/v1?a=1 "
                                   "status=200 bytes=123 duration_us=250\n");
}

/* The line that log_event would write of the same, whatever stands in it: but for the time. */
static void test_request_is_an_event(void **state)
{
    static const struct log_request requests[] = {
        {.id = "0123456789abcdef", .remote = "127.0.0.1", .method = "GET", .target = "/"},
        {.id = "r2", .method = "M-SEARCH", .status = 501, .bytes = INT64_MAX, .duration_us = -1},
        {.id = "r3", .remote = "unix", .method = "\x1B[2J", .target = "/\"\xFF\n \u00E9"},
    };
    (void)state;
    for (size_t i = 0; i < 2 * COUNT(requests); i++) {
        const struct log_request *request = &requests[i / 2];
        enum log_format format = i % 2 == 0 ? LOG_FORMAT_JSON : LOG_FORMAT_TEXT;
        size_t time_end = strlen(format == LOG_FORMAT_JSON ? "{\"time\":\"" : "") + 24;
        capture_begin(format);
        log_event(LOG_INFO, "request", log_word("id", request->id),
                  request->remote == NULL ? log_text("remote", NULL)
                                          : log_word("remote", request->remote),
                  log_text("method", request->method), log_text("target", request->target),
                  log_number("status", request->status), log_number("bytes", request->bytes),
                  log_number("duration_us", request->duration_us));
        char *event = strdup(capture_end());
        capture_begin(format);
        log_request(request);
        assert_string_equal(capture_end() + time_end, event + time_end);
        free(event);
    }
}

/* Whatever a value holds, it stays one line of plain ASCII text, and JSON says the same as went in,
 * except for what is replaced. */
static void test_hostile(void **state)
{
    static const struct {
        const char *value, *text, *json;
    } cases[] = {
        {"plain", "plain", "plain"},
        {"", "\"\"", ""},
        {"two words", "\"two words\"", "two words"},
        {"a\nb level=info", "\"a\\nb level=info\"", "a\nb level=info"},
        {"\r\n\t", "\"\\r\\n\\t\"", "\r\n\t"},
        {"\x1B[2J", "\"\\u001B[2J\"", "\x1B[2J"},
        {"a\x7F", "\"a\\uFFFD\"", "a\uFFFD"},
        {"a\xC2\x9B", "\"a\\uFFFD\"", "a\uFFFD"},
        {"a\u2028b", "\"a\\u2028b\"", "a\u2028b"},
        {"quote\"", "\"quote\\\"\"", "quote\""},
        {"back\\slash", "\"back\\\\slash\"", "back\\slash"},
        {"\xFF\xFE", "\"\\uFFFD\\uFFFD\"", "\uFFFD\uFFFD"},
        {"cut\xE8\xA5", "\"cut\\uFFFD\\uFFFD\"", "cut\uFFFD\uFFFD"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char expected[128];
        capture_begin(LOG_FORMAT_TEXT);
        log_event(LOG_INFO, "e", log_text("v", cases[i].value));
        snprintf(expected, sizeof expected, " info e v=%s\n", cases[i].text);
        assert_string_equal(capture_end() + 24, expected);

        capture_begin(LOG_FORMAT_JSON);
        log_event(LOG_INFO, "e", log_text("v", cases[i].value));
        json_t *object = captured_object();
        assert_string_equal(json_string_value(json_object_get(object, "v")), cases[i].json);
        json_decref(object);
    }
}

static void test_cut(void **state)
{
    /* Characters of two bytes, so that the cap falls between two or within one. */
    for (size_t lead = 0; lead < 2; lead++) {
        static const size_t lengths[] = {LOG_VALUE_MAX - 1, LOG_VALUE_MAX, LOG_VALUE_MAX + 1, 5000};
        for (size_t i = 0; i < COUNT(lengths); i++) {
            char value[5002];
            size_t length = lead;
            memset(value, 'x', lead);
            for (; length + 2 <= lengths[i]; length += 2) {
                memcpy(value + length, "\xC3\xA9", 2);
            }
            value[length] = '\0';
            capture_begin(LOG_FORMAT_JSON);
            log_event(LOG_INFO, "e", log_text("v", value));
            json_t *object = captured_object();
            const char *logged = json_string_value(json_object_get(object, "v"));
            assert_non_null(logged);
            if (length <= LOG_VALUE_MAX) {
                assert_string_equal(logged, value);
            } else {
                size_t kept = strlen(logged) - 3;
                assert_int_equal(kept, LOG_VALUE_MAX - lead);
                assert_memory_equal(logged, value, kept);
                assert_string_equal(logged + kept, "...");
            }
            json_decref(object);
        }
    }
    (void)state;
}

enum { THREADS = 8, LINES = 150 };

static void *log_many(void *argument)
{
    char value[700];
    memset(value, *(const char *)argument, sizeof value - 1);
    value[sizeof value - 1] = '\0';
    for (int i = 0; i < LINES; i++) {
        log_event(LOG_INFO, "many", log_text("v", value));
    }
    return NULL;
}

static void test_threads(void **state)
{
    static const char letters[THREADS + 1] = "abcdefgh";
    pthread_t threads[THREADS];
    size_t lines = 0;
    (void)state;
    capture_begin(LOG_FORMAT_TEXT);
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, log_many, (void *)&letters[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    const char *line = capture_end();
    for (; *line != '\0'; lines++) {
        const char *value = strstr(line, " v=") + 3;
        const char *end = strchr(line, '\n');
        assert_non_null(end);
        assert_int_equal(end - value, 699);
        assert_int_equal(strspn(value, (const char[]){*value, '\0'}), 699);
        line = end + 1;
    }
    assert_int_equal(lines, THREADS * LINES);
}

/* A log that cannot be written is no reason to stop, or to change errno. */
static void test_unwritable(void **state)
{
    (void)state;
    capture_begin(LOG_FORMAT_JSON);
    close(STDERR_FILENO);
    errno = 77;
    log_event(LOG_INFO, "lost");
    assert_int_equal(errno, 77);
    assert_string_equal(capture_end(), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_request),
        cmocka_unit_test(test_request_is_an_event),
        cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_unwritable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
