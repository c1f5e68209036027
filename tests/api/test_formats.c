/* In which form an address is answered: the Accept field, format, which beats it, and what each
 * form has in its header fields. What stands in the forms is in test_tables.c and
 * test_linked_data.c. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "http.h"
#include "problem.h"
#include "process.h"

#include <string.h>

#define JSON "application/json"
#define NDJSON "application/x-ndjson"
#define CSV "text/csv; charset=utf-8; header=present"
#define LD "application/ld+json"
#define CSL "application/vnd.citationstyles.csl+json"
#define BIBTEX "application/x-bibtex"
#define TEXT_TYPE "text/plain; charset=utf-8"

/* Kinds of address, with the names of their formats, the usual one first, and the media types. */
static const struct {
    const char *target;
    const char *formats[5];
    const char *types[5];
    const char *file; /* that CSV is saved as; NULL where there is none */
} addresses[] = {
    {"/v1/measures", {"json", "ndjson", "csv", "jsonld"}, {JSON, NDJSON, CSV, LD}, "measures.csv"},
    {"/v1/summits/xian-2023/areas",
     {"json", "ndjson", "csv", "jsonld"},
     {JSON, NDJSON, CSV, LD},
     "areas.csv"},
    {"/v1/summits/xian-2023", {"json", "jsonld"}, {JSON, LD}, NULL},
    {"/v1/citations/summits/xian-2023", {"csl", "bibtex", "text"}, {CSL, BIBTEX, TEXT_TYPE}, NULL},
};

enum { ADDRESS_COUNT = sizeof addresses / sizeof addresses[0] };

static void assert_header(const struct http_reply *reply, const char *name, const char *value)
{
    const char *is = http_header(reply, name);
    if (is == NULL || strcmp(is, value) != 0 || http_header_count(reply, name) != 1) {
        fail_msg("%s is %s, not %s", name, is != NULL ? is : "missing", value);
    }
}

static void check_form(void *daemon, const char *target, const char *header, const char *type,
                       const char *file)
{
    HTTP_REPLY *reply = http_request(daemon, "GET", target, WORDS(header));
    if (reply->status != 200) {
        fail_msg("%s with %s: %d: %s", target, header, reply->status, reply->body);
    }
    assert_header(reply, "Content-Type", type);
    assert_header(reply, "Vary", "Accept, Accept-Encoding");
    assert_header(reply, "X-Content-Type-Options", "nosniff");
    assert_non_null(http_header(reply, "ETag"));
    if (file == NULL || strcmp(type, CSV) != 0) {
        assert_null(http_header(reply, "Content-Disposition"));
    } else {
        TEXT *disposition = text_of("attachment; filename=\"%s\"", file);
        assert_header(reply, "Content-Disposition", disposition);
    }
}

/* By name whatever the Accept field says, and by the field where there is no name. */
static void each_form_can_be_had_both_ways(void **state)
{
    for (size_t i = 0; i < ADDRESS_COUNT; i++) {
        const char *target = addresses[i].target;
        check_form(*state, target, "Accept: */*", addresses[i].types[0], addresses[i].file);
        check_form(*state, target, "Accept:", addresses[i].types[0], addresses[i].file);
        for (size_t j = 0; addresses[i].formats[j] != NULL; j++) {
            TEXT *named = text_of("%s?format=%s", target, addresses[i].formats[j]);
            TEXT *accepted = text_of("Accept: %s", addresses[i].types[j]);
            const char *type = addresses[i].types[j];
            check_form(*state, target, accepted, type, addresses[i].file);
            for (size_t k = 0; addresses[i].types[k] != NULL; k++) {
                TEXT *other = text_of("Accept: %s", addresses[i].types[k]);
                check_form(*state, named, other, type, addresses[i].file);
            }
            check_form(*state, named, "Accept: image/png", type, addresses[i].file);
            check_form(*state, named, "Accept: */*;q=0", type, addresses[i].file);
        }
    }
}

/* RFC 9110 section 12.5.1. The type is NULL where none will do. */
static void weights_are_honoured(void **state)
{
    static const struct {
        const char *accept;
        const char *type;
    } cases[] = {
        {"*/*", JSON},
        {"application/*", JSON},
        {"text/*", CSV},
        {"text/csv", CSV},
        {"TEXT/CSV", CSV},
        {"text/csv;charset=utf-8", CSV},
        {"text/csv; header=present", CSV},
        {"text/csv; header=absent", NULL},
        {"text/csv;q=0.001", CSV},
        {"text/csv, application/json", JSON},
        {"text/csv, application/json;q=0.9", CSV},
        {"text/csv;q=0.5, application/json;q=0.4", CSV},
        {"text/csv;q=0.4, application/json", JSON},
        {"application/ld+json, application/json;q=0.9, */*;q=0.1", LD},
        {"application/x-ndjson;q=0.8, application/*;q=0.5", NDJSON},
        {"application/json;q=0.1, application/ld+json;q=0.9, text/*;q=0.95", CSV},
        {"*/*;q=0.5, application/json;q=0.1", NDJSON},
        {"application/json;q=0, */*", NDJSON},
        {"application/json;q=0, application/x-ndjson;q=0, */*;q=0.1", CSV},
        {"text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", JSON},
        {"text/html", NULL},
        {"text/csv;q=0", NULL},
        {"application/json;q=0", NULL},
        {"application/xml, image/*", NULL},
        {"text/plain", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        TEXT *header = text_of("Accept: %s", cases[i].accept);
        if (cases[i].type != NULL) {
            check_form(*state, "/v1/measures", header, cases[i].type, "measures.csv");
        } else {
            HTTP_REPLY *reply = http_request(*state, "GET", "/v1/measures", WORDS(header));
            problem_check(reply, 406, "not-acceptable", "/v1/measures");
        }
    }
}

/* A 406 says what can be had instead. */
static void what_cannot_be_had_lists_what_can(void **state)
{
    for (size_t i = 0; i < ADDRESS_COUNT; i++) {
        HTTP_REPLY *reply =
            http_request(*state, "GET", addresses[i].target, WORDS("Accept: image/png"));
        problem_check(reply, 406, "not-acceptable", addresses[i].target);
        assert_header(reply, "Vary", "Accept, Accept-Encoding");
        const char *at = json_string_value(json_object_get(reply->json, "detail"));
        for (size_t j = 0; addresses[i].types[j] != NULL; j++) {
            at = strstr(at, addresses[i].types[j]);
            assert_non_null(at);
            at += strlen(addresses[i].types[j]);
        }
    }
    static const char *const others[] = {"/v1", "/v1/search?q=china", "/v1/graph",
                                         "/v1/summits/xian-2023/record", "/v1/export.sqlite"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        HTTP_REPLY *reply = http_request(*state, "GET", others[i], WORDS("Accept: text/csv"));
        problem_check(reply, 406, "not-acceptable", NULL);
    }
}

/* The parameter is there, so it is what is wrong, and not the field. */
static void a_wrong_format_is_a_400_whatever_is_accepted(void **state)
{
    for (size_t i = 0; i < ADDRESS_COUNT; i++) {
        TEXT *target = text_of("%s?format=xml", addresses[i].target);
        HTTP_REPLY *reply = http_request(*state, "GET", target, WORDS("Accept: image/png"));
        problem_check(reply, 400, "invalid-parameter", addresses[i].target);
        assert_non_null(problem_error(reply, "format"));
    }
    /* What goes with one form only is refused where Accept chose another. */
    HTTP_REPLY *csv =
        http_request(*state, "GET", "/v1/measures?include=areas", WORDS("Accept: text/csv"));
    problem_check(csv, 400, "invalid-parameter", "/v1/measures");
    HTTP_REPLY *json = http_request(*state, "GET", "/v1/measures?include=areas&format=json",
                                    WORDS("Accept: text/csv"));
    assert_int_equal(json->status, 200);
}

/* Every form and coding of one address. */
enum { FORM_COUNT = 10 };

static const char *const forms[FORM_COUNT][2] = {
    {"/v1/measures?format=json", "Accept-Encoding: identity"},
    {"/v1/measures?format=json", "Accept-Encoding: gzip"},
    {"/v1/measures?format=ndjson", "Accept-Encoding: identity"},
    {"/v1/measures?format=ndjson", "Accept-Encoding: gzip"},
    {"/v1/measures?format=csv", "Accept-Encoding: identity"},
    {"/v1/measures?format=csv", "Accept-Encoding: gzip"},
    {"/v1/measures?format=jsonld", "Accept-Encoding: identity"},
    {"/v1/measures?format=jsonld", "Accept-Encoding: gzip"},
    {"/v1/measures?format=json&pretty", "Accept-Encoding: identity"},
    {"/v1/measures?format=jsonld&pretty", "Accept-Encoding: identity"},
};

static void each_form_has_a_tag_of_its_own(void **state)
{
    char *tags[FORM_COUNT];
    for (size_t i = 0; i < FORM_COUNT; i++) {
        HTTP_REPLY *reply = http_request(*state, "GET", forms[i][0], WORDS(forms[i][1]));
        assert_int_equal(reply->status, 200);
        tags[i] = text_of("%s", http_header(reply, "ETag"));
        assert_int_equal(*tags[i], '"');
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(tags[i], tags[j]);
        }
    }
    static const char *const methods[] = {"GET", "HEAD"};
    for (size_t i = 0; i < 2 * FORM_COUNT * FORM_COUNT; i++) {
        const char *const *form = forms[i / 2 % FORM_COUNT];
        const char *tag = tags[i / 2 / FORM_COUNT];
        bool is_own = tag == tags[i / 2 % FORM_COUNT];
        TEXT *match = text_of("If-None-Match: %s", tag);
        HTTP_REPLY *reply = http_request(*state, methods[i % 2], form[0], WORDS(form[1], match));
        assert_int_equal(reply->status, is_own ? 304 : 200);
        assert_header(reply, "ETag", tags[i / 2 % FORM_COUNT]);
        assert_header(reply, "Vary", "Accept, Accept-Encoding");
        assert_true(reply->body_length == 0 || (!is_own && i % 2 == 0));
    }
    for (size_t i = 0; i < FORM_COUNT; i++) {
        text_release(&tags[i]);
    }
}

/* Fails unless the replies have the same fields, but for the time. */
static void check_same_head(const struct http_reply *one, const struct http_reply *other,
                            const char *target)
{
    assert_int_equal(one->status, other->status);
    assert_int_equal(one->header_count, other->header_count);
    for (size_t i = 0; i < one->header_count; i++) {
        const char *value = http_header(other, one->names[i]);
        bool is_same = value != NULL && strcmp(value, one->values[i]) == 0;
        if (!is_same && strcasecmp(one->names[i], "Date") != 0) {
            fail_msg("%s: %s is %s with one, %s with the other", target, one->names[i],
                     one->values[i], value != NULL ? value : "missing");
        }
    }
}

static void head_is_get_without_its_body(void **state)
{
    static const char *const targets[] = {
        "/v1/measures",
        "/v1/measures?format=ndjson",
        "/v1/measures?format=csv",
        "/v1/measures?format=csv&limit=2",
        "/v1/measures?format=ndjson&limit=2",
        "/v1/measures?format=jsonld&limit=2",
        "/v1/measures?format=csv&q=nothingofthekind",
        "/v1/measures?format=ndjson&q=nothingofthekind",
        "/v1/measures?pretty",
        "/v1/summits/xian-2023?format=jsonld",
        "/v1/summits/xian-2023/record",
        "/v1/search?q=china&limit=1",
        "/v1/graph",
        "/v1/citations/measures/xian-2023-energy-line-d?format=bibtex",
    };
    for (size_t i = 0; i < 2 * sizeof targets / sizeof targets[0]; i++) {
        const char *target = targets[i / 2];
        const char *coding = i % 2 == 0 ? "Accept-Encoding: identity" : "Accept-Encoding: gzip";
        HTTP_REPLY *get = http_request(*state, "GET", target, WORDS(coding));
        HTTP_REPLY *head = http_request(*state, "HEAD", target, WORDS(coding));
        assert_int_equal(get->status, 200);
        assert_int_equal(head->body_length, 0);
        check_same_head(get, head, target);
    }
}

static void every_form_can_be_compressed(void **state)
{
    static const char *const targets[] = {
        "/v1/measures?format=json",
        "/v1/measures?format=ndjson",
        "/v1/measures?format=csv",
        "/v1/measures?format=jsonld",
        "/v1/measures?format=csv&limit=9",
        "/v1/summits/xian-2023/record",
        "/v1/search?q=china",
        "/v1/graph",
    };
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        HTTP_REPLY *plain = http_get_status(*state, targets[i], 200);
        HTTP_REPLY *coded = http_request(*state, "GET", targets[i], WORDS("Accept-Encoding: gzip"));
        assert_header(coded, "Content-Encoding", "gzip");
        assert_header(coded, "Content-Type", http_header(plain, "Content-Type"));
        assert_true(coded->body_length < plain->body_length);
        size_t length = 0;
        TEXT *body = http_body_gunzip(coded, &length);
        assert_int_equal(length, plain->body_length);
        assert_memory_equal(body, plain->body, length);
    }
}

/* For people there are lines and blanks; for programs there is one line, and it says the same. */
static void pretty_is_the_same_for_people(void **state)
{
    static const char *const targets[] = {
        "/v1/measures?limit=3",
        "/v1/measures?format=jsonld",
        "/v1/summits/xian-2023?fields=id",
        "/v1/search?q=china",
        "/v1/graph?summit=xian-2023",
        "/v1/citations/areas/trade?format=csl",
    };
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        const char *path = targets[i];
        TEXT *people = text_of("%s&pretty", path);
        TEXT *also = text_of("%s&pretty=true", path);
        TEXT *programs = text_of("%s&pretty=false", path);
        HTTP_REPLY *plain = http_get_status(*state, path, 200);
        HTTP_REPLY *pretty = http_get_status(*state, people, 200);
        HTTP_REPLY *explicit = http_get_status(*state, also, 200);
        HTTP_REPLY *not = http_get_status(*state, programs, 200);
        json_object_del(plain->json, "links");
        json_object_del(pretty->json, "links");
        assert_json_equal(pretty->json, plain->json, people);
        assert_non_null(strstr(pretty->body, "\n  "));
        assert_int_equal(pretty->body[pretty->body_length - 1], '\n');
        assert_non_null(strstr(explicit->body, "\n  "));
        assert_ptr_equal(memchr(plain->body, '\n', plain->body_length - 1), NULL);
        assert_ptr_equal(memchr(not ->body, '\n', not ->body_length - 1), NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_can_be_had_both_ways),
        cmocka_unit_test(weights_are_honoured),
        cmocka_unit_test(what_cannot_be_had_lists_what_can),
        cmocka_unit_test(a_wrong_format_is_a_400_whatever_is_accepted),
        cmocka_unit_test(each_form_has_a_tag_of_its_own),
        cmocka_unit_test(head_is_get_without_its_body),
        cmocka_unit_test(every_form_can_be_compressed),
        cmocka_unit_test(pretty_is_the_same_for_people),
    };
    return cmocka_run_group_tests(tests, start_two_summits, daemon_stop_all);
}
