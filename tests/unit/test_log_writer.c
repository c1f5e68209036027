#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "server/log_writer.h"

enum { THREADS = 4, LINES = 5000, LINE_LENGTH = 100 };

static int saved_stderr;
static int reading_end;

/* Standard error becomes a pipe. */
static int set_up(void **state)
{
    int ends[2];
    (void)state;
    signal(SIGPIPE, SIG_IGN); /* as the server does: a stuck thread outlives its reader */
    saved_stderr = dup(STDERR_FILENO);
    if (pipe(ends) != 0 || dup2(ends[1], STDERR_FILENO) < 0) {
        return -1;
    }
    close(ends[1]);
    reading_end = ends[0];
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    dup2(saved_stderr, STDERR_FILENO);
    close(saved_stderr);
    close(reading_end);
    return 0;
}

static void put_line(char thread, int number)
{
    char line[LINE_LENGTH + 1];
    int length = snprintf(line, sizeof line, "%c %d ", thread, number);
    memset(line + length, '.', sizeof line - 1 - (size_t)length);
    line[LINE_LENGTH - 1] = '\n';
    log_writer_put(line, LINE_LENGTH, number % 1000 == 0);
}

static void *put_lines(void *name)
{
    for (int i = 0; i < LINES; i++) {
        put_line(*(const char *)name, i);
    }
    return NULL;
}

struct seen {
    int lines;
    int next[THREADS]; /* the number that a thread's next line has at least */
    int64_t dropped;
};

static void see_line(struct seen *seen, const char *line)
{
    if (line[0] == '{') {
        json_t *object = json_loads(line, 0, NULL);
        assert_string_equal(json_string_value(json_object_get(object, "event")), "log_dropped");
        seen->dropped += json_integer_value(json_object_get(object, "count"));
        json_decref(object);
        return;
    }
    int thread = line[0] - 'a';
    int number = atoi(line + 2);
    assert_in_range(thread, 0, THREADS - 1);
    assert_int_equal(strlen(line), LINE_LENGTH);
    assert_true(number >= seen->next[thread]);
    seen->next[thread] = number + 1;
    seen->lines++;
}

/* Reads until all that could write has gone. */
static void *read_lines(void *context)
{
    FILE *stream = fdopen(dup(reading_end), "r");
    char line[1024];
    while (fgets(line, sizeof line, stream) != NULL && strcmp(line, "end\n") != 0) {
        see_line(context, line);
    }
    fclose(stream);
    return NULL;
}

static void end_reading(pthread_t reader)
{
    assert_int_equal(write(STDERR_FILENO, "end\n", 4), 4);
    pthread_join(reader, NULL);
}

static void every_line_is_written_once_and_in_order(void **state)
{
    static const char names[THREADS] = "abcd";
    pthread_t threads[THREADS];
    pthread_t reader;
    struct seen seen = {.lines = 0};
    (void)state;
    assert_int_equal(pthread_create(&reader, NULL, read_lines, &seen), 0);
    log_writer_start();
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, put_lines, (void *)&names[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    log_writer_stop(60);
    put_line('a', LINES); /* written at once, after all the others */
    end_reading(reader);
    assert_int_equal(seen.lines + seen.dropped, THREADS * LINES + 1);
    assert_int_equal(seen.next[0], LINES + 1);
}

/* The lines are more than the buffers and the pipe take together. */
static void lines_that_nobody_takes_are_dropped_and_counted(void **state)
{
    enum { MANY = 4 * LOG_WRITER_BYTES / LINE_LENGTH };
    struct seen seen = {.lines = 0};
    pthread_t reader;
    (void)state;
    log_writer_start();
    for (int i = 0; i < MANY; i++) {
        put_line('b', i); /* would never return if it waited */
    }
    assert_int_equal(pthread_create(&reader, NULL, read_lines, &seen), 0);
    log_writer_stop(60);
    end_reading(reader);
    assert_true(seen.dropped > 0);
    assert_true(seen.lines >= LOG_WRITER_BYTES / LINE_LENGTH);
    assert_int_equal(seen.lines + seen.dropped, MANY);
}

static void a_reader_that_takes_nothing_is_given_up_on(void **state)
{
    (void)state;
    log_writer_start();
    for (int i = 0; i < LOG_WRITER_BYTES / LINE_LENGTH; i++) {
        put_line('c', i);
    }
    log_writer_stop(0);
    close(reading_end);
    reading_end = -1;
    log_writer_stop(60); /* with nobody to wait for it ends */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_line_is_written_once_and_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lines_that_nobody_takes_are_dropped_and_counted, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_reader_that_takes_nothing_is_given_up_on, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
