/* Walks every collection in small pages by links.next, and compares with the collection read at
 * once. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "http.h"

#include <string.h>

static const char *next_of(json_t *page)
{
    return json_string_value(json_object_get(json_object_get(page, "links"), "next"));
}

static json_int_t meta_of(json_t *page, const char *name)
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

static void walk(void *daemon, const char *target, json_int_t limit)
{
    json_auto_t *expected = rows_of(daemon, target);
    json_auto_t *walked = json_array();
    size_t total = json_array_size(expected);
    TEXT *at = text_of("%s%climit=%lld", target, strchr(target, '?') != NULL ? '&' : '?',
                       (long long)limit);
    while (at != NULL) {
        HTTP_REPLY *reply = http_get_status(daemon, at, 200);
        json_t *rows = json_object_get(reply->json, "data");
        assert_int_equal(meta_of(reply->json, "total"), total);
        assert_int_equal(meta_of(reply->json, "limit"), limit);
        const char *next = next_of(reply->json);
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

static void pages_join_to_the_whole(void **state)
{
    for (size_t i = 0; i < COLLECTION_COUNT; i++) {
        TEXT *target = text_of("/v1/%s", collections[i].name);
        TEXT *nested = text_of("/v1/summits/xian-2023/%s", collections[i].name);
        for (json_int_t limit = 1; limit <= 3; limit++) {
            walk(*state, target, limit);
            if (collections[i].nested) {
                walk(*state, nested, limit);
            }
        }
    }
}

static void filtered_pages_join_to_the_whole(void **state)
{
    static const char *const targets[] = {
        "/v1/measures?area=trade,energy",
        "/v1/measures?summit=lakeside-2020",
        "/v1/statements?kind=principle,call",
        "/v1/areas?summit=xian-2023&category=traditional,growth_driver",
        "/v1/participants?role=guest",
        "/v1/mechanisms?standing=proposed&source=president-xi-charts-course",
    };
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        for (json_int_t limit = 1; limit <= 3; limit++) {
            walk(*state, targets[i], limit);
        }
    }
}

/* A last page that is exactly full is followed by none. */
static void a_full_last_page_has_no_next(void **state)
{
    json_auto_t *page = http_get_json(*state, "/v1/proposals?summit=xian-2023&limit=8");
    assert_int_equal(json_array_size(json_object_get(page, "data")), 8);
    assert_null(next_of(page));
}

static void limits_from_1_to_200_are_taken(void **state)
{
    json_auto_t *one = http_get_json(*state, "/v1/areas?limit=1");
    assert_int_equal(json_array_size(json_object_get(one, "data")), 1);
    json_auto_t *most = http_get_json(*state, "/v1/areas?limit=200");
    assert_int_equal(meta_of(most, "limit"), 200);
    assert_null(next_of(most));
    json_auto_t *usual = http_get_json(*state, "/v1/areas");
    assert_int_equal(meta_of(usual, "limit"), 50);
}

/* The page size may change on the way; a cursor says where, not how many. */
static void the_limit_may_change_between_pages(void **state)
{
    json_auto_t *all = rows_of(*state, "/v1/proposals");
    json_auto_t *first = http_get_json(*state, "/v1/proposals?limit=2");
    const char *next = next_of(first);
    const char *cursor = strstr(next, "cursor=");
    assert_non_null(cursor);
    size_t length = strcspn(cursor, "&");
    TEXT *target = text_of("/v1/proposals?%.*s&limit=100", (int)length, cursor);
    json_auto_t *rest = http_get_json(*state, target);
    json_auto_t *joined = json_copy(json_object_get(first, "data"));
    json_array_extend(joined, json_object_get(rest, "data"));
    assert_json_equal(joined, all, "2 and then the rest");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_join_to_the_whole),
        cmocka_unit_test(filtered_pages_join_to_the_whole),
        cmocka_unit_test(a_full_last_page_has_no_next),
        cmocka_unit_test(limits_from_1_to_200_are_taken),
        cmocka_unit_test(the_limit_may_change_between_pages),
    };
    return cmocka_run_group_tests(tests, start_two_summits, daemon_stop_all);
}
