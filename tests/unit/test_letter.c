/* What kind each character is, compared with what SQLite's tokenizer takes for a word. */
#include "check.h"
#include "fixture.h"
#include "words.h"

#include <string.h>

#include "folds.h"
#include "letter.h"
#include "statement.h"

static void test_decoding(void **state)
{
    static const struct {
        const char *text;
        size_t length, size;
        uint32_t code;
    } cases[] = {
        {"a", 1, 1, 'a'},
        {"\0", 1, 1, 0},
        {"\xc2\x80", 2, 2, 0x80},
        {"\xdf\xbf!", 3, 2, 0x7ff},
        {"\xe0\xa0\x80", 3, 3, 0x800},
        {"\xef\xbf\xbf", 3, 3, 0xffff},
        {"\xf0\x90\x80\x80", 4, 4, 0x10000},
        {"\xf4\x8f\xbf\xbf", 4, 4, 0x10ffff},
        {"\x80", 1, 1, 0xfffd},
        {"\xc1\x81", 2, 1, 0xfffd},
        {"\xe0\x9f\xbf", 3, 1, 0xfffd},
        {"\xed\xa0\x80", 3, 1, 0xfffd},
        {"\xf0\x8f\xbf\xbf", 4, 1, 0xfffd},
        {"\xf4\x90\x80\x80", 4, 1, 0xfffd},
        {"\xf8\x88\x80\x80", 4, 1, 0xfffd},
        {"\xff", 1, 1, 0xfffd},
        {"\xe4\xb9\xa0", 2, 1, 0xfffd},
        {"\xe4\xb9!", 3, 1, 0xfffd},
        {"\xe4!\xa0", 3, 1, 0xfffd},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint32_t code = 0;
        assert_int_equal(letter_decode(cases[i].text, cases[i].length, &code), cases[i].size);
        assert_int_equal(code, cases[i].code);
    }
}

static void test_kinds(void **state)
{
    static const struct {
        uint32_t code;
        const char *kinds; /* c: CJK, a: apostrophe, q: quote, b: blank, m: mark */
    } cases[] = {
        {' ', "bm"},    {'\t', "bm"},   {0xa0, "bm"},  {0x3000, "bm"}, {'-', "m"},
        {'\'', "am"},   {0x2019, "am"}, {0x2bc, "a"},  {'"', "qm"},    {0x201c, "qm"},
        {0x201d, "qm"}, {0x201e, "qm"}, {'a', ""},     {'9', ""},      {0xe9, ""},
        {0x430, ""},    {0x4e60, "c"},  {0x3042, "c"}, {0x30ab, "c"},  {0x30fc, "c"},
        {0x30fb, "m"},  {0xc2dc, "c"},  {0xf900, "c"}, {0x2a6d6, "c"}, {0x31350, "c"},
        {0x3001, "m"},  {0x1f3a3, "m"}, {0xff0c, "m"}, {0xff21, ""},   {0xb2, ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint32_t code = cases[i].code;
        char kinds[8];
        size_t count = 0;
        bool is[] = {letter_is_cjk(code), letter_is_apostrophe(code), letter_is_quote(code),
                     letter_is_blank(code), letter_is_mark(code)};
        for (size_t k = 0; k < COUNT(is); k++) {
            if (is[k]) {
                kinds[count++] = "caqbm"[k];
            }
        }
        kinds[count] = '\0';
        assert_string_equal(kinds, cases[i].kinds);
    }
}

static void test_folding(void **state)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"plain 12", "plain 12"},
        {"\u00df\u00e6\u0142", "ssael"},
        {"a\u0338b\u036f", "ab"},
        {"\xff\u00f8\xe4\xb9", "\xffo\xe4\xb9"},
        {"\u4e60\u05d0", "\u4e60\u05d0"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char folded[32];
        size_t length = letter_fold(cases[i][0], strlen(cases[i][0]), folded);
        assert_int_equal(length, strlen(cases[i][1]));
        assert_memory_equal(folded, cases[i][1], length);
    }
}

/* bsearch() needs the order, the tokenizer the room, and asking for what was found the rest. */
static void test_folds(void **state)
{
    (void)state;
    for (size_t i = 0; i < FOLDS_COUNT; i++) {
        char folded[sizeof folds[i].folded];
        size_t length = strlen(folds[i].folded);
        assert_true(i == 0 || folds[i - 1].code < folds[i].code);
        assert_in_range(length, 1, folds[i].code < 0x800 ? 2 : 3);
        assert_int_equal(letter_fold(folds[i].folded, length, folded), length);
        assert_memory_equal(folded, folds[i].folded, length);
    }
}

static size_t encode(uint32_t code, char text[4])
{
    if (code < 0x80) {
        text[0] = (char)code;
        return 1;
    }
    size_t size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = size; i-- > 1; code >>= 6) {
        text[i] = (char)(0x80 | (code & 0x3f));
    }
    text[0] = (char)((0xf0U << (4 - size)) | code);
    return size;
}

static int count_word(void *context, int flags, const char *token, int length, int start, int end)
{
    (void)flags, (void)token, (void)length, (void)start, (void)end;
    *(int *)context += 1;
    return SQLITE_OK;
}

/* A mark is never a word and a CJK character always one, whatever SQLite's tables say of it; and so
 * is what is no mark, where it is a letter to them. */
static void test_marks_against_tokenizer(void **state)
{
    WORDS *db = words_open();
    statement_own *stmt = NULL;
    fts5_api *api = NULL;
    fts5_tokenizer functions;
    void *context;
    Fts5Tokenizer *tokenizer;
    (void)state;
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &stmt, NULL), SQLITE_OK);
    sqlite3_bind_pointer(stmt, 1, &api, "fts5_api_ptr", NULL);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_int_equal(api->xFindTokenizer(api, "summit", &context, &functions), SQLITE_OK);
    assert_int_equal(functions.xCreate(context, NULL, 0, &tokenizer), SQLITE_OK);
    size_t wrong = 0, marks = 0;
    for (uint32_t code = 0; code < 0x110000; code += code == 0xd7ff ? 0x801 : 1) {
        char text[4];
        int words = 0;
        uint32_t decoded;
        size_t size = encode(code, text);
        assert_int_equal(letter_decode(text, size, &decoded), size);
        assert_int_equal(decoded, code);
        functions.xTokenize(tokenizer, &words, FTS5_TOKENIZE_QUERY, text, (int)size, count_word);
        marks += letter_is_mark(code);
        if (words > (letter_is_mark(code) ? 0 : 1) || (words == 0 && letter_is_cjk(code))) {
            wrong++;
            if (wrong <= 10) {
                print_error("U+%04X makes %d words\n", code, words);
            }
        }
    }
    functions.xDelete(tokenizer);
    assert_int_equal(wrong, 0);
    assert_in_range(marks, 4000, 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decoding),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_folding),
        cmocka_unit_test(test_folds),
        cmocka_unit_test(test_marks_against_tokenizer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
