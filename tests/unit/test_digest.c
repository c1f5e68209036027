#include "check.h"
#include "fixture.h"

#include <string.h>

#include "digest.h"

/* The examples of FIPS 180-4, and a NUL inside. */
static void test_known_digests(void **state)
{
    static const struct {
        const char *data;
        size_t length;
        const char *digest;
    } cases[] = {
        {"", 0, "e3b0c44298fc1c14"},
        {"abc", 3, "ba7816bf8f01cfea"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56, "248d6a61d20638b8"},
        {"a\0b", 3, "59b271ae1bbcb1d3"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char digest[DIGEST_LENGTH + 2] = "................?";
        digest_write(cases[i].data, cases[i].length, digest);
        assert_string_equal(digest, cases[i].digest);
        assert_int_equal(digest[DIGEST_LENGTH + 1], 0);
    }
}

/* Of a JSON value: of its text, in one piece or many. */
static void test_json_digest(void **state)
{
    static const char text[] = "{\"a\":[1,true,null,\"\\\"\"],\"b\":{\"c\":\"x\"}}";
    char expected[DIGEST_LENGTH + 1];
    char digest[DIGEST_LENGTH + 1];
    (void)state;
    json_t *value =
        json_loads("{\"b\": {\"c\": \"x\"}, \"a\": [1, true, null, \"\\\"\"]}", 0, NULL);
    assert_non_null(value);
    digest_write(text, strlen(text), expected);
    assert_int_equal(digest_write_json(value, JSON_COMPACT | JSON_SORT_KEYS, digest), SUMMIT_OK);
    assert_string_equal(digest, expected);
    json_decref(value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_digests),
        cmocka_unit_test(test_json_digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
