#include "check.h"
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include <nettle/base64.h>

#include "cursor.h"
#include "digest.h"

static const char revision[] = "0123456789abcdef";
static const char digest[] = "fedcba9876543210";

static char *encode(int64_t after)
{
    char *cursor = NULL;
    assert_int_equal(cursor_encode(revision, digest, after, &cursor), SUMMIT_OK);
    return cursor;
}

/* base64url of any 64 characters, as a forger would write it. */
static char *forge(const char *text, bool with_check)
{
    static char cursor[128];
    char whole[65];
    struct base64_encode_ctx context;
    snprintf(whole, sizeof whole, "%s", text);
    if (with_check) {
        digest_write(whole, 48, whole + 48);
    }
    base64url_encode_init(&context);
    size_t length = base64_encode_update(&context, cursor, strlen(whole), (const uint8_t *)whole);
    length += base64_encode_final(&context, cursor + length);
    cursor[length] = '\0';
    cursor[strcspn(cursor, "=")] = '\0';
    return cursor;
}

/* A refused cursor leaves the output alone. */
static enum summit_status decode(const char *cursor)
{
    int64_t after = -7;
    enum summit_status status = cursor_decode(cursor, revision, digest, &after);
    assert_true(status == SUMMIT_OK || after == -7);
    return status;
}

static void test_round_trips(void **state)
{
    static const int64_t ranks[] = {0, 1, 50, 255, 256, INT32_MAX, INT64_MAX};
    (void)state;
    for (size_t i = 0; i < COUNT(ranks); i++) {
        TEXT *cursor = encode(ranks[i]);
        int64_t after = -1;
        assert_int_equal(cursor_decode(cursor, revision, digest, &after), SUMMIT_OK);
        assert_int_equal(after, ranks[i]);
        assert_int_equal(strspn(cursor, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                        "0123456789-_"),
                         strlen(cursor));
    }
}

static void test_of_another_list(void **state)
{
    TEXT *cursor = encode(50);
    int64_t after = -7;
    (void)state;
    assert_int_equal(cursor_decode(cursor, "0123456789abcdee", digest, &after), SUMMIT_GONE);
    assert_int_equal(cursor_decode(cursor, "0123456789abcdee", revision, &after), SUMMIT_GONE);
    assert_int_equal(cursor_decode(cursor, revision, "fedcba9876543211", &after), SUMMIT_INVALID);
    assert_int_equal(after, -7);
}

static void test_every_changed_bit_is_refused(void **state)
{
    TEXT *cursor = encode(50);
    (void)state;
    for (size_t i = 0; cursor[i] != '\0'; i++) {
        char kept = cursor[i];
        for (unsigned change = 1; change < 256; change++) {
            cursor[i] = (char)((unsigned char)kept ^ change);
            if (decode(cursor) != SUMMIT_INVALID) {
                fail_msg("byte %zu: %c for %c is accepted", i, cursor[i], kept);
            }
        }
        cursor[i] = kept;
    }
    assert_int_equal(decode(cursor), SUMMIT_OK);
}

static void test_every_other_length_is_refused(void **state)
{
    static const char *const tails[] = {"A", "=", "==", " ", "\n", "AA", "AAAA"};
    TEXT *cursor = encode(50);
    char longer[128];
    (void)state;
    for (size_t i = 0; i < COUNT(tails); i++) {
        snprintf(longer, sizeof longer, "%s%s", cursor, tails[i]);
        assert_int_equal(decode(longer), SUMMIT_INVALID);
        snprintf(longer, sizeof longer, "%s%s", tails[i], cursor);
        assert_int_equal(decode(longer), SUMMIT_INVALID);
    }
    for (size_t length = strlen(cursor); length-- > 0;) {
        cursor[length] = '\0';
        assert_int_equal(decode(cursor), SUMMIT_INVALID);
    }
}

static void test_forged(void **state)
{
    static const struct {
        const char *rank; /* 16 characters */
        enum summit_status status;
    } cases[] = {
        {"0000000000000032", SUMMIT_OK},      {"7fffffffffffffff", SUMMIT_OK},
        {"8000000000000000", SUMMIT_INVALID}, {"ffffffffffffffff", SUMMIT_INVALID},
        {"000000000000003A", SUMMIT_INVALID}, {"-000000000000032", SUMMIT_INVALID},
        {"0x00000000000032", SUMMIT_INVALID}, {"              32", SUMMIT_INVALID},
        {"000000000000003g", SUMMIT_INVALID},
    };
    char text[65];
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        snprintf(text, sizeof text, "%s%s%s................", revision, digest, cases[i].rank);
        assert_int_equal(decode(forge(text, true)), cases[i].status);
        assert_int_equal(decode(forge(text, false)), SUMMIT_INVALID);
    }
    assert_int_equal(decode(""), SUMMIT_INVALID);
    assert_int_equal(decode("50"), SUMMIT_INVALID);
    assert_int_equal(decode("' OR 1=1 --"), SUMMIT_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trips),
        cmocka_unit_test(test_of_another_list),
        cmocka_unit_test(test_every_changed_bit_is_refused),
        cmocka_unit_test(test_every_other_length_is_refused),
        cmocka_unit_test(test_forged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
