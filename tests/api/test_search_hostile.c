/* What somebody may put into q who means no good, or nothing: the answer is a list or a 400, never
 * anything else, and always a whole document. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "http.h"
#include "problem.h"
#include "process.h"
#include "snippets.h"

#include <string.h>

/* Paths that take q; what follows is the query. */
static const char *const paths[] = {
    "/v1/search?q=",
    "/v1/measures?q=",
    "/v1/participants?sort=-name&q=",
    "/v1/summits?limit=1&q=",
    "/v1/search?limit=2&type=sources,summits,participants&q=",
    "/v1/summits/lakeside-2020/areas?facet=source&q=",
};

enum { PATH_COUNT = sizeof paths / sizeof paths[0] };

static void check_found(json_t *page)
{
    json_t *rows = json_object_get(page, "data");
    json_t *meta = json_object_get(page, "meta");
    json_t *highlights = json_object_get(meta, "highlights");
    assert_true(json_is_array(rows));
    assert_true(json_integer_value(json_object_get(meta, "total")) >=
                (json_int_t)json_array_size(rows));
    size_t at;
    json_t *row;
    json_array_foreach(rows, at, row)
    {
        json_t *snippet = highlights != NULL ? json_object_get(highlights, row_id(row))
                                             : json_object_get(row, "snippet");
        snippet_check(snippet);
    }
}

/* Asks and returns the status, which is 200 or 400. */
static int ask(void *daemon, const char *path, const void *bytes, size_t length)
{
    TEXT *encoded = text_encoded(bytes, length);
    TEXT *target = text_of("%s%s", path, encoded);
    HTTP_REPLY *reply = http_get(daemon, target);
    if (reply->json == NULL || (reply->status != 200 && reply->status != 400)) {
        fail_msg("%s: %d: %s", target, reply->status, reply->body);
    }
    if (reply->status == 200) {
        check_found(reply->json);
    } else {
        problem_check(reply, 400, "invalid-parameter", NULL);
        assert_non_null(problem_error(reply, "q"));
    }
    return reply->status;
}

/* What FTS5 and SQL have a meaning for. */
static const char *const operators[] = {"\"",
                                        "\"\"",
                                        "\"\"\"",
                                        "\"china",
                                        "china\"",
                                        "\"china\" \"",
                                        "'",
                                        "''",
                                        "' OR 1=1 --",
                                        "(",
                                        ")",
                                        "()",
                                        "(china",
                                        "china)",
                                        "((((china))))",
                                        "*",
                                        "china*",
                                        "*china",
                                        "^",
                                        "^china",
                                        "china ^trade",
                                        "+",
                                        "-",
                                        "-china",
                                        "NOT",
                                        "NOT china",
                                        "AND",
                                        "AND AND",
                                        "china AND",
                                        "OR",
                                        "china OR trade",
                                        "NEAR",
                                        "NEAR(",
                                        "NEAR(china trade)",
                                        "NEAR(china trade, 2)",
                                        "china NEAR/3 trade",
                                        "title:china",
                                        "{title text}:china",
                                        "- title : china",
                                        ":",
                                        "a:",
                                        ":a",
                                        "{",
                                        "}",
                                        "{}",
                                        "\\",
                                        "\\\"",
                                        "%",
                                        "_",
                                        "\"a\"b\"c\"",
                                        ";",
                                        "; DROP TABLE search",
                                        ",",
                                        ".",
                                        "...",
                                        "/",
                                        "?",
                                        "&",
                                        "#",
                                        "=",
                                        "<b>",
                                        "&amp;",
                                        "~",
                                        "`",
                                        "|",
                                        "[",
                                        "]",
                                        "@"};

static void operators_are_words(void **state)
{
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        for (size_t j = 0; j < PATH_COUNT; j++) {
            assert_int_equal(ask(*state, paths[j], operators[i], strlen(operators[i])), 200);
        }
    }
}

/* Which of them find something, and what they do not mean. */
static void operators_mean_nothing(void **state)
{
    static const char *const same[][2] = {
        {"/v1/search?q=oil&limit=200", "/v1/search?q=%5Eoil&limit=200"},
        {"/v1/search?q=oil&limit=200", "/v1/search?q=(oil)&limit=200"},
        {"/v1/search?q=oil&limit=200", "/v1/search?q=-oil&limit=200"},
        {"/v1/search?q=oil&limit=200", "/v1/search?q=oil*&limit=200"},
        {"/v1/search?q=oil&limit=200", "/v1/search?q=%22oil%20&limit=200"},
        {"/v1/search?q=oil+and&limit=200", "/v1/search?q=oil%20AND&limit=200"},
    };
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        json_auto_t *plain = http_get_json(*state, same[i][0]);
        json_auto_t *other = http_get_json(*state, same[i][1]);
        assert_true(json_array_size(json_object_get(plain, "data")) > 0);
        assert_json_equal(json_object_get(other, "data"), json_object_get(plain, "data"),
                          same[i][1]);
    }
    json_auto_t *either = http_get_json(*state, "/v1/search?q=tourism%20OR%20oil");
    assert_int_equal(json_array_size(json_object_get(either, "data")), 0);
    json_auto_t *column = http_get_json(*state, "/v1/search?q=title:oil");
    assert_int_equal(json_array_size(json_object_get(column, "data")), 0);
}

/* A string of `count` times the same. The caller frees it. */
static char *many(const char *one, size_t count)
{
    char *text = text_of("%s", "");
    for (size_t i = 0; i < count; i++) {
        char *longer = text_of("%s%s", text, one);
        text_release(&text);
        text = longer;
    }
    return text;
}

static void q_has_at_most_64_characters(void **state)
{
    static const char *const characters[] = {
        "a", "\"", "'",   "(",   "*",     "^",   "é",        "中",
        "🎣", "a ", "\" ", "x\"", "NEAR ", "中 ", "\xcc\x81", /* a mark with nothing to stand on */
    };
    for (size_t i = 0; i < sizeof characters / sizeof characters[0]; i++) {
        const char *one = characters[i];
        size_t width = 0;
        for (const char *c = one; *c != '\0'; c++) {
            width += ((unsigned char)*c & 0xc0) != 0x80 ? 1 : 0;
        }
        TEXT *most = many(one, 64 / width);
        TEXT *fill = many("b", 64 % width);
        TEXT *full = text_of("%s%s", most, fill);
        TEXT *over = text_of("%sb", full);
        for (size_t j = 0; j < PATH_COUNT; j++) {
            assert_int_equal(ask(*state, paths[j], full, strlen(full)), 200);
            assert_int_equal(ask(*state, paths[j], over, strlen(over)), 400);
        }
    }
}

static void bytes_that_are_no_text_are_refused(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
    } cases[] = {
        {"\0", 1},           {"china\0trade", 11},
        {"\xff", 1},         {"\xc0\xaf", 2},
        {"\xed\xa0\x80", 3}, {"\xe4\xb9", 2},
        {"\xf5\x80", 2},     {"\xf4\x90\x80\x80", 4},
        {"\x01", 1},         {"china\n", 6},
        {"\x7f", 1},         {"\t", 1},
        {"\xc2\x85", 2},     {" ", 1},
        {"   ", 3},          {"", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (size_t j = 0; j < PATH_COUNT; j++) {
            assert_int_equal(ask(*state, paths[j], cases[i].bytes, cases[i].length), 400);
        }
    }
}

/* Characters that are none of a word, alone or around one. */
static void odd_characters_do_no_harm(void **state)
{
    static const char *const odd[] = {
        "🎣",
        "👩‍👩‍👧‍👦",
        "\xef\xbb\xbf",
        "\xe2\x80\x8b",
        "\xe2\x80\xae",
        "\xef\xbf\xbd",
        "\xef\xbf\xbf",
        "\xcc\x81\xcc\x81\xcc\x81",
        "\xc2\xa0",
        "\xe3\x80\x80",
        "\xc2\xad",
        "ﬁ",
        "Ａ",
        "ß",
        "İ",
        "ı",
        "\xf4\x8f\xbf\xbf",
        "\xee\x80\x80",
        "“",
        "”",
        "’",
        "—",
        "…",
        "𠀀",
        "𠀀𠀁",
        "ㄅ",
        "한국",
        "ไทย",
    };
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        TEXT *before = text_of("%schina", odd[i]);
        TEXT *after = text_of("china%s", odd[i]);
        TEXT *apart = text_of("china %s", odd[i]);
        TEXT *within = text_of("\"ch%sina\"", odd[i]);
        const char *const queries[] = {odd[i], before, after, apart, within};
        for (size_t j = 0; j < sizeof queries / sizeof queries[0]; j++) {
            assert_int_equal(ask(*state, paths[j % 2], queries[j], strlen(queries[j])), 200);
        }
    }
}

/* The same numbers in each run (Knuth's MMIX generator). */
static uint64_t next_number(uint64_t *seed, uint64_t below)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return (*seed >> 33) % below;
}

/* A code point as UTF-8 at `to`; surrogates and all. Returns how many bytes. */
static size_t put_code_point(unsigned char *to, uint64_t code)
{
    if (code < 0x80) {
        to[0] = (unsigned char)code;
        return 1;
    }
    size_t size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = size; i-- > 1; code >>= 6) {
        to[i] = (unsigned char)(0x80 | (code & 0x3f));
    }
    static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    to[0] = (unsigned char)(leads[size] | code);
    return size;
}

/* One more piece of a query, at most 16 bytes. */
static size_t put_piece(unsigned char *to, uint64_t *seed)
{
    static const char *const pieces[] = {
        " ",   "\"",  "'",     "*",    "^",      "(",    ")",  ":",  "-",     "+",    "{",   "}",
        "AND", "OR ", "NOT",   "NEAR", "china",  "xi",   "习", "近", "平",    "西安", "oil", "gas ",
        "“",   "”",   "Xi'an", "é",    "Ålesun", "中文", "🎣",  "b",  "trade", "the",  ",",   "\\",
    };
    uint64_t kind = next_number(seed, 100);
    if (kind < 90) {
        const char *piece = pieces[next_number(seed, sizeof pieces / sizeof pieces[0])];
        memcpy(to, piece, strlen(piece));
        return strlen(piece);
    }
    static const uint64_t ranges[] = {0x250, 0x3100, 0x10000, 0x110000};
    if (kind < 99) {
        return put_code_point(to, next_number(seed, ranges[next_number(seed, 4)]));
    }
    to[0] = (unsigned char)next_number(seed, 256);
    return 1;
}

static void whatever_is_asked_is_answered(void **state)
{
    enum { QUERIES = 900, PIECES_MAX = 24, PIECE_BYTES = 16 };
    uint64_t seed = 20230518;
    size_t taken = 0;
    for (size_t i = 0; i < QUERIES; i++) {
        unsigned char query[PIECES_MAX * PIECE_BYTES];
        size_t length = 0;
        for (uint64_t pieces = 1 + next_number(&seed, PIECES_MAX - 1); pieces > 0; pieces--) {
            length += put_piece(query + length, &seed);
        }
        taken += ask(*state, paths[i % PATH_COUNT], query, length) == 200 ? 1 : 0;
    }
    assert_in_range(taken, QUERIES / 2, QUERIES - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_are_words),
        cmocka_unit_test(operators_mean_nothing),
        cmocka_unit_test(q_has_at_most_64_characters),
        cmocka_unit_test(bytes_that_are_no_text_are_refused),
        cmocka_unit_test(odd_characters_do_no_harm),
        cmocka_unit_test(whatever_is_asked_is_answered),
    };
    return cmocka_run_group_tests(tests, start_two_summits, daemon_stop_all);
}
