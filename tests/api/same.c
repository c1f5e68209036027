#include "same.h"

#include "check.h"
#include "collections.h"
#include "process.h"
#include "wire.h"

#include <string.h>
#include <strings.h>

int start_pair(void **state)
{
    static struct pair pair;
    struct daemon_options options = {.files = WORDS(XIAN, LAKESIDE)};
    pair.keeping = daemon_start(&options);
    options =
        (struct daemon_options){.folder = pair.keeping->folder, .args = WORDS("--cache-size", "0")};
    pair.forgetting = daemon_start(&options);
    *state = &pair;
    return 0;
}

void check_same(const struct http_reply *a, const struct http_reply *b, const char *what)
{
    if (a->status != b->status || strcmp(a->version, b->version) != 0 ||
        a->header_count != b->header_count) {
        fail_msg("%s: %s %d with %zu fields, and %s %d with %zu", what, a->version, a->status,
                 a->header_count, b->version, b->status, b->header_count);
    }
    for (size_t i = 0; i < a->header_count; i++) {
        bool is_date = strcasecmp(a->names[i], "Date") == 0;
        if (strcmp(a->names[i], b->names[i]) != 0 ||
            (!is_date && strcmp(a->values[i], b->values[i]) != 0)) {
            fail_msg("%s: %s: %s, and %s: %s", what, a->names[i], a->values[i], b->names[i],
                     b->values[i]);
        }
    }
    if (a->body_length != b->body_length || memcmp(a->body, b->body, a->body_length) != 0) {
        fail_msg("%s: bodies of %zu and %zu bytes differ", what, a->body_length, b->body_length);
    }
}

enum { REPLIES_MAX = 64 };

static void exchange(const struct daemon *daemon, const char *bytes, const char *heads,
                     bool is_closed, struct http_reply *ret_replies[REPLIES_MAX])
{
    WIRE wire = wire_open(daemon);
    assert_in_range(strlen(heads), 1, REPLIES_MAX);
    assert_true(wire_send_text(&wire, bytes));
    for (size_t i = 0; heads[i] != '\0'; i++) {
        ret_replies[i] = wire_read_reply(&wire, heads[i] == 'H');
        assert_non_null(ret_replies[i]);
    }
    if (is_closed) {
        wire_read_to_end(&wire);
    } else {
        /* It still answers. */
        assert_true(wire_send_text(&wire, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
        HTTP_REPLY *reply = wire_read_reply(&wire, false);
        assert_int_equal(reply->status, 200);
    }
    assert_int_equal(wire.length, 0);
}

void pair_exchange(const struct pair *pair, const char *bytes, const char *heads, bool is_closed)
{
    struct http_reply *replies[3][REPLIES_MAX];
    for (int i = 0; i < 3; i++) {
        exchange(i < 2 ? pair->keeping : pair->forgetting, bytes, heads, is_closed, replies[i]);
    }
    for (size_t i = 0; heads[i] != '\0'; i++) {
        check_same(replies[0][i], replies[1][i], bytes);
        check_same(replies[0][i], replies[2][i], bytes);
        for (int j = 0; j < 3; j++) {
            http_reply_free(replies[j][i]);
        }
    }
}
