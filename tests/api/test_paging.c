/* Walks every collection in small pages by links.next, and compares with the collection read at
 * once. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "http.h"
#include "pages.h"

#include <string.h>

static void pages_join_to_the_whole(void **state)
{
    for (size_t i = 0; i < COLLECTION_COUNT; i++) {
        TEXT *target = text_of("/v1/%s", collections[i].name);
        TEXT *nested = text_of("/v1/summits/xian-2023/%s", collections[i].name);
        for (json_int_t limit = 1; limit <= 3; limit++) {
            pages_walk(*state, target, limit);
            if (collections[i].nested) {
                pages_walk(*state, nested, limit);
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
            pages_walk(*state, targets[i], limit);
        }
    }
}

/* A last page that is exactly full is followed by none. */
static void a_full_last_page_has_no_next(void **state)
{
    json_auto_t *page = http_get_json(*state, "/v1/proposals?summit=xian-2023&limit=8");
    assert_int_equal(json_array_size(json_object_get(page, "data")), 8);
    assert_null(page_next(page));
}

static void limits_from_1_to_200_are_taken(void **state)
{
    json_auto_t *one = http_get_json(*state, "/v1/areas?limit=1");
    assert_int_equal(json_array_size(json_object_get(one, "data")), 1);
    json_auto_t *most = http_get_json(*state, "/v1/areas?limit=200");
    assert_int_equal(page_number(most, "limit"), 200);
    assert_null(page_next(most));
    json_auto_t *usual = http_get_json(*state, "/v1/areas");
    assert_int_equal(page_number(usual, "limit"), 50);
}

/* The page size may change on the way; a cursor says where, not how many. */
static void the_limit_may_change_between_pages(void **state)
{
    json_auto_t *all = rows_of(*state, "/v1/proposals");
    json_auto_t *first = http_get_json(*state, "/v1/proposals?limit=2");
    const char *next = page_next(first);
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
