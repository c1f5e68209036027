#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/routes.h"
#include "server/target.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct route *match(const char *raw, char *ret_parameter, size_t size)
{
    struct target target = {0};
    struct target_error error;
    const char *parameters[REQUEST_PARAMETERS_MAX] = {NULL};
    if (target_parse(raw, &target, &error) != TARGET_OK) {
        return NULL;
    }
    const struct route *route = routes_match(&target, parameters);
    if (route != NULL) {
        bool is_last = parameters[1] == NULL;
        const char *last = parameters[is_last ? 0 : 1];
        snprintf(ret_parameter, size, "%s", last == NULL ? "(none)" : last);
    }
    target_clear(&target);
    return route;
}

/* The route's path with `value` in the place of {id} and the like. */
static void fill_in(const struct route *route, const char *value, char *path, size_t size)
{
    size_t length = 0;
    for (const char *c = route->path; *c != '\0'; c++) {
        if (*c == '{') {
            length += (size_t)snprintf(path + length, size - length, "%s", value);
            c = strchr(c, '}');
        } else {
            path[length++] = *c;
        }
    }
    path[length] = '\0';
}

static void test_every_route_matches_its_own_path(void **state)
{
    static const char *const values[] = {"xian-2023", "x", "%7Bid%7D", "%2F", "a%2Fb", "summits"};
    static const char *const decoded[] = {"xian-2023", "x", "{id}", "/", "a/b", "summits"};
    (void)state;
    for (size_t i = 0; i < route_count; i++) {
        bool varies = strchr(routes[i].path, '{') != NULL;
        for (size_t j = 0; j < (varies ? COUNT(values) : 1); j++) {
            char path[128];
            char parameter[64];
            fill_in(&routes[i], values[j], path, sizeof path);
            const struct route *route = match(path, parameter, sizeof parameter);
            if (route != &routes[i]) {
                fail_msg("%s is answered by %s", path, route == NULL ? "nobody" : route->path);
            }
            assert_string_equal(parameter, varies ? decoded[j] : "(none)");
        }
    }
}

static bool is_route(const char *path)
{
    for (size_t i = 0; i < route_count; i++) {
        if (strcmp(routes[i].path, path) == 0) {
            return true;
        }
    }
    return false;
}

/* A path that differs a little from a route's is another route's or nobody's. */
static void test_nothing_else_matches(void **state)
{
    (void)state;
    for (size_t i = 0; i < route_count; i++) {
        char path[128];
        char changed[160];
        char parameter[64];
        fill_in(&routes[i], "x", path, sizeof path);
        static const char *const endings[] = {"/", "x", "%20", ".json", "/x/y"};
        bool ends_open = path[strlen(path) - 1] == 'x' && strchr(routes[i].path, '{') != NULL;
        for (size_t j = 0; j < COUNT(endings); j++) {
            snprintf(changed, sizeof changed, "%s%s", path, endings[j]);
            bool longer_value = ends_open && endings[j][0] != '/';
            if (!longer_value && match(changed, parameter, sizeof parameter) != NULL) {
                fail_msg("%s matches", changed);
            }
        }
        if (!ends_open && strlen(path) > 1) {
            snprintf(changed, sizeof changed, "%.*s", (int)strlen(path) - 1, path);
            assert_true(match(changed, parameter, sizeof parameter) == NULL || is_route(changed));
        }
        snprintf(changed, sizeof changed, "/x%s", path);
        assert_null(match(changed, parameter, sizeof parameter));
    }
}

static void test_paths_of_nobody(void **state)
{
    static const char *const paths[] = {
        "/v1/",
        "/v2",
        "/V1",
        "/v1/Summits",
        "/v1/treaties",
        "/v1/summits/",
        "/v1/summits/a/",
        "/v1/summits/a/treaties",
        "/v1/summits/a/initiatives",
        "/v1/summits/a/summits",
        "/v1/summits/a/measures/b",
        "/v1/measures/a/areas",
        "/v1/search/a",
        "/v1/citations",
        "/v1/citations/measures",
        "/v1/citations/measures/a/b",
        "/openapi",
        "/openapi.yml",
        "/healthz/",
        "/problems",
        "/problems/",
        "/problems/a/b",
        "/.well-known",
        "/favicon.ico",
        "/v1%2Fsummits",
        "//v1",
        "/%2F",
    };
    char parameter[64];
    (void)state;
    for (size_t i = 0; i < COUNT(paths); i++) {
        if (match(paths[i], parameter, sizeof parameter) != NULL) {
            fail_msg("%s matches", paths[i]);
        }
    }
}

static void test_the_table_is_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < route_count; i++) {
        assert_int_equal(routes[i].path[0], '/');
        assert_non_null(routes[i].operation);
        assert_non_null(routes[i].offered[0]);
        for (size_t j = 0; routes[i].offered[j] != NULL; j++) {
            assert_in_range(j, 0, REPRESENTATION_OFFER_MAX - 1);
            assert_ptr_equal(representation_find(routes[i].offered[j]->name, routes[i].offered),
                             routes[i].offered[j]);
        }
        assert_true(routes[i].handle != NULL);
        assert_int_equal(routes[i].is_api, strncmp(routes[i].path, "/v1", 3) == 0);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(routes[i].operation, routes[j].operation);
            assert_string_not_equal(routes[i].path, routes[j].path);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_route_matches_its_own_path),
        cmocka_unit_test(test_nothing_else_matches),
        cmocka_unit_test(test_paths_of_nobody),
        cmocka_unit_test(test_the_table_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
