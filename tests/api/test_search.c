/* /v1/search, and q on collections: what is found, and where the answer says that it stands. What
 * is no decent query is in test_search_hostile.c. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "http.h"
#include "process.h"
#include "snippets.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static char *search_target(const char *path, const char *words)
{
    TEXT *encoded = text_encoded(words, strlen(words));
    return text_of("%s?q=%s", path, encoded);
}

/* All results, as the server orders them. The caller owns them. */
static json_t *search(void *daemon, const char *words)
{
    TEXT *target = search_target("/v1/search", words);
    return rows_of(daemon, target);
}

/* The result of this type and id, borrowed; NULL when there is none. */
static json_t *result_of(json_t *results, const char *type, const char *id)
{
    size_t at;
    json_t *result;
    json_array_foreach(results, at, result)
    {
        if (strcmp(json_string_value(json_object_get(result, "type")), type) == 0 &&
            strcmp(row_id(result), id) == 0) {
            return result;
        }
    }
    return NULL;
}

/* What names a row to people; of a long text the beginning. */
static void check_title(const char *title, json_t *row)
{
    static const char *const fields[] = {"name", "title", "text"};
    const char *whole = NULL;
    for (size_t i = 0; i < 3 && whole == NULL; i++) {
        whole = json_string_value(json_object_get(row, fields[i]));
    }
    assert_non_null(title);
    assert_non_null(whole);
    size_t length = strlen(title);
    const char *cut = "…";
    bool is_cut = length > 40 && strcmp(title + length - strlen(cut), cut) == 0;
    if (is_cut ? strncmp(title, whole, length - strlen(cut)) != 0 : strcmp(title, whole) != 0) {
        fail_msg("\"%s\" is no title of \"%s\"", title, whole);
    }
}

static void results_have_the_documented_shape(void **state)
{
    json_auto_t *page = http_get_json(*state, "/v1/search?q=xi");
    json_t *results = json_object_get(page, "data");
    json_t *meta = json_object_get(page, "meta");
    assert_int_equal(json_object_size(page), 3);
    assert_int_equal(json_object_size(meta), 5);
    assert_int_equal(json_integer_value(json_object_get(meta, "limit")), 50);
    assert_true(json_integer_value(json_object_get(meta, "total")) > 50);
    assert_int_equal(json_array_size(results), 50);
    assert_string_equal(json_string_value(json_object_get(meta, "ranking")), "bm25");
    assert_string_equal(json_string_value(json_object_get(meta, "total_qualifier")), "exact");
    size_t at;
    json_t *result;
    json_array_foreach(results, at, result)
    {
        assert_int_equal(json_object_size(result), 5);
        snippet_check(json_object_get(result, "snippet"));
        const char *type = json_string_value(json_object_get(result, "type"));
        const char *href = json_string_value(json_object_get(result, "href"));
        const struct collection *collection = collection_named(type);
        TEXT *own = text_of("/v1/%s/%s", type, row_id(result));
        assert_string_equal(href, own);
        json_auto_t *item = http_get_json(*state, href);
        json_t *row = json_object_get(item, "data");
        collection_check_row(collection, row);
        check_title(json_string_value(json_object_get(result, "title")), row);
    }
}

struct found {
    const char *words;
    const char *type;
    const char *id;
    const char *matched; /* each match in the snippet, with "|" between them */
};

#define XI "participants", "xian-2023-xi-jinping"
#define JAPAROV "participants", "xian-2023-sadyr-japarov"
#define TOKAYEV "participants", "xian-2023-kassym-jomart-tokayev"
#define MIRZIYOYEV "participants", "xian-2023-shavkat-mirziyoyev"
#define THE_SOURCE "sources", "president-xi-charts-course"
#define LAKE "summits", "lakeside-2020"

static const struct found found[] = {
    /* names, in their other spellings */
    {"Japarov", JAPAROV, "Japarov"},
    {"Zhaparov", JAPAROV, "Zhaparov"},
    {"zhaparov sadyr", JAPAROV, "Sadyr|Zhaparov"},
    {"Жапаров", JAPAROV, "Жапаров"},
    {"Tokayev", TOKAYEV, "Tokayev"},
    {"Toqayev", TOKAYEV, "Toqayev"},
    {"Kasym-Zhomart", TOKAYEV, "Kasym-Zhomart"},
    {"Mirziyaev", NULL, NULL, NULL},
    {"Mirziyayev", MIRZIYOYEV, "Mirziyayev"},
    {"Мирзиеев", MIRZIYOYEV, NULL},
    {"Xi Jinping", XI, "Xi|Jinping"},
    {"习近平", XI, "习近平"},
    {"習近平", XI, "習近平"},
    {"习近", XI, "习近"},
    {"近平", XI, "近平|近平"},
    {"习", XI, NULL},
    {"平近", NULL, NULL, NULL},
    /* the city, with whatever apostrophe */
    {"Xian", THE_SOURCE, "Xi'an"},
    {"Xi'an", THE_SOURCE, "Xi'an"},
    {"Xi’an", THE_SOURCE, "Xi'an"},
    {"XIʼAN", THE_SOURCE, "Xi'an"},
    {"西安", "summits", "xian-2023", "西安"},
    /* marks make no difference, composed or not, nor does the case */
    {"Ålesund", LAKE, "Ålesund"},
    {"alesund", LAKE, "Ålesund"},
    {"A\xcc\x8a"
     "LESUND",
     LAKE, "Ålesund"},
    {"ny-alesund", LAKE, "Ny-Ålesund"},
    {"HØST", "participants", "lakeside-2020-host", "Høst"},
    {"hosT", "participants", "lakeside-2020-host", "Høst"},
    {"ελληνικά", LAKE, "Ελληνικά"},
    {"ΕΛΛΗΝΙΚΑ", LAKE, "Ελληνικά"},
    {"العربية", LAKE, "العربية"},
    {"中文", LAKE, "中文"},
    /* the last word may be a beginning, unless it is in quotes; no other may */
    {"energ", "areas", "energy", "Energy"},
    {"new energ", "areas", "new-energy", "New|energy"},
    {"energ new", NULL, NULL, NULL},
    {"\"energ\"", NULL, NULL, NULL},
    {"\"new energ", "areas", "new-energy", "New energy"},
    /* phrases */
    {"\"oil and gas\"", "areas", "oil-and-gas", "Oil and gas"},
    {"“oil and gas”", "areas", "oil-and-gas", "Oil and gas"},
    {"\"gas and oil\"", NULL, NULL, NULL},
    {"oil-and-gas", "areas", "oil-and-gas", "Oil and gas"},
    {"26 billion yuan", "measures", "xian-2023-development-capacity-financing", "26|billion|yuan"},
    {"nothingofthekind", NULL, NULL, NULL},
    {"china nothingofthekind", NULL, NULL, NULL},
};

/* The matches of a snippet, with "|" between them. The caller frees it. */
static char *all_matched(json_t *snippet)
{
    char *all = text_of("%s", "");
    for (size_t i = 0; i < snippet_count(snippet); i++) {
        TEXT *one = snippet_matched(snippet, i);
        char *longer = text_of("%s%s%s", all, i > 0 ? "|" : "", one);
        text_release(&all);
        all = longer;
    }
    return all;
}

static bool is_as_expected(json_t *results, const struct found *expected)
{
    if (expected->type == NULL) {
        return json_array_size(results) == 0;
    }
    json_t *result = result_of(results, expected->type, expected->id);
    if (result == NULL) {
        return false;
    }
    json_t *snippet = json_object_get(result, "snippet");
    snippet_check(snippet);
    TEXT *matched = all_matched(snippet);
    return expected->matched == NULL || strcmp(matched, expected->matched) == 0;
}

static void names_and_words_are_found_where_they_stand(void **state)
{
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof found / sizeof found[0]; i++) {
        json_auto_t *results = search(*state, found[i].words);
        if (!is_as_expected(results, &found[i])) {
            TEXT *text = json_dumps(results, 0);
            print_error("%s: not %s in %s: %s\n", found[i].words,
                        found[i].matched != NULL ? found[i].matched : "any",
                        found[i].id != NULL ? found[i].id : "nothing", text);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void other_spellings_find_the_same(void **state)
{
    static const char *const same[][3] = {
        {"Xian", "Xi'an", "Xi’an"},
        {"energy", "ENERGY", "  energy "},
        {"oil gas", "gas oil", "OIL  gas"},
        {"Ålesund", "Alesund",
         "A\xcc\x8a"
         "lesund"},
    };
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        json_auto_t *first = search(*state, same[i][0]);
        json_auto_t *first_ids = rows_ids(first);
        assert_true(json_array_size(first) > 0);
        for (size_t j = 1; j < 3; j++) {
            json_auto_t *other = search(*state, same[i][j]);
            json_auto_t *ids = rows_ids(other);
            assert_json_equal(ids, first_ids, same[i][j]);
        }
    }
}

/* The best comes first: what is called so before what only mentions it. */
static void a_title_comes_before_a_text(void **state)
{
    static const char *const cases[][2] = {
        {"energy", "energy"}, {"tourism", "tourism"}, {"belt and road", "belt-and-road"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_auto_t *results = search(*state, cases[i][0]);
        assert_true(json_array_size(results) > 1);
        assert_string_equal(row_id(json_array_get(results, 0)), cases[i][1]);
    }
}

/* Whether a word of the text is this one, or starts with it. ASCII. */
static bool has_word(const char *text, const char *word, bool is_start)
{
    size_t length = strlen(word);
    for (const char *at = text; *at != '\0'; at++) {
        bool at_start = at == text || !isalnum((unsigned char)at[-1]);
        if (at_start && strncasecmp(at, word, length) == 0 &&
            (is_start || !isalnum((unsigned char)at[length]))) {
            return true;
        }
    }
    return false;
}

/* q on a collection whose rows have one text, against looking for the words in each of them. */
static void check_collection(void *daemon, const char *name, const char *first, const char *last)
{
    TEXT *words = text_of("%s%s%s", first != NULL ? first : "", first != NULL ? " " : "", last);
    TEXT *path = text_of("/v1/%s", name);
    TEXT *target = search_target(path, words);
    TEXT *whole = text_of("%s&limit=200", target);
    json_auto_t *rows = rows_of(daemon, path);
    json_auto_t *page = http_get_json(daemon, whole);
    json_t *found_rows = json_object_get(page, "data");
    json_t *highlights = json_object_get(json_object_get(page, "meta"), "highlights");
    size_t count = 0;
    size_t at;
    json_t *row;
    json_array_foreach(rows, at, row)
    {
        const char *text = json_string_value(json_object_get(row, "text"));
        bool is_hit = (first == NULL || has_word(text, first, false)) && has_word(text, last, true);
        json_t *hit = rows_find(found_rows, row_id(row));
        if (is_hit != (hit != NULL)) {
            fail_msg("%s: %s is %sfound", target, row_id(row), is_hit ? "not " : "");
        }
        if (is_hit) {
            assert_json_equal(hit, row, target);
            snippet_check(json_object_get(highlights, row_id(row)));
            count++;
        }
    }
    assert_true(count > 0);
    assert_int_equal(json_array_size(found_rows), count);
    assert_int_equal(json_object_size(highlights), count);
}

static void a_collection_keeps_the_rows_that_have_the_words(void **state)
{
    static const char *const words[][2] = {
        {NULL, "china"},   {NULL, "coop"},    {NULL, "energy"}, {"china", "trade"},
        {"xi", "develop"}, {"the", "countr"}, {NULL, "x"},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        check_collection(*state, "measures", words[i][0], words[i][1]);
    }
    check_collection(*state, "statements", NULL, "secur");
    check_collection(*state, "statements", "countries", "should");
}

/* Every match of a word is that word, and each row has its highlight under its id. */
static void highlights_are_of_the_word(void **state)
{
    static const char *const collections_of_names[] = {"areas",      "proposals",    "initiatives",
                                                       "mechanisms", "participants", "summits"};
    for (size_t i = 0; i < sizeof collections_of_names / sizeof collections_of_names[0]; i++) {
        TEXT *target = text_of("/v1/%s?q=c", collections_of_names[i]);
        json_auto_t *page = http_get_json(*state, target);
        json_t *rows = json_object_get(page, "data");
        json_t *highlights = json_object_get(json_object_get(page, "meta"), "highlights");
        assert_true(json_array_size(rows) > 0);
        assert_int_equal(json_object_size(highlights), json_array_size(rows));
        const char *id;
        json_t *snippet;
        json_object_foreach(highlights, id, snippet)
        {
            assert_non_null(rows_find(rows, id));
            snippet_check(snippet);
            for (size_t j = 0; j < snippet_count(snippet); j++) {
                TEXT *matched = snippet_matched(snippet, j);
                assert_int_equal(tolower((unsigned char)*matched), 'c');
            }
        }
    }
}

/* q goes with filters, nested paths and sort; what it finds is what each of them keeps. */
static void q_goes_with_filters(void **state)
{
    json_auto_t *found_rows = rows_of(*state, "/v1/measures?q=china");
    json_auto_t *filtered =
        rows_of(*state, "/v1/measures?area=energy,trade&modality=will,proposes");
    json_auto_t *both =
        rows_of(*state, "/v1/measures?q=china&area=energy,trade&modality=will,proposes");
    size_t count = 0;
    size_t at;
    json_t *row;
    json_array_foreach(filtered, at, row)
    {
        bool is_found = rows_find(found_rows, row_id(row)) != NULL;
        assert_int_equal(rows_find(both, row_id(row)) != NULL, is_found);
        count += is_found ? 1 : 0;
    }
    assert_true(count > 0 && count < json_array_size(filtered));
    assert_int_equal(json_array_size(both), count);
    json_auto_t *nested = rows_of(*state, "/v1/summits/lakeside-2020/measures?q=boats");
    assert_int_equal(json_array_size(nested), 1);
    json_auto_t *none = rows_of(*state, "/v1/summits/xian-2023/measures?q=boats");
    assert_int_equal(json_array_size(none), 0);
    json_auto_t *sorted = http_get_json(*state, "/v1/measures?q=china&sort=id");
    json_t *ranking = json_object_get(json_object_get(sorted, "meta"), "ranking");
    assert_string_equal(json_string_value(ranking), "none");
}

/* Each type alone, and all of them, make up what is found of any. */
static void types_keep_their_own(void **state)
{
    json_auto_t *all = search(*state, "china");
    size_t sum = 0;
    TEXT *names = text_of("%s", "");
    for (size_t i = 0; i < COLLECTION_COUNT; i++) {
        const char *type = collections[i].name;
        TEXT *target = text_of("/v1/search?q=china&type=%s", type);
        TEXT *own_target = text_of("/v1/%s?q=china", type);
        json_auto_t *some = rows_of(*state, target);
        json_auto_t *own = rows_of(*state, own_target);
        assert_int_equal(json_array_size(some), json_array_size(own));
        size_t at;
        json_t *result;
        json_array_foreach(some, at, result)
        {
            assert_string_equal(json_string_value(json_object_get(result, "type")), type);
            assert_json_equal(result_of(all, type, row_id(result)), result, target);
            assert_non_null(rows_find(own, row_id(result)));
        }
        sum += json_array_size(some);
        char *longer = text_of("%s%s%s", names, i > 0 ? "," : "", type);
        text_release(&names);
        names = longer;
    }
    assert_int_equal(sum, json_array_size(all));
    TEXT *target = text_of("/v1/search?q=china&type=%s", names);
    json_auto_t *again = rows_of(*state, target);
    assert_json_equal(again, all, target);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_have_the_documented_shape),
        cmocka_unit_test(names_and_words_are_found_where_they_stand),
        cmocka_unit_test(other_spellings_find_the_same),
        cmocka_unit_test(a_title_comes_before_a_text),
        cmocka_unit_test(a_collection_keeps_the_rows_that_have_the_words),
        cmocka_unit_test(highlights_are_of_the_word),
        cmocka_unit_test(q_goes_with_filters),
        cmocka_unit_test(types_keep_their_own),
    };
    return cmocka_run_group_tests(tests, start_two_summits, daemon_stop_all);
}
