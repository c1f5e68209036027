/* A body too large for the socket's buffers, and what may happen while its client reads: nothing
 * for a while, the end of the client, of the file, of the generation, of the server. Over a unix
 * socket, whose buffers do not grow. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "deadline.h"
#include "folder.h"
#include "http.h"
#include "process.h"
#include "wire.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEASURES = 1500, TEXT_BYTES = 1900, MANY = 6 };

static const char request[] = "GET /v1/export.sqlite HTTP/1.1\r\nHost: x\r\n\r\n";

/* The pond's record with many more measures, of so much text each. */
static void write_large_record(const char *path)
{
    json_auto_t *record = json_load_file(POND, 0, NULL);
    json_t *rows = json_object_get(record, "measures");
    for (int i = 1; i < MEASURES; i++) {
        TEXT *id = text_of("pond-2021-reeds-%d", i);
        char text[TEXT_BYTES + 1];
        memset(text, 'a' + i % 26, TEXT_BYTES);
        text[TEXT_BYTES] = '\0';
        json_t *row = json_deep_copy(json_array_get(rows, 0));
        assert_int_equal(json_object_set_new(row, "id", json_string(id)), 0);
        assert_int_equal(json_object_set_new(row, "number", json_integer(i + 1)), 0);
        assert_int_equal(json_object_set_new(row, "text", json_string(text)), 0);
        assert_int_equal(json_array_append_new(rows, row), 0);
    }
    assert_int_equal(json_dump_file(record, path, JSON_COMPACT), 0);
}

/* Published once for all tests. */
static char *published;

static int publish(void **state)
{
    (void)state;
    published = folder_new();
    TEXT *record = folder_join(published, "large.json");
    TEXT *database = folder_join(published, "summit.db");
    write_large_record(record);
    PROCESS_RESULT result = process_run(WORDS("import", "-d", database, record), NULL);
    return result.status;
}

static int remove_published(void **state)
{
    (void)state;
    folder_remove(published);
    return 0;
}

struct large {
    char *folder; /* the daemon's */
    struct daemon *daemon;
    char *file; /* its database */
    size_t length;
};

static struct large start_large(const char *const args[])
{
    struct large large = {.folder = folder_new()};
    TEXT *from = folder_join(published, "summit.db");
    TEXT *to = folder_join(large.folder, "summit.db");
    TEXT *listen = text_of("unix:%s/socket", large.folder);
    file_replace_by_copy(to, from);
    struct daemon_options options = {.listen = listen, .args = args, .folder = large.folder};
    large.daemon = daemon_start(&options);
    large.file = file_read(large.daemon->database, &large.length);
    assert_true(large.length > 2000000);
    return large;
}

static void end_large(struct large *large)
{
    daemon_free(large->daemon);
    folder_remove(large->folder);
    free(large->file);
}

/* Asks for the file and waits until it begins to come. */
static struct wire begin(const struct large *large)
{
    struct wire wire = wire_open(large->daemon);
    assert_true(wire_send_text(&wire, request));
    assert_true(wire_has_news(&wire, deadline_left_ms(deadline_after_ms(DEADLINE_USUAL_MS))));
    return wire;
}

static void check_rest(struct wire *wire, const struct large *large)
{
    HTTP_REPLY *reply = wire_read_reply(wire, false);
    assert_non_null(reply);
    assert_int_equal(reply->status, 200);
    assert_int_equal(reply->body_length, large->length);
    assert_memory_equal(reply->body, large->file, large->length);
}

/* With one thread there is one connection to the database: no reader may keep it. */
static void slow_readers_keep_nothing_from_others(void **state)
{
    (void)state;
    struct large large = start_large(WORDS("--threads", "1"));
    struct wire wires[MANY];
    for (size_t i = 0; i < MANY; i++) {
        wires[i] = begin(&large);
    }
    json_auto_t *summits = rows_of(large.daemon, "/v1/summits");
    assert_int_equal(json_array_size(summits), 1);
    for (size_t i = 0; i < MANY; i++) {
        check_rest(&wires[i], &large);
        /* The connection is good for another request. */
        assert_true(wire_send_text(&wires[i], "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
        HTTP_REPLY *next = wire_read_reply(&wires[i], false);
        assert_int_equal(next->status, 200);
        wire_close(&wires[i]);
    }
    end_large(&large);
}

static json_int_t number_of(json_t *line, const char *name)
{
    return json_integer_value(json_object_get(line, name));
}

static void a_client_may_go_in_the_middle(void **state)
{
    (void)state;
    struct large large = start_large(WORDS("--threads", "1"));
    for (size_t i = 0; i < MANY; i++) {
        WIRE wire = begin(&large);
        wire_close(&wire);
        json_auto_t *line = daemon_wait_event(large.daemon, "request");
        assert_int_equal(number_of(line, "status"), 200);
        assert_in_range(number_of(line, "bytes"), 1, large.length - 1);
    }
    HTTP_REPLY *reply = http_get_status(large.daemon, "/v1/export.sqlite", 200);
    assert_int_equal(reply->body_length, large.length);
    json_auto_t *line = daemon_wait_event(large.daemon, "request");
    assert_int_equal(number_of(line, "bytes"), large.length);
    end_large(&large);
}

/* The part that comes later is still of the file it began with. */
static void a_new_generation_leaves_it_as_it_began(void **state)
{
    (void)state;
    /* Nothing moves on the connection while the import takes its time, as it does under valgrind.
     */
    struct large large = start_large(WORDS("--idle-timeout", "600"));
    WIRE wire = begin(&large);
    daemon_import(large.daemon, WORDS(LAKESIDE));
    HTTP_REPLY *there = http_wait_status(large.daemon, "/v1/summits/lakeside-2020", 200);
    assert_int_equal(there->status, 200);
    size_t length = 0;
    TEXT *now = file_read(large.daemon->database, &length);
    assert_true(length != large.length || memcmp(now, large.file, length) != 0);
    check_rest(&wire, &large);
    end_large(&large);
}

/* What somebody wrote into the file is not sent as if it had been published. */
static void a_file_written_to_cuts_it_short(void **state)
{
    (void)state;
    struct large large = start_large(NULL);
    WIRE wire = begin(&large);
    FILE *stream = fopen(large.daemon->database, "r+");
    assert_non_null(stream);
    assert_int_equal(fseek(stream, -1, SEEK_END), 0);
    assert_true(fputc('x', stream) != EOF);
    assert_int_equal(fclose(stream), 0);
    wire_read_to_end(&wire);
    assert_in_range(wire.length, 1, large.length - 1);
    daemon_expect_event(large.daemon, "answer_cut");
    end_large(&large);
}

static void a_stop_lets_it_finish(void **state)
{
    (void)state;
    struct large large = start_large(WORDS("--drain-timeout", "60"));
    WIRE wire = begin(&large);
    daemon_signal(large.daemon, SIGTERM);
    daemon_expect_event(large.daemon, "stopping");
    check_rest(&wire, &large);
    assert_int_equal(daemon_wait_exit(large.daemon), 0);
    end_large(&large);
}

static void a_stop_does_not_wait_for_ever(void **state)
{
    (void)state;
    struct large large = start_large(WORDS("--drain-timeout", "1"));
    WIRE wire = begin(&large);
    daemon_signal(large.daemon, SIGTERM);
    daemon_expect_event(large.daemon, "requests_cut");
    assert_int_equal(daemon_wait_exit(large.daemon), 0);
    wire_read_to_end(&wire);
    assert_in_range(wire.length, 1, large.length - 1);
    end_large(&large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define EACH(test) cmocka_unit_test_teardown(test, daemon_free_all)
        EACH(slow_readers_keep_nothing_from_others),
        EACH(a_client_may_go_in_the_middle),
        EACH(a_new_generation_leaves_it_as_it_began),
        EACH(a_file_written_to_cuts_it_short),
        EACH(a_stop_lets_it_finish),
        EACH(a_stop_does_not_wait_for_ever),
    };
    return cmocka_run_group_tests(tests, publish, remove_published);
}
