#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/target.h"
#include "server/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What a target was read as, in one line: segments after '/', a '/' more for a trailing one, then
 * name=value pairs after ' '. */
static void describe(const struct target *target, char *line, size_t size)
{
    size_t used = 0;
    line[0] = '\0';
    for (size_t i = 0; i < target->segment_count; i++) {
        used += (size_t)snprintf(line + used, size - used, "/<%s>", target->segments[i]);
    }
    if (target->trailing_slash) {
        used += (size_t)snprintf(line + used, size - used, "/");
    }
    for (size_t i = 0; i < target->parameter_count; i++) {
        used += (size_t)snprintf(line + used, size - used, " <%s>=<%s>", target->parameters[i].name,
                                 target->parameters[i].value);
    }
}

static void test_accepts(void **state)
{
    static const struct {
        const char *raw, *path, *expected;
    } cases[] = {
        {"/", "/", ""},
        {"/v1", "/v1", "/<v1>"},
        {"/v1/", "/v1/", "/<v1>/"},
        {"/v1/summits/xian-2023", "/v1/summits/xian-2023", "/<v1>/<summits>/<xian-2023>"},
        {"/1/2/3/4/5/6/7/8", "/1/2/3/4/5/6/7/8", "/<1>/<2>/<3>/<4>/<5>/<6>/<7>/<8>"},
        {"/a%2Fb/c", "/a%2Fb/c", "/<a/b>/<c>"},
        {"/a%2fb", "/a%2fb", "/<a/b>"},
        {"/a+b", "/a+b", "/<a+b>"},
        {"/%7Ea%3F", "/%7Ea%3F", "/<~a?>"},
        {"/...", "/...", "/<...>"},
        {"/%E8%A5%BF%E5%AE%89", "/%E8%A5%BF%E5%AE%89", "/<\u897f\u5b89>"},
        {"/-._~!$&'()*+,;=:@", "/-._~!$&'()*+,;=:@", "/<-._~!$&'()*+,;=:@>"},
        {"/v1?", "/v1", "/<v1>"},
        {"/?a=1", "/", " <a>=<1>"},
        {"/v1/?a=1&b=2", "/v1/", "/<v1>/ <a>=<1> <b>=<2>"},
        {"/v?area", "/v", "/<v> <area>=<>"},
        {"/v?area=", "/v", "/<v> <area>=<>"},
        {"/v?a=b=c", "/v", "/<v> <a>=<b=c>"},
        {"/v?a=1&a=2", "/v", "/<v> <a>=<1> <a>=<2>"},
        {"/v?q=energy+grid", "/v", "/<v> <q>=<energy grid>"},
        {"/v?q=1%2B1", "/v", "/<v> <q>=<1+1>"},
        {"/v?q=a%26b%3Dc&r=%25", "/v", "/<v> <q>=<a&b=c> <r>=<%>"},
        {"/v?q=/?", "/v", "/<v> <q>=</?>"},
        {"/v?a=trade,energy", "/v", "/<v> <a>=<trade,energy>"},
        {"/v?q=%F0%9F%8C%8D", "/v", "/<v> <q>=<\U0001F30D>"},
        {"/v?a=..", "/v", "/<v> <a>=<..>"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct target target = {0};
        struct target_error error = {0};
        char line[256];
        if (target_parse(cases[i].raw, &target, &error) != TARGET_OK) {
            fail_msg("%s: %s", cases[i].raw, error.detail);
        }
        describe(&target, line, sizeof line);
        assert_string_equal(line, cases[i].expected);
        assert_string_equal(target.path, cases[i].path);
        target_clear(&target);
        assert_null(target.path);
    }
    target_clear(NULL);
}

static const struct {
    const char *raw;
    size_t offset;
    const char *parameter, *fragment;
} refusals[] = {
    {"", 0, "", "begin with '/'"},
    {"*", 0, "", "'*'"},
    {"v1", 0, "", "begin with '/'"},
    {"?a=1", 0, "", "begin with '/'"},
    {"example.org:80", 0, "", "begin with '/'"},
    {"http://example.org/v1", 0, "", "whole URI"},
    {"//", 1, "", "empty"},
    {"//example.org/v1", 1, "", "empty"},
    {"/v1//summits", 4, "", "empty"},
    {"/v1/summits//", 12, "", "empty"},
    {"/.", 1, "", "'..'"},
    {"/v1/../etc", 4, "", "'..'"},
    {"/v1/%2e%2E/etc", 4, "", "'..'"},
    {"/v1/.%2e", 4, "", "'..'"},
    {"/v1#x", 3, "", "'#' must be percent-encoded, as %23"},
    {"/v1?a=1#x", 7, "a", "'#'"},
    {"/a b", 2, "", "0x20"},
    {"/a\"b", 2, "", "'\"'"},
    {"/a\\b", 2, "", "'\\'"},
    {"/a[0]", 2, "", "'['"},
    {"/v?a[]=1", 4, "", "'['"},
    {"/a\tb", 2, "", "0x09"},
    {"/a\x7F", 2, "", "0x7F"},
    {"/\xC3\xA9", 1, "", "0xC3"},
    {"/%", 1, "", "hexadecimal"},
    {"/%4", 1, "", "hexadecimal"},
    {"/%4/1", 1, "", "hexadecimal"},
    {"/%4G", 1, "", "hexadecimal"},
    {"/%%41", 1, "", "hexadecimal"},
    {"/v?a=%4&b=1", 5, "a", "hexadecimal"},
    {"/v?a=1&%2=1", 7, "", "hexadecimal"},
    {"/%00", 1, "", "control"},
    {"/ab%00c", 3, "", "control"},
    {"/v?q=x%0D%0AEvil:1", 6, "q", "control"},
    {"/v?q=%7F", 5, "q", "control"},
    {"/v?q=%C2%85", 5, "q", "control"},
    {"/%FF", 1, "", "UTF-8"},
    {"/v?q=a%80", 6, "q", "UTF-8"},
    {"/%41b%42%80", 8, "", "UTF-8"},
    {"/v?q=%C3", 5, "q", "UTF-8"},
    {"/v?q=%C3&r=%A9", 5, "q", "UTF-8"},
    {"/v?q=%C0%AF", 5, "q", "UTF-8"},
    {"/v?q=%ED%A0%80", 5, "q", "UTF-8"},
    {"/v?q=%F4%90%80%80", 5, "q", "UTF-8"},
    {"/v?&a=1", 3, "", "no name"},
    {"/v?a=1&", 7, "", "no name"},
    {"/v?a=1&&b=2", 7, "", "no name"},
    {"/v?=1", 3, "", "no name"},
};

static void test_refuses(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refusals); i++) {
        struct target target = {.segment_count = 99};
        struct target_error error = {0};
        if (target_parse(refusals[i].raw, &target, &error) != TARGET_MALFORMED) {
            fail_msg("'%s' is accepted", refusals[i].raw);
        }
        if (!strstr(error.detail, refusals[i].fragment)) {
            fail_msg("'%s': %s", refusals[i].raw, error.detail);
        }
        assert_int_equal(error.offset, refusals[i].offset);
        assert_string_equal(error.parameter, refusals[i].parameter);
        assert_int_equal(target.segment_count, 99);
    }
}

static void test_limits(void **state)
{
    struct target target = {0};
    struct target_error error = {0};
    char raw[512] = "/v?a=1";
    int used = (int)strlen(raw);
    (void)state;
    assert_int_equal(target_parse("/1/2/3/4/5/6/7/8/9", &target, &error), TARGET_TOO_DEEP);
    assert_int_equal(error.offset, 17);

    for (size_t i = 1; i < TARGET_PARAMETERS_MAX; i++) {
        used += snprintf(raw + used, sizeof raw - (size_t)used, "&a=1");
    }
    assert_int_equal(target_parse(raw, &target, &error), TARGET_OK);
    assert_int_equal(target.parameter_count, TARGET_PARAMETERS_MAX);
    target_clear(&target);
    snprintf(raw + used, sizeof raw - (size_t)used, "&a=1");
    assert_int_equal(target_parse(raw, &target, &error), TARGET_MALFORMED);
    assert_non_null(strstr(error.detail, "more than 32"));

    /* A name too long to repeat is not repeated, and nothing is cut in the middle. */
    snprintf(raw, sizeof raw, "/?%0*d=%%", TARGET_NAME_MAX, 0);
    error = (struct target_error){0};
    assert_int_equal(target_parse(raw, &target, &error), TARGET_MALFORMED);
    assert_int_equal(strlen(error.parameter), TARGET_NAME_MAX);
    snprintf(raw, sizeof raw, "/?%0*d=%%", TARGET_NAME_MAX + 1, 0);
    assert_int_equal(target_parse(raw, &target, &error), TARGET_MALFORMED);
    assert_string_equal(error.parameter, "");
}

/* Every byte that may not stand unencoded is refused, in a path and in a value; no other is. */
static void test_every_byte(void **state)
{
    static const char path_marks[] = "-._~!$&'()*+,;=:@/";
    (void)state;
    for (int byte = 1; byte < 256; byte++) {
        bool alphanumeric = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
                            (byte >= 'A' && byte <= 'Z');
        bool in_path = alphanumeric || strchr(path_marks, byte) || byte == '?';
        char path[] = {'/', 'x', (char)byte, '\0'};
        char query[] = {'/', '?', 'x', '=', (char)byte, 'x', '\0'};
        struct target target = {0};
        struct target_error error;
        assert_int_equal(target_parse(path, &target, &error) == TARGET_OK, in_path);
        target_clear(&target);
        assert_int_equal(target_parse(query, &target, &error) == TARGET_OK, in_path);
        target_clear(&target);
    }
}

static void test_encode(void **state)
{
    static const struct {
        const char *value, *encoded;
    } cases[] = {
        {"", ""},
        {"trade,energy", "trade,energy"},
        {"aZ09-._~", "aZ09-._~"},
        {"a b+c&d=e/f?g#h%", "a%20b%2Bc%26d%3De%2Ff%3Fg%23h%25"},
        {"\u897f", "%E8%A5%BF"},
        {"\"<>\\^`{|}:@!", "%22%3C%3E%5C%5E%60%7B%7C%7D%3A%40%21"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char encoded[64];
        const char *end = target_encode(encoded, cases[i].value);
        assert_ptr_equal(end, encoded + strlen(encoded));
        assert_string_equal(encoded, cases[i].encoded);

        char raw[128];
        snprintf(raw, sizeof raw, "/?v=%s", encoded);
        struct target target = {0};
        struct target_error error;
        assert_int_equal(target_parse(raw, &target, &error), TARGET_OK);
        assert_string_equal(target.parameters[0].value, cases[i].value);
        target_clear(&target);
    }
}

static void test_instance(void **state)
{
    static const struct {
        const char *raw, *instance;
    } cases[] = {
        {"/v1/a%2Fb?c=1", "/v1/a%2Fb"},
        {"/v1/a b\n<\xFF>#x", "/v1/a%20b%0A%3C%FF%3E"},
        {"http://example.org/\"", "http://example.org/%22"},
        {"", ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *instance = target_instance(cases[i].raw);
        assert_non_null(instance);
        assert_string_equal(instance, cases[i].instance);
        free(instance);
    }
}

/* An independent reading of RFC 3629: decode the number, then ask whether it had to be so long. */
static bool is_sequence(const unsigned char *bytes, size_t length)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t code = length == 1 ? bytes[0] : bytes[0] & (0xFFU >> (length + 1));
    if (length == 1) {
        return bytes[0] < 0x80;
    }
    if (((unsigned)bytes[0] >> (7 - length)) != (1U << (length + 1)) - 2) {
        return false;
    }
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xC0) != 0x80) {
            return false;
        }
        code = code << 6 | (bytes[i] & 0x3FU);
    }
    return code >= smallest[length] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

static void test_utf8(void **state)
{
    static const unsigned char tails[] = {0x00, 0x7F, 0x80, 0x8F, 0x90,
                                          0x9F, 0xA0, 0xBF, 0xC0, 0xFF};
    (void)state;
    for (size_t i = 0; i < 256 * COUNT(tails) * COUNT(tails) * COUNT(tails); i++) {
        unsigned char bytes[4] = {
            (unsigned char)(i % 256),
            tails[i / 256 % COUNT(tails)],
            tails[i / 256 / COUNT(tails) % COUNT(tails)],
            tails[i / 256 / COUNT(tails) / COUNT(tails)],
        };
        for (size_t length = 0; length <= 4; length++) {
            size_t expected = 0;
            for (size_t n = 1; n <= length && expected == 0; n++) {
                expected = is_sequence(bytes, n) ? n : 0;
            }
            assert_int_equal(utf8_sequence((const char *)bytes, length), expected);
        }
    }
    assert_true(utf8_is_control("\x1F") && utf8_is_control("\x7F") && utf8_is_control("\xC2\x80"));
    assert_true(utf8_is_control("\xC2\x9F"));
    assert_false(utf8_is_control(" ") || utf8_is_control("\u00A0") || utf8_is_control("\u00E9"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepts), cmocka_unit_test(test_refuses),
        cmocka_unit_test(test_limits),  cmocka_unit_test(test_every_byte),
        cmocka_unit_test(test_encode),  cmocka_unit_test(test_instance),
        cmocka_unit_test(test_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
