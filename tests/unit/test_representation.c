/* Which form of an address a client gets, and how its entity tag and its list of forms look. */
#include "check.h"

#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "representation.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct representation *const table[] = {
    &representation_json,
    &representation_ndjson,
    &representation_csv,
    NULL,
};
static const struct representation *const citation[] = {
    &representation_json, &representation_csl, &representation_bibtex, &representation_text, NULL,
};

static const struct {
    const struct representation *const *offered;
    const char *accept;
    const char *name; /* NULL: none */
} choices[] = {
    {table, NULL, "json"},
    {table, "*/*", "json"},
    {table, "text/csv", "csv"},
    {table, "text/*", "csv"},
    {table, "text/csv; header=present", "csv"},
    {table, "text/csv; header=absent", NULL},
    {table, "TEXT/CSV; charset=UTF-8", "csv"},
    {table, "application/x-ndjson", "ndjson"},
    {table, "application/*", "json"},
    {table, "application/json;q=0.5, text/csv", "csv"},
    {table, "application/json;q=0.5, text/csv;q=0.5", "json"},
    {table, "application/json;q=0.4, text/csv;q=0.5, application/x-ndjson;q=0.6", "ndjson"},
    {table, "application/json;q=0, */*", "ndjson"},
    {table, "application/json;q=0, application/x-ndjson;q=0, */*;q=0.1", "csv"},
    {table, "text/html, image/png", NULL},
    {table, "*/*;q=0", NULL},
    {citation, "application/x-bibtex", "bibtex"},
    {citation, "application/vnd.citationstyles.csl+json, application/json;q=0.9", "csl"},
    {citation, "text/plain", "text"},
    {citation, "text/csv", NULL},
};

static void the_accept_field_chooses(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(choices); i++) {
        const struct representation *chosen =
            representation_choose(choices[i].accept, choices[i].offered);
        const char *name = chosen == NULL ? "none" : chosen->name;
        const char *right = choices[i].name == NULL ? "none" : choices[i].name;
        if (strcmp(name, right) != 0) {
            fail_msg("%s: %s, not %s", choices[i].accept, name, right);
        }
    }
}

static void names_are_found_among_the_offers_only(void **state)
{
    (void)state;
    assert_ptr_equal(representation_find("csv", table), &representation_csv);
    assert_null(representation_find("csv", citation));
    assert_null(representation_find("CSV", table));
    assert_null(representation_find("", table));
}

static void the_list_has_all_and_fits(void **state)
{
    (void)state;
    char list[256];
    representation_list(table, list, sizeof list);
    assert_string_equal(list, "application/json, application/x-ndjson, "
                              "text/csv; charset=utf-8; header=present");
    char small[20];
    memset(small, 'x', sizeof small);
    representation_list(table, small, 10);
    assert_string_equal(small, "applicati");
    assert_int_equal(small[10], 'x');
}

/* Every form, coding and layout of one content has a tag of its own, and JSON has the plain one. */
static void entity_tags_differ(void **state)
{
    (void)state;
    static const struct representation *const all[] = {
        &representation_json,   &representation_ndjson,  &representation_csv,
        &representation_jsonld, &representation_csl,     &representation_bibtex,
        &representation_text,   &representation_sqlite,  &representation_html,
        &representation_yaml,   &representation_linkset,
    };
    char tags[2 * CODING_NONE * COUNT(all)][ANSWER_ETAG_SIZE];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(all); i++) {
        for (unsigned variant = 0; variant < 2 * CODING_NONE; variant++, count++) {
            struct answer answer = {.representation = all[i], .is_pretty = (variant & 1) != 0};
            snprintf(answer.validator, sizeof answer.validator, "0123456789abcdef-1.0.0");
            answer_etag(&answer, (enum coding)(variant / 2), tags[count]);
            for (size_t j = 0; j < count; j++) {
                assert_string_not_equal(tags[j], tags[count]);
            }
        }
    }
    assert_string_equal(tags[0], "\"0123456789abcdef-1.0.0\"");
    assert_string_equal(tags[1], "\"0123456789abcdef-1.0.0-pretty\"");
    assert_string_equal(tags[2], "\"0123456789abcdef-1.0.0-gzip\"");
    assert_string_equal(tags[4], "\"0123456789abcdef-1.0.0-br\"");
    assert_string_equal(tags[15], "\"0123456789abcdef-1.0.0-csv-pretty-gzip\"");
    assert_string_equal(tags[17], "\"0123456789abcdef-1.0.0-csv-pretty-br\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_accept_field_chooses),
        cmocka_unit_test(names_are_found_among_the_offers_only),
        cmocka_unit_test(the_list_has_all_and_fits),
        cmocka_unit_test(entity_tags_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
