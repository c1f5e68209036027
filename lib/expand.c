/* FTS5 answers a prefix by putting the postings of all words that begin with it together, whole,
 * before the first row: with many documents that takes long, and no budget ends it. As words joined
 * by OR they are read only as far as somebody asks. So each string of the expression is split into
 * its words, and of a prefix the words that are there take its place. */
#include "expand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "sql.h"
#include "tokenizer.h"

struct expanding {
    struct summit_store *store;
    struct buffer match;
    struct buffer counts;
    bool is_hopeless; /* some string has a word that no document has */
};

void expansion_clear(struct expansion *expansion)
{
    free(expansion->match);
    free(expansion->counts);
    *expansion = (struct expansion){.match = NULL};
}

/* The words that a word or prefix stands for: [[word, documents], ...]. */
static enum summit_status find_words(struct summit_store *store, const char *word, bool is_prefix,
                                     json_t **ret_words)
{
    statement_guard *guard = NULL;
    enum summit_status status = store_prepare(store, sql_word_prefix, &guard);
    if (status != SUMMIT_OK) {
        return status;
    }
    json_auto_t *words = json_array();
    status = words == NULL ? SUMMIT_NOMEM : statement_bind_text(guard, ":word", word);
    if (status == SUMMIT_OK) {
        status = statement_bind_integer(guard, ":is_prefix", is_prefix);
    }
    if (status == SUMMIT_OK) {
        status = statement_bind_integer(guard, ":limit", EXPAND_WORDS_MAX);
    }
    int code = SQLITE_DONE;
    while (status == SUMMIT_OK && (code = sqlite3_step(guard)) == SQLITE_ROW) {
        json_t *pair = json_pack("[s, I]", (const char *)sqlite3_column_text(guard, 0),
                                 (json_int_t)sqlite3_column_int64(guard, 1));
        status = json_array_append_new(words, pair) == 0 ? SUMMIT_OK : SUMMIT_NOMEM;
    }
    status = status == SUMMIT_OK ? statement_outcome(store->db, code) : status;
    status = status == SUMMIT_OK ? store_check_untouched(store) : status;
    if (status == SUMMIT_OK) {
        *ret_words = json_incref(words);
    }
    return status;
}

/* Appends the words before the last, and one that the last stands for, as a phrase; and in how many
 * documents it is at most. */
static int append_phrase(struct expanding *expanding, const json_t *words, const json_t *last,
                         json_int_t documents)
{
    struct buffer *match = &expanding->match;
    json_int_t own = json_integer_value(json_array_get(last, 1));
    char count[32];
    int failed = buffer_append(match, "\"");
    for (size_t i = 0; i + 1 < json_array_size(words); i++) {
        failed |= buffer_append(match, json_string_value(json_array_get(words, i)));
        failed |= buffer_append(match, " ");
    }
    failed |= buffer_append(match, json_string_value(json_array_get(last, 0)));
    failed |= buffer_append(match, "\"");
    snprintf(count, sizeof count, "%lld ", (long long)(own < documents ? own : documents));
    return failed | buffer_append(&expanding->counts, count);
}

/* The number of documents that have the rarest of the words before the last. */
static enum summit_status count_rarest(struct expanding *expanding, const json_t *words,
                                       json_int_t *ret_documents)
{
    json_int_t rarest = expanding->store->document_count;
    enum summit_status status = SUMMIT_OK;
    for (size_t i = 0; status == SUMMIT_OK && i + 1 < json_array_size(words); i++) {
        const char *word = json_string_value(json_array_get(words, i));
        json_auto_t *found = NULL;
        status = find_words(expanding->store, word, false, &found);
        const json_t *count = json_array_get(json_array_get(found, 0), 1);
        json_int_t documents = json_integer_value(count);
        rarest = documents < rarest ? documents : rarest;
    }
    *ret_documents = rarest;
    return status;
}

static enum summit_status expand_string(struct expanding *expanding, const char *text,
                                        size_t length, bool is_prefix)
{
    json_auto_t *words = NULL;
    json_auto_t *found = NULL;
    json_int_t documents = 0;
    enum summit_status status = tokenizer_split(expanding->store->db, text, length, &words);
    size_t count = json_array_size(words);
    if (status != SUMMIT_OK || count == 0) {
        return status;
    }
    const char *last = json_string_value(json_array_get(words, count - 1));
    status = find_words(expanding->store, last, is_prefix, &found);
    if (status == SUMMIT_OK) {
        status = count_rarest(expanding, words, &documents);
    }
    if (status != SUMMIT_OK) {
        return status;
    }
    expanding->is_hopeless |= json_array_size(found) == 0 || documents == 0;
    int failed = buffer_append(&expanding->match, expanding->match.length == 0 ? "(" : " AND (");
    for (size_t i = 0; i < json_array_size(found); i++) {
        failed |= i == 0 ? 0 : buffer_append(&expanding->match, " OR ");
        failed |= append_phrase(expanding, words, json_array_get(found, i), documents);
    }
    failed |= buffer_append(&expanding->match, ")");
    return failed == 0 ? SUMMIT_OK : SUMMIT_NOMEM;
}

/* Each string stands in quotes, which it does not contain, with an asterisk behind it if it is a
 * prefix. */
static enum summit_status expand_strings(struct expanding *expanding, const char *match)
{
    enum summit_status status = SUMMIT_OK;
    while (status == SUMMIT_OK && (match = strchr(match, '"')) != NULL) {
        const char *text = match + 1;
        const char *end = strchr(text, '"');
        if (end == NULL) {
            return SUMMIT_INTERNAL;
        }
        status = expand_string(expanding, text, (size_t)(end - text), end[1] == '*');
        match = end + 1;
    }
    return status;
}

enum summit_status expand_match(struct summit_store *store, const char *match,
                                struct expansion *ret_expansion)
{
    struct expanding expanding = {.store = store};
    enum summit_status status = expand_strings(&expanding, match);
    struct expansion expansion = {.match = NULL};
    size_t length = 0;
    if (status == SUMMIT_OK && !expanding.is_hopeless && expanding.match.length > 0) {
        expansion.match = buffer_take(&expanding.match, &length);
        expansion.counts = buffer_take(&expanding.counts, &length);
        status = expansion.match == NULL || expansion.counts == NULL ? SUMMIT_NOMEM : SUMMIT_OK;
    }
    buffer_clear(&expanding.match);
    buffer_clear(&expanding.counts);
    if (status != SUMMIT_OK) {
        expansion_clear(&expansion);
        return status;
    }
    *ret_expansion = expansion;
    return SUMMIT_OK;
}
