#include "rows.h"

#include "check.h"
#include "http.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t *rows_of(const struct daemon *daemon, const char *target)
{
    TEXT *whole = text_of("%s%climit=200", target, strchr(target, '?') != NULL ? '&' : '?');
    json_auto_t *page = http_get_json(daemon, whole);
    json_t *rows = json_object_get(page, "data");
    json_t *total = json_object_get(json_object_get(page, "meta"), "total");
    assert_true(json_is_array(rows));
    assert_int_equal(json_integer_value(total), json_array_size(rows));
    assert_true(json_is_null(json_object_get(json_object_get(page, "links"), "next")));
    return json_incref(rows);
}

json_t *row_link_values(json_t *row, const struct link *link)
{
    json_t *values = json_array();
    size_t i;
    json_t *item;
    json_t *field = json_object_get(row, link->kind == LINK_CITATION  ? "citations"
                                         : link->kind == LINK_COUNTRY ? "country"
                                                                      : link->field);
    switch (link->kind) {
    case LINK_FIELD:
        if (json_is_string(field)) {
            list_add(values, json_string_value(field));
        }
        break;
    case LINK_LIST:
        json_array_foreach(field, i, item)
        {
            list_add(values, json_string_value(item));
        }
        break;
    case LINK_CITATION:
        json_array_foreach(field, i, item)
        {
            list_add(values, json_string_value(json_object_get(item, "source_id")));
        }
        break;
    case LINK_COUNTRY:
        list_add(values, json_string_value(json_object_get(field, "code")));
        break;
    case LINK_ELSEWHERE:
        fail_msg("the values of %s are not in the row", link->name);
    }
    return values;
}

bool row_has_value(json_t *row, const struct link *link, const char *value)
{
    json_auto_t *values = row_link_values(row, link);
    return list_has(values, value);
}

const char *row_id(json_t *row)
{
    const char *id = json_string_value(json_object_get(row, "id"));
    assert_non_null(id);
    return id;
}

json_t *rows_find(json_t *rows, const char *id)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        if (strcmp(row_id(row), id) == 0) {
            return row;
        }
    }
    return NULL;
}

json_t *rows_ids(json_t *rows)
{
    json_t *ids = json_array();
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        json_array_append_new(ids, json_string(row_id(row)));
    }
    return ids;
}

/* Whether `row` links to `other` by this relation. */
static bool is_related(json_t *row, json_t *other, const struct link *link)
{
    return link->backward ? row_has_value(other, link, row_id(row))
                          : row_has_value(row, link, row_id(other));
}

json_t *rows_related(json_t *rows, json_t *others, const struct link *link)
{
    json_t *related = json_array();
    size_t i;
    json_t *other;
    json_array_foreach(others, i, other)
    {
        size_t j;
        json_t *row;
        json_array_foreach(rows, j, row)
        {
            if (is_related(row, other, link)) {
                json_array_append(related, other);
                break;
            }
        }
    }
    return related;
}

void list_add(json_t *list, const char *value)
{
    assert_non_null(value);
    if (!list_has(list, value)) {
        json_array_append_new(list, json_string(value));
    }
}

bool list_has(json_t *list, const char *value)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        if (strcmp(json_string_value(item), value) == 0) {
            return true;
        }
    }
    return false;
}

void assert_json_equal(json_t *is, json_t *should_be, const char *what)
{
    if (!json_equal(is, should_be)) {
        TEXT *got = json_dumps(is, JSON_ENCODE_ANY | JSON_INDENT(1));
        TEXT *wanted = json_dumps(should_be, JSON_ENCODE_ANY | JSON_INDENT(1));
        fail_msg("%s: is\n%s\nshould be\n%s", what, got, wanted);
    }
}

char *text_of(const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    assert_true(length >= 0);
    return text;
}

char *text_encoded(const void *bytes, size_t length)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    const unsigned char *from = bytes;
    char *text = malloc(3 * length + 1);
    assert_non_null(text);
    char *to = text;
    for (size_t i = 0; i < length; i++) {
        bool is_plain = from[i] != '\0' && strchr(plain, from[i]) != NULL;
        to += is_plain ? sprintf(to, "%c", from[i]) : sprintf(to, "%%%02X", from[i]);
    }
    *to = '\0';
    return text;
}

void text_release(char **text)
{
    free(*text);
}
