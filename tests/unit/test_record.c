/* Records as texts and files: what is JSON, what stands twice, how much is told at once. The rules
 * for what stands where are in test_record_rules.c. */
#include "check.h"
#include "fixture.h"
#include "folder.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "records.h"

static const char *code_of(const json_t *problems, size_t index)
{
    return json_string_value(json_object_get(json_array_get(problems, index), "code"));
}

static const char *pointer_of(const json_t *problems, size_t index)
{
    return json_string_value(json_object_get(json_array_get(problems, index), "pointer"));
}

static json_t *problems_of(const char *text, size_t length)
{
    json_t *record = NULL;
    json_t *problems = NULL;
    enum summit_status status = summit_record_parse(text, length, &record, &problems);
    assert_int_equal(status, SUMMIT_INVALID);
    assert_null(record);
    assert_non_null(problems);
    return problems;
}

static void test_the_builtin_record_is_good(void **state)
{
    JSON *record = NULL;
    JSON *builtin = fixture_xian();
    json_t *problems = NULL;
    (void)state;
    assert_int_equal(summit_record_parse(records_xian_2023_json, records_xian_2023_json_size,
                                         &record, &problems),
                     SUMMIT_OK);
    assert_true(json_equal(record, builtin));
    assert_null(problems);
}

/* All the citations of one paragraph, in every row. Returns how many there were. */
static size_t remove_citations(json_t *record, json_int_t paragraph)
{
    size_t removed = 0;
    const char *key;
    json_t *rows;
    json_object_foreach(record, key, rows)
    {
        for (size_t i = 0; i < json_array_size(rows); i++) {
            json_t *citations = json_object_get(json_array_get(rows, i), "citations");
            for (size_t j = json_array_size(citations); j-- > 0;) {
                const json_t *citation = json_array_get(citations, j);
                if (json_integer_value(json_object_get(citation, "paragraph")) == paragraph) {
                    json_array_remove(citations, j);
                    removed++;
                }
            }
        }
    }
    return removed;
}

/* Of each paragraph that carries facts: without its citations the record is refused, and so it is
 * when only one of the paragraphs left out is not accounted for. */
static void test_every_paragraph_is_accounted_for(void **state)
{
    size_t cited = 0;
    (void)state;
    for (json_int_t paragraph = 1; paragraph <= 33; paragraph++) {
        JSON *record = fixture_xian();
        size_t removed = remove_citations(record, paragraph);
        if (removed == 0) {
            JSON *good = fixture_problems(record);
            assert_null(good);
            fixture_set_new(record, "/sources/0/omitted_paragraphs/0", NULL);
        }
        cited += removed > 0 ? 1 : 0;
        JSON *problems = fixture_problems(record);
        bool told = false;
        for (size_t i = 0; i < json_array_size(problems); i++) {
            told |= strcmp(code_of(problems, i), "uncited_paragraph") == 0;
        }
        assert_true(told);
    }
    JSON *record = fixture_xian();
    const json_t *omitted = fixture_at(record, "/sources/0/omitted_paragraphs");
    assert_int_equal(cited + json_array_size(omitted), 33);
}

static void test_optional_members_are_completed(void **state)
{
    static const char *const having[] = {"summits", "participants", "areas", "initiatives",
                                         "mechanisms"};
    JSON *stated = json_loads(records_xian_2023_json, 0, NULL);
    JSON *record = fixture_xian();
    size_t completed = 0;
    (void)state;
    for (size_t r = 0; r < COUNT(having); r++) {
        const json_t *before = json_object_get(stated, having[r]);
        const json_t *after = json_object_get(record, having[r]);
        for (size_t i = 0; i < json_array_size(after); i++) {
            const json_t *given = json_object_get(json_array_get(before, i), "aliases");
            const json_t *aliases = json_object_get(json_array_get(after, i), "aliases");
            assert_true(given == NULL ? json_is_array(aliases) && json_array_size(aliases) == 0
                                      : json_equal(given, aliases));
            completed += given == NULL;
        }
    }
    assert_true(completed > 0);
    assert_null(fixture_at(record, "/proposals/0/aliases"));
    assert_string_equal(json_string_value(fixture_at(record, "/participants/2/aliases/0")),
                        "Sadyr Zhaparov");
}

/* Of two sources it is the second that lacks a citation; a copy of the first is only that. */
static void test_each_source_is_accounted_for(void **state)
{
    JSON *record = fixture_xian();
    JSON *pond = fixture_record("pond-2021");
    const char *key;
    json_t *rows;
    (void)state;
    json_object_foreach(record, key, rows)
    {
        json_array_extend(rows, json_object_get(pond, key));
    }
    JSON *good = fixture_problems(record);
    assert_null(good);
    json_t *sources = json_object_get(record, "sources");
    json_t *second = json_array_get(sources, 1);
    json_int_t count = json_integer_value(json_object_get(second, "paragraph_count"));
    json_object_set_new(second, "paragraph_count", json_integer(count + 1));
    json_array_append_new(sources, json_deep_copy(json_array_get(sources, 0)));
    JSON *problems = fixture_problems(record);
    assert_int_equal(json_array_size(problems), 2);
    assert_string_equal(pointer_of(problems, 0), "/sources/2/id");
    assert_string_equal(code_of(problems, 0), "duplicate_id");
    assert_string_equal(pointer_of(problems, 1), "/sources/1/omitted_paragraphs");
    assert_string_equal(code_of(problems, 1), "uncited_paragraph");
}

static void test_what_is_not_json(void **state)
{
    static const struct {
        const char *text;
        size_t length;
    } cases[] = {
        {"", 0},
        {" ", 1},
        {"{", 1},
        {"{\"version\": 1,}", 15},
        {"{\"version\": 1} x", 16},
        {"{\"version\": 1}{}", 16},
        {"{\"version\": 01}", 15},
        {"{\"version\": NaN}", 16},
        {"{\"version\": 1e999}", 18},
        {"{\"version\": 99999999999999999999}", 33},
        {"{'version': 1}", 14},
        {"{\"version\": 1} // a", 19},
        {"\xef\xbb\xbf{\"version\": 1}", 17},
        {"{\"version\": \"\xff\"}", 16},
        {"{\"version\": \"\xc0\x80\"}", 17},
        {"{\"version\": \"\xed\xa0\x80\"}", 18},
        {"{\"version\": \"\xf5\x80\x80\x80\"}", 19},
        {"{\"version\": \"\\ud800\"}", 21},
        {"{\"version\": \"\\u0000\"}", 21},
        {"{\"\\u0000\": 1}", 13},
        {"{\"version\": \"a\0b\"}", 18},
        {"{\"version\": 1}\0", 15},
        {"\0", 1},
        {"{\"version\": \"a\nb\"}", 18},
        {"1", 1},
        {"null", 4},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        JSON *problems = problems_of(cases[i].text, cases[i].length);
        if (json_array_size(problems) != 1 || strcmp(code_of(problems, 0), "not_json") != 0) {
            fail_msg("%.*s: %s", (int)cases[i].length, cases[i].text, code_of(problems, 0));
        }
        assert_string_equal(pointer_of(problems, 0), "");
    }
}

static void test_nesting_bombs(void **state)
{
    enum { DEPTH = 100000 };
    static char text[DEPTH + 64];
    (void)state;
    memset(text, '[', DEPTH);
    JSON *arrays = problems_of(text, DEPTH);
    assert_string_equal(code_of(arrays, 0), "not_json");
    for (size_t i = 0; i < DEPTH; i++) {
        text[i] = "{\"a\":"[i % 5];
    }
    JSON *objects = problems_of(text, DEPTH);
    assert_string_equal(code_of(objects, 0), "not_json");
}

/* The two parsers that look at repeated keys stop at different depths. */
static void test_repeated_keys_above_deep_nesting(void **state)
{
    static const size_t depths[] = {10, 500, 999, 1001, 1999, 2000, 2001, 2040, 2047, 2048, 2100};
    (void)state;
    for (size_t i = 0; i < COUNT(depths); i++) {
        char *text = NULL;
        size_t length = 0;
        FILE *stream = open_memstream(&text, &length);
        fputs("{\"version\":1,\"version\":1,\"deep\":", stream);
        for (size_t j = 0; j < 2 * depths[i]; j++) {
            fputc(j < depths[i] ? '[' : ']', stream);
        }
        fputc('}', stream);
        fclose(stream);
        JSON *problems = problems_of(text, length);
        free(text);
        const char *code = code_of(problems, 0);
        assert_true(strcmp(code, "duplicate_key") == 0 || strcmp(code, "not_json") == 0);
    }
}

static void test_repeated_keys(void **state)
{
    static const struct {
        const char *text, *pointers;
    } cases[] = {
        {"{'version': 1, 'version': 1}", "/version"},
        {"{'version': 1, 'vers\\u0069on': 2, 'v\\u0065rsion': 3}", "/version"},
        {"{'areas': [{'id': 'a', 'name': 'A', 'id': 'a'}], 'areas': []}", "/areas /areas/0/id"},
        {"{'x': [1, [{'y': {'z': 1, 'z': 2}}]]}", "/x/1/0/y/z"},
        {"{'a/b~c': 1, 'a/b~c': 2}", "/a~1b~0c"},
        {"{'a/b': {'~': {'k': 1, 'k': 2}}}", "/a~1b/~0/k"},
        {"{'a\\/b': 1, 'a/b': 2}", "/a~1b"},
        {"{'': 1, '': 2}", "/"},
        {"{'\\u00e9': 1, '\xc3\xa9': 2}", "/\xc3\xa9"},
        {"{'\\ud83c\\udfa3': 1, '\xf0\x9f\x8e\xa3': 2}", "/\xf0\x9f\x8e\xa3"},
        {"{'\\t': 1, '\\u0009': 2}", "/\t"},
        {"{'a': {'k': 1}, 'b': {'k': 1}, 'c': [{'k': 1}, {'k': 1}], 'a': 1}", "/a"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char found[256] = "";
        TEXT *text = fixture_quoted(cases[i].text);
        JSON *problems = problems_of(text, strlen(text));
        for (size_t j = 0; j < json_array_size(problems); j++) {
            if (strcmp(code_of(problems, j), "duplicate_key") == 0) {
                fixture_append(found, sizeof found, "%s%s", found[0] == '\0' ? "" : " ",
                               pointer_of(problems, j));
            }
        }
        if (strcmp(found, cases[i].pointers) != 0) {
            fail_msg("%s: %s", text, found);
        }
    }
}

/* Several kinds of mistakes in one record are told together. */
static void test_problems_are_told_together(void **state)
{
    static const char *const codes[] = {
        "wrong_type", "unknown_key", "invalid_date",      "unknown_id",
        "id_prefix",  "missing_key", "uncited_paragraph", "control_character",
    };
    JSON *record = fixture_xian();
    (void)state;
    fixture_set_new(record, "/proposals/0/title", json_integer(1));
    fixture_set_new(record, "/areas/0/colour", json_string("red"));
    fixture_set_new(record, "/summits/0/starts_on", json_string("2023-02-29"));
    fixture_set_new(record, "/measures/3/area_ids/0", json_string("trde"));
    fixture_set_new(record, "/statements/0/id", json_string("elsewhere"));
    fixture_set_new(record, "/sources/0/url", NULL);
    fixture_set_new(record, "/sources/0/omitted_paragraphs/0", NULL);
    fixture_set_new(record, "/mechanisms/0/name", json_string("a\nb"));
    JSON *problems = fixture_problems(record);
    assert_int_equal(json_array_size(problems), COUNT(codes));
    for (size_t i = 0; i < COUNT(codes); i++) {
        bool told = false;
        for (size_t j = 0; j < json_array_size(problems); j++) {
            told |= strcmp(code_of(problems, j), codes[i]) == 0;
        }
        if (!told) {
            fail_msg("%s is not told", codes[i]);
        }
    }
}

static void test_a_thousand_problems_are_enough(void **state)
{
    JSON *record = fixture_xian();
    char *text = NULL;
    size_t size = 0;
    (void)state;
    for (size_t i = 0; i < 1500; i++) {
        fixture_set_new(record, "/areas/-", json_integer(1));
    }
    JSON *problems = fixture_problems(record);
    assert_int_equal(json_array_size(problems), 1001);
    assert_string_equal(code_of(problems, 999), "wrong_type");
    assert_string_equal(code_of(problems, 1000), "more");

    FILE *stream = open_memstream(&text, &size);
    fputs("{\"version\": 1", stream);
    for (size_t i = 0; i < 1500; i++) {
        fprintf(stream, ", \"k%zu\": 1, \"k%zu\": 2", i, i);
    }
    fputs("}", stream);
    fclose(stream);
    JSON *repeated = problems_of(text, size);
    free(text);
    assert_int_equal(json_array_size(repeated), 1001);
    assert_string_equal(code_of(repeated, 1000), "more");
}

static void test_files(void **state)
{
    struct fixture *fixture = *state;
    json_t *record = NULL;
    json_t *problems = NULL;
    struct summit_error error = {""};
    assert_int_equal(summit_record_load(fixture->path, &record, &problems, &error),
                     SUMMIT_NOT_FOUND);
    assert_non_null(strstr(error.message, fixture->path));
    error.message[0] = '\0';
    assert_int_equal(summit_record_load(fixture->folder, &record, &problems, &error), SUMMIT_IO);
    assert_non_null(strstr(error.message, fixture->folder));
    assert_int_equal(summit_record_load(fixture->folder, &record, &problems, NULL), SUMMIT_IO);
    assert_null(record);
    assert_null(problems);
    file_write(fixture->path, "", 0);
    JSON *empty = NULL;
    assert_int_equal(summit_record_load(fixture->path, &record, &empty, &error), SUMMIT_INVALID);
    assert_string_equal(code_of(empty, 0), "not_json");
    file_write(fixture->path, records_xian_2023_json, records_xian_2023_json_size);
    JSON *good = NULL;
    assert_int_equal(summit_record_load(fixture->path, &good, &problems, &error), SUMMIT_OK);
    assert_non_null(good);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_builtin_record_is_good),
        cmocka_unit_test(test_every_paragraph_is_accounted_for),
        cmocka_unit_test(test_optional_members_are_completed),
        cmocka_unit_test(test_each_source_is_accounted_for),
        cmocka_unit_test(test_what_is_not_json),
        cmocka_unit_test(test_nesting_bombs),
        cmocka_unit_test(test_repeated_keys_above_deep_nesting),
        cmocka_unit_test(test_repeated_keys),
        cmocka_unit_test(test_problems_are_told_together),
        cmocka_unit_test(test_a_thousand_problems_are_enough),
        cmocka_unit_test_setup_teardown(test_files, fixture_set_up, fixture_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
