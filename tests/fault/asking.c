#include "asking.h"
#include "../support/check.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

/* Sets all parameters, also after one that is wrong. */
static enum summit_status set_all(const struct asking *asking, struct summit_query *query,
                                  json_t *problems)
{
    enum summit_status result = SUMMIT_OK;
    if (asking->within != NULL) {
        result = summit_query_within(query, asking->within);
    }
    const char *const *p = asking->parameters;
    for (; result != SUMMIT_NOMEM && p != NULL && *p != NULL; p += 2) {
        enum summit_status status = summit_query_set(query, p[0], p[1], problems);
        result = status == SUMMIT_OK ? result : status;
    }
    if (result == SUMMIT_NOMEM) {
        return result;
    }
    enum summit_status status = summit_query_settle(query, SUMMIT_FORMAT_NONE, problems);
    return status == SUMMIT_OK ? result : status;
}

static enum summit_status make_query(struct asking *asking, struct summit_query **ret_query)
{
    struct summit_query *query = NULL;
    json_auto_t *problems = json_array();
    if (problems == NULL) {
        return SUMMIT_NOMEM;
    }
    enum summit_status status = asking->resource == NULL
                                    ? summit_query_new_search(&query)
                                    : summit_query_new(asking->resource, asking->id, &query);
    if (status == SUMMIT_OK) {
        status = set_all(asking, query, problems);
    }
    if (status == SUMMIT_OK) {
        *ret_query = query;
        return status;
    }
    if (status == SUMMIT_INVALID) {
        asking->document = json_incref(problems);
    }
    summit_query_free(query);
    return status;
}

static enum summit_status append(char **text, size_t *size, const char *piece, size_t length)
{
    char *larger = realloc(*text, *size + length + 1);
    if (larger == NULL) {
        return SUMMIT_NOMEM;
    }
    memcpy(larger + *size, piece, length + 1);
    *text = larger;
    *size += length;
    return SUMMIT_OK;
}

/* Joins the pieces of a stream; each that there was no memory for is asked for once again. */
static enum summit_status read_pieces(struct asking *asking, struct summit_stream *stream,
                                      char **text)
{
    size_t size = 0;
    size_t length = 1;
    enum summit_status status = SUMMIT_OK;
    while (status == SUMMIT_OK && length > 0) {
        char *piece = NULL;
        status = summit_stream_next(stream, asking->store, &piece, &length);
        if (status == SUMMIT_NOMEM) {
            assert_null(piece);
            status = summit_stream_next(stream, asking->store, &piece, &length);
        }
        if (status == SUMMIT_OK && length > 0) {
            status = append(text, &size, piece, length);
        }
        free(piece);
    }
    return status;
}

static enum summit_status ask_stream(struct asking *asking, struct summit_query *query)
{
    struct summit_stream *stream = NULL;
    char *text = NULL;
    enum summit_status status = summit_stream_new(asking->store, query, &stream, &asking->document);
    if (status != SUMMIT_OK) {
        summit_query_free(query);
        return status;
    }
    status = read_pieces(asking, stream, &text);
    if (status == SUMMIT_OK) {
        status = summit_stream_cursor(stream, asking->store, &asking->next);
    }
    if (status == SUMMIT_OK) {
        asking->text = text;
    } else {
        free(text);
    }
    summit_stream_free(stream);
    return status;
}

enum summit_status asking_ask(void *context)
{
    struct asking *asking = context;
    struct summit_query *query = NULL;
    asking->document = NULL;
    asking->text = NULL;
    asking->next = NULL;
    enum summit_status status = make_query(asking, &query);
    if (status != SUMMIT_OK) {
        return status;
    }
    enum summit_format format = summit_query_format(query);
    if (format == SUMMIT_CSV || format == SUMMIT_NDJSON) {
        return ask_stream(asking, query);
    }
    json_t *problems = NULL;
    status =
        asking->id != NULL
            ? summit_store_get(asking->store, query, &asking->document, &problems)
            : summit_store_list(asking->store, query, &asking->document, &asking->next, &problems);
    assert_true(problems == NULL || asking->document == NULL);
    asking->document = problems == NULL ? asking->document : problems;
    summit_query_free(query);
    return status;
}

static void check_text(const char *text, const char *expected)
{
    assert_true((text == NULL) == (expected == NULL));
    if (text != NULL) {
        assert_string_equal(text, expected);
    }
}

/* Nothing is given out without memory; and what did not work before works now. */
static void check_asked(void *context, enum summit_status status)
{
    struct asking *asking = context;
    for (int i = 0; i < 2; i++) {
        if (status == SUMMIT_NOMEM) {
            assert_null(asking->document);
            assert_null(asking->text);
            assert_null(asking->next);
        } else {
            assert_int_equal(status, asking->expected_status);
            check_text(asking->text, asking->expected_text);
            check_text(asking->next, asking->expected_next);
            if (asking->expected != NULL && !json_equal(asking->document, asking->expected)) {
                char *is = json_dumps(json_object_get(asking->document, "meta"), 0);
                fail_msg("the answer has the meta %s", is);
            }
        }
        json_decref(asking->document);
        free(asking->text);
        free(asking->next);
        status = i == 0 ? asking_ask(asking) : status;
    }
    assert_int_not_equal(status, SUMMIT_NOMEM);
    summit_store_close(asking->store);
}

void asking_open(void *context)
{
    struct asking *asking = context;
    assert_int_equal(summit_store_open(asking->path, 0, &asking->store, NULL), SUMMIT_OK);
}

void asking_forget(struct asking *asking)
{
    json_decref(asking->expected);
    free(asking->expected_text);
    free(asking->expected_next);
}

void asking_fail(struct asking *asking, const char *name, enum summit_status expected, size_t rows)
{
    asking_open(asking);
    assert_int_equal(asking_ask(asking), expected);
    asking->expected = asking->document;
    asking->expected_text = asking->text;
    asking->expected_next = asking->next;
    asking->expected_status = expected;
    summit_store_close(asking->store);
    size_t count = 0;
    for (const char *c = asking->text; c != NULL && *c != '\0'; c++) {
        count += *c == '\n' ? 1 : 0;
    }
    const json_t *data = json_object_get(asking->expected, "data");
    count += json_is_object(data) ? 1 : json_array_size(data) + json_array_size(asking->expected);
    if (count != rows) {
        fail_msg("%s: %zu rows, not %zu", name, count, rows);
    }
    struct operation operation = {
        .name = name,
        .prepare = asking_open,
        .run = asking_ask,
        .check = check_asked,
        .expected = expected,
        .each_way = true,
    };
    operation_fail_all(&operation, asking);
}
