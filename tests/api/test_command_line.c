/* The command line: help, version, usage errors, the environment, import, export and routes. */
#include "check.h"
#include "collections.h"
#include "folder.h"
#include "http.h"
#include "process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder;

static int make_folder(void **state)
{
    (void)state;
    folder = folder_new();
    return 0;
}

static int clean_up(void **state)
{
    (void)daemon_free_all(state);
    folder_remove(folder);
    folder = NULL;
    return 0;
}

static size_t count_newlines(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++) {
        count += *text == '\n';
    }
    return count;
}

static const char *const commands[] = {"serve", "import", "check", "export", "routes"};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void help_names_commands_and_options(void **state)
{
    static const char *const options[] = {
        "--listen",       "--database",     "--user",          "--threads",
        "--idle-timeout", "--head-timeout", "--drain-timeout", "--max-connections",
        "--log-format",   "--help",         "--version",       "--statement-budget",
    };
    (void)state;
    PROCESS_RESULT program = process_run(WORDS("--help"), NULL);
    assert_int_equal(program.status, 0);
    assert_string_equal(program.error, "");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        assert_non_null(strstr(program.output, commands[i]));
        PROCESS_RESULT command = process_run(WORDS(commands[i], "--help"), NULL);
        assert_int_equal(command.status, 0);
        assert_string_equal(command.error, "");
        assert_non_null(strstr(command.output, commands[i]));
    }
    PROCESS_RESULT serve = process_run(WORDS("serve", "--help"), NULL);
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        if (strstr(serve.output, options[i]) == NULL) {
            fail_msg("serve --help does not tell of %s", options[i]);
        }
    }
}

static void version_is_one_line(void **state)
{
    (void)state;
    PROCESS_RESULT result = process_run(WORDS("--version"), NULL);
    assert_int_equal(result.status, 0);
    assert_int_equal(strncmp(result.output, "summitd ", 8), 0);
    assert_int_equal(count_newlines(result.output), 1);
}

struct usage {
    const char *const *args;
    const char *const *env;
    const char *names; /* what the message has to name */
};

static void wrong_usage_is_named(void **state)
{
    const struct usage cases[] = {
        {WORDS("bogus"), NULL, "bogus"},
        {WORDS("--bogus"), NULL, "--bogus"},
        {WORDS("serve", "--bogus=1"), NULL, "--bogus"},
        {WORDS("serve", "-x"), NULL, "-x"},
        {WORDS("serve", "surplus"), NULL, "surplus"},
        {WORDS("-l"), NULL, "-l"},
        {WORDS("-l", "nonsense"), NULL, "nonsense"},
        {WORDS("-l", "127.0.0.1"), NULL, "127.0.0.1"},
        {WORDS("-l", "127.0.0.1:65536"), NULL, "65536"},
        {WORDS("-l", "127.0.0.1:http"), NULL, "http"},
        {WORDS("-l", "::1:80"), NULL, "::1:80"},
        {WORDS("-l", "unix:relative"), NULL, "relative"},
        {WORDS("-l", ""), NULL, "--listen"},
        {WORDS("--threads", "0"), NULL, "--threads"},
        {WORDS("--threads", "many"), NULL, "--threads"},
        {WORDS("--threads", "4x"), NULL, "--threads"},
        {WORDS("--threads", "-1"), NULL, "--threads"},
        {WORDS("--threads", "99999999999999999999"), NULL, "--threads"},
        {WORDS("--max-connections", "0"), NULL, "--max-connections"},
        {WORDS("--idle-timeout", "1.5"), NULL, "--idle-timeout"},
        {WORDS("--head-timeout", ""), NULL, "--head-timeout"},
        {WORDS("--drain-timeout", "-1"), NULL, "--drain-timeout"},
        {WORDS("--statement-budget", "x"), NULL, "--statement-budget"},
        {WORDS("--log-format", "xml"), NULL, "--log-format"},
        {WORDS("import"), NULL, "import"},
        {WORDS("import", "--replace"), NULL, "import"},
        {WORDS("check"), NULL, "check"},
        {WORDS("check", "--replace", POND), NULL, "--replace"},
        {WORDS("export", "surplus"), NULL, "surplus"},
        {WORDS("export", "-o"), NULL, "-o"},
        {WORDS("routes", "surplus"), NULL, "surplus"},
        {NULL, WORDS("SUMMITD_THREADS=many"), "SUMMITD_THREADS"},
        {NULL, WORDS("SUMMITD_LISTEN=nonsense"), "SUMMITD_LISTEN"},
        {NULL, WORDS("SUMMITD_LISTEN=127.0.0.1:0,,"), "SUMMITD_LISTEN"},
        {NULL, WORDS("SUMMITD_LOG_FORMAT=xml"), "SUMMITD_LOG_FORMAT"},
    };
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        PROCESS_RESULT result = process_run(cases[i].args, cases[i].env);
        bool fine = result.status == 2 && *result.output == '\0' &&
                    strncmp(result.error, "summitd: ", 9) == 0 &&
                    strstr(result.error, cases[i].names) != NULL &&
                    strstr(result.error, "--help") != NULL;
        if (!fine) {
            print_error("case %zu (%s): status %d: %s%s\n", i, cases[i].names, result.status,
                        result.output, result.error);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

/* A variable is read where the command line is silent, and only by the commands it is for. */
static void the_environment_stands_behind_the_command_line(void **state)
{
    (void)state;
    TEXT *database = folder_join(folder, "summit.db");
    TEXT *variable = text_of("SUMMITD_DATABASE=%s", database);
    PROCESS_RESULT import = process_run(WORDS("import", POND), WORDS(variable));
    assert_int_equal(import.status, 0);
    assert_int_equal(access(database, R_OK), 0);
    PROCESS_RESULT export = process_run(WORDS("export"), WORDS(variable));
    assert_int_equal(export.status, 0);
    assert_non_null(strstr(export.output, "pond-2021"));
    TEXT *wrong = text_of("SUMMITD_DATABASE=%s/none/none.db", folder);
    PROCESS_RESULT beaten = process_run(WORDS("export", "-d", database), WORDS(wrong));
    assert_int_equal(beaten.status, 0);
    PROCESS_RESULT empty = process_run(WORDS("--version"), WORDS("SUMMITD_THREADS="));
    assert_int_equal(empty.status, 0);

    struct daemon_options options = {.args = WORDS("--threads", "2"),
                                     .env = WORDS("SUMMITD_THREADS=many")};
    struct daemon *daemon = daemon_start(&options);
    daemon_stop(daemon);
}

/* Root's is a place of the whole machine, so this is another user's; the folders to it are made. */
static void the_database_has_a_place_by_default(void **state)
{
    (void)state;
    TEXT *home = folder_join(folder, "home");
    TEXT *data = text_of("XDG_DATA_HOME=%s/data", home);
    TEXT *database = folder_join(home, "data/summitd/summit.db");
    TEXT *record = folder_join(folder, "pond.json");
    file_replace_by_copy(record, POND);
    assert_int_equal(mkdir(home, 0755), 0);
    assert_int_equal(chmod(home, 0777), 0); /* whoever the program runs as */
    PROCESS_RESULT import = process_run_unprivileged(WORDS("import", record), WORDS(data));
    if (import.status != 0) {
        fail_msg("%s", import.error);
    }
    assert_int_equal(access(database, R_OK), 0);
    PROCESS_RESULT export = process_run_unprivileged(WORDS("export"), WORDS(data));
    assert_int_equal(export.status, 0);
    assert_non_null(strstr(export.output, "pond-2021"));
}

static json_t *load_export(const char *database)
{
    PROCESS_RESULT result = process_run(WORDS("export", "-d", database), NULL);
    assert_int_equal(result.status, 0);
    json_t *record = json_loads(result.output, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(record);
    return record;
}

static char *revision_served(const char *place)
{
    struct daemon_options options = {.folder = place};
    struct daemon *daemon = daemon_start(&options);
    json_auto_t *index = http_get_json(daemon, "/v1");
    http_disconnect();
    daemon_stop(daemon);
    json_t *meta = json_object_get(index, "meta");
    return text_of("%s", json_string_value(json_object_get(meta, "revision")));
}

/* What is exported passes the check and publishes to a database of the same revision. */
static void export_and_import_are_inverse(void **state)
{
    (void)state;
    TEXT *first_folder = folder_join(folder, "first");
    TEXT *second_folder = folder_join(folder, "second");
    assert_int_equal(mkdir(first_folder, 0755), 0);
    assert_int_equal(mkdir(second_folder, 0755), 0);
    TEXT *first = folder_join(first_folder, "summit.db");
    TEXT *second = folder_join(second_folder, "summit.db");
    TEXT *exported = folder_join(folder, "exported.json");
    PROCESS_RESULT import = process_run(WORDS("import", "-d", first, XIAN, LAKESIDE, POND), NULL);
    assert_int_equal(import.status, 0);
    PROCESS_RESULT export = process_run(WORDS("export", "-d", first, "-o", exported), NULL);
    assert_int_equal(export.status, 0);
    assert_string_equal(export.output, "");
    PROCESS_RESULT check = process_run(WORDS("check", exported), NULL);
    assert_int_equal(check.status, 0);
    PROCESS_RESULT again = process_run(WORDS("import", "-d", second, exported), NULL);
    assert_int_equal(again.status, 0);
    json_auto_t *one = load_export(first);
    json_auto_t *other = load_export(second);
    assert_json_equal(other, one, "what is exported again");
    TEXT *one_revision = revision_served(first_folder);
    TEXT *other_revision = revision_served(second_folder);
    assert_string_equal(other_revision, one_revision);
}

static json_t *summits_in(const char *database)
{
    json_auto_t *record = load_export(database);
    return rows_ids(json_object_get(record, "summits"));
}

static void check_summits(const char *database, size_t count, const char *first, const char *second)
{
    json_auto_t *ids = summits_in(database);
    assert_int_equal(json_array_size(ids), count);
    assert_true(list_has(ids, first) && list_has(ids, second));
}

static void import_adds_and_replaces(void **state)
{
    (void)state;
    TEXT *database = folder_join(folder, "summit.db");
    PROCESS_RESULT one = process_run(WORDS("import", "-d", database, XIAN), NULL);
    assert_int_equal(one.status, 0);
    PROCESS_RESULT added = process_run(WORDS("import", "-d", database, POND), NULL);
    assert_int_equal(added.status, 0);
    check_summits(database, 2, "xian-2023", "pond-2021");
    PROCESS_RESULT same = process_run(WORDS("import", "-d", database, POND), NULL);
    assert_int_equal(same.status, 0);
    check_summits(database, 2, "xian-2023", "pond-2021");
    PROCESS_RESULT only = process_run(WORDS("import", "--replace", "-d", database, LAKESIDE), NULL);
    assert_int_equal(only.status, 0);
    check_summits(database, 1, "lakeside-2020", "lakeside-2020");
    TEXT *previous = text_of("%s.prev", database);
    check_summits(previous, 2, "xian-2023", "pond-2021");
}

static void failures_are_one_line(void **state)
{
    (void)state;
    TEXT *none = folder_join(folder, "none/summit.db");
    TEXT *database = folder_join(folder, "summit.db");
    TEXT *foreign = folder_join(folder, "foreign.db");
    TEXT *output = folder_join(folder, "none/out.json");
    TEXT *missing = folder_join(folder, "missing.json");
    file_write(foreign, "not a database, and longer than its header would be", 51);
    PROCESS_RESULT import = process_run(WORDS("import", "-d", database, POND), NULL);
    assert_int_equal(import.status, 0);
    const struct {
        const char *const *args;
        const char *names;
    } cases[] = {
        {WORDS("import", "-d", none, POND), none},
        {WORDS("import", "-d", foreign, POND), foreign},
        {WORDS("import", "-d", database, missing), missing},
        {WORDS("import", "-d", database, folder), folder},
        {WORDS("export", "-d", none), none},
        {WORDS("export", "-d", foreign), foreign},
        {WORDS("export", "-d", database, "-o", output), output},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        PROCESS_RESULT result = process_run(cases[i].args, NULL);
        bool fine = result.status == 1 && strncmp(result.error, "summitd: ", 9) == 0 &&
                    count_newlines(result.error) == 1 &&
                    strstr(result.error, cases[i].names) != NULL && *result.output == '\0';
        if (!fine) {
            fail_msg("case %zu: status %d: %s%s", i, result.status, result.output, result.error);
        }
    }
    TEXT *left = file_read(foreign, NULL);
    assert_int_equal(strncmp(left, "not a database", 14), 0);
}

static void routes_lists_every_operation(void **state)
{
    static const char *const operations[] = {
        "GET / getHome",
        "GET /v1 getIndex",
        "GET /v1/measures listMeasures",
        "GET /v1/measures/{id} getMeasure",
        "GET /v1/summits/{id}/areas listSummitAreas",
        "GET /v1/search search",
        "GET /v1/graph getGraph",
        "GET /v1/citations/{type}/{id} getCitation",
        "GET /v1/summits/{id}/record getSummitRecord",
        "GET /healthz getHealth",
        "GET /.well-known/api-catalog getApiCatalog",
        "GET /problems/{slug} getProblemPage",
    };
    (void)state;
    PROCESS_RESULT result = process_run(WORDS("routes"), NULL);
    assert_int_equal(result.status, 0);
    assert_int_equal(count_newlines(result.output), 38);
    char method[16];
    char path[80];
    char operation[80];
    size_t found = 0;
    char *rest = result.output;
    for (char *line = strtok_r(rest, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        assert_int_equal(sscanf(line, "%15s %79s %79s", method, path, operation), 3);
        TEXT *plain = text_of("%s %s %s", method, path, operation);
        for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
            found += strcmp(plain, operations[i]) == 0;
        }
    }
    assert_int_equal(found, sizeof operations / sizeof operations[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_names_commands_and_options),
        cmocka_unit_test(version_is_one_line),
        cmocka_unit_test(wrong_usage_is_named),
        cmocka_unit_test_setup_teardown(the_environment_stands_behind_the_command_line, make_folder,
                                        clean_up),
        cmocka_unit_test_setup_teardown(the_database_has_a_place_by_default, make_folder, clean_up),
        cmocka_unit_test_setup_teardown(export_and_import_are_inverse, make_folder, clean_up),
        cmocka_unit_test_setup_teardown(import_adds_and_replaces, make_folder, clean_up),
        cmocka_unit_test_setup_teardown(failures_are_one_line, make_folder, clean_up),
        cmocka_unit_test(routes_lists_every_operation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
