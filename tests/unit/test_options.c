#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/options.h"
#include "server/options_table.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { WORDS_MAX = 40 };

/* Every variable a test may have set, away again. */
static int clean_environment(void **state)
{
    (void)state;
    for (size_t i = 0; i < OPTION_ROW_COUNT; i++) {
        if (option_rows[i].variable != NULL) {
            unsetenv(option_rows[i].variable);
        }
    }
    setenv("HOME", "/home/reader", 1);
    unsetenv("XDG_DATA_HOME");
    return 0;
}

/* The words of a line as argv. Files point into the line, so it is kept until the next call. */
static enum options_status parse(const char *line, struct options *options, struct message *message)
{
    static char words[4096];
    static char *argv[WORDS_MAX + 2];
    static char program[] = "summitd";
    int argc = 1;
    char *rest = words;
    snprintf(words, sizeof words, "%s", line);
    argv[0] = program;
    for (char *word = strsep(&rest, " "); word != NULL && argc <= WORDS_MAX;
         word = strsep(&rest, " ")) {
        if (line[0] != '\0') {
            argv[argc++] = word;
        }
    }
    argv[argc] = NULL;
    return options_parse(argc, argv, options, message);
}

static void parse_well(const char *line, struct options *options)
{
    struct message message = {{0}};
    if (parse(line, options, &message) != OPTIONS_OK) {
        fail_msg("summitd %s: %s", line, message.text);
    }
}

static void test_defaults(void **state)
{
    struct options options;
    (void)state;
    parse_well("", &options);
    assert_int_equal(options.command, OPTIONS_SERVE);
    assert_false(options.command_given);
    assert_int_equal(options.listen_count, 1);
    assert_string_equal(options.listen[0].host, "127.0.0.1");
    assert_int_equal(options.listen[0].port, 8080);
    assert_string_equal(options.database, geteuid() == 0
                                              ? "/var/lib/summitd/summit.db"
                                              : "/home/reader/.local/share/summitd/summit.db");
    assert_null(options.user);
    assert_null(options.output);
    assert_int_equal(options.threads, 0); /* one a processor */
    assert_int_equal(options.connection_memory, 8192);
    assert_int_equal(options.cache_size, 16 * 1024 * 1024);
    assert_int_equal(options.access_log, LOG_ACCESS_ON);
    assert_int_equal(options.max_connections, 512);
    assert_int_equal(options.idle_timeout_s, 30);
    assert_int_equal(options.head_timeout_s, 10);
    assert_int_equal(options.drain_timeout_s, 10);
    assert_int_equal(options.statement_budget_ms, 100);
    assert_int_equal(options.log_format, LOG_FORMAT_AUTO);
    assert_int_equal(options.file_count, 0);
    options_clear(&options);
    options_clear(&options);
    options_clear(NULL);
}

static void test_commands(void **state)
{
    struct options options;
    (void)state;
    parse_well("serve -l [::1]:0 --listen=unix:/run/s -d x.db -u www --threads 8 "
               "--max-connections 9 --idle-timeout 1 --head-timeout 2 --drain-timeout 0 "
               "--statement-budget 60000 --log-format json --access-log off --cache-size 0 "
               "--connection-memory 32768",
               &options);
    assert_true(options.command_given);
    assert_int_equal(options.listen_count, 2);
    assert_string_equal(options.listen[0].host, "::1");
    assert_string_equal(options.listen[1].path, "/run/s");
    assert_string_equal(options.database, "x.db");
    assert_string_equal(options.user, "www");
    assert_int_equal(options.threads, 8);
    assert_int_equal(options.max_connections, 9);
    assert_int_equal(options.idle_timeout_s, 1);
    assert_int_equal(options.head_timeout_s, 2);
    assert_int_equal(options.drain_timeout_s, 0);
    assert_int_equal(options.statement_budget_ms, 60000);
    assert_int_equal(options.log_format, LOG_FORMAT_JSON);
    assert_int_equal(options.access_log, LOG_ACCESS_OFF);
    assert_int_equal(options.cache_size, 0);
    assert_int_equal(options.connection_memory, 32768);
    options_clear(&options);

    parse_well("import a.json --replace b.json -dy.db -d z.db -- -c.json", &options);
    assert_int_equal(options.command, OPTIONS_IMPORT);
    assert_true(options.replace);
    assert_string_equal(options.database, "z.db");
    assert_int_equal(options.file_count, 3);
    assert_string_equal(options.files[0], "a.json");
    assert_string_equal(options.files[1], "b.json");
    assert_string_equal(options.files[2], "-c.json");
    options_clear(&options);

    parse_well("check -", &options);
    assert_int_equal(options.command, OPTIONS_CHECK);
    assert_false(options.replace);
    assert_string_equal(options.files[0], "-");
    options_clear(&options);

    parse_well("export -o out.json", &options);
    assert_int_equal(options.command, OPTIONS_EXPORT);
    assert_string_equal(options.output, "out.json");
    options_clear(&options);

    parse_well("routes", &options);
    assert_int_equal(options.command, OPTIONS_ROUTES);
    options_clear(&options);
}

static void test_environment(void **state)
{
    struct options options;
    (void)state;
    setenv("SUMMITD_LISTEN", "127.0.0.1:1,[::1]:2,unix:/run/s", 1);
    setenv("SUMMITD_DATABASE", "/env.db", 1);
    setenv("SUMMITD_THREADS", "2", 1);
    setenv("SUMMITD_USER", "", 1);
    setenv("SUMMITD_LOG_FORMAT", "text", 1);
    parse_well("--threads 3", &options);
    assert_int_equal(options.listen_count, 3);
    assert_int_equal(options.listen[1].port, 2);
    assert_string_equal(options.listen[2].path, "/run/s");
    assert_string_equal(options.database, "/env.db");
    assert_int_equal(options.threads, 3);
    assert_null(options.user);
    assert_int_equal(options.log_format, LOG_FORMAT_TEXT);
    options_clear(&options);

    parse_well("-l 127.0.0.1:9 -d /line.db", &options);
    assert_int_equal(options.listen_count, 1);
    assert_int_equal(options.listen[0].port, 9);
    assert_string_equal(options.database, "/line.db");
    options_clear(&options);

    /* A variable of serve is none of check's business, even a wrong one. */
    setenv("SUMMITD_THREADS", "many", 1);
    parse_well("check a.json", &options);
    options_clear(&options);
    parse_well("export", &options);
    assert_string_equal(options.database, "/env.db");
    options_clear(&options);
}

static void test_database_of_a_user(void **state)
{
    struct options options;
    struct message message;
    (void)state;
    if (geteuid() == 0 && seteuid(65534) != 0) {
        skip();
    }
    setenv("XDG_DATA_HOME", "/data", 1);
    parse_well("export", &options);
    assert_string_equal(options.database, "/data/summitd/summit.db");
    options_clear(&options);
    setenv("XDG_DATA_HOME", "relative", 1);
    parse_well("export", &options);
    assert_string_equal(options.database, "/home/reader/.local/share/summitd/summit.db");
    options_clear(&options);
    unsetenv("HOME");
    assert_int_equal(parse("export", &options, &message), OPTIONS_USAGE);
    assert_non_null(strstr(message.text, "HOME is not set"));
    parse_well("export -d x.db", &options);
    options_clear(&options);
    parse_well("check a.json", &options);
    assert_null(options.database);
    options_clear(&options);
    (void)!seteuid(getuid());
}

static void test_refusals(void **state)
{
    static const struct {
        const char *line, *message;
    } cases[] = {
        {"improt a.json", "improt: no such command; choose one of serve, import, check, export, "
                          "routes, or see summitd --help"},
        {"--bogus", "--bogus: no such option; see summitd serve --help"},
        {"serve --listne 127.0.0.1:1", "--listne: no such option; see summitd serve --help"},
        {"-x", "-x: no such option; see summitd serve --help"},
        {"import -x a", "-x: no such option; see summitd import --help"},
        {"--threads", "--threads: needs a value; see summitd serve --help"},
        {"-l", "-l: needs a value; see summitd serve --help"},
        {"import --replace=yes a", "--replace=yes: takes no value; see summitd import --help"},
        {"check --threads 3 a",
         "--threads: not an option of this command; see summitd check --help"},
        {"routes -d x", "--database: not an option of this command; see summitd routes --help"},
        {"--threads 0",
         "--threads: \"0\" is not a whole number from 1 to 64; see summitd serve --help"},
        {"--threads 65",
         "--threads: \"65\" is not a whole number from 1 to 64; see summitd serve --help"},
        {"--threads 4x",
         "--threads: \"4x\" is not a whole number from 1 to 64; see summitd serve --help"},
        {"--threads -1",
         "--threads: \"-1\" is not a whole number from 1 to 64; see summitd serve --help"},
        {"--threads=", "--threads: \"\" is not a whole number from 1 to 64; see summitd serve "
                       "--help"},
        {"--threads 8 --max-connections 7",
         "--max-connections: fewer than --threads; see summitd serve --help"},
        {"--access-log no", "--access-log: \"no\" is not one of off, on; see summitd serve --help"},
        {"--connection-memory 4096",
         "--connection-memory: \"4096\" is not a whole number from 8192 to 1048576; see summitd "
         "serve --help"},
        {"--log-format yaml",
         "--log-format: \"yaml\" is not one of auto, text, json; see summitd serve --help"},
        {"--database=", "--database: the value is empty; see summitd serve --help"},
        {"-l localhost",
         "--listen: localhost: no port from 0 to 65535 at the end; write HOST:PORT, "
         "[IPV6]:PORT or unix:/PATH; see summitd serve --help"},
        {"-l 127.0.0.1:1,", "--listen: : no port from 0 to 65535 at the end; write HOST:PORT, "
                            "[IPV6]:PORT or unix:/PATH; see summitd serve --help"},
        {"import", "import: no FILE given; see summitd import --help"},
        {"export a.json", "a.json: this command takes no file, and a command comes first; see "
                          "summitd export --help"},
        {"-d x.db import a.json", "import: this command takes no file, and a command comes first; "
                                  "see summitd serve --help"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct options options = {.threads = 77};
        struct message message = {{0}};
        if (parse(cases[i].line, &options, &message) != OPTIONS_USAGE) {
            fail_msg("summitd %s: accepted", cases[i].line);
        }
        assert_string_equal(message.text, cases[i].message);
        assert_int_equal(options.threads, 77);
    }
}

static void test_refusals_of_variables(void **state)
{
    static const struct {
        const char *variable, *value, *message;
    } cases[] = {
        {"SUMMITD_THREADS", "0",
         "SUMMITD_THREADS: \"0\" is not a whole number from 1 to 64; see summitd serve --help"},
        {"SUMMITD_LOG_FORMAT", "xml",
         "SUMMITD_LOG_FORMAT: \"xml\" is not one of auto, text, json; see summitd serve --help"},
        {"SUMMITD_LISTEN", "127.0.0.1:1,*:2",
         "SUMMITD_LISTEN: *:2: no host; write 127.0.0.1:PORT for this machine only, 0.0.0.0:PORT "
         "or [::]:PORT for every interface; see summitd serve --help"},
        {"SUMMITD_LISTEN", "a:1,a:1,a:1,a:1,a:1,a:1,a:1,a:1,a:1,a:1,a:1,a:1,a:1,a:1,a:1,a:1,a:1",
         "SUMMITD_LISTEN: more than 16 addresses; see summitd serve --help"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct options options;
        struct message message = {{0}};
        setenv(cases[i].variable, cases[i].value, 1);
        assert_int_equal(parse("", &options, &message), OPTIONS_USAGE);
        assert_string_equal(message.text, cases[i].message);
        /* Help is to be had all the same. */
        assert_int_equal(parse("--help", &options, &message), OPTIONS_HELP);
        unsetenv(cases[i].variable);
    }
}

/* What nobody can fit in is cut, not overrun. */
static void test_long_values(void **state)
{
    char line[3000];
    struct options options;
    struct message message;
    (void)state;
    static const char *const starts[] = {"", "--", "--threads=", "-l", "--log-format=", "check --"};
    for (size_t i = 0; i < COUNT(starts); i++) {
        snprintf(line, sizeof line, "%s%02500d", starts[i], 0);
        assert_int_equal(parse(line, &options, &message), OPTIONS_USAGE);
        assert_true(strlen(message.text) < sizeof message.text);
    }
}

static void test_help(void **state)
{
    static const char *const lines[] = {"--help",       "serve --help",  "import -h",
                                        "check --help", "export --help", "routes --help"};
    (void)state;
    for (size_t i = 0; i < COUNT(lines); i++) {
        struct options options;
        struct message message;
        char *text = NULL;
        size_t size = 0;
        assert_int_equal(parse(lines[i], &options, &message), OPTIONS_HELP);
        FILE *stream = open_memstream(&text, &size);
        assert_non_null(stream);
        options_print_help(stream, &options);
        fclose(stream);
        assert_non_null(strstr(text, "Usage: summitd "));
        assert_non_null(strstr(text, "\nExamples:\n  summitd"));
        assert_non_null(strstr(text, "\nExit status:\n"));
        for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
            size_t length = strcspn(line, "\n");
            if (length > 80 || (length > 0 && line[length - 1] == ' ')) {
                fail_msg("%.*s", (int)length, line);
            }
        }
        for (size_t row = 0; row < OPTION_ROW_COUNT && options.command_given; row++) {
            char name[48];
            snprintf(name, sizeof name, "--%s", option_rows[row].name);
            assert_int_equal(strstr(text, name) != NULL,
                             (option_rows[row].commands >> options.command & 1U) != 0);
        }
        free(text);
    }
    struct options options;
    struct message message;
    assert_int_equal(parse("--version", &options, &message), OPTIONS_VERSION);
    assert_int_equal(parse("check --version", &options, &message), OPTIONS_VERSION);
}

/* The variable of an option is its name in capitals: the help says so nowhere else. */
static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < OPTION_ROW_COUNT; i++) {
        const struct option_row *row = &option_rows[i];
        char variable[64];
        assert_non_null(row->name);
        assert_non_null(row->help);
        assert_true(row->commands != 0);
        snprintf(variable, sizeof variable, "SUMMITD_%s", row->name);
        for (char *at = variable + 8; *at != '\0'; at++) {
            *at = (char)(*at == '-' ? '_' : *at - 'a' + 'A');
        }
        if (row->variable != NULL) {
            assert_string_equal(row->variable, variable);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_defaults, clean_environment),
        cmocka_unit_test_setup(test_commands, clean_environment),
        cmocka_unit_test_setup(test_environment, clean_environment),
        cmocka_unit_test_setup(test_database_of_a_user, clean_environment),
        cmocka_unit_test_setup(test_refusals, clean_environment),
        cmocka_unit_test_setup(test_refusals_of_variables, clean_environment),
        cmocka_unit_test_setup(test_long_values, clean_environment),
        cmocka_unit_test_setup(test_help, clean_environment),
        cmocka_unit_test(test_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
