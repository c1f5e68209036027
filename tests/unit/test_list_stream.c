/* Streams: the rows of a list as text, piece by piece, however many there are. */
#include "check.h"
#include "fixture.h"
#include "generated.h"

#include <stdio.h>
#include <string.h>

#include "csv.h"
#include "query.h"
#include "store.h"

enum { MEASURES = 1500, PIECE_BYTES_MAX = 400000 };

static struct fixture *fixture;
static struct summit_store *store;

static int publish(void **state)
{
    fixture_set_up(state);
    fixture = *state;
    JSON *record = generated_record(7, MEASURES);
    assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
    store = fixture_open(fixture->path);
    return 0;
}

static int forget(void **state)
{
    summit_store_close(store);
    return fixture_tear_down(state);
}

static struct summit_stream *start(const char *resource, const char *parameters)
{
    struct summit_query *query = fixture_query(resource, NULL, NULL, parameters);
    struct summit_stream *stream = NULL;
    JSON *problems = json_array();
    json_t *refused = NULL;
    assert_int_equal(summit_query_settle(query, SUMMIT_FORMAT_NONE, problems), SUMMIT_OK);
    assert_int_equal(summit_stream_new(store, query, &stream, &refused), SUMMIT_OK);
    assert_null(refused);
    return stream;
}

/* The whole stream. ret_next, ret_pieces may be NULL. */
static char *drain(struct summit_stream *stream, char **ret_next, size_t *ret_pieces)
{
    char *whole = NULL;
    size_t size = 0;
    size_t pieces = 0;
    FILE *file = open_memstream(&whole, &size);
    for (;; pieces++) {
        char *text = NULL;
        size_t length = 1;
        assert_int_equal(summit_stream_next(stream, store, &text, &length), SUMMIT_OK);
        if (text == NULL) {
            assert_int_equal(length, 0);
            break;
        }
        assert_in_range(length, 1, PIECE_BYTES_MAX);
        fwrite(text, 1, length, file);
        free(text);
    }
    fclose(file);
    if (ret_next != NULL) {
        assert_int_equal(summit_stream_cursor(stream, store, ret_next), SUMMIT_OK);
    }
    if (ret_pieces != NULL) {
        *ret_pieces = pieces;
    }
    /* The end stays the end. */
    char *text = NULL;
    size_t length = 1;
    assert_int_equal(summit_stream_next(stream, store, &text, &length), SUMMIT_OK);
    assert_null(text);
    summit_stream_free(stream);
    return whole;
}

static char *stream_all(const char *resource, const char *parameters, size_t *ret_pieces)
{
    return drain(start(resource, parameters), NULL, ret_pieces);
}

/* All rows of a list, page by page. */
static json_t *list_all(const char *resource, const char *parameters)
{
    json_t *rows = json_array();
    TEXT *cursor = NULL;
    do {
        char all[1024];
        char *next = NULL;
        snprintf(all, sizeof all, "%s&limit=130%s%s", parameters,
                 cursor == NULL ? "" : "&cursor=", cursor == NULL ? "" : cursor);
        JSON *page = fixture_list(store, resource, NULL, all[0] == '&' ? all + 1 : all, &next);
        json_array_extend(rows, json_object_get(page, "data"));
        free(cursor);
        cursor = next;
    } while (cursor != NULL);
    return rows;
}

/* The rows as lines, each the JSON of one. */
static char *lines_of(const json_t *rows)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        TEXT *line = json_dumps(json_array_get(rows, i), JSON_COMPACT);
        fprintf(file, "%s\n", line);
    }
    fclose(file);
    return text;
}

/* What is asked of streams and lists alike. */
static const struct {
    const char *resource, *parameters;
} questions[] = {
    {"measures", ""},
    {"measures", "area=area-1&modality=will,proposes"},
    {"measures", "sort=-number,modality"},
    {"measures", "sort=modality&summit=summit-0,summit-2"},
    {"measures", "q=bababa dababa"},
    {"measures", "q=bababa&sort=-id"},
    {"measures", "q=nowhere"},
    {"measures", "q=..."},
    {"measures", "fields=text,id"},
    {"statements", "kind=call"},
    {"sources", "sort=published_on"},
    {"areas", "summit=summit-1"},
    {"summits", ""},
};

static void test_lines_are_the_rows_of_the_list(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(questions); i++) {
        char parameters[256];
        size_t pieces = 0;
        JSON *rows = list_all(questions[i].resource, questions[i].parameters);
        snprintf(parameters, sizeof parameters, "format=ndjson%s%s",
                 questions[i].parameters[0] == '\0' ? "" : "&", questions[i].parameters);
        TEXT *expected = lines_of(rows);
        TEXT *text = stream_all(questions[i].resource, parameters, &pieces);
        if (strcmp(text, expected) != 0) {
            fail_msg("%s?%s", questions[i].resource, parameters);
        }
        assert_in_range(pieces, json_array_size(rows) / 250, json_array_size(rows) / 50 + 1);
        assert_int_equal(pieces == 0, json_array_size(rows) == 0);
    }
}

/* The header, then a line a row. */
static char *csv_of(const struct resource *resource, const json_t *names, const json_t *rows)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    for (size_t i = 0; i <= json_array_size(rows); i++) {
        char *line = NULL;
        size_t length = 0;
        enum summit_status status =
            i == 0 ? csv_header(resource, names, &line, &length)
                   : csv_row(resource, names, json_array_get(rows, i - 1), &line, &length);
        assert_int_equal(status, SUMMIT_OK);
        fwrite(line, 1, length, file);
        free(line);
    }
    fclose(file);
    return text;
}

static void test_csv_has_the_rows_of_the_list(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(questions); i++) {
        char parameters[256];
        JSON *rows = list_all(questions[i].resource, questions[i].parameters);
        const bool has_fields = strncmp(questions[i].parameters, "fields=", 7) == 0;
        JSON *names = has_fields ? fixture_json("['text', 'id']") : NULL;
        snprintf(parameters, sizeof parameters, "format=csv%s%s",
                 questions[i].parameters[0] == '\0' ? "" : "&", questions[i].parameters);
        TEXT *expected = csv_of(resource_find(questions[i].resource), names, rows);
        TEXT *text = stream_all(questions[i].resource, parameters, NULL);
        if (strcmp(text, expected) != 0) {
            fail_msg("%s?%s", questions[i].resource, parameters);
        }
    }
}

/* Where nothing is found, there is the header all the same, and for lines nothing. */
static void test_empty_streams(void **state)
{
    static const char *const searches[] = {"q=nowhere", "q=...", "area=area-1&q=nowhere"};
    (void)state;
    for (size_t i = 0; i < COUNT(searches); i++) {
        char parameters[128];
        size_t pieces = 9;
        snprintf(parameters, sizeof parameters, "format=csv&fields=id,text&%s", searches[i]);
        TEXT *csv = stream_all("measures", parameters, &pieces);
        assert_string_equal(csv, "id,text\r\n");
        assert_int_equal(pieces, 1);
        snprintf(parameters, sizeof parameters, "format=ndjson&%s", searches[i]);
        TEXT *lines = stream_all("measures", parameters, &pieces);
        assert_string_equal(lines, "");
        assert_int_equal(pieces, 0);
    }
}

static size_t count_lines(const char *text)
{
    size_t count = 0;
    for (; (text = strchr(text, '\n')) != NULL; text++) {
        count++;
    }
    return count;
}

/* With a limit there is an end before the end, and a cursor that goes on from there. */
static void test_limits_and_cursors(void **state)
{
    static const size_t limits[] = {1, 7, 199, 200};
    TEXT *all = stream_all("measures", "format=ndjson&sort=-modality&area=area-1", NULL);
    size_t total = count_lines(all);
    (void)state;
    assert_true(total > 200);
    for (size_t i = 0; i < COUNT(limits); i++) {
        char parameters[512];
        char *next = NULL;
        snprintf(parameters, sizeof parameters,
                 "format=ndjson&sort=-modality&area=area-1&limit=%zu", limits[i]);
        TEXT *first = drain(start("measures", parameters), &next, NULL);
        assert_int_equal(count_lines(first), limits[i]);
        assert_non_null(next);
        /* The rest without a limit: all of it. */
        snprintf(parameters, sizeof parameters,
                 "format=ndjson&sort=-modality&area=area-1&cursor=%s", next);
        TEXT *cursor = next;
        TEXT *rest = drain(start("measures", parameters), &next, NULL);
        assert_null(next);
        TEXT *both = NULL;
        assert_true(asprintf(&both, "%s%s", first, rest) > 0);
        assert_string_equal(both, all);
        /* A list takes the cursor of a stream. */
        snprintf(parameters, sizeof parameters, "sort=-modality&area=area-1&limit=1&cursor=%s",
                 cursor);
        JSON *page = fixture_list(store, "measures", NULL, parameters, NULL);
        TEXT *line = lines_of(json_object_get(page, "data"));
        assert_memory_equal(line, rest, strlen(line));
    }
}

/* A limit that is just the number of rows: nothing follows. */
static void test_a_limit_that_is_reached(void **state)
{
    char *next = NULL;
    (void)state;
    TEXT *all = drain(start("summits", "format=ndjson&limit=4"), &next, NULL);
    assert_int_equal(count_lines(all), 4);
    assert_null(next);
    TEXT *more = drain(start("summits", "format=csv&limit=200"), &next, NULL);
    assert_int_equal(count_lines(more), 5);
    assert_null(next);
}

/* Pieces may come from any store of the file: what reads the first may be closed by then. */
static void test_pieces_of_another_store(void **state)
{
    TEXT *expected = stream_all("measures", "format=ndjson", NULL);
    struct summit_stream *stream = start("measures", "format=ndjson");
    char *text = NULL;
    size_t length = 0;
    size_t place = 0;
    (void)state;
    do {
        STORE *other = fixture_open(fixture->path);
        assert_int_equal(summit_stream_next(stream, other, &text, &length), SUMMIT_OK);
        assert_memory_equal(expected + place, text == NULL ? "" : text, length);
        place += length;
        free(text);
    } while (text != NULL);
    assert_int_equal(place, strlen(expected));
    summit_stream_free(stream);
}

/* What the database has not got is said before anything is given; the query stays the caller's. */
static void test_refusals(void **state)
{
    static const struct {
        const char *parameters, *code;
    } cases[] = {
        {"format=csv&area=area-99", "unknown_value"},
        {"format=ndjson&cursor=nonsense", "invalid_value"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        QUERY *query = fixture_query("measures", NULL, NULL, cases[i].parameters);
        struct summit_stream *stream = NULL;
        json_t *refused = NULL;
        assert_int_equal(summit_stream_new(store, query, &stream, &refused), SUMMIT_INVALID);
        assert_null(stream);
        JSON *problems = refused;
        assert_string_equal(json_string_value(fixture_at(problems, "/0/code")), cases[i].code);
    }
    QUERY *nested = fixture_query("measures", NULL, "summit-9", "format=csv");
    struct summit_stream *stream = NULL;
    json_t *refused = NULL;
    assert_int_equal(summit_stream_new(store, nested, &stream, &refused), SUMMIT_NOT_FOUND);
    assert_null(stream);
    assert_null(refused);
    summit_stream_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_are_the_rows_of_the_list),
        cmocka_unit_test(test_csv_has_the_rows_of_the_list),
        cmocka_unit_test(test_empty_streams),
        cmocka_unit_test(test_limits_and_cursors),
        cmocka_unit_test(test_a_limit_that_is_reached),
        cmocka_unit_test(test_pieces_of_another_store),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, publish, forget);
}
