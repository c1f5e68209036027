#include "snippets.h"

#include "check.h"
#include "rows.h"

#include <string.h>

/* The byte where a code point starts; that of the end when there are fewer. */
static const char *code_point(const char *text, json_int_t index)
{
    while (*text != '\0' && index > 0) {
        do {
            text++;
        } while (((unsigned char)*text & 0xc0) == 0x80);
        index--;
    }
    return text;
}

static json_int_t code_points(const char *text)
{
    json_int_t count = 0;
    while (*text != '\0') {
        text = code_point(text, 1);
        count++;
    }
    return count;
}

static void match_place(json_t *snippet, size_t index, json_int_t *ret_start, json_int_t *ret_end)
{
    json_int_t length = 0;
    json_t *match = json_array_get(json_object_get(snippet, "matches"), index);
    assert_int_equal(json_unpack(match, "{s:I,s:I!}", "start", ret_start, "length", &length), 0);
    assert_true(*ret_start >= 0);
    assert_true(length > 0);
    *ret_end = *ret_start + length;
}

size_t snippet_count(json_t *snippet)
{
    return json_array_size(json_object_get(snippet, "matches"));
}

void snippet_check(json_t *snippet)
{
    const char *text = json_string_value(json_object_get(snippet, "text"));
    assert_int_equal(json_object_size(snippet), 2);
    assert_non_null(text);
    assert_true(snippet_count(snippet) > 0);
    json_int_t end = -1;
    for (size_t i = 0; i < snippet_count(snippet); i++) {
        json_int_t start = 0;
        json_int_t last_end = end;
        match_place(snippet, i, &start, &end);
        assert_true(start > last_end);
    }
    assert_true(end <= code_points(text));
}

char *snippet_matched(json_t *snippet, size_t index)
{
    json_int_t start = 0;
    json_int_t end = 0;
    match_place(snippet, index, &start, &end);
    const char *text = json_string_value(json_object_get(snippet, "text"));
    assert_non_null(text);
    const char *from = code_point(text, start);
    return text_of("%.*s", (int)(code_point(text, end) - from), from);
}
