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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_digests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
