/* `summitd check`: one broken record a rule, and the line that has to name the place and the fault;
 * the same files are refused by `summitd import`. */
#include "check.h"
#include "collections.h"
#include "folder.h"
#include "process.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define RECORDS TESTS_DIR "/fixtures/records/"

struct broken {
    const char *name;    /* bad-NAME.json */
    size_t problems;     /* how many lines */
    const char *pointer; /* of one of them; "" is the whole document */
    const char *says;    /* a part of that line */
};

static const struct broken broken_records[] = {
    {"empty", 1, "", "JSON"},
    {"cut-short", 1, "", "line 13"},
    {"trailing-text", 1, "", "line 31"},
    {"array", 1, "", "object"},
    {"nesting", 1, "", "depth"},
    {"invalid-utf8", 1, "", "0xff"},
    {"nul", 1, "", "u0000"},
    {"duplicate-key", 1, "/areas/0/name", "2 times"},
    {"version", 1, "/version", "version is 1"},
    {"unknown-array", 1, "/treaties", "treaties"},
    {"unknown-member", 1, "/areas/0/colour", "colour"},
    {"missing-array", 1, "", "mechanisms"},
    {"missing-member", 1, "/measures/0", "modality"},
    {"wrong-type", 1, "/proposals/0/number", "integer"},
    {"fraction", 1, "/measures/0/amounts/0/value", "integer"},
    {"slug", 1, "/statements/0/id", "pond-2021-Calm"},
    {"long-id", 1, "/statements/0/id", "64"},
    {"prefix", 1, "/statements/0/id", "pond-2021-"},
    {"duplicate-id", 1, "/statements/1/id", "pond-2021-calm"},
    {"duplicate-number", 1, "/measures/1/number", "1"},
    {"duplicate-position", 1, "/participants/1/position", "1"},
    {"unknown-area", 1, "/measures/0/area_ids/0", "did you mean \"reeds\"?"},
    {"unknown-summit", 4, "/statements/0/summit_id", "did you mean \"pond-2021\"?"},
    {"unknown-proposal", 1, "/measures/0/proposal_id", "did you mean \"pond-2021-reeds\"?"},
    {"unknown-participant", 1, "/statements/0/said_by", "did you mean \"pond-2021-host\"?"},
    {"unknown-initiative", 1, "/statements/0/initiative_ids/0", "did you mean \"green-ponds\"?"},
    {"unknown-mechanism", 1, "/measures/0/mechanism_ids/0", "did you mean \"pond-2021-council\"?"},
    {"unknown-source", 1, "/areas/0/citations/1/source_id", "did you mean \"pond-report\"?"},
    {"no-citation", 1, "/areas/0/citations", "1"},
    {"paragraph-range", 1, "/areas/0/citations/1/paragraph", "no paragraph 4"},
    {"paragraph-uncited", 1, "/sources/0/omitted_paragraphs", "paragraph 4"},
    {"paragraph-cited-and-omitted", 1, "/sources/0/omitted_paragraphs", "paragraph 3"},
    {"date", 1, "/summits/0/starts_on", "2021-02-29"},
    {"dates-reversed", 1, "/summits/0/ends_on", "2021-04-30"},
    {"country", 1, "/participants/0/country/code", "XX"},
    {"currency", 1, "/measures/0/amounts/0/currency", "CROWN"},
    {"qualifier", 1, "/measures/0/amounts/0/qualifier", "about"},
    {"modality", 1, "/measures/0/modality", "did you mean \"will\"?"},
    {"kind", 1, "/statements/0/kind", "did you mean \"principle\"?"},
    {"role", 1, "/participants/0/role", "did you mean \"host\"?"},
    {"standing", 1, "/mechanisms/0/standing", "existing"},
    {"category", 1, "/areas/0/summits/0/category", "did you mean \"other\"?"},
    {"language", 1, "/sources/0/language", "BCP 47"},
    {"url", 1, "/sources/0/url", "the pond"},
    {"long-text", 1, "/statements/0/text", "2001 bytes"},
    {"long-name", 1, "/areas/0/name", "201 bytes"},
    {"empty-text", 1, "/statements/0/text", "empty"},
    {"leading-blank", 1, "/statements/0/text", "blank"},
    {"control-character", 1, "/statements/0/text", "control character"},
    {"area-not-in-summit", 5, "/mechanisms/0/area_ids/0", "category"},
    {"many", 11, "/measures/0/area_ids/0", "did you mean \"reeds\"?"},
    {"many", 11, "/sources/0/paragraph_count", "integer"},
    {"many", 11, "/summits/0/starts_on", "2021-02-29"},
    {"many", 11, "/initiatives/0", "launched_by"},
};

enum { BROKEN_COUNT = sizeof broken_records / sizeof broken_records[0] };

/* How many lines there are, each about `path`; whether one of them names pointer and fault. */
static size_t count_lines(char *output, const char *path, const struct broken *broken, bool *found)
{
    size_t count = 0;
    size_t start = strlen(path) + 2;
    TEXT *prefix = text_of("%s: ", path);
    TEXT *place = text_of("%s%s", broken->pointer, *broken->pointer != '\0' ? ": " : "");
    *found = false;
    char *rest = output;
    for (char *line = strtok_r(rest, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        if (strncmp(line, prefix, start) != 0) {
            fail_msg("a line does not start with its file: %s", line);
        }
        bool here = strncmp(line + start, place, strlen(place)) == 0;
        *found = *found || (here && strstr(line, broken->says) != NULL);
        count++;
    }
    return count;
}

static void broken_records_are_explained(void **state)
{
    (void)state;
    for (size_t i = 0; i < BROKEN_COUNT; i++) {
        TEXT *path = text_of("%sbad-%s.json", RECORDS, broken_records[i].name);
        PROCESS_RESULT result = process_run(WORDS("check", path), NULL);
        TEXT *copy = text_of("%s", result.output);
        bool found = false;
        size_t count = count_lines(copy, path, &broken_records[i], &found);
        if (result.status != 1 || !found || count != broken_records[i].problems) {
            fail_msg("%s: status %d, %zu lines: %s%s", broken_records[i].name, result.status, count,
                     result.output, result.error);
        }
    }
}

static void good_records_pass(void **state)
{
    (void)state;
    PROCESS_RESULT result = process_run(WORDS("check", XIAN, LAKESIDE, POND), NULL);
    assert_string_equal(result.error, "");
    assert_int_equal(result.status, 0);
}

/* One bad file among good ones is told, and nothing is said against the others. */
static void each_line_names_its_file(void **state)
{
    (void)state;
    PROCESS_RESULT result =
        process_run(WORDS("check", POND, RECORDS "bad-date.json", RECORDS "bad-kind.json"), NULL);
    assert_int_equal(result.status, 1);
    assert_non_null(strstr(result.output, "bad-date.json: /summits/0/starts_on: "));
    assert_non_null(strstr(result.output, "bad-kind.json: /statements/0/kind: "));
    assert_null(strstr(result.output, "pond-2021.json: /"));
}

static void files_that_cannot_be_read_are_a_failure(void **state)
{
    (void)state;
    TEXT *missing = text_of("%snone.json", RECORDS);
    const char *const paths[] = {missing, TESTS_DIR};
    for (size_t i = 0; i < 2; i++) {
        PROCESS_RESULT result = process_run(WORDS("check", paths[i]), NULL);
        assert_int_equal(result.status, 1);
        bool named =
            strstr(result.error, paths[i]) != NULL || strstr(result.output, paths[i]) != NULL;
        assert_true(named);
    }
}

static void an_unreadable_file_is_a_failure(void **state)
{
    char *folder = folder_new();
    TEXT *path = folder_join(folder, "secret.json");
    *state = folder;
    file_replace_by_copy(path, POND);
    PROCESS_RESULT readable = process_run_unprivileged(WORDS("check", path), NULL);
    assert_int_equal(readable.status, 0);
    assert_int_equal(chmod(path, 0), 0);
    PROCESS_RESULT result = process_run_unprivileged(WORDS("check", path), NULL);
    assert_int_equal(result.status, 1);
    assert_non_null(strstr(result.error, "secret.json"));
}

/* A bad record is not imported, and neither are the good ones given with it. */
static void import_refuses_what_check_refuses(void **state)
{
    char *folder = folder_new();
    *state = folder;
    TEXT *database = folder_join(folder, "summit.db");
    PROCESS_RESULT good = process_run(WORDS("import", "-d", database, POND), NULL);
    assert_int_equal(good.status, 0);
    size_t length = 0;
    TEXT *before = file_read(database, &length);
    for (size_t i = 0; i < BROKEN_COUNT; i++) {
        TEXT *path = text_of("%sbad-%s.json", RECORDS, broken_records[i].name);
        PROCESS_RESULT result = process_run(WORDS("import", "-d", database, LAKESIDE, path), NULL);
        bool told = strstr(result.output, path) != NULL || strstr(result.error, path) != NULL;
        if (result.status != 1 || !told) {
            fail_msg("import of %s: status %d: %s%s", path, result.status, result.output,
                     result.error);
        }
        size_t same_length = 0;
        TEXT *after = file_read(database, &same_length);
        assert_int_equal(same_length, length);
        assert_memory_equal(after, before, length);
    }
}

static int remove_folder(void **state)
{
    folder_remove(*state);
    *state = NULL;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broken_records_are_explained),
        cmocka_unit_test(good_records_pass),
        cmocka_unit_test(each_line_names_its_file),
        cmocka_unit_test(files_that_cannot_be_read_are_a_failure),
        cmocka_unit_test_teardown(an_unreadable_file_is_a_failure, remove_folder),
        cmocka_unit_test_teardown(import_refuses_what_check_refuses, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
