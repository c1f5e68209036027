#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/negotiate.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { JSON, CSV, HTML, LINKSET, NONE = -1 };

static const char *const offered[] = {
    [JSON] = "application/json",
    [CSV] = "text/csv; charset=utf-8; header=present",
    [HTML] = "text/html; charset=utf-8",
    [LINKSET] = "application/linkset+json; profile=\"https://www.rfc-editor.org/info/rfc9727\"",
};

static const struct {
    const char *accept;
    int chosen;
} media_types[] = {
    {NULL, JSON},
    {"", JSON},
    {"*/*", JSON},
    {"*", JSON},
    {"application/json", JSON},
    {"APPLICATION/JSON", JSON},
    {"text/csv", CSV},
    {"text/*", CSV},
    {"text/html", HTML},
    {"application/*", JSON},
    {"application/xml", NONE},
    {"image/*", NONE},
    /* weights */
    {"text/html;q=0.5, text/csv;q=0.6", CSV},
    {"text/html;q=0.5 ,\t text/csv;q=0.4", HTML},
    {"text/html, application/json", JSON},
    {"application/json;q=0", NONE},
    {"application/json;q=0.000, */*;q=0.001", CSV},
    {"*/*;q=0", NONE},
    {"*/*;q=0.1, application/json;q=0", CSV},
    {"text/html;Q=1.000, text/csv;q=0.999", HTML},
    /* precedence of the specific, whatever the order */
    {"text/*;q=0.9, text/csv;q=0.1, application/json;q=0.5", HTML},
    {"text/csv;q=0.1, text/*;q=0.9, application/json;q=0.5", HTML},
    {"*/*, application/json;q=0.5", CSV},
    {"text/html;q=0, text/*", CSV},
    {"text/csv;q=0.2, text/csv;header=present;q=0.8, text/html;q=0.5", CSV},
    {"text/csv;header=present;q=0.2, text/csv;q=0.8, text/html;q=0.5", HTML},
    {"text/html;q=0.2, text/html;q=0.7, text/csv;q=0.5", HTML},
    /* parameters */
    {"application/json; charset=utf-8", JSON},
    {"application/json;charset=\"UTF-8\"", JSON},
    {"application/json;charset=latin1", NONE},
    {"application/json;profile=\"https://example.org/p\"", JSON},
    {"application/json;version=1", NONE},
    {"application/json;version=2", NONE},
    {"application/json;version=2, text/html;q=0.1", HTML},
    {"text/csv;header=absent, text/html", HTML},
    {"text/csv;HEADER=Present", CSV},
    {"application/linkset+json;profile=\"https://www.rfc-editor.org/info/rfc9727\"", LINKSET},
    {"application/linkset+json;profile=\"x,y;q=0\"", NONE},
    {"text/html;level=\"a,b\", text/csv", CSV},
    {"text/html;a=\"\\\",text/csv,\\\"\", application/linkset+json", LINKSET},
    {"text/csv;q=0.5;header=absent", CSV},
    {"text/csv;;q=0.5;", CSV},
    {"text/html;q=0.5;q=0, text/csv;q=0.4", HTML},
    /* what clients really send */
    {"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", HTML},
    {"text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", HTML},
    {"image/gif, image/jpeg, *; q=.2, */*; q=.2", JSON},
    {"application/json, text/plain, */*", JSON},
    /* malformed elements are ignored */
    {", ,", JSON},
    {"garbage", NONE},
    {"@@@", JSON},
    {";q=1", JSON},
    {"text/html;q=2, text/csv;q=0.1", CSV},
    {"text/html;q=, text/csv;q=0.1", CSV},
    {"text/html;q=1.001, text/csv;q=0.1", CSV},
    {"text/html;q=0.1234, text/csv;q=0.1", CSV},
    {"text/html;q=-1, text/csv;q=0.1", CSV},
    {"text/html;q=., text/csv", CSV},
    {"text/html;q=0.x, text/csv", CSV},
    {"text/html;q=\"0.5\", text/csv;q=0.1", HTML},
    {"text/html;q, text/csv", CSV},
    {"text/html;=1, text/csv", CSV},
    {"text/html x, text/csv", CSV},
    {"text/html;a=\"b, text/csv", JSON},
    {"text/html;a=\"b\\", JSON},
    {"text/html\x01, text/csv", CSV},
    {"te/*", NONE},
    {"/*", NONE},
    {"*/json", NONE},
};

static void test_media_type(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(media_types); i++) {
        int chosen = negotiate_media_type(media_types[i].accept, offered, COUNT(offered));
        if (chosen != media_types[i].chosen) {
            fail_msg("%s: %d, not %d", media_types[i].accept, chosen, media_types[i].chosen);
        }
    }
    assert_int_equal(negotiate_media_type("*/*", offered, 0), NONE);
}

static const struct {
    const char *accept_encoding;
    enum coding coding;
} codings[] = {
    {NULL, CODING_IDENTITY},
    {"", CODING_IDENTITY},
    {"gzip", CODING_GZIP},
    {"x-gzip", CODING_GZIP},
    {"GZip", CODING_GZIP},
    {"br", CODING_BROTLI},
    {"BR", CODING_BROTLI},
    {"identity", CODING_IDENTITY},
    {"deflate, zstd", CODING_IDENTITY},
    /* among equals the order is the server's */
    {"gzip, deflate, br, zstd", CODING_BROTLI},
    {"br, gzip", CODING_BROTLI},
    {"gzip, deflate", CODING_GZIP},
    {"gzip, identity", CODING_GZIP},
    {"identity, br;q=1.0", CODING_BROTLI},
    {"identity;q=0.5, gzip;q=0.5, br;q=0.5", CODING_BROTLI},
    {"identity;q=0.5, gzip;q=0.5", CODING_GZIP},
    /* weights */
    {"br;q=0.9, gzip", CODING_GZIP},
    {"br;q=1.0, gzip;q=0.001", CODING_BROTLI},
    {"br;q=0.001, gzip;q=0.002", CODING_GZIP},
    {"br;q=0, gzip;q=0.001", CODING_GZIP},
    {"identity, gzip;q=0.9, br;q=0.9", CODING_IDENTITY},
    {"gzip;q=0.4, identity;q=0.5, br;q=0.6", CODING_BROTLI},
    {"gzip;q=0", CODING_IDENTITY},
    {"gzip;q=0, br;q=0", CODING_IDENTITY},
    {"x-gzip;q=0, gzip", CODING_GZIP},
    {"gzip, x-gzip;q=0", CODING_GZIP},
    {"br;q=0, br", CODING_BROTLI},
    /* all that are not named */
    {"*", CODING_BROTLI},
    {"*;q=0.5", CODING_BROTLI},
    {"br;q=0, *", CODING_GZIP},
    {"gzip;q=0, br;q=0, *", CODING_IDENTITY},
    {"x-gzip;q=0, *;q=1", CODING_BROTLI},
    {"gzip, *;q=0.5", CODING_GZIP},
    {"gzip;q=0.3, *;q=0.5", CODING_BROTLI},
    {"identity;q=0.4, *;q=0.5", CODING_BROTLI},
    {"identity;q=0.6, *;q=0.5", CODING_IDENTITY},
    {"*;q=0, gzip;q=0.1", CODING_GZIP},
    {"*;q=0, br;q=0.1", CODING_BROTLI},
    {"*;q=0, identity;q=0.1", CODING_IDENTITY},
    /* excluded */
    {"identity;q=0", CODING_NONE},
    {"identity;q=0, gzip", CODING_GZIP},
    {"identity;q=0, br", CODING_BROTLI},
    {"identity;q=0, gzip;q=0, br;q=0", CODING_NONE},
    {"*;q=0", CODING_NONE},
    {"*;q=0, zstd", CODING_NONE},
    {"zstd, identity;q=0", CODING_NONE},
    {"identity;q=0, *", CODING_BROTLI},
    /* malformed elements are ignored */
    {"gzip;q=nonsense", CODING_IDENTITY},
    {"br;q=nonsense, gzip", CODING_GZIP},
    {"@, gzip", CODING_GZIP},
    {", ,", CODING_IDENTITY},
    {"gzipx, xgzip, brr, b", CODING_IDENTITY},
    {"gz", CODING_IDENTITY},
};

static void test_coding(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(codings); i++) {
        enum coding coding = negotiate_coding(codings[i].accept_encoding);
        if (coding != codings[i].coding) {
            fail_msg("%s: %d, not %d", codings[i].accept_encoding, (int)coding,
                     (int)codings[i].coding);
        }
    }
}

/* Any string of the alphabet the grammar is made of comes to an end, and reads nothing beyond
 * its own (the sanitizer's word). */
static void test_hostile(void **state)
{
    static const char alphabet[] = "a/*;=q0.1,\" \\";
    uint32_t random = 1;
    (void)state;
    for (size_t round = 0; round < 20000; round++) {
        size_t length = round % 24;
        char *field = malloc(length + 1);
        assert_non_null(field);
        for (size_t i = 0; i < length; i++) {
            random = random * 1664525 + 1013904223;
            field[i] = alphabet[(random >> 16) % (sizeof alphabet - 1)];
        }
        field[length] = '\0';
        int chosen = negotiate_media_type(field, offered, COUNT(offered));
        assert_in_range(chosen + 1, 0, COUNT(offered));
        assert_in_range(negotiate_coding(field), CODING_IDENTITY, CODING_NONE);
        free(field);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_media_type),
        cmocka_unit_test(test_coding),
        cmocka_unit_test(test_hostile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
