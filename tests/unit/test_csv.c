#include "check.h"
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "csv.h"
#include "csv_reader.h"

/* A resource with a field of each shape. */
static const struct field deep_fields[] = {
    {.name = "a", .rule = RULE_INTEGER},
    {.name = NULL},
};
static const struct field part_fields[] = {
    {.name = "text", .rule = RULE_TEXT},
    {.name = "value", .rule = RULE_INTEGER},
    {.name = "deep", .rule = RULE_OBJECTS, .fields = deep_fields},
    {.name = NULL},
};
static const struct field object_fields[] = {
    {.name = "code", .rule = RULE_TEXT},
    {.name = "count", .type = FIELD_INTEGER, .use = FIELD_DOCUMENT},
    {.name = "unpublished", .use = FIELD_RECORD},
    {.name = NULL},
};
static const struct field thing_fields[] = {
    {.name = "text", .rule = RULE_TEXT},
    {.name = "integer", .type = FIELD_INTEGER, .rule = RULE_INTEGER},
    {.name = "unpublished", .use = FIELD_RECORD},
    {.name = "ids", .type = FIELD_JSON, .rule = RULE_REFERENCES},
    {.name = "object", .type = FIELD_JSON, .rule = RULE_OBJECT, .fields = object_fields},
    {.name = "parts", .type = FIELD_JSON, .rule = RULE_OBJECTS, .fields = part_fields},
    {.name = NULL},
};
static const struct resource things = {.name = "things", .fields = thing_fields};

static char *line_of(const struct resource *resource, const json_t *names, const json_t *row)
{
    char *line = NULL;
    size_t length = 0;
    assert_int_equal(csv_row(resource, names, row, &line, &length), SUMMIT_OK);
    assert_int_equal(line[length], '\0');
    return line;
}

static char *header_of(const struct resource *resource, const json_t *names)
{
    char *line = NULL;
    size_t length = 0;
    assert_int_equal(csv_header(resource, names, &line, &length), SUMMIT_OK);
    assert_int_equal(strlen(line), length);
    return line;
}

static void test_headers(void **state)
{
    static const char *const headers[RESOURCE_COUNT] = {
        "id,name,series,starts_on,ends_on,city,region,country.code,country.name,summary,"
        "counts.participants,counts.proposals,counts.measures,counts.areas,counts.statements,"
        "counts.initiatives,counts.mechanisms,counts.sources,citations.source_id,"
        "citations.paragraph\r\n",
        "id,summit_id,name,office,country.code,country.name,role,position,citations.source_id,"
        "citations.paragraph\r\n",
        "id,summit_id,number,title,summary,proposed_by,area_ids,measure_count,"
        "citations.source_id,citations.paragraph\r\n",
        "id,summit_id,proposal_id,number,text,modality,amounts.value,amounts.currency,"
        "amounts.qualifier,amounts.stated,amounts.equivalents,area_ids,initiative_ids,"
        "mechanism_ids,citations.source_id,citations.paragraph\r\n",
        "id,name,description,category,counts.proposals,counts.measures,counts.statements,"
        "counts.mechanisms,citations.source_id,citations.paragraph\r\n",
        "id,summit_id,kind,text,said_by,area_ids,initiative_ids,citations.source_id,"
        "citations.paragraph\r\n",
        "id,name,description,launched_by,counts.measures,counts.statements,citations.source_id,"
        "citations.paragraph\r\n",
        "id,summit_id,name,description,standing,area_ids,proposal_id,citations.source_id,"
        "citations.paragraph\r\n",
        "id,title,publisher,place,published_on,language,url,paragraph_count,cited_count\r\n",
    };
    (void)state;
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        TEXT *header = header_of(resources[i], NULL);
        assert_string_equal(header, headers[i]);
    }
}

/* The field that a text becomes. */
static void check_text(const char *text, const char *expected)
{
    JSON *names = fixture_json("['text', 'integer']");
    JSON *row = json_pack("{s:s, s:i}", "text", text, "integer", 7);
    TEXT *line = line_of(&things, names, row);
    TEXT *wanted = malloc(strlen(expected) + 8);
    sprintf(wanted, "%s,7\r\n", expected);
    assert_string_equal(line, wanted);
}

static void test_quotes_where_they_are_needed(void **state)
{
    static const struct {
        const char *text, *field;
    } cases[] = {
        {"plain", "plain"},
        {"two words", "two words"},
        {"Xi'an", "Xi'an"},
        {"a|b\\c", "a|b\\c"},
        {"\u4e2d\u56fd", "\u4e2d\u56fd"},
        {"", "\"\""},
        {"a,b", "\"a,b\""},
        {",", "\",\""},
        {"say \"it\"", "\"say \"\"it\"\"\""},
        {"\"", "\"\"\"\""},
        {"\"\"", "\"\"\"\"\"\""},
        {"a\r\nb", "\"a\r\nb\""},
        {"a\rb", "\"a\rb\""},
        {"a\nb", "\"a\nb\""},
        {"a\tb", "\"a\tb\""},
        {"a;b", "\"a;b\""},
        {" a", "\" a\""},
        {"a ", "\"a \""},
        {"a\x7f", "\"a\x7f\""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        check_text(cases[i].text, cases[i].field);
    }
}

static void test_formulas_get_an_apostrophe(void **state)
{
    static const struct {
        const char *text, *field;
    } cases[] = {
        {"=1+1", "\"'=1+1\""},
        {"+1", "\"'+1\""},
        {"-1", "\"'-1\""},
        {"@SUM(A1)", "\"'@SUM(A1)\""},
        {"\tx", "\"'\tx\""},
        {"\rx", "\"'\rx\""},
        {"\nx", "\"'\nx\""},
        {"  =1", "\"'  =1\""},
        {"\u00a0=1", "\"'\u00a0=1\""},
        {"\u3000\ufeff-1", "\"'\u3000\ufeff-1\""},
        {"\uff1d1", "\"'\uff1d1\""},
        {"\uff0b1", "\"'\uff0b1\""},
        {"\uff0d1", "\"'\uff0d1\""},
        {"\uff20x", "\"'\uff20x\""},
        {"=HYPERLINK(\"a\",\"b\")", "\"'=HYPERLINK(\"\"a\"\",\"\"b\"\")\""},
        {"'=1", "\"''=1\""},
        {"' '=1", "\"'' '=1\""},
        {"'tis", "'tis"},
        {"'", "'"},
        {"1-1", "1-1"},
        {"a=b", "a=b"},
        {"\u2212x", "\u2212x"},
        {"\uff1a", "\uff1a"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        check_text(cases[i].text, cases[i].field);
    }
}

static void check_row(const char *row, const char *expected)
{
    JSON *value = fixture_json(row);
    TEXT *line = line_of(&things, NULL, value);
    assert_string_equal(line, expected);
}

static void test_numbers_stand_as_they_are(void **state)
{
    (void)state;
    check_row("{'integer': -5}", ",-5,,,,,,\r\n");
    check_row("{'integer': 0}", ",0,,,,,,\r\n");
    check_row("{'integer': 9223372036854775807}", ",9223372036854775807,,,,,,\r\n");
    check_row("{'integer': -9223372036854775808}", ",-9223372036854775808,,,,,,\r\n");
    check_row("{'integer': -0.5}", ",-0.5,,,,,,\r\n");
    check_row("{'integer': true}", ",true,,,,,,\r\n");
    check_row("{'object': {'count': -3}}", ",,,,-3,,,\r\n");
    check_row("{'parts': [{'value': -3}]}", ",,,,,,-3,\r\n");
    check_row("{'parts': [{'value': -3}, {'value': 4}]}", ",,,,,|,\"'-3|4\",|\r\n");
}

static void test_null_is_an_empty_field(void **state)
{
    (void)state;
    check_row("{}", ",,,,,,,\r\n");
    check_row("{'text': null, 'integer': null, 'ids': null, 'object': null, 'parts': null}",
              ",,,,,,,\r\n");
    check_row("{'ids': [], 'parts': [], 'object': {}}", ",,,,,,,\r\n");
    check_row("{'object': {'code': null, 'count': null}}", ",,,,,,,\r\n");
    check_row("{'text': '', 'object': {'code': ''}}", "\"\",,,\"\",,,,\r\n");
}

static void test_what_is_no_column_is_left_out(void **state)
{
    (void)state;
    check_row("{'text': 'a', 'unpublished': 'b', 'other': 1, 'object': {'unpublished': 'c'}}",
              "a,,,,,,,\r\n");
}

static void test_lists(void **state)
{
    (void)state;
    check_row("{'ids': ['a']}", ",,a,,,,,\r\n");
    check_row("{'ids': ['a', 'b-c', 'd']}", ",,a|b-c|d,,,,,\r\n");
    check_row("{'ids': ['a|b', 'c\\\\', '\\\\|']}", ",,a\\|b|c\\\\|\\\\\\|,,,,,\r\n");
    check_row("{'ids': ['=a', '=b']}", ",,\"'=a|=b\",,,,,\r\n");
    check_row("{'ids': ['a', null, 'b']}", ",,a||b,,,,,\r\n");
    check_row("{'parts': [{'text': 'a', 'value': 1, 'deep': []},"
              " {'text': null, 'value': 2, 'deep': [{'a': 1}, {'a': 2}]},"
              " {'text': 'b|c', 'value': null, 'deep': null}]}",
              ",,,,,a||b\\|c,1|2|,\"[]|[{\"\"a\"\":1},{\"\"a\"\":2}]|\"\r\n");
}

static void test_names_keep_fields(void **state)
{
    static const struct {
        const char *names, *header, *row;
    } cases[] = {
        {"['text']", "text\r\n", "a\r\n"},
        {"['integer', 'text']", "text,integer\r\n", "a,7\r\n"},
        {"['text', 'ids', 'text', 'no', 3]", "text,ids\r\n", "a,x|y\r\n"},
        {"['parts']", "parts.text,parts.value,parts.deep\r\n", "b,,\r\n"},
        {"['object', 'unpublished']", "object.code,object.count\r\n", "c,1\r\n"},
        {"['parts', 'object', 'ids', 'integer', 'text']",
         "text,integer,ids,object.code,object.count,parts.text,parts.value,parts.deep\r\n",
         "a,7,x|y,c,1,b,,\r\n"},
    };
    JSON *row = fixture_json("{'text': 'a', 'integer': 7, 'ids': ['x', 'y'],"
                             " 'object': {'code': 'c', 'count': 1}, 'parts': [{'text': 'b'}]}");
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        JSON *names = fixture_json(cases[i].names);
        TEXT *header = header_of(&things, names);
        TEXT *line = line_of(&things, names, row);
        assert_string_equal(header, cases[i].header);
        assert_string_equal(line, cases[i].row);
    }
}

static void test_no_line_is_empty(void **state)
{
    JSON *row = json_object();
    JSON *names = fixture_json("['ids']");
    (void)state;
    TEXT *line = line_of(&things, names, row);
    assert_string_equal(line, "\"\"\r\n");
}

static void test_what_is_not_of_its_kind_is_refused(void **state)
{
    static const char *const rows[] = {
        "{'ids': 'a'}", "{'ids': {}}", "{'object': []}", "{'object': 1}", "{'parts': {}}",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        JSON *row = fixture_json(rows[i]);
        char *line = (char *)&row;
        size_t length = 3;
        assert_int_equal(csv_row(&things, NULL, row, &line, &length), SUMMIT_CORRUPT);
        assert_ptr_equal(line, &row);
        assert_int_equal(length, 3);
    }
}

/* Writes rows as one document, reads it back and compares. */
static void check_document(const struct resource *resource, const json_t *rows)
{
    TEXT *text = header_of(resource, NULL);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        TEXT *line = line_of(resource, NULL, json_array_get(rows, i));
        char *grown = realloc(text, strlen(text) + strlen(line) + 1);
        assert_non_null(grown);
        text = strcat(grown, line);
    }
    JSON *lines = csv_read(text, strlen(text));
    assert_int_equal(json_array_size(lines), json_array_size(rows) + 1);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        JSON *restored =
            csv_restore(resource->fields, json_array_get(lines, 0), json_array_get(lines, i + 1));
        if (!json_equal(restored, json_array_get(rows, i))) {
            TEXT *dumped = json_dumps(restored, 0);
            fail_msg("%s %zu came back as %s", resource->name, i, dumped);
        }
    }
}

static void test_every_row_of_the_record_comes_back(void **state)
{
    struct fixture *fixture = *state;
    JSON *record = fixture_xian();
    assert_int_equal(fixture_publish(fixture->path, record, 0, NULL), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        JSON *page = fixture_list(store, resources[i]->name, NULL, "limit=200", NULL);
        assert_true(json_array_size(fixture_at(page, "/data")) > 0);
        check_document(resources[i], fixture_at(page, "/data"));
    }
    JSON *areas = fixture_list(store, "areas", "xian-2023", "limit=200", NULL);
    assert_string_equal(json_string_value(fixture_at(areas, "/data/0/category")), "traditional");
    check_document(&areas_resource, fixture_at(areas, "/data"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_quotes_where_they_are_needed),
        cmocka_unit_test(test_formulas_get_an_apostrophe),
        cmocka_unit_test(test_numbers_stand_as_they_are),
        cmocka_unit_test(test_null_is_an_empty_field),
        cmocka_unit_test(test_what_is_no_column_is_left_out),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_names_keep_fields),
        cmocka_unit_test(test_no_line_is_empty),
        cmocka_unit_test(test_what_is_not_of_its_kind_is_refused),
        cmocka_unit_test_setup_teardown(test_every_row_of_the_record_comes_back, fixture_set_up,
                                        fixture_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
