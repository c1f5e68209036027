/* CSV and NDJSON: the rows read back from them are those of the JSON; all of them, or a page. */
#include "check.h"
#include "collections.h"
#include "csv_reader.h"
#include "daemon.h"
#include "folder.h"
#include "http.h"
#include "process.h"
#include "resource.h"

#include <string.h>

/* Appends the query to a target that may have one. */
static char *with(const char *target, const char *query)
{
    assert_non_null(target);
    return text_of("%s%c%s", target, strchr(target, '?') != NULL ? '&' : '?', query);
}

/* The rows of a CSV reply, whose first line names the columns. The caller owns them. */
static json_t *csv_rows(const struct http_reply *reply, const char *resource)
{
    json_auto_t *lines = csv_read(reply->body, reply->body_length);
    json_t *header = json_array_get(lines, 0);
    json_t *rows = json_array();
    assert_non_null(header);
    for (size_t i = 1; i < json_array_size(lines); i++) {
        json_t *row =
            csv_restore(resource_find(resource)->fields, header, json_array_get(lines, i));
        assert_int_equal(json_array_append_new(rows, row), 0);
    }
    return rows;
}

/* The rows of an NDJSON reply: one JSON text a line, each ended by a line feed. */
static json_t *ndjson_rows(const struct http_reply *reply)
{
    json_t *rows = json_array();
    const char *at = reply->body;
    const char *end = at + reply->body_length;
    while (at < end) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        assert_non_null(line_end);
        json_t *row = json_loadb(at, (size_t)(line_end - at), JSON_REJECT_DUPLICATES, NULL);
        assert_true(json_is_object(row));
        assert_int_equal(json_array_append_new(rows, row), 0);
        at = line_end + 1;
    }
    return rows;
}

/* Both forms of a target have the rows of its JSON. */
static void check_forms(void *daemon, const char *target, const char *resource)
{
    json_auto_t *expected = rows_of(daemon, target);
    TEXT *csv_target = with(target, "format=csv");
    TEXT *ndjson_target = with(target, "format=ndjson");
    HTTP_REPLY *csv = http_get_status(daemon, csv_target, 200);
    HTTP_REPLY *ndjson = http_get_status(daemon, ndjson_target, 200);
    json_auto_t *from_csv = csv_rows(csv, resource);
    json_auto_t *from_ndjson = ndjson_rows(ndjson);
    assert_json_equal(from_csv, expected, csv_target);
    assert_json_equal(from_ndjson, expected, ndjson_target);
    assert_null(strstr(http_header(csv, "Link"), "rel=\"next\""));
    assert_null(strstr(http_header(ndjson, "Link"), "rel=\"next\""));
}

static void rows_read_back_equal_the_rows(void **state)
{
    for (size_t i = 0; i < COLLECTION_COUNT; i++) {
        const char *name = collections[i].name;
        TEXT *target = text_of("/v1/%s", name);
        TEXT *nested = text_of("/v1/summits/lakeside-2020/%s", name);
        check_forms(*state, target, name);
        if (collections[i].nested) {
            check_forms(*state, nested, name);
        }
    }
}

static void parameters_work_on_them_too(void **state)
{
    static const struct {
        const char *target;
        const char *resource;
    } cases[] = {
        {"/v1/measures?area=energy,trade&sort=-number", "measures"},
        {"/v1/measures?q=china", "measures"},
        {"/v1/measures?q=china&sort=modality", "measures"},
        {"/v1/measures?fields=id,amounts,text", "measures"},
        {"/v1/summits?fields=country", "summits"},
        {"/v1/areas?summit=xian-2023&category=growth_driver", "areas"},
        {"/v1/statements?q=nothingofthekind", "statements"},
        {"/v1/participants?country=NO,KZ&fields=name,country", "participants"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (strstr(cases[i].target, "fields=") == NULL) {
            check_forms(*state, cases[i].target, cases[i].resource);
            continue;
        }
        json_auto_t *page = http_get_json(*state, cases[i].target);
        TEXT *csv_target = with(cases[i].target, "format=csv");
        TEXT *ndjson_target = with(cases[i].target, "format=ndjson");
        HTTP_REPLY *csv = http_get_status(*state, csv_target, 200);
        HTTP_REPLY *ndjson = http_get_status(*state, ndjson_target, 200);
        json_auto_t *from_csv = csv_rows(csv, cases[i].resource);
        json_auto_t *from_ndjson = ndjson_rows(ndjson);
        assert_json_equal(from_csv, json_object_get(page, "data"), csv_target);
        assert_json_equal(from_ndjson, json_object_get(page, "data"), ndjson_target);
    }
}

static void columns_are_documented(void **state)
{
    static const char *const cases[][2] = {
        {"/v1/participants?format=csv",
         "id,summit_id,name,office,country.code,country.name,role,position,citations.source_id,"
         "citations.paragraph\r\n"},
        {"/v1/measures?format=csv&q=nothingofthekind",
         "id,summit_id,proposal_id,number,text,modality,amounts.value,amounts.currency,"
         "amounts.qualifier,amounts.stated,amounts.equivalents,area_ids,initiative_ids,"
         "mechanism_ids,citations.source_id,citations.paragraph\r\n"},
        {"/v1/measures?format=csv&fields=text,id", "id,text\r\n"},
        {"/v1/summits?format=csv&fields=country", "country.code,country.name\r\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        HTTP_REPLY *reply = http_get_status(*state, cases[i][0], 200);
        size_t length = strlen(cases[i][1]);
        assert_true(reply->body_length >= length);
        assert_memory_equal(reply->body, cases[i][1], length);
        bool is_empty = strstr(cases[i][0], "nothing") != NULL;
        assert_int_equal(reply->body_length == length, is_empty);
    }
    HTTP_REPLY *empty =
        http_get_status(*state, "/v1/measures?format=ndjson&q=nothingofthekind", 200);
    assert_int_equal(empty->body_length, 0);
}

/* The pond's record with as many more measures; the first few of them with texts that a program
 * for spreadsheets would run. */
enum { MORE = 700 };

static const char *const dangerous[] = {
    "=1+1",
    "=HYPERLINK(\"https://pond.example\",\"x\")",
    "+1 crown",
    "-1 crown",
    "@SUM(A1)",
    "'=1+1",
    "''=1",
    "= 1, with a comma",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "'quoted' words",
    "a|b\\c",
    "-5",
    "1;2",
};

enum { DANGEROUS = sizeof dangerous / sizeof dangerous[0] };

static void write_large_record(const char *path)
{
    json_auto_t *record = json_load_file(POND, 0, NULL);
    json_t *rows = json_object_get(record, "measures");
    for (int i = 1; i <= MORE; i++) {
        TEXT *id = text_of("pond-2021-reeds-%d", i);
        TEXT *text = i <= DANGEROUS
                         ? text_of("%s", dangerous[i - 1])
                         : text_of("Reeds will be cut, \"quoted\", for the time no. %d, so that "
                                   "the answer does not fit into one piece of a stream.",
                                   i);
        json_t *row = json_deep_copy(json_array_get(rows, 0));
        json_t *amount = json_array_get(json_object_get(row, "amounts"), 0);
        json_object_set_new(amount, "stated", json_string(text));
        json_object_set_new(row, "id", json_string(id));
        json_object_set_new(row, "number", json_integer(i + 1));
        json_object_set_new(row, "text", json_string(text));
        assert_int_equal(json_array_append_new(rows, row), 0);
    }
    assert_int_equal(json_dump_file(record, path, 0), 0);
}

/* Setup of the tests that need it; the second finds it there. */
static int add_large_record(void **state)
{
    struct daemon *daemon = *state;
    HTTP_REPLY *reply = http_get(daemon, "/v1/summits/pond-2021");
    if (reply->status == 200) {
        return 0;
    }
    TEXT *path = folder_join(daemon->folder, "large.json");
    write_large_record(path);
    daemon_import(daemon, WORDS(path));
    http_reply_free(http_wait_status(daemon, "/v1/summits/pond-2021", 200));
    return 0;
}

/* All rows of a collection of more than one page, by the pages of its JSON. */
static json_t *all_rows(void *daemon, const char *target)
{
    json_t *rows = json_array();
    TEXT *at = with(target, "limit=200");
    while (at != NULL) {
        json_auto_t *page = http_get_json(daemon, at);
        json_array_extend(rows, json_object_get(page, "data"));
        json_t *next = json_object_get(json_object_get(page, "links"), "next");
        text_release(&at);
        at = json_is_null(next) ? NULL : text_of("%s", json_string_value(next));
    }
    return rows;
}

static void without_a_limit_all_rows_come(void **state)
{
    static const char *const targets[] = {"/v1/measures", "/v1/measures?sort=-id",
                                          "/v1/measures?q=reeds&sort=number",
                                          "/v1/measures?area=reeds", "/v1/measures?q=reeds"};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        json_auto_t *expected = all_rows(*state, targets[i]);
        assert_true(json_array_size(expected) > MORE / 2);
        TEXT *csv_target = with(targets[i], "format=csv");
        TEXT *ndjson_target = with(targets[i], "format=ndjson");
        HTTP_REPLY *csv = http_get_status(*state, csv_target, 200);
        HTTP_REPLY *ndjson = http_get_status(*state, ndjson_target, 200);
        json_auto_t *from_csv = csv_rows(csv, "measures");
        json_auto_t *from_ndjson = ndjson_rows(ndjson);
        assert_json_equal(from_csv, expected, csv_target);
        assert_json_equal(from_ndjson, expected, ndjson_target);
        assert_null(strstr(http_header(csv, "Link"), "rel=\"next\""));
    }
    HTTP_REPLY *plain = http_get_status(*state, "/v1/measures?format=csv", 200);
    HTTP_REPLY *coded =
        http_request(*state, "GET", "/v1/measures?format=csv", WORDS("Accept-Encoding: gzip"));
    size_t length = 0;
    TEXT *body = http_body_gunzip(coded, &length);
    assert_int_equal(length, plain->body_length);
    assert_memory_equal(body, plain->body, length);
}

/* What a Link header calls next; NULL when nothing is. The caller frees it. */
static char *next_link(const struct http_reply *reply)
{
    const char *link = http_header(reply, "Link");
    assert_non_null(link);
    const char *end = strstr(link, ">; rel=\"next\"");
    if (end == NULL) {
        return NULL;
    }
    assert_int_equal(*link, '<');
    return text_of("%.*s", (int)(end - link - 1), link + 1);
}

static void walk(void *daemon, const char *target, const char *format, size_t limit)
{
    json_auto_t *expected = all_rows(daemon, target);
    json_auto_t *walked = json_array();
    TEXT *query = text_of("limit=%zu&format=%s", limit, format);
    TEXT *at = with(target, query);
    bool is_csv = strcmp(format, "csv") == 0;
    while (at != NULL) {
        HTTP_REPLY *reply = http_get_status(daemon, at, 200);
        json_auto_t *rows = is_csv ? csv_rows(reply, "measures") : ndjson_rows(reply);
        json_array_extend(walked, rows);
        assert_true(json_array_size(walked) <= json_array_size(expected));
        text_release(&at);
        at = next_link(reply);
        assert_true(at != NULL ? json_array_size(rows) == limit : json_array_size(rows) <= limit);
    }
    assert_json_equal(walked, expected, target);
}

static void with_a_limit_pages_come(void **state)
{
    static const char *const targets[] = {"/v1/measures?summit=xian-2023",
                                          "/v1/measures?area=energy&sort=-number",
                                          "/v1/measures?q=china&sort=id", "/v1/measures?q=china"};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        for (size_t limit = 1; limit <= 4; limit += 3) {
            walk(*state, targets[i], "csv", limit);
            walk(*state, targets[i], "ndjson", limit);
        }
    }
    walk(*state, "/v1/measures", "csv", 200);
    walk(*state, "/v1/measures", "ndjson", 200);
}

/* From a page on, without a limit, everything that is left. */
static void a_cursor_alone_gives_the_rest(void **state)
{
    json_auto_t *expected = all_rows(*state, "/v1/measures?sort=-number");
    HTTP_REPLY *page =
        http_get_status(*state, "/v1/measures?sort=-number&limit=100&format=ndjson", 200);
    json_auto_t *rows = ndjson_rows(page);
    TEXT *next = next_link(page);
    assert_non_null(next);
    const char *cursor = strstr(next, "cursor=");
    assert_non_null(cursor);
    TEXT *target =
        text_of("/v1/measures?sort=-number&format=ndjson&%.*s", (int)strcspn(cursor, "&"), cursor);
    HTTP_REPLY *rest = http_get_status(*state, target, 200);
    json_auto_t *others = ndjson_rows(rest);
    json_array_extend(rows, others);
    assert_json_equal(rows, expected, target);
    assert_null(next_link(rest));
}

/* Nobody's program runs what somebody wrote into a record, and who reads it gets what was there. */
static void formulas_are_only_text(void **state)
{
    HTTP_REPLY *reply = http_get_status(
        *state, "/v1/measures?summit=pond-2021&sort=number&limit=20&format=csv&fields=number,text",
        200);
    json_auto_t *lines = csv_read(reply->body, reply->body_length);
    json_auto_t *rows = csv_rows(reply, "measures");
    size_t guarded = 0;
    for (size_t i = 0; i < DANGEROUS; i++) {
        json_t *row = json_array_get(rows, i + 1);
        json_t *cell = json_array_get(json_array_get(lines, i + 2), 1);
        const char *text = json_string_value(cell);
        assert_string_equal(json_string_value(json_object_get(row, "text")), dangerous[i]);
        assert_non_null(text);
        assert_false(csv_is_formula(text, json_string_length(cell)));
        guarded += strcmp(text, dangerous[i]) != 0 ? 1 : 0;
    }
    assert_int_equal(guarded, 13);
    assert_non_null(strstr(reply->body, "\r\n2,\"'=1+1\"\r\n"));
    check_forms(*state,
                "/v1/measures?summit=pond-2021&proposal=pond-2021-reeds&modality=will"
                "&q=crown",
                "measures");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_read_back_equal_the_rows),
        cmocka_unit_test(parameters_work_on_them_too),
        cmocka_unit_test(columns_are_documented),
        cmocka_unit_test_setup(without_a_limit_all_rows_come, add_large_record),
        cmocka_unit_test_setup(with_a_limit_pages_come, add_large_record),
        cmocka_unit_test_setup(a_cursor_alone_gives_the_rest, add_large_record),
        cmocka_unit_test_setup(formulas_are_only_text, add_large_record),
    };
    return cmocka_run_group_tests(tests, start_two_summits, daemon_stop_all);
}
