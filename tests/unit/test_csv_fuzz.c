/* Rows of random texts come back from CSV as they were, and no field of them is a formula. The
 * generator has fixed seeds, so that a failure can be had again. */
#include "check.h"
#include "fixture.h"

#include <stdint.h>
#include <string.h>

#include "csv.h"
#include "csv_reader.h"

enum { ROWS = 3000, PIECES_MAX = 8, ENTRIES_MAX = 5 };

static const struct field part_fields[] = {
    {.name = "text", .rule = RULE_TEXT},
    {.name = "value", .rule = RULE_INTEGER},
    {.name = "number", .rule = RULE_INTEGER},
    {.name = NULL},
};
static const struct field object_fields[] = {
    {.name = "a", .rule = RULE_TEXT},
    {.name = "b", .rule = RULE_TEXT},
    {.name = NULL},
};
static const struct field thing_fields[] = {
    {.name = "text", .rule = RULE_TEXT},
    {.name = "integer", .type = FIELD_INTEGER, .rule = RULE_INTEGER},
    {.name = "ids", .type = FIELD_JSON, .rule = RULE_REFERENCES},
    {.name = "object", .type = FIELD_JSON, .rule = RULE_OBJECT, .fields = object_fields},
    {.name = "parts", .type = FIELD_JSON, .rule = RULE_OBJECTS, .fields = part_fields},
    {.name = NULL},
};
static const struct resource things = {.name = "things", .fields = thing_fields};

/* xorshift64 (Marsaglia, 2003). */
static uint64_t random_below(uint64_t *seed, uint64_t bound)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed % bound;
}

/* A text put together of what some reader or the writer treats in a special way. */
static json_t *random_text(uint64_t *seed, bool may_be_empty)
{
    static const struct {
        const char *bytes;
        size_t length;
    } pieces[] = {
#define PIECE(text) {text, sizeof(text) - 1}
        PIECE("a"),      PIECE("Z9"),     PIECE("\""),     PIECE("\"\""),   PIECE(","),
        PIECE("\r"),     PIECE("\n"),     PIECE("\r\n"),   PIECE("\t"),     PIECE(";"),
        PIECE("|"),      PIECE("\\"),     PIECE("\\|"),    PIECE("'"),      PIECE(" "),
        PIECE("="),      PIECE("+"),      PIECE("-"),      PIECE("@"),      PIECE("\0"),
        PIECE("\u00a0"), PIECE("\u3000"), PIECE("\ufeff"), PIECE("\uff1d"), PIECE("\uff0b"),
        PIECE("\uff0d"), PIECE("\uff20"), PIECE("\u4e2d"), PIECE("[1]"),    PIECE("\U0001f600"),
        PIECE("12"),     PIECE("null"),
#undef PIECE
    };
    char text[PIECES_MAX * 4 + 4096];
    size_t length = 0;
    size_t count = random_below(seed, PIECES_MAX) + (may_be_empty ? 0 : 1);
    for (size_t i = 0; i < count; i++) {
        size_t piece = random_below(seed, COUNT(pieces));
        memcpy(text + length, pieces[piece].bytes, pieces[piece].length);
        length += pieces[piece].length;
    }
    if (random_below(seed, 50) == 0) {
        memset(text + length, random_below(seed, 2) == 0 ? '"' : '|', 4000);
        length += 4000;
    }
    json_t *value = json_stringn(text, length);
    assert_non_null(value);
    return value;
}

static json_t *random_integer(uint64_t *seed)
{
    json_int_t value = (json_int_t)(random_below(seed, UINT64_MAX) >> random_below(seed, 64));
    return json_integer(random_below(seed, 2) == 0 ? value : -value);
}

static json_t *random_row(uint64_t *seed)
{
    json_t *row =
        json_pack("{s:o, s:o, s:[], s:{s:o, s:o}, s:[]}", "text", random_text(seed, true),
                  "integer", random_below(seed, 4) == 0 ? json_null() : random_integer(seed), "ids",
                  "object", "a", random_below(seed, 4) == 0 ? json_null() : random_text(seed, true),
                  "b", random_text(seed, true), "parts");
    assert_non_null(row);
    for (uint64_t i = random_below(seed, ENTRIES_MAX); i > 0; i--) {
        json_array_append_new(json_object_get(row, "ids"), random_text(seed, false));
    }
    for (uint64_t i = random_below(seed, ENTRIES_MAX); i > 0; i--) {
        /* `number` is never null, so that the count of entries can be told. */
        json_t *part = json_pack("{s:o, s:o, s:o}", "text", random_text(seed, false), "value",
                                 random_integer(seed), "number", random_integer(seed));
        json_array_append_new(json_object_get(row, "parts"), part);
    }
    return row;
}

/* No field starts a formula, but for those that are a number. */
static void check_fields(const json_t *line)
{
    for (size_t i = 0; i < json_array_size(line); i++) {
        const json_t *field = json_array_get(line, i);
        const char *text = json_string_value(field);
        size_t length = json_string_length(field);
        bool is_number = text != NULL && strspn(text, "-0123456789") == length;
        if (text != NULL && !is_number && csv_is_formula(text, length)) {
            fail_msg("\"%s\" is a formula", text);
        }
    }
}

static void test_random_rows_come_back(void **state)
{
    uint64_t seed = 20230518;
    char *header = NULL;
    size_t length = 0;
    (void)state;
    assert_int_equal(csv_header(&things, NULL, &header, &length), SUMMIT_OK);
    JSON *names = csv_read(header, length);
    free(header);
    for (int i = 0; i < ROWS; i++) {
        uint64_t before = seed;
        JSON *row = random_row(&seed);
        char *line = NULL;
        assert_int_equal(csv_row(&things, NULL, row, &line, &length), SUMMIT_OK);
        JSON *lines = csv_read(line, length);
        free(line);
        assert_int_equal(json_array_size(lines), 1);
        check_fields(json_array_get(lines, 0));
        JSON *restored =
            csv_restore(thing_fields, json_array_get(names, 0), json_array_get(lines, 0));
        if (!json_equal(row, restored)) {
            TEXT *dumped = json_dumps(row, JSON_ENSURE_ASCII);
            fail_msg("with seed %llu: %s", (unsigned long long)before, dumped);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_rows_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
