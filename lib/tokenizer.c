/* unicode61 knows which characters are words and folds them, so it is left to do that. The text is
 * cut into runs of CJK characters, which are paired here, marks, and what stands between them,
 * which unicode61 takes apart. Apostrophes are made characters of its words; a word that has some
 * is then taken apart here, the folded word and the text it stands for side by side: folding may
 * drop accents, but leaves every apostrophe where it was.
 *
 * It drops the accents of Latin letters only, and of marks that stand alone it drops some and ends
 * the word at others. So those are made characters of its words too, and letter_fold folds what it
 * gives. Where a word stands in the text is known by then, so no offset changes.
 *
 * FTS5 of 3.40 writes text twice when it highlights words that overlap. So for highlighting the
 * pairs of a run are told to stand side by side; nothing else looks at offsets. */
#include "tokenizer.h"

#include <string.h>

#include "letter.h"
#include "statement.h"

typedef int give_token(void *context, int flags, const char *token, int length, int start, int end);

/* unicode61, as found in a connection. */
struct base {
    fts5_tokenizer functions;
    void *context;
};

struct tokenizer {
    const struct base *base;
    Fts5Tokenizer *words; /* of base */
};

enum kind { KIND_CJK, KIND_MARK, KIND_OTHER };

/* One text on its way through. */
struct scan {
    const char *text;
    int reason;
    int offset; /* of the part that unicode61 is given */
    give_token *give;
    void *context;
};

/* A part of a folded word and of the text it stands for. */
struct part {
    const char *folded;
    const char *folded_end;
    const char *stated;
    const char *stated_end;
};

/* The end of what comes before the next apostrophe; *ret_after is behind that. */
static const char *find_apostrophe(const char *text, const char *end, const char **ret_after)
{
    while (text < end) {
        uint32_t code;
        size_t size = letter_decode(text, (size_t)(end - text), &code);
        if (letter_is_apostrophe(code)) {
            *ret_after = text + size;
            return text;
        }
        text += size;
    }
    *ret_after = end;
    return end;
}

/* Takes what comes before the next apostrophe, and that, from the rest. */
static struct part take_part(struct part *rest)
{
    struct part part = {.folded = rest->folded, .stated = rest->stated};
    part.folded_end = find_apostrophe(rest->folded, rest->folded_end, &rest->folded);
    part.stated_end = find_apostrophe(rest->stated, rest->stated_end, &rest->stated);
    return part;
}

static bool is_possessive(const struct part *part, struct part rest)
{
    if (part->folded_end - part->folded != 1 || *part->folded != 's') {
        return false;
    }
    while (rest.folded < rest.folded_end) {
        struct part next = take_part(&rest);
        if (next.folded != next.folded_end) {
            return false;
        }
    }
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int give_joined(const struct scan *scan, int flags, struct part rest, char *word)
{
    int length = 0;
    int start = 0;
    int end = 0;
    int code = SQLITE_OK;
    while (code == SQLITE_OK && rest.folded < rest.folded_end) {
        struct part part = take_part(&rest);
        int size = (int)(part.folded_end - part.folded);
        if (length > 0 && is_possessive(&part, rest)) {
            break;
        }
        bool joins =
            length > 0 && size > 0 && !is_digit(word[length - 1]) && !is_digit(part.folded[0]);
        if (length > 0 && !joins) {
            code = scan->give(scan->context, flags, word, length, start, end);
            length = 0;
        }
        if (size > 0) {
            start = length == 0 ? (int)(part.stated - scan->text) : start;
            end = (int)(part.stated_end - scan->text);
            length += (int)letter_fold(part.folded, (size_t)size, word + length);
        }
    }
    return code == SQLITE_OK && length > 0
               ? scan->give(scan->context, flags, word, length, start, end)
               : code;
}

/* Whether a folded word is what is looked for as it is. */
static bool is_plain(const char *token, int length)
{
    for (int i = 0; i < length; i++) {
        if ((unsigned char)token[i] >= 0x80 || token[i] == '\'') {
            return false;
        }
    }
    return true;
}

static int on_word(void *context, int flags, const char *token, int length, int start, int end)
{
    const struct scan *scan = context;
    start += scan->offset;
    end += scan->offset;
    if (is_plain(token, length)) {
        return scan->give(scan->context, flags, token, length, start, end);
    }
    char *word = sqlite3_malloc(length);
    if (word == NULL) {
        return SQLITE_NOMEM;
    }
    struct part whole = {
        .folded = token,
        .folded_end = token + length,
        .stated = scan->text + start,
        .stated_end = scan->text + end,
    };
    int code = give_joined(scan, flags, whole, word);
    sqlite3_free(word);
    return code;
}

/* Gives the pairs of a run of CJK characters. */
static int give_run(const struct scan *scan, int start, int end)
{
    const char *text = scan->text;
    uint32_t ignored;
    int first = start;
    int second = start + (int)letter_decode(text + start, (size_t)(end - start), &ignored);
    if (second == end) {
        return scan->give(scan->context, 0, text + start, end - start, start, end);
    }
    int code = SQLITE_OK;
    while (code == SQLITE_OK && second < end) {
        int next = second + (int)letter_decode(text + second, (size_t)(end - second), &ignored);
        bool beside = (scan->reason & FTS5_TOKENIZE_AUX) != 0 && next < end;
        code =
            scan->give(scan->context, 0, text + first, next - first, first, beside ? second : next);
        first = second;
        second = next;
    }
    if (code == SQLITE_OK && (scan->reason & FTS5_TOKENIZE_DOCUMENT) != 0) {
        code =
            scan->give(scan->context, FTS5_TOKEN_COLOCATED, text + first, end - first, first, end);
    }
    return code;
}

/* Marks beyond ASCII are known here because SQLite's tables are of Unicode 6.1: what was added
 * since, such as most pictures and some signs of currencies, is a letter to them. */
static enum kind kind_of(uint32_t code)
{
    if (letter_is_cjk(code)) {
        return KIND_CJK;
    }
    return code >= 0x80 && letter_is_mark(code) && !letter_is_apostrophe(code) ? KIND_MARK
                                                                               : KIND_OTHER;
}

/* The end of the characters from start on that are of one kind. */
static int find_end(const char *text, int start, int length, enum kind *ret_kind)
{
    uint32_t code;
    int at = start + (int)letter_decode(text + start, (size_t)(length - start), &code);
    enum kind kind = kind_of(code);
    while (at < length) {
        size_t size = letter_decode(text + at, (size_t)(length - at), &code);
        if (kind_of(code) != kind) {
            break;
        }
        at += (int)size;
    }
    *ret_kind = kind;
    return at;
}

static int give_part(const struct tokenizer *tokenizer, struct scan *scan, int end, enum kind kind)
{
    switch (kind) {
    case KIND_CJK:
        return give_run(scan, scan->offset, end);
    case KIND_OTHER:
        return tokenizer->base->functions.xTokenize(tokenizer->words, scan, scan->reason,
                                                    scan->text + scan->offset, end - scan->offset,
                                                    on_word);
    default:
        return SQLITE_OK;
    }
}

static int tokenize(Fts5Tokenizer *self, void *context, int reason, const char *text, int length,
                    give_token *give)
{
    const struct tokenizer *tokenizer = (const struct tokenizer *)self;
    struct scan scan = {.text = text, .reason = reason, .give = give, .context = context};
    int code = SQLITE_OK;
    while (code == SQLITE_OK && scan.offset < length) {
        enum kind kind;
        int end = find_end(text, scan.offset, length, &kind);
        code = give_part(tokenizer, &scan, end, kind);
        scan.offset = end;
    }
    return code;
}

static void destroy(Fts5Tokenizer *self)
{
    struct tokenizer *tokenizer = (struct tokenizer *)self;
    if (tokenizer != NULL) {
        tokenizer->base->functions.xDelete(tokenizer->words);
        sqlite3_free(tokenizer);
    }
}

/* The apostrophes, but for U+02BB and U+02BC, which are letters to unicode61 as it is, and the
 * combining marks, two bytes each. The iota below a letter, which unicode61 takes for a small iota,
 * is left to end its word. */
enum { TOKENCHARS_SIZE = 256, IOTA_BELOW = 0x345 };

static void write_tokenchars(char text[TOKENCHARS_SIZE])
{
    char *end = stpcpy(text, "'\xe2\x80\x98\xe2\x80\x99\xef\xbc\x87");
    for (unsigned code = LETTER_COMBINING_FIRST; code <= LETTER_COMBINING_LAST; code++) {
        if (code == IOTA_BELOW) {
            continue;
        }
        *end++ = (char)(0xc0 | (code >> 6));
        *end++ = (char)(0x80 | (code & 0x3f));
    }
    *end = '\0';
}

static int create(void *context, const char **arguments, int count, Fts5Tokenizer **ret_self)
{
    const struct base *base = context;
    char characters[TOKENCHARS_SIZE];
    const char *options[] = {"remove_diacritics", "2", "tokenchars", characters};
    (void)arguments;
    if (count != 0) {
        return SQLITE_ERROR;
    }
    write_tokenchars(characters);
    struct tokenizer *tokenizer = sqlite3_malloc((int)sizeof *tokenizer);
    if (tokenizer == NULL) {
        return SQLITE_NOMEM;
    }
    *tokenizer = (struct tokenizer){.base = base};
    int code = base->functions.xCreate(
        base->context, options, (int)(sizeof options / sizeof options[0]), &tokenizer->words);
    if (code != SQLITE_OK) {
        sqlite3_free(tokenizer);
        return code;
    }
    *ret_self = (Fts5Tokenizer *)tokenizer;
    return SQLITE_OK;
}

static int find_api(sqlite3 *db, fts5_api **ret_api)
{
    statement_own *stmt = NULL;
    int code = sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &stmt, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_bind_pointer(stmt, 1, ret_api, "fts5_api_ptr", NULL);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_step(stmt);
    }
    return code == SQLITE_ROW ? SQLITE_OK : code;
}

enum summit_status tokenizer_find_api(sqlite3 *db, fts5_api **ret_api)
{
    fts5_api *api = NULL;
    int code = find_api(db, &api);
    if (code == SQLITE_OK && api != NULL) {
        *ret_api = api;
        return SUMMIT_OK;
    }
    enum summit_status status = statement_status(code);
    return status == SUMMIT_OK ? SUMMIT_INTERNAL : status;
}

enum summit_status tokenizer_register(sqlite3 *db)
{
    fts5_api *api = NULL;
    enum summit_status status = tokenizer_find_api(db, &api);
    if (status != SUMMIT_OK) {
        return status;
    }
    struct base *base = sqlite3_malloc((int)sizeof *base);
    if (base == NULL) {
        return SUMMIT_NOMEM;
    }
    fts5_tokenizer own = {.xCreate = create, .xDelete = destroy, .xTokenize = tokenize};
    int code = api->xFindTokenizer(api, "unicode61", &base->context, &base->functions);
    if (code == SQLITE_OK) {
        code = api->xCreateTokenizer(api, "summit", base, &own, sqlite3_free);
    }
    if (code != SQLITE_OK) {
        sqlite3_free(base);
    }
    return statement_status(code);
}

static int note_word(void *context, int flags, const char *word, int length, int start, int end)
{
    (void)flags;
    (void)start;
    (void)end;
    json_t *copy = json_stringn_nocheck(word, (size_t)length);
    return json_array_append_new(context, copy) == 0 ? SQLITE_OK : SQLITE_NOMEM;
}

enum summit_status tokenizer_split(sqlite3 *db, const char *text, size_t length, json_t **ret_words)
{
    fts5_api *api = NULL;
    fts5_tokenizer functions;
    Fts5Tokenizer *tokenizer = NULL;
    void *context = NULL;
    json_auto_t *words = json_array();
    enum summit_status status = words == NULL ? SUMMIT_NOMEM : tokenizer_find_api(db, &api);
    if (status != SUMMIT_OK) {
        return status;
    }
    int code = api->xFindTokenizer(api, "summit", &context, &functions);
    if (code == SQLITE_OK) {
        code = functions.xCreate(context, NULL, 0, &tokenizer);
    }
    if (code == SQLITE_OK) {
        code = functions.xTokenize(tokenizer, words, FTS5_TOKENIZE_QUERY, text, (int)length,
                                   note_word);
        functions.xDelete(tokenizer);
    }
    if (code == SQLITE_OK) {
        *ret_words = json_incref(words);
    }
    return statement_status(code);
}
