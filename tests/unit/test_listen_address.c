#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "server/listen.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
    const char *text, *host;
    uint16_t port;
    const char *path;
} addresses[] = {
    {"127.0.0.1:8080", "127.0.0.1", 8080, ""},
    {"0.0.0.0:0", "0.0.0.0", 0, ""},
    {"localhost:65535", "localhost", 65535, ""},
    {"[::1]:80", "::1", 80, ""},
    {"[::]:8080", "::", 8080, ""},
    {"[fe80::1%eth0]:8080", "fe80::1%eth0", 8080, ""},
    {"unix:/run/summitd.sock", "", 0, "/run/summitd.sock"},
    {"unix:/a:80", "", 0, "/a:80"},
};

static const struct {
    const char *text, *fragment;
} wrong_addresses[] = {
    {"", "no port"},
    {"8080", "no port"},
    {"localhost", "no port"},
    {"localhost:", "no port"},
    {"localhost:http", "no port"},
    {"localhost:65536", "no port"},
    {"localhost:-1", "no port"},
    {"localhost: 80", "no port"},
    {"[::1]", "no port"},
    {"::1", "brackets"},
    {"::1:80", "brackets"},
    {"http://localhost:80", "brackets"},
    {"[127.0.0.1]:80", "brackets"},
    {"[::1:80", "brackets"},
    {"[]:80", "brackets"},
    {":80", "no host"},
    {"*:80", "no host"},
    {"a/b:80", "no host"},
    {"a b:80", "no host"},
    {"unix:", "begin with '/'"},
    {"unix:relative", "begin with '/'"},
};

static void test_accepts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(addresses); i++) {
        struct listen_address address = {0};
        struct message message = {{0}};
        if (!listen_address_parse(addresses[i].text, &address, &message)) {
            fail_msg("%s: %s", addresses[i].text, message.text);
        }
        assert_string_equal(address.host, addresses[i].host);
        assert_int_equal(address.port, addresses[i].port);
        assert_string_equal(address.path, addresses[i].path);
    }
}

static void test_refuses(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(wrong_addresses); i++) {
        struct listen_address address = {.port = 77};
        struct message message = {{0}};
        if (listen_address_parse(wrong_addresses[i].text, &address, &message)) {
            fail_msg("%s is accepted", wrong_addresses[i].text);
        }
        if (strstr(message.text, wrong_addresses[i].fragment) == NULL) {
            fail_msg("%s: %s", wrong_addresses[i].text, message.text);
        }
        assert_int_equal(address.port, 77);
    }
}

static void test_lengths(void **state)
{
    struct listen_address address = {0};
    struct message message = {{0}};
    char text[512];
    (void)state;
    snprintf(text, sizeof text, "unix:/%0106d", 0);
    assert_true(listen_address_parse(text, &address, &message));
    assert_int_equal(strlen(address.path), 107);
    snprintf(text, sizeof text, "unix:/%0107d", 0);
    assert_false(listen_address_parse(text, &address, &message));
    assert_non_null(strstr(message.text, "longer than 107 bytes"));
    snprintf(text, sizeof text, "%0254d:80", 0);
    assert_false(listen_address_parse(text, &address, &message));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepts),
        cmocka_unit_test(test_refuses),
        cmocka_unit_test(test_lengths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
