/* The rules of a record, one by one: an edit of the built-in record, and all that is said of it. */
#include "check.h"
#include "fixture.h"
#include "mutation.h"

#define X25 "xxxxxxxxxxxxxxxxxxxxxxxxx"
#define X200 X25 X25 X25 X25 X25 X25 X25 X25
#define X2000 X200 X200 X200 X200 X200 X200 X200 X200 X200 X200
#define TEN(a)                                                                                     \
    "'" a "0', '" a "1', '" a "2', '" a "3', '" a "4', '" a "5', '" a "6', '" a "7', '" a          \
    "8', '" a "9'"
#define SOURCE "'source_id': 'president-xi-charts-course'"

static void test_keys(void **state)
{
    static const struct mutation mutations[] = {
        {"/treaties", "[]", "/treaties unknown_key"},
        {"/source", "[]", "/source unknown_key sources"},
        {"/areas/0/colour", "'red'", "/areas/0/colour unknown_key"},
        {"/areas/0/descripton", "null", "/areas/0/descripton unknown_key description"},
        {"/areas/0/counts", "{}", "/areas/0/counts unknown_key"},
        {"/areas/0/category", "'other'", "/areas/0/category unknown_key"},
        {"/measures/0/summit_id", "'xian-2023'", "/measures/0/summit_id unknown_key"},
        {"/measures/20/amounts/0/unit", "1", "/measures/20/amounts/0/unit unknown_key"},
        {"/summits/0/country/cod", "'CN'", "/summits/0/country/cod unknown_key code"},
        {"/areas/0/summits/0/id", "'x'", "/areas/0/summits/0/id unknown_key"},
        {"/areas/0/citations/0/page", "1", "/areas/0/citations/0/page unknown_key"},
        {"/areas/0/~", "1", "/areas/0/~0 unknown_key"},
        {"/version", NULL, " missing_key"},
        {"/initiatives", NULL, " missing_key"},
        {"/areas/0/description", NULL, "/areas/0 missing_key"},
        {"/sources/0/url", NULL, "/sources/0 missing_key"},
        {"/summits/0/country/name", NULL, "/summits/0/country missing_key"},
        {"/measures/20/amounts/0/equivalents", NULL, "/measures/20/amounts/0 missing_key"},
        {"/areas/0/citations/0/paragraph", NULL, "/areas/0/citations/0 missing_key"},
        {"/$schema", NULL, ""},
        {"/$schema", "1", "/$schema wrong_type"},
        {"/version", "2", "/version unknown_version 1"},
        {"/version", "'1'", "/version unknown_version 1"},
        {"/version", "1.0", "/version unknown_version 1"},
    };
    (void)state;
    mutation_check(mutations, COUNT(mutations));
}

static void test_types(void **state)
{
    static const struct mutation mutations[] = {
        {"/areas", "{}", "/areas wrong_type"},
        {"/areas", "null", "/areas wrong_type"},
        {"/areas/-", "[]", "/areas/35 wrong_type"},
        {"/areas/-", "'trade'", "/areas/35 wrong_type"},
        {"/areas/0/name", "1", "/areas/0/name wrong_type"},
        {"/areas/0/name", "null", "/areas/0/name wrong_type"},
        {"/areas/0/description", "false", "/areas/0/description wrong_type"},
        {"/areas/0/description", "null", ""},
        {"/summits/0/country", "'CN'", "/summits/0/country wrong_type"},
        {"/summits/0/country", "null", "/summits/0/country wrong_type"},
        {"/summits/0/starts_on", "20230518", "/summits/0/starts_on wrong_type"},
        {"/proposals/0/number", "'1'", "/proposals/0/number wrong_type"},
        {"/proposals/0/number", "1.0", "/proposals/0/number wrong_type"},
        {"/proposals/0/area_ids", "'trade'", "/proposals/0/area_ids wrong_type"},
        {"/proposals/0/area_ids", "null", "/proposals/0/area_ids wrong_type"},
        {"/proposals/0/area_ids/0", "1", "/proposals/0/area_ids/0 wrong_type"},
        {"/proposals/0/area_ids/0", "null", "/proposals/0/area_ids/0 wrong_type"},
        {"/statements/0/said_by", "[]", "/statements/0/said_by wrong_type"},
        {"/measures/20/amounts", "{}", "/measures/20/amounts wrong_type"},
        {"/measures/20/amounts/0", "26000000000", "/measures/20/amounts/0 wrong_type"},
        {"/measures/20/amounts/0/value", "2.6e10", "/measures/20/amounts/0/value wrong_type"},
        {"/areas/0/citations/0/paragraph", "'3'", "/areas/0/citations/0/paragraph wrong_type"},
        {"/areas/0/citations/0", "3", "/areas/0/citations/0 wrong_type"},
        {"/areas/0/summits", "['xian-2023']",
         "/areas/0/summits/0 wrong_type\n"
         "/proposals/1/area_ids/0 missing_category\n"
         "/proposals/3/area_ids/2 missing_category\n"
         "/measures/1/area_ids/0 missing_category\n"
         "/measures/2/area_ids/1 missing_category\n"
         "/measures/10/area_ids/2 missing_category\n"
         "/statements/10/area_ids/0 missing_category"},
    };
    (void)state;
    mutation_check(mutations, COUNT(mutations));
}

static void test_texts(void **state)
{
    static const struct mutation mutations[] = {
        {"/areas/0/name", "''", "/areas/0/name empty_text"},
        {"/areas/0/description", "''", "/areas/0/description empty_text"},
        {"/areas/0/name", "'" X200 "'", ""},
        {"/areas/0/name", "'" X200 "x'", "/areas/0/name too_long"},
        {"/areas/0/name", "'" X200 "\xc3\xa9'", "/areas/0/name too_long"},
        {"/participants/0/office", "'" X200 "x'", "/participants/0/office too_long"},
        {"/summits/0/summary", "'" X2000 "'", ""},
        {"/summits/0/summary", "'" X2000 "x'", "/summits/0/summary too_long"},
        {"/measures/0/text", "'" X2000 "x'", "/measures/0/text too_long"},
        {"/sources/0/omitted_paragraphs/0/reason", "'" X200 "x'",
         "/sources/0/omitted_paragraphs/0/reason too_long"},
        {"/measures/20/amounts/0/stated", "'" X200 "x'", "/measures/20/amounts/0/stated too_long"},
        {"/areas/0/name", "'a\\nb'", "/areas/0/name control_character"},
        {"/areas/0/name", "'a\\tb'", "/areas/0/name control_character"},
        {"/areas/0/name", "'a\\u0001b'", "/areas/0/name control_character"},
        {"/areas/0/name", "'a\\u001fb'", "/areas/0/name control_character"},
        {"/areas/0/name", "'a\\u007fb'", "/areas/0/name control_character"},
        {"/areas/0/name", "'a\\u0080b'", "/areas/0/name control_character"},
        {"/areas/0/name", "'a\\u009fb'", "/areas/0/name control_character"},
        {"/areas/0/name", "'a\\u00a0b'", ""},
        {"/areas/0/name", "'a\xc3\x80\xe2\x82\x80 \xf0\x9f\x8e\xa3 b'", ""},
        {"/areas/0/name", "' a'", "/areas/0/name surrounding_blank"},
        {"/areas/0/name", "'a '", "/areas/0/name surrounding_blank"},
        {"/areas/0/name", "' '", "/areas/0/name surrounding_blank"},
        {"/areas/0/name", "' a\\r'",
         "/areas/0/name control_character\n"
         "/areas/0/name surrounding_blank"},
    };
    (void)state;
    mutation_check(mutations, COUNT(mutations));
}

static void test_codes_and_choices(void **state)
{
    static const struct mutation mutations[] = {
        {"/summits/0/country/code", "'XX'", "/summits/0/country/code unknown_code AX"},
        {"/summits/0/country/code", "'cn'", "/summits/0/country/code unknown_code CN"},
        {"/summits/0/country/code", "'CHN'", "/summits/0/country/code unknown_code CH"},
        {"/summits/0/country/code", "''", "/summits/0/country/code unknown_code"},
        {"/measures/20/amounts/0/currency", "'RMB'",
         "/measures/20/amounts/0/currency unknown_code RUB"},
        {"/measures/20/amounts/0/currency", "'cny'",
         "/measures/20/amounts/0/currency unknown_code CNY"},
        {"/measures/20/amounts/0/currency", "'yuan'",
         "/measures/20/amounts/0/currency unknown_code UAH"},
        {"/measures/20/amounts/0/equivalents/0/currency", "'US'",
         "/measures/20/amounts/0/equivalents/0/currency unknown_code USD"},
        {"/measures/20/amounts/0/qualifier", "'at-least'",
         "/measures/20/amounts/0/qualifier unknown_value at_least"},
        {"/measures/20/amounts/0/qualifier", "null", "/measures/20/amounts/0/qualifier wrong_type"},
        {"/measures/0/modality", "'propose'", "/measures/0/modality unknown_value proposes"},
        {"/measures/0/modality", "'WILL'", "/measures/0/modality unknown_value will"},
        {"/statements/0/kind", "'asessment'", "/statements/0/kind unknown_value assessment"},
        {"/participants/0/role", "'chair'", "/participants/0/role unknown_value"},
        {"/mechanisms/0/standing", "'proposd'", "/mechanisms/0/standing unknown_value proposed"},
        {"/areas/0/summits/0/category", "'growth driver'",
         "/areas/0/summits/0/category unknown_value growth_driver"},
        {"/sources/0/language", "'xx'", "/sources/0/language unknown_code"},
        {"/sources/0/language", "'english'", "/sources/0/language unknown_code"},
        {"/sources/0/language", "'e'", "/sources/0/language unknown_code"},
        {"/sources/0/language", "''", "/sources/0/language unknown_code"},
        {"/sources/0/language", "'en-'", "/sources/0/language unknown_code"},
        {"/sources/0/language", "'en_US'", "/sources/0/language unknown_code"},
        {"/sources/0/language", "'en--US'", "/sources/0/language unknown_code"},
        {"/sources/0/language", "'en-" X25 "'", "/sources/0/language unknown_code"},
        {"/sources/0/language", "'zh-Hans-CN'", ""},
    };
    (void)state;
    mutation_check(mutations, COUNT(mutations));
}

static void test_dates_urls_and_numbers(void **state)
{
    static const struct mutation mutations[] = {
        {"/summits/0/starts_on", "'2023-02-29'", "/summits/0/starts_on invalid_date"},
        {"/summits/0/starts_on", "'18 May 2023'", "/summits/0/starts_on invalid_date"},
        {"/summits/0/starts_on", "''", "/summits/0/starts_on invalid_date"},
        {"/summits/0/starts_on", "'2023-05-18T00:00:00Z'", "/summits/0/starts_on invalid_date"},
        {"/summits/0/ends_on", "'2023-05-17'", "/summits/0/ends_on dates_reversed"},
        {"/summits/0/ends_on", "'2023-05-18'", ""},
        {"/sources/0/published_on", "'2023-13-01'", "/sources/0/published_on invalid_date"},
        {"/sources/0/published_on", "'2023-05-20'", ""},
        {"/sources/0/url", "'https://example.org/a?b=c#d'", ""},
        {"/sources/0/url", "'http://[::1]:8080/'", ""},
        {"/sources/0/url", "'example.org'", "/sources/0/url invalid_url"},
        {"/sources/0/url", "'ftp://example.org/'", "/sources/0/url invalid_url"},
        {"/sources/0/url", "'javascript:alert(1)'", "/sources/0/url invalid_url"},
        {"/sources/0/url", "'https://'", "/sources/0/url invalid_url"},
        {"/sources/0/url", "'https:///path'", "/sources/0/url invalid_url"},
        {"/sources/0/url", "'https://a b/'", "/sources/0/url invalid_url"},
        {"/sources/0/url", "'https://\xc3\xa9.example/'", "/sources/0/url invalid_url"},
        {"/sources/0/url", "'https://x/<script>'", "/sources/0/url invalid_url"},
        {"/sources/0/url", "'https://" X2000 "'", "/sources/0/url too_long"},
        {"/participants/5/position", "0", "/participants/5/position out_of_range"},
        {"/participants/5/position", "-1", "/participants/5/position out_of_range"},
        {"/participants/5/position", "10001",
         "/participants/5/position out_of_range\n/participants/5/position missing_number"},
        {"/measures/20/amounts/0/value", "-1", "/measures/20/amounts/0/value out_of_range"},
        {"/measures/20/amounts/0/value", "9007199254740991", ""},
        {"/measures/20/amounts/0/value", "9007199254740992",
         "/measures/20/amounts/0/value out_of_range"},
        {"/measures/20/amounts/0/value", "9223372036854775807",
         "/measures/20/amounts/0/value out_of_range"},
        {"/areas/0/citations/0/paragraph", "0", "/areas/0/citations/0/paragraph out_of_range"},
    };
    (void)state;
    mutation_check(mutations, COUNT(mutations));
}

static void test_ids(void **state)
{
    static const struct mutation mutations[] = {
        {"/statements/0/id", "'xian-2023-Milestone'", "/statements/0/id invalid_slug"},
        {"/statements/0/id", "'xian-2023-'", "/statements/0/id invalid_slug"},
        {"/statements/0/id", "'xian-2023-a--b'", "/statements/0/id invalid_slug"},
        {"/statements/0/id", "''", "/statements/0/id invalid_slug\n/statements/0/id id_prefix"},
        {"/statements/0/id", "'xian-2023-" X25 X25 "xxxxx'", "/statements/0/id invalid_slug"},
        {"/statements/0/id", "'xian-2023-" X25 X25 "xxxx'", ""},
        {"/statements/0/id", "'milestone'", "/statements/0/id id_prefix"},
        {"/statements/0/id", "'xian-2023'", "/statements/0/id id_prefix"},
        {"/statements/0/id", "'xian-20234'", "/statements/0/id id_prefix"},
        {"/statements/0/id", "'xian-2023-shared-future'", "/statements/5/id duplicate_id"},
        {"/initiatives/0/id", "'global-security-initiative'",
         "/initiatives/1/id duplicate_id\n/statements/7/initiative_ids/0 unknown_id"},
        {"/measures/0/proposal_id", "'xian-2023-trad'",
         "/measures/0/proposal_id unknown_id xian-2023-trade"},
        {"/measures/0/proposal_id", "'nothing-like-it'", "/measures/0/proposal_id unknown_id"},
        {"/measures/3/area_ids/0", "'trde'", "/measures/3/area_ids/0 unknown_id trade"},
        {"/measures/3/area_ids/0", "'Trade'",
         "/measures/3/area_ids/0 invalid_slug\n"
         "/measures/3/area_ids/0 unknown_id trade"},
        {"/statements/1/said_by", "'xian-2023-xi-jinpin'",
         "/statements/1/said_by unknown_id xian-2023-xi-jinping"},
        {"/statements/1/said_by", "'xian-2023'", "/statements/1/said_by unknown_id"},
        {"/statements/1/said_by", "null", ""},
        {"/statements/0/summit_id", "'xian-2032'",
         "/statements/0/id id_prefix\n/statements/0/summit_id unknown_id xian-2023"},
        {"/mechanisms/0/proposal_id", "'xian-2023-cooperation-mechanism'",
         "/mechanisms/0/proposal_id unknown_id xian-2023-cooperation-mechanisms"},
        {"/mechanisms/0/proposal_id", "null", ""},
        {"/areas/0/citations/0/source_id", "'president-xi-charts-curse'",
         "/areas/0/citations/0/source_id unknown_id president-xi-charts-course"},
        {"/areas/0/summits/0/summit_id", "'xian-2024'",
         "/proposals/1/area_ids/0 missing_category\n"
         "/proposals/3/area_ids/2 missing_category\n"
         "/measures/1/area_ids/0 missing_category\n"
         "/measures/2/area_ids/1 missing_category\n"
         "/measures/10/area_ids/2 missing_category\n"
         "/areas/0/summits/0/summit_id unknown_id xian-2023\n"
         "/statements/10/area_ids/0 missing_category"},
        {"/areas/31/summits", "[]",
         "/areas/31/summits too_few\n"
         "/statements/3/area_ids/0 missing_category\n"
         "/statements/7/area_ids/0 missing_category"},
    };
    (void)state;
    mutation_check(mutations, COUNT(mutations));
}

static void test_lists_and_numbering(void **state)
{
    static const struct mutation mutations[] = {
        {"/measures/3/area_ids/-", "'connectivity'", "/measures/3/area_ids/2 repeated_entry"},
        {"/areas/0/citations/-", "{" SOURCE ", 'paragraph': 10}",
         "/areas/0/citations/3 repeated_entry"},
        {"/areas/0/summits/-", "{'summit_id': 'xian-2023', 'category': 'traditional'}",
         "/areas/0/summits/1 repeated_entry"},
        {"/areas/0/summits/-", "{'summit_id': 'xian-2023', 'category': 'other'}",
         "/areas/0/summits/1 repeated_entry"},
        {"/areas/0/citations", "[]", "/areas/0/citations missing_citation"},
        {"/areas/0/citations/-", "{" SOURCE ", 'paragraph': 34}",
         "/areas/0/citations/3/paragraph unknown_paragraph"},
        {"/areas/0/citations/-", "{" SOURCE ", 'paragraph': 1}",
         "/sources/0/omitted_paragraphs cited_paragraph"},
        {"/sources/0/omitted_paragraphs/0", NULL,
         "/sources/0/omitted_paragraphs uncited_paragraph"},
        {"/sources/0/omitted_paragraphs/-", "{'paragraph': 10, 'reason': 'None.'}",
         "/sources/0/omitted_paragraphs cited_paragraph"},
        {"/sources/0/omitted_paragraphs/-", "{'paragraph': 34, 'reason': 'None.'}",
         "/sources/0/omitted_paragraphs/6/paragraph unknown_paragraph"},
        {"/sources/0/omitted_paragraphs/-", "{'paragraph': 1, 'reason': 'Again.'}",
         "/sources/0/omitted_paragraphs/6 repeated_entry"},
        {"/sources/0/paragraph_count", "34", "/sources/0/omitted_paragraphs uncited_paragraph"},
        {"/sources/0/paragraph_count", "0", "/sources/0/paragraph_count out_of_range"},
        {"/participants/2/position", "2", "/participants/2/position repeated_number"},
        {"/participants/5/position", "7", "/participants/5/position missing_number"},
        {"/proposals/7/number", "9", "/proposals/7/number missing_number"},
        {"/proposals/0/number", "2", "/proposals/1/number repeated_number"},
        {"/measures/3/number", "6", "/measures/3/number missing_number"},
        {"/measures/4/number", "1", "/measures/4/number repeated_number"},
    };
    (void)state;
    mutation_check(mutations, COUNT(mutations));
}

static void test_aliases(void **state)
{
    static const struct mutation mutations[] = {
        {"/summits/0/aliases", NULL, ""},
        {"/summits/0/aliases", "[]", ""},
        {"/participants/0/aliases", "['a', 'b', '" X200 "']", ""},
        {"/areas/0/aliases", "['commerce']", ""},
        {"/initiatives/0/aliases", "['a']", ""},
        {"/mechanisms/0/aliases", "['a']", ""},
        {"/proposals/0/aliases", "[]", "/proposals/0/aliases unknown_key"},
        {"/measures/0/aliases", "[]", "/measures/0/aliases unknown_key"},
        {"/statements/0/aliases", "[]", "/statements/0/aliases unknown_key"},
        {"/sources/0/aliases", "[]", "/sources/0/aliases unknown_key"},
        {"/areas/0/alias", "[]", "/areas/0/alias unknown_key aliases"},
        {"/areas/0/aliases", "null", "/areas/0/aliases wrong_type"},
        {"/areas/0/aliases", "'commerce'", "/areas/0/aliases wrong_type"},
        {"/areas/0/aliases", "{}", "/areas/0/aliases wrong_type"},
        {"/areas/0/aliases", "[1, null, ['a'], '']",
         "/areas/0/aliases/0 wrong_type\n"
         "/areas/0/aliases/1 wrong_type\n"
         "/areas/0/aliases/2 wrong_type\n"
         "/areas/0/aliases/3 empty_text"},
        {"/areas/0/aliases", "['" X200 "x', ' a', 'a\\tb']",
         "/areas/0/aliases/0 too_long\n"
         "/areas/0/aliases/1 surrounding_blank\n"
         "/areas/0/aliases/2 control_character"},
        {"/areas/0/aliases", "['a', 'b', 'a', 'A', 'b']",
         "/areas/0/aliases/2 repeated_entry\n/areas/0/aliases/4 repeated_entry"},
        {"/areas/0/aliases", "[" TEN("a") ", " TEN("b") "]", ""},
        {"/areas/0/aliases", "[" TEN("a") ", " TEN("b") ", 'c']", "/areas/0/aliases too_many"},
    };
    (void)state;
    mutation_check(mutations, COUNT(mutations));
}

/* Rows may only name what belongs to their own summit. */
static void test_other_summits_rows(void **state)
{
    static const char expected[] = "/proposals/8/proposed_by other_summit\n"
                                   "/proposals/8/area_ids/0 missing_category\n"
                                   "/measures/0/mechanism_ids/0 other_summit\n"
                                   "/statements/0/said_by other_summit\n"
                                   "/mechanisms/0/proposal_id other_summit";
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
    fixture_set_new(record, "/proposals/8/proposed_by", json_string("xian-2023-xi-jinping"));
    fixture_set_new(record, "/proposals/8/area_ids/0", json_string("trade"));
    fixture_set_new(record, "/measures/0/mechanism_ids/0", json_string("pond-2021-council"));
    fixture_set_new(record, "/statements/0/said_by", json_string("pond-2021-host"));
    fixture_set_new(record, "/mechanisms/0/proposal_id", json_string("pond-2021-reeds"));
    JSON *problems = fixture_problems(record);
    TEXT *found = mutation_describe(problems);
    assert_string_equal(found, expected);
}

static void test_empty_records(void **state)
{
    JSON *record = fixture_json("{'version': 1, 'summits': [], 'participants': [], 'proposals': "
                                "[], 'measures': [], 'areas': [], 'statements': [], 'initiatives': "
                                "[], 'mechanisms': [], 'sources': []}");
    JSON *nothing = json_object();
    JSON *array = json_array();
    JSON *few = fixture_problems(record);
    JSON *none = fixture_problems(nothing);
    JSON *wrong = fixture_problems(array);
    TEXT *of_few = mutation_describe(few);
    TEXT *of_wrong = mutation_describe(wrong);
    (void)state;
    assert_string_equal(of_few, "/summits too_few");
    assert_string_equal(of_wrong, " wrong_type");
    assert_int_equal(json_array_size(none), 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_codes_and_choices),
        cmocka_unit_test(test_dates_urls_and_numbers),
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_lists_and_numbering),
        cmocka_unit_test(test_aliases),
        cmocka_unit_test(test_other_summits_rows),
        cmocka_unit_test(test_empty_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
