/* Range and If-Range fields. */
#include "check.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "conditional.h"
#include "range.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { SIZE = 1000 };

static const struct {
    const char *field;
    enum range_kind kind;
    int64_t first, last;
} ranges[] = {
    {NULL, RANGE_WHOLE, 0, 0},
    {"bytes=0-0", RANGE_PART, 0, 0},
    {"bytes=0-499", RANGE_PART, 0, 499},
    {"bytes=500-999", RANGE_PART, 500, 999},
    {"bytes=999-999", RANGE_PART, 999, 999},
    {"Bytes=1-2", RANGE_PART, 1, 2},
    {"bytes=500-1000", RANGE_PART, 500, 999},
    {"bytes=0-99999999999999999999999999", RANGE_PART, 0, 999},
    {"bytes=0-9223372036854775807", RANGE_PART, 0, 999},
    {"bytes=007-0008", RANGE_PART, 7, 8},
    {"bytes=990-", RANGE_PART, 990, 999},
    {"bytes=0-", RANGE_PART, 0, 999},
    {"bytes=-1", RANGE_PART, 999, 999},
    {"bytes=-500", RANGE_PART, 500, 999},
    {"bytes=-1000", RANGE_PART, 0, 999},
    {"bytes=-1001", RANGE_PART, 0, 999},
    {"bytes=-99999999999999999999999999", RANGE_PART, 0, 999},
    {"bytes=,1-2", RANGE_PART, 1, 2},
    {"bytes=1-2 , ,", RANGE_PART, 1, 2},
    {"bytes=1000-", RANGE_UNSATISFIABLE, 0, 0},
    {"bytes=1000-1000", RANGE_UNSATISFIABLE, 0, 0},
    {"bytes=99999999999999999999999999-", RANGE_UNSATISFIABLE, 0, 0},
    {"bytes=99999999999999999999999998-99999999999999999999999999", RANGE_UNSATISFIABLE, 0, 0},
    {"bytes=-0", RANGE_UNSATISFIABLE, 0, 0},
    {"bytes=0-1,3-4", RANGE_WHOLE, 0, 0},
    {"bytes=0-1, bytes=3-4", RANGE_WHOLE, 0, 0},
    {"bytes=2000-, 0-1", RANGE_WHOLE, 0, 0},
    {"bytes=2-1", RANGE_WHOLE, 0, 0},
    {"bytes=2000-1", RANGE_WHOLE, 0, 0},
    {"bytes=", RANGE_WHOLE, 0, 0},
    {"bytes", RANGE_WHOLE, 0, 0},
    {"bytes=-", RANGE_WHOLE, 0, 0},
    {"bytes=1", RANGE_WHOLE, 0, 0},
    {"bytes=--1", RANGE_WHOLE, 0, 0},
    {"bytes=1--2", RANGE_WHOLE, 0, 0},
    {"bytes=+1-2", RANGE_WHOLE, 0, 0},
    {"bytes=0x1-2", RANGE_WHOLE, 0, 0},
    {"bytes=1-2x", RANGE_WHOLE, 0, 0},
    {"bytes=1 - 2", RANGE_WHOLE, 0, 0},
    {"bytes 1-2", RANGE_WHOLE, 0, 0},
    {"bytes = 1-2", RANGE_WHOLE, 0, 0},
    {"items=0-1", RANGE_WHOLE, 0, 0},
    {"", RANGE_WHOLE, 0, 0},
    {"bytes=1-2;", RANGE_WHOLE, 0, 0},
};

static void a_single_range_is_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ranges); i++) {
        int64_t first = 0;
        int64_t last = 0;
        enum range_kind kind = range_parse(ranges[i].field, SIZE, &first, &last);
        if (kind != ranges[i].kind || first != ranges[i].first || last != ranges[i].last) {
            fail_msg("%s: kind %d, %" PRId64 " to %" PRId64, ranges[i].field, (int)kind, first,
                     last);
        }
    }
}

static void nothing_of_an_empty_body_can_be_had(void **state)
{
    (void)state;
    int64_t first = 0;
    int64_t last = 0;
    assert_int_equal(range_parse("bytes=0-", 0, &first, &last), RANGE_UNSATISFIABLE);
    assert_int_equal(range_parse("bytes=-1", 0, &first, &last), RANGE_UNSATISFIABLE);
    assert_int_equal(range_parse(NULL, 0, &first, &last), RANGE_WHOLE);
}

static void entity_tags_are_compared_strongly(void **state)
{
    (void)state;
    const char *etag = "\"abc\"";
    assert_true(range_is_wanted(NULL, etag, -1));
    assert_true(range_is_wanted("\"abc\"", etag, -1));
    assert_false(range_is_wanted("\"abd\"", etag, -1));
    assert_false(range_is_wanted("W/\"abc\"", etag, -1));
    assert_false(range_is_wanted("\"abc\", \"abc\"", etag, -1));
    assert_false(range_is_wanted("abc", etag, -1));
    assert_false(range_is_wanted("*", etag, -1));
    assert_false(range_is_wanted("", etag, -1));
    assert_false(range_is_wanted("W/\"abc\"", "W/\"abc\"", -1));
}

static void a_date_is_the_very_one_and_past(void **state)
{
    (void)state;
    const char *date = "Sun, 06 Nov 1994 08:49:37 GMT";
    const int64_t date_s = 784111777;
    assert_true(range_is_wanted(date, "\"abc\"", date_s));
    assert_true(range_is_wanted("Sunday, 06-Nov-94 08:49:37 GMT", "\"abc\"", date_s));
    assert_false(range_is_wanted(date, "\"abc\"", date_s - 1));
    assert_false(range_is_wanted(date, "\"abc\"", date_s + 1));
    assert_false(range_is_wanted(date, "\"abc\"", -1));
    assert_false(range_is_wanted("yesterday", "\"abc\"", date_s));
    /* What was changed in this second may be changed in it once more. */
    char soon[CONDITIONAL_DATE_SIZE];
    int64_t soon_s = (int64_t)time(NULL) + 3600;
    conditional_date_format(soon_s, soon);
    assert_false(range_is_wanted(soon, "\"abc\"", soon_s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_single_range_is_read),
        cmocka_unit_test(nothing_of_an_empty_body_can_be_had),
        cmocka_unit_test(entity_tags_are_compared_strongly),
        cmocka_unit_test(a_date_is_the_very_one_and_past),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
