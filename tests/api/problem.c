#include "problem.h"

#include "check.h"
#include "rows.h"

#include <string.h>

static const char *text_member(const struct http_reply *reply, const char *name)
{
    const char *text = json_string_value(json_object_get(reply->json, name));
    if (text == NULL || *text == '\0') {
        fail_msg("a problem without %s: %s", name, reply->body);
    }
    return text;
}

void problem_check(const struct http_reply *reply, int status, const char *slug, const char *path)
{
    if (reply->status != status) {
        fail_msg("%d, not %d: %s", reply->status, status, reply->body);
    }
    const char *type = http_header(reply, "Content-Type");
    assert_non_null(type);
    assert_int_equal(strncmp(type, "application/problem+json", 24), 0);
    const char *cache = http_header(reply, "Cache-Control");
    assert_non_null(cache);
    assert_string_equal(cache, "no-store");
    assert_null(http_header(reply, "ETag"));
    if (reply->body_length == 0) {
        return;
    }
    assert_non_null(reply->json);
    assert_int_equal(json_integer_value(json_object_get(reply->json, "status")), status);
    const char *type_path = text_member(reply, "type");
    assert_int_equal(strncmp(type_path, "/problems/", 10), 0);
    assert_string_equal(type_path + 10, slug);
    (void)text_member(reply, "title");
    (void)text_member(reply, "detail");
    (void)text_member(reply, "request_id");
    const char *instance = json_string_value(json_object_get(reply->json, "instance"));
    assert_non_null(instance);
    if (path != NULL) {
        assert_string_equal(instance, path);
    }
    bool has_errors = strcmp(slug, "invalid-parameter") == 0 || strcmp(slug, "cursor-expired") == 0;
    assert_int_equal(json_object_size(reply->json), has_errors ? 7 : 6);
    assert_int_equal(json_array_size(json_object_get(reply->json, "errors")) > 0, has_errors);
}

json_t *problem_error(const struct http_reply *reply, const char *parameter)
{
    json_t *errors = json_object_get(reply->json, "errors");
    json_t *found = NULL;
    for (size_t i = json_array_size(errors); i-- > 0;) {
        json_t *entry = json_array_get(errors, i);
        json_t *suggestion = json_object_get(entry, "suggestion");
        assert_int_equal(json_object_size(entry), 4);
        assert_true(json_string_length(json_object_get(entry, "code")) > 0);
        assert_true(json_string_length(json_object_get(entry, "detail")) > 0);
        assert_true(json_is_string(suggestion) || json_is_null(suggestion));
        const char *name = json_string_value(json_object_get(entry, "parameter"));
        assert_non_null(name);
        if (strcmp(name, parameter) == 0) {
            found = entry;
        }
    }
    return found;
}

bool parameter_is_refused(const struct daemon *daemon, const struct parameter_case *wrong)
{
    HTTP_REPLY *reply = http_get(daemon, wrong->target);
    if (reply->status != 400) {
        print_error("%s: %d: %s", wrong->target, reply->status, reply->body);
        return false;
    }
    TEXT *path = text_of("%.*s", (int)strcspn(wrong->target, "?"), wrong->target);
    problem_check(reply, 400, "invalid-parameter", path);
    json_t *entry = problem_error(reply, wrong->parameter);
    const char *code = json_string_value(json_object_get(entry, "code"));
    const char *suggestion = json_string_value(json_object_get(entry, "suggestion"));
    bool code_fits = code != NULL && strcmp(code, wrong->code) == 0;
    bool open = wrong->suggestion != NULL && strcmp(wrong->suggestion, "*") == 0;
    bool same = (wrong->suggestion == NULL) == (suggestion == NULL) &&
                (suggestion == NULL || open || strcmp(suggestion, wrong->suggestion) == 0);
    bool right = code_fits && (open || same);
    if (!right) {
        print_error("%s: not %s with suggestion %s: %s", wrong->target, wrong->code,
                    wrong->suggestion != NULL ? wrong->suggestion : "null", reply->body);
    }
    return right;
}
