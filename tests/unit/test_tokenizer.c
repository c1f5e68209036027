/* The tokenizer through real FTS5 tables: what words texts become, what finds them, and where. */
#include "check.h"
#include "fixture.h"
#include "words.h"

#include <string.h>

#include "spellings.h"
#include "tokenizer.h"

struct text_case {
    const char *text, *expected;
};

static void check_words(const struct text_case *cases, size_t count)
{
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        TEXT *found = words_of(cases[i].text);
        if (strcmp(found, cases[i].expected) != 0) {
            print_error("%s\nexpected: %s\nfound:    %s\n", cases[i].text, cases[i].expected,
                        found);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void test_folding(void **state)
{
    static const struct text_case cases[] = {
        {"", ""},
        {" -- !", ""},
        {"One-stop SHOP", "one.0 stop.1 shop.2"},
        {"26 billion", "26.0 billion.1"},
        {"Türkmenistan", "turkmenistan.0"},
        {"Tu\u0308rkmenistan", "turkmenistan.0"},
        {"\u00c5se \u1ea4n", "ase.0 an.1"},
        {"Садыр ЖАПАРОВ", "садыр.0 жапаров.1"},
        {"\u0419од \u0418\u0306од", "иод.0 иод.1"},
        {"Ελληνικ\u03ac \u039f\u0394\u039f\u03a3 οδ\u03cc\u03c2", "ελληνικα.0 οδοσ.1 οδοσ.2"},
        {"πρα\u03cb\u0308\u0301 \u1fb7 α\u0345\u0342", "πραυ.0 α.1 α.2"},
        {"Ты Ёж, Київ қазақ ұлт", "ты.0 еж.1 киів.2 казак.3 үлт.4"},
        {"Łukasz Żółć Ørsted Đặng Ħal", "lukasz.0 zolc.1 orsted.2 dang.3 hal.4"},
        {"Straße STRASSE STRA\u1e9eE", "strasse.0 strasse.1 strasse.2"},
        {"Ægir œuvre Þór Garðar", "aegir.0 oeuvre.1 thor.2 gardar.3"},
        {"kızıl İzmir Əliyev Sápmi \ufb01n", "kizil.0 izmir.1 eliyev.2 sapmi.3 fin.4"},
        {"\u0149an l\u2019Île d'\u00d8re \u00d8's", "nan.0 lile.1 dore.2 o.3"},
        {"o\u0338re \u0342 \u0345x", "ore.0 x.1"},
        {"\U0001f3a3 fish \U0001f3a3", "fish.0"},
        {"\U0001f91d yes\U0001f91dno \u20bd5", "yes.0 no.1 5.2"},
    };
    (void)state;
    check_words(cases, COUNT(cases));
}

/* However an accented letter is spelled, it is the word that it is without. */
static void test_spellings(void **state)
{
    WORDS *db = words_open();
    size_t wrong = 0;
    (void)state;
    assert_true(COUNT(spellings) > 700);
    for (size_t i = 0; i < COUNT(spellings); i++) {
        json_auto_t *words = json_array();
        for (size_t k = 0; k < 3; k++) {
            json_auto_t *found = NULL;
            const char *text = spellings[i][k];
            assert_int_equal(tokenizer_split(db, text, strlen(text), &found), SUMMIT_OK);
            assert_int_equal(json_array_size(found), 1);
            json_array_append(words, json_array_get(found, 0));
        }
        if (!json_equal(json_array_get(words, 0), json_array_get(words, 1)) ||
            !json_equal(json_array_get(words, 0), json_array_get(words, 2))) {
            print_error("%s %s %s\n", spellings[i][0], spellings[i][1], spellings[i][2]);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void test_pairs(void **state)
{
    static const struct text_case cases[] = {
        {"习", "习.0"},
        {"习近", "习近.0 近.0"},
        {"习近平", "习近.0 平.1 近平.1"},
        {"习,近平", "习.0 平.1 近平.1"},
        {"abc西安2023 年xyz", "abc.0 安.1 西安.1 2023.2 年.3 xyz.4"},
        {"カザフスタン", "カザ.0 ザフ.1 フス.2 スタ.3 タン.4 ン.4"},
        {"ひと", "と.0 ひと.0"},
        {"시안", "시안.0 안.0"},
        {"人々", "々.0 人々.0"},
        /* Extensions A, B and G, and a compatibility ideograph. */
        {"\u3400\U00020000\U00030000", "\u3400\U00020000.0 \U00020000\U00030000.1 \U00030000.1"},
        {"\uf900\u4e00", "\u4e00.0 \uf900\u4e00.0"},
        {"习・近", "习.0 近.1"},
    };
    (void)state;
    check_words(cases, COUNT(cases));
}

static void test_apostrophes(void **state)
{
    static const struct text_case cases[] = {
        {"Xi'an", "xian.0"},
        {"Xi\u2019an Xi\u2018an Xi\u02bcan Xi\u02bban Xi\uff07an",
         "xian.0 xian.1 xian.2 xian.3 xian.4"},
        {"in Xi'an, today", "in.0 xian.1 today.2"},
        {"rock'n'roll", "rocknroll.0"},
        {"C\u00f4te d\u2019Ivoire", "cote.0 divoire.1"},
        {"Tu\u0308r'k\u0308men", "turkmen.0"},
        {"China's Xi\u2019an's CHINA'S way", "china.0 xian.1 china.2 way.3"},
        {"China's'", "china.0"},
        {"s 's It's", "s.0 s.1 it.2"},
        {"a's'b", "asb.0"},
        {"'quoted' \u2018so\u2019 leaders'", "quoted.0 so.1 leaders.2"},
        {"a''b '' '", "a.0 b.1"},
        {"5'10 1990's '90s 5'x x'5", "5.0 10.1 1990.2 90s.3 5.4 x.5 x.6 5.7"},
        {"习'近 西安's x'西", "习.0 近.1 安.2 西安.2 s.3 x.4 西.5"},
    };
    (void)state;
    check_words(cases, COUNT(cases));
}

/* What documents hold and what is asked for go through the same rules, and so agree. */
static void test_finding(void **state)
{
    static const char *const documents[] = {
        "The summit in Xi'an",
        "Xian and Türkmenistan",
        "中国国家主席习近平在西安",
        "习",
        "平和",
        "China\u2019s leaders",
        "\u039f οδ\u03cc\u03c2",
        "Die Stra\u00dfe der Ёж\u0438\u0306",
    };
    static const struct text_case cases[] = {
        {"\"xian\"", "1 2"},
        {"\"Xi'an\"", "1 2"},
        {"\"XI\u2019AN\"", "1 2"},
        {"\"xi an\"", ""},
        {"\"summit in xian\"", "1"},
        {"\"turkmenistan\"", "2"},
        {"\"TÜRKMENISTAN\"", "2"},
        {"\"习近平\"", "3"},
        {"\"国家主席\"", "3"},
        {"\"家国\"", ""},
        {"\"近平在\" \"西安\"", "3"},
        {"\"习\"*", "3 4"},
        {"\"平\"*", "3 5"},
        {"\"安\"*", "3"},
        {"\"和\"*", "5"},
        {"\"国\"*", "3"},
        {"\"china\"", "6"},
        {"\"China's leaders\"", "6"},
        {"\"οδοσ\"", "7"},
        {"\"Ο ΟΔΟΣ\"", "7"},
        {"\"ο\" \"οδ\u03cc\"*", "7"},
        {"\"die strasse der ежи\"", "8"},
        {"\"STRA\u00df\"*", "8"},
        {"\"stras\"*", "8"},
        {"\"ёжй\"", "8"},
        {"\"\"", ""},
        {"\"--\" \"xian\" \"!\"", "1 2"},
    };
    size_t wrong = 0;
    WORDS *db = words_open();
    (void)state;
    for (size_t i = 0; i < COUNT(documents); i++) {
        words_add(db, documents[i], -1);
    }
    for (size_t i = 0; i < COUNT(cases); i++) {
        TEXT *found = words_find(db, cases[i].text);
        if (strcmp(found, cases[i].expected) != 0) {
            print_error("%s finds %s, not %s\n", cases[i].text, found, cases[i].expected);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
    words_run(db, "INSERT INTO t (t) VALUES ('integrity-check')");
}

static void test_highlighting(void **state)
{
    static const struct {
        const char *text, *expression, *expected;
    } cases[] = {
        {"The city of Xi'an, old", "\"xian\"", "The city of [Xi'an], old"},
        {"\u2018Xi\u2019an\u2019s\u2019 gate", "\"xian\"", "\u2018[Xi\u2019an]\u2019s\u2019 gate"},
        {"é Tu\u0308rk'\u00e9 é", "\"turke\"", "é [Tu\u0308rk'\u00e9] é"},
        {"é a''bc é", "\"bc\"", "é a''[bc] é"},
        {"é it's China's é", "\"china\"", "é it's [China]'s é"},
        {"Ø \u00c6gir\u2019s Ω", "\"aegir\"", "Ø [\u00c6gir]\u2019s Ω"},
        {"(Stra\u00dfe, Łódź)", "\"strasse\" \"lodz\"", "([Stra\u00dfe], [Łódź])"},
        {"α\u0345\u0342 Ελληνικ\u03ac.", "\"ελλ\"*", "α\u0345\u0342 [Ελληνικ\u03ac]."},
        {"é abc西安xyz é", "\"xyz\"", "é abc西安[xyz] é"},
        {"é abc西安xyz é", "\"abc\"", "é [abc]西安xyz é"},
        {"é abc西安xyz é", "\"西安\"", "é abc[西安]xyz é"},
        {"见习近平x", "\"习近平\"", "见[习近平]x"},
        {"见习近平x", "\"近平\" \"习近\" \"见习\"", "[见][习][近平]x"},
        {"见习近平x", "\"习近\"", "见[习]近平x"},
        {"见习近平x", "\"平\"*", "见习[近平]x"},
        {"平 平", "\"平\"*", "[平] [平]"},
    };
    size_t wrong = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        TEXT *found = words_highlight(cases[i].text, cases[i].expression);
        if (strcmp(found, cases[i].expected) != 0) {
            print_error("%s %s: %s, not %s\n", cases[i].text, cases[i].expression, found,
                        cases[i].expected);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

/* Bytes that are no UTF-8 do no harm; a long text and a long word are like any other. */
static void test_odd_texts(void **state)
{
    enum { LENGTH = 100000 };
    static const char broken[] = "ab\xff\xe4\xb9'\xc0\x80\xf4\x90\x80\x80 xian\xe4\xb9";
    static const char with_nul[] = "one\0two 西\0安";
    WORDS *db = words_open();
    TEXT *longest = malloc(LENGTH + 1);
    (void)state;
    assert_non_null(longest);
    memset(longest, 'x', LENGTH);
    memcpy(longest + LENGTH / 2, "'", 1);
    longest[LENGTH] = '\0';
    words_add(db, broken, -1);
    words_add(db, with_nul, sizeof with_nul - 1);
    words_add(db, longest, -1);
    words_run(db, "INSERT INTO t (body) VALUES (NULL), (x''), (12)");
    TEXT *ab = words_find(db, "\"ab\"*");
    TEXT *two = words_find(db, "\"two\"");
    TEXT *xs = words_find(db, "\"xxxx\"*");
    TEXT *twelve = words_find(db, "\"12\"");
    assert_string_equal(ab, "1");
    assert_string_equal(two, "2");
    assert_string_equal(xs, "3");
    assert_string_equal(twelve, "6");
    words_run(db, "INSERT INTO t (t) VALUES ('integrity-check')");
}

static void test_arguments_are_refused(void **state)
{
    WORDS *db = words_open();
    (void)state;
    assert_int_equal(sqlite3_exec(db, "CREATE VIRTUAL TABLE u USING fts5(a, tokenize='summit x')",
                                  NULL, NULL, NULL),
                     SQLITE_ERROR);
    assert_int_equal(tokenizer_register(db), SUMMIT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_folding),   cmocka_unit_test(test_spellings),
        cmocka_unit_test(test_pairs),     cmocka_unit_test(test_apostrophes),
        cmocka_unit_test(test_finding),   cmocka_unit_test(test_highlighting),
        cmocka_unit_test(test_odd_texts), cmocka_unit_test(test_arguments_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
