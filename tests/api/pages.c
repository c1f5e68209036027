#include "pages.h"

#include "check.h"
#include "http.h"
#include "rows.h"

#include <string.h>

const char *page_next(json_t *page)
{
    return json_string_value(json_object_get(json_object_get(page, "links"), "next"));
}

json_int_t page_number(json_t *page, const char *name)
{
    return json_integer_value(json_object_get(json_object_get(page, "meta"), name));
}

/* The same link as a Link header, for those who never look into bodies. */
static void check_link_header(const struct http_reply *reply, const char *next)
{
    const char *link = http_header(reply, "Link");
    assert_non_null(link);
    if (next == NULL) {
        assert_null(strstr(link, "rel=\"next\""));
        return;
    }
    TEXT *written = text_of("<%s>; rel=\"next\"", next);
    assert_non_null(strstr(link, written));
}

void pages_walk(const struct daemon *daemon, const char *target, json_int_t limit)
{
    json_auto_t *expected = rows_of(daemon, target);
    json_auto_t *walked = json_array();
    size_t total = json_array_size(expected);
    TEXT *at = text_of("%s%climit=%lld", target, strchr(target, '?') != NULL ? '&' : '?',
                       (long long)limit);
    while (at != NULL) {
        HTTP_REPLY *reply = http_get_status(daemon, at, 200);
        json_t *rows = json_object_get(reply->json, "data");
        assert_int_equal(page_number(reply->json, "total"), total);
        assert_int_equal(page_number(reply->json, "limit"), limit);
        const char *next = page_next(reply->json);
        check_link_header(reply, next);
        if (next != NULL) {
            assert_int_equal(json_array_size(rows), limit);
            assert_int_equal(*next, '/');
        }
        json_array_extend(walked, rows);
        assert_true(json_array_size(walked) <= total);
        text_release(&at);
        at = next != NULL ? text_of("%s", next) : NULL;
    }
    assert_json_equal(walked, expected, target);
}
