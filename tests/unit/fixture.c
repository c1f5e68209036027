#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "folder.h"

int fixture_set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    fixture->folder = folder_new();
    fixture->path = folder_join(fixture->folder, "summit.db");
    *state = fixture;
    return 0;
}

int fixture_tear_down(void **state)
{
    struct fixture *fixture = *state;
    folder_remove(fixture->folder);
    free(fixture->path);
    free(fixture);
    return 0;
}

json_t *fixture_xian(void)
{
    json_t *record = NULL;
    assert_int_equal(summit_record_builtin(&record), SUMMIT_OK);
    return record;
}

json_t *fixture_record(const char *name)
{
    TEXT *path = NULL;
    assert_true(asprintf(&path, "%s/fixtures/records/%s.json", TESTS_DIR, name) > 0);
    json_t *record = NULL;
    json_t *problems = NULL;
    struct summit_error error = {""};
    enum summit_status status = summit_record_load(path, &record, &problems, &error);
    if (status != SUMMIT_OK) {
        fail_msg("%s: %s: %s", path, summit_status_text(status), error.message);
    }
    return record;
}

json_t *fixture_large(size_t measures)
{
    json_t *record = fixture_record("pond-2021");
    json_t *rows = json_object_get(record, "measures");
    char text[500];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    fixture_set_new(record, "/areas/-",
                    fixture_json("{'id': 'moss', 'name': 'Moss', 'description': null, 'summits': "
                                 "[{'summit_id': 'pond-2021', 'category': 'traditional'}], "
                                 "'citations': [{'source_id': 'pond-report', 'paragraph': 2}]}"));
    for (size_t i = 1; i < measures; i++) {
        char id[64];
        snprintf(id, sizeof id, "pond-2021-reeds-%zu", i);
        json_t *row = json_deep_copy(json_array_get(rows, 0));
        assert_non_null(row);
        json_object_set_new(row, "id", json_string(id));
        json_object_set_new(row, "number", json_integer((json_int_t)i + 1));
        json_object_set_new(row, "text", json_string(text));
        json_object_set_new(row, "area_ids", fixture_json(i % 2 == 0 ? "['reeds']" : "['moss']"));
        json_array_append_new(rows, row);
    }
    return record;
}

json_t *fixture_problems(const json_t *record)
{
    TEXT *text = json_dumps(record, JSON_COMPACT | JSON_ENCODE_ANY);
    json_t *parsed = NULL;
    json_t *problems = NULL;
    assert_non_null(text);
    enum summit_status status = summit_record_parse(text, strlen(text), &parsed, &problems);
    if (status == SUMMIT_OK) {
        assert_null(problems);
        json_decref(parsed);
        return NULL;
    }
    assert_int_equal(status, SUMMIT_INVALID);
    assert_null(parsed);
    assert_true(json_array_size(problems) > 0);
    return problems;
}

enum summit_status fixture_publish(const char *path, json_t *record, unsigned flags,
                                   char *ret_revision)
{
    struct summit_publication publication = {"", 0};
    struct summit_error error = {""};
    json_t *problems = NULL;
    enum summit_status status =
        summit_publish(path, &record, 1, flags, &publication, &problems, &error);
    json_decref(problems);
    if (status == SUMMIT_OK) {
        if (ret_revision != NULL) {
            memcpy(ret_revision, publication.revision, sizeof publication.revision);
        }
    } else {
        assert_int_not_equal(strlen(error.message), 0);
        assert_string_equal(publication.revision, "");
    }
    return status;
}

struct summit_store *fixture_open(const char *path)
{
    struct summit_store *store = NULL;
    struct summit_error error = {""};
    if (summit_store_open(path, SUMMIT_STORE_VERIFY, &store, &error) != SUMMIT_OK) {
        fail_msg("%s", error.message);
    }
    return store;
}

struct summit_query *fixture_query(const char *resource, const char *id, const char *within,
                                   const char *parameters)
{
    struct summit_query *query = NULL;
    JSON *problems = json_array();
    TEXT *copy = strdup(parameters);
    assert_int_equal(summit_query_new(resource, id, &query), SUMMIT_OK);
    if (within != NULL) {
        assert_int_equal(summit_query_within(query, within), SUMMIT_OK);
    }
    char *rest = parameters[0] == '\0' ? NULL : copy;
    for (char *pair = strsep(&rest, "&"); pair != NULL; pair = strsep(&rest, "&")) {
        char *value = pair;
        const char *name = strsep(&value, "=");
        if (summit_query_set(query, name, value, problems) != SUMMIT_OK) {
            fail_msg("%s?%s is refused", resource, parameters);
        }
    }
    return query;
}

json_t *fixture_list(struct summit_store *store, const char *resource, const char *within,
                     const char *parameters, char **ret_next)
{
    QUERY *query = fixture_query(resource, NULL, within, parameters);
    json_t *page = NULL;
    json_t *problems = NULL;
    char *next = NULL;
    enum summit_status status = summit_store_list(store, query, &page, &next, &problems);
    if (status != SUMMIT_OK) {
        fail_msg("%s?%s: %s", resource, parameters, summit_status_text(status));
    }
    if (ret_next != NULL) {
        *ret_next = next;
    } else {
        free(next);
    }
    return page;
}

struct summit_query *fixture_search_query(const char *text, const char *parameters)
{
    struct summit_query *query = NULL;
    JSON *problems = json_array();
    TEXT *copy = strdup(parameters);
    char *rest = parameters[0] == '\0' ? NULL : copy;
    assert_int_equal(summit_query_new_search(&query), SUMMIT_OK);
    assert_int_equal(summit_query_set(query, "q", text, problems), SUMMIT_OK);
    for (char *pair = strsep(&rest, "&"); pair != NULL; pair = strsep(&rest, "&")) {
        char *value = pair;
        const char *name = strsep(&value, "=");
        assert_int_equal(summit_query_set(query, name, value, problems), SUMMIT_OK);
    }
    assert_int_equal(summit_query_settle(query, SUMMIT_FORMAT_NONE, problems), SUMMIT_OK);
    return query;
}

json_t *fixture_search(struct summit_store *store, const char *text, const char *parameters,
                       char **ret_next)
{
    QUERY *query = fixture_search_query(text, parameters);
    json_t *page = NULL;
    json_t *problems = NULL;
    char *next = NULL;
    enum summit_status status = summit_store_list(store, query, &page, &next, &problems);
    if (status != SUMMIT_OK) {
        fail_msg("%s&%s: %s", text, parameters, summit_status_text(status));
    }
    if (ret_next == NULL) {
        free(next);
    } else {
        *ret_next = next;
    }
    return page;
}

json_t *fixture_get(struct summit_store *store, const char *resource, const char *id,
                    const char *parameters)
{
    QUERY *query = fixture_query(resource, id, NULL, parameters);
    json_t *item = NULL;
    json_t *problems = NULL;
    enum summit_status status = summit_store_get(store, query, &item, &problems);
    if (status != SUMMIT_OK) {
        fail_msg("%s/%s?%s: %s", resource, id, parameters, summit_status_text(status));
    }
    return item;
}

static json_t *step(const json_t *value, const char *token)
{
    return json_is_array(value) ? json_array_get(value, strtoul(token, NULL, 10))
                                : json_object_get(value, token);
}

json_t *fixture_at(const json_t *document, const char *pointer)
{
    TEXT *copy = strdup(pointer);
    char *rest = copy;
    const json_t *value = document;
    assert_non_null(copy);
    strsep(&rest, "/");
    for (char *token = strsep(&rest, "/"); token != NULL; token = strsep(&rest, "/")) {
        value = step(value, token);
    }
    return (json_t *)value;
}

void fixture_set_new(json_t *document, const char *pointer, json_t *value)
{
    TEXT *copy = strdup(pointer);
    assert_non_null(copy);
    char *last = strrchr(copy, '/');
    *last++ = '\0';
    json_t *parent = fixture_at(document, copy);
    int failed = 0;
    if (json_is_object(parent)) {
        failed = value == NULL ? json_object_del(parent, last)
                               : json_object_set_new(parent, last, value);
    } else if (strcmp(last, "-") == 0) {
        failed = json_array_append_new(parent, value);
    } else if (value == NULL) {
        failed = json_array_remove(parent, strtoul(last, NULL, 10));
    } else {
        failed = json_array_set_new(parent, strtoul(last, NULL, 10), value);
    }
    if (failed != 0) {
        fail_msg("cannot edit %s", pointer);
    }
}

char *fixture_quoted(const char *text)
{
    char *copy = strdup(text);
    assert_non_null(copy);
    for (char *c = strchr(copy, '\''); c != NULL; c = strchr(c, '\'')) {
        *c = '"';
    }
    return copy;
}

json_t *fixture_json(const char *text)
{
    TEXT *copy = fixture_quoted(text);
    json_error_t error;
    json_t *value = json_loads(copy, JSON_DECODE_ANY, &error);
    if (value == NULL) {
        fail_msg("%s: %s", text, error.text);
    }
    return value;
}

char *fixture_ids(const json_t *rows)
{
    char *ids = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&ids, &size);
    assert_non_null(stream);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const char *id = json_string_value(json_object_get(json_array_get(rows, i), "id"));
        fprintf(stream, "%s%s", i == 0 ? "" : " ", id == NULL ? "?" : id);
    }
    fclose(stream);
    return ids;
}

json_t *fixture_export(const char *path)
{
    STORE *store = fixture_open(path);
    json_t *record = NULL;
    assert_int_equal(summit_store_export(store, &record), SUMMIT_OK);
    return record;
}

void fixture_append(char *text, size_t size, const char *format, ...)
{
    size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text + used, size - used, format, arguments);
    va_end(arguments);
    assert_in_range(length, 0, size - used - 1);
}
