/* A stream is a list taken page after page, each beginning after the last row of the one before: it
 * holds no statement and no store between two pieces. */
#include <stdio.h>
#include <stdlib.h>

#include "csv.h"
#include "dump.h"
#include "fetch.h"
#include "list.h"
#include "query.h"
#include "store.h"
#include "summit.h"
#include "text.h"

enum { STREAM_PIECE_ROWS = 200 };

struct summit_stream {
    struct summit_query *query;
    struct selection selection; /* of what is still to come */
    int64_t left;               /* rows; negative for all */
    bool has_begun;
    bool is_done;
    bool more; /* rows follow those given */
};

enum summit_status summit_stream_new(struct summit_store *store, struct summit_query *query,
                                     struct summit_stream **ret_stream, json_t **ret_problems)
{
    json_auto_t *problems = json_array();
    struct summit_stream *stream = calloc(1, sizeof *stream);
    if (problems == NULL || stream == NULL) {
        free(stream);
        return SUMMIT_NOMEM;
    }
    fetch_selection(query, &stream->selection);
    if (query_shows_whole_rows(query) && query->format != SUMMIT_CSV) {
        stream->selection.form = LIST_LINES;
    }
    enum summit_status status = fetch_check(store, query, problems, &stream->selection.after);
    if (status != SUMMIT_OK) {
        free(stream);
        if (status == SUMMIT_INVALID || status == SUMMIT_GONE) {
            *ret_problems = json_incref(problems);
        }
        return status;
    }
    stream->query = query;
    stream->left = query_is_given(query, "limit") ? query->limit : -1;
    *ret_stream = stream;
    return SUMMIT_OK;
}

static enum summit_status write_line(FILE *text, char *line, size_t length)
{
    text_auto *owned = line;
    return fwrite(owned, 1, length, text) == length ? SUMMIT_OK : SUMMIT_NOMEM;
}

static enum summit_status write_row(FILE *text, const struct summit_query *query, const json_t *row)
{
    char *line = NULL;
    size_t length = 0;
    if (query->format == SUMMIT_CSV) {
        enum summit_status status = csv_row(query->resource, query->fields, row, &line, &length);
        return status == SUMMIT_OK ? write_line(text, line, length) : status;
    }
    text_auto *json = dump_json(row, JSON_COMPACT);
    return json != NULL && fprintf(text, "%s\n", json) > 0 ? SUMMIT_OK : SUMMIT_NOMEM;
}

static enum summit_status write_rows(FILE *text, const struct summit_query *query, json_t *rows)
{
    if (json_is_string(rows)) {
        size_t length = json_string_length(rows);
        return fwrite(json_string_value(rows), 1, length, text) == length ? SUMMIT_OK
                                                                          : SUMMIT_NOMEM;
    }
    json_auto_t *kept = query->format == SUMMIT_CSV ? json_incref(rows) : fetch_fields(query, rows);
    if (kept == NULL) {
        return SUMMIT_NOMEM;
    }
    enum summit_status status = SUMMIT_OK;
    for (size_t i = 0; status == SUMMIT_OK && i < json_array_size(kept); i++) {
        status = write_row(text, query, json_array_get(kept, i));
    }
    return status;
}

static enum summit_status write_header(FILE *text, const struct summit_query *query)
{
    char *line = NULL;
    size_t length = 0;
    if (query->format != SUMMIT_CSV) {
        return SUMMIT_OK;
    }
    enum summit_status status = csv_header(query->resource, query->fields, &line, &length);
    return status == SUMMIT_OK ? write_line(text, line, length) : status;
}

static enum summit_status write_piece(const struct summit_stream *stream,
                                      struct summit_store *store, FILE *text,
                                      struct selected *ret_selected)
{
    enum summit_status status = list_select(store, &stream->selection, ret_selected);
    if (status == SUMMIT_OK && !stream->has_begun) {
        status = write_header(text, stream->query);
    }
    return status == SUMMIT_OK ? write_rows(text, stream->query, ret_selected->rows) : status;
}

/* Notes that a piece has been made; a piece that failed is made again, or never. */
static void advance(struct summit_stream *stream, const struct selected *selected)
{
    bool is_last = stream->left >= 0 && stream->left <= STREAM_PIECE_ROWS;
    stream->has_begun = true;
    stream->left -= stream->left < 0 ? 0 : (int64_t)json_array_size(selected->ranks);
    stream->selection.after = selected->last_rank;
    stream->more = selected->more;
    stream->is_done = is_last || !selected->more;
}

enum summit_status summit_stream_next(struct summit_stream *stream, struct summit_store *store,
                                      char **ret_text, size_t *ret_length)
{
    char *text = NULL;
    size_t length = 0;
    if (stream->is_done) {
        *ret_text = NULL;
        *ret_length = 0;
        return SUMMIT_OK;
    }
    FILE *file = open_memstream(&text, &length);
    if (file == NULL) {
        return SUMMIT_NOMEM;
    }
    bool is_last = stream->left >= 0 && stream->left <= STREAM_PIECE_ROWS;
    stream->selection.limit = is_last ? stream->left : STREAM_PIECE_ROWS;
    selected_auto selected = {.rows = NULL};
    enum summit_status status = write_piece(stream, store, file, &selected);
    bool written = ferror(file) == 0;
    if (fclose(file) != 0 || !written) {
        status = status == SUMMIT_OK ? SUMMIT_NOMEM : status;
    }
    if (status != SUMMIT_OK || length == 0) {
        free(text);
        text = NULL;
    }
    if (status == SUMMIT_OK) {
        advance(stream, &selected);
        *ret_text = text;
        *ret_length = length;
    }
    return status;
}

enum summit_status summit_stream_cursor(const struct summit_stream *stream,
                                        const struct summit_store *store, char **ret_next)
{
    struct selected selected = {.more = stream->more, .last_rank = stream->selection.after};
    return fetch_next(store, stream->query, &selected, ret_next);
}

void summit_stream_free(struct summit_stream *stream)
{
    if (stream != NULL) {
        summit_query_free(stream->query);
        free(stream);
    }
}
