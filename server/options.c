/* Three passes over the table of options, each filling in what the one before has not: command
 * line, environment, defaults. All three set a value through value_set, so a value is checked in
 * one way, and a message names where it came from ("--threads", "SUMMITD_THREADS").
 *
 * getopt_long knows the options of all commands, so that one at the wrong command can be told from
 * one that does not exist. */
#include "options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "number.h"
#include "options_table.h"

enum { LONG_BASE = 256 }; /* above every short name */

struct parser {
    struct options options;
    bool given[OPTION_ROW_COUNT];
    struct message *message;
};

static const char *command_name(const struct parser *parser)
{
    return command_rows[parser->options.command].name;
}

static enum options_status usage(struct parser *parser, const char *what, const char *why)
{
    (void)message_set(parser->message, "%.200s: %.200s; see summitd %s --help", what, why,
                      command_name(parser));
    return OPTIONS_USAGE;
}

static enum options_status text_set(char **member, const char *text)
{
    free(*member);
    *member = strdup(text);
    return *member != NULL ? OPTIONS_OK : OPTIONS_NOMEM;
}

static enum options_status number_set(struct parser *parser, const struct option_row *row,
                                      const char *source, const char *text, unsigned *member)
{
    if (number_parse(text, row->min, row->max, member)) {
        return OPTIONS_OK;
    }
    (void)message_set(parser->message,
                      "%s: \"%.100s\" is not a whole number from %u to %u; see summitd %s --help",
                      source, text, row->min, row->max, command_name(parser));
    return OPTIONS_USAGE;
}

static enum options_status choice_set(struct parser *parser, const struct option_row *row,
                                      const char *source, const char *text, unsigned *member)
{
    char list[64] = "";
    size_t length = 0;
    for (unsigned i = 0; row->choices[i] != NULL; i++) {
        if (strcmp(text, row->choices[i]) == 0) {
            *member = i;
            return OPTIONS_OK;
        }
        length += (size_t)snprintf(list + length, sizeof list - length, "%s%s", i == 0 ? "" : ", ",
                                   row->choices[i]);
    }
    (void)message_set(parser->message, "%s: \"%.100s\" is not one of %s; see summitd %s --help",
                      source, text, list, command_name(parser));
    return OPTIONS_USAGE;
}

/* Adds the addresses of a list with commas; a Unix socket's path cannot have one. */
static enum options_status addresses_add(struct parser *parser, const char *source,
                                         const char *text)
{
    struct options *options = &parser->options;
    char *list = strdup(text);
    char *rest = list;
    enum options_status status = list != NULL ? OPTIONS_OK : OPTIONS_NOMEM;
    while (status == OPTIONS_OK && rest != NULL) {
        struct message why;
        const char *address = strsep(&rest, ",");
        if (options->listen_count == LISTEN_MAX) {
            status = usage(parser, source, "more than 16 addresses");
        } else if (!listen_address_parse(address, &options->listen[options->listen_count], &why)) {
            (void)message_set(parser->message, "%s: %.400s; see summitd serve --help", source,
                              why.text);
            status = OPTIONS_USAGE;
        } else {
            options->listen_count++;
        }
    }
    free(list);
    return status;
}

/* Reads text as the value of an option; source is what the user knows it by. */
static enum options_status value_set(struct parser *parser, const struct option_row *row,
                                     const char *source, const char *text)
{
    void *member = (char *)&parser->options + row->offset;
    parser->given[row - option_rows] = true;
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)member = true;
        return OPTIONS_OK;
    case OPTION_NUMBER:
        return number_set(parser, row, source, text, member);
    case OPTION_TEXT:
    case OPTION_DATABASE:
        if (text[0] == '\0') {
            return usage(parser, source, "the value is empty");
        }
        return text_set(member, text);
    case OPTION_ADDRESSES:
        return addresses_add(parser, source, text);
    case OPTION_CHOICE:
        return choice_set(parser, row, source, text, member);
    case OPTION_HELP:
        return OPTIONS_HELP;
    case OPTION_VERSION:
        break;
    }
    return OPTIONS_VERSION;
}

static bool is_taken(const struct parser *parser, const struct option_row *row)
{
    return (row->commands & (1U << parser->options.command)) != 0;
}

static const struct option_row *row_of(int code)
{
    for (int i = 0; i < OPTION_ROW_COUNT; i++) {
        if (code == LONG_BASE + i ||
            (option_rows[i].short_name != '\0' && code == option_rows[i].short_name)) {
            return &option_rows[i];
        }
    }
    return NULL;
}

/* Tables for getopt_long: longs has OPTION_ROW_COUNT + 1 places, shorts 2 * OPTION_ROW_COUNT + 2.
 */
static void getopt_tables(struct option *longs, char *shorts)
{
    *shorts++ = ':'; /* tell a missing argument from an unknown option */
    for (int i = 0; i < OPTION_ROW_COUNT; i++) {
        const struct option_row *row = &option_rows[i];
        longs[i] =
            (struct option){.name = row->name,
                            .has_arg = row->argument != NULL ? required_argument : no_argument,
                            .val = LONG_BASE + i};
        if (row->short_name != '\0') {
            *shorts++ = row->short_name;
            if (row->argument != NULL) {
                *shorts++ = ':';
            }
        }
    }
    longs[OPTION_ROW_COUNT] = (struct option){0};
    *shorts = '\0';
}

/* What getopt_long stumbled over: a short option by its letter, a long one as it was written. */
static enum options_status getopt_fail(struct parser *parser, int code, const char *word)
{
    char letter[] = {'-', (char)optopt, '\0'};
    const char *what = optopt > 0 && optopt < LONG_BASE ? letter : word;
    const char *why = "no such option";
    if (code == ':') {
        why = "needs a value";
    } else if (optopt >= LONG_BASE) {
        why = "takes no value";
    }
    return usage(parser, what, why);
}

static enum options_status line_parse(struct parser *parser, int argc, char **argv)
{
    struct option longs[OPTION_ROW_COUNT + 1];
    char shorts[2 * OPTION_ROW_COUNT + 2];
    enum options_status status = OPTIONS_OK;
    getopt_tables(longs, shorts);
    opterr = 0;
    optind = 0; /* makes getopt begin anew */
    while (status == OPTIONS_OK) {
        int code = getopt_long(argc, argv, shorts, longs, NULL);
        if (code == -1) {
            break;
        }
        const struct option_row *row = row_of(code);
        char source[40];
        if (row == NULL) {
            return getopt_fail(parser, code, argv[optind - 1]);
        }
        snprintf(source, sizeof source, "--%s", row->name);
        if (!is_taken(parser, row)) {
            return usage(parser, source, "not an option of this command");
        }
        status = value_set(parser, row, source, optarg);
    }
    if (optind < argc) {
        parser->options.files = argv + optind;
        parser->options.file_count = (size_t)(argc - optind);
    }
    return status;
}

static enum options_status database_default(struct parser *parser, char **database)
{
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    int length = -1;
    if (geteuid() == 0) {
        return text_set(database, "/var/lib/summitd/summit.db");
    }
    if (data != NULL && data[0] == '/') { /* a relative one is to be ignored, says XDG */
        length = asprintf(database, "%s/summitd/summit.db", data);
    } else if (home != NULL && home[0] == '/') {
        length = asprintf(database, "%s/.local/share/summitd/summit.db", home);
    } else {
        return usage(parser, "--database", "not given, and HOME is not set to derive it from");
    }
    if (length < 0) {
        *database = NULL;
        return OPTIONS_NOMEM;
    }
    return OPTIONS_OK;
}

/* Fills in what the command line left out: from the environment, else by default. */
static enum options_status rest_fill(struct parser *parser)
{
    enum options_status status = OPTIONS_OK;
    for (size_t i = 0; i < OPTION_ROW_COUNT && status == OPTIONS_OK; i++) {
        const struct option_row *row = &option_rows[i];
        const char *text = row->variable != NULL ? getenv(row->variable) : NULL;
        bool taken = is_taken(parser, row);
        if (parser->given[i]) {
            continue;
        }
        if (taken && text != NULL && text[0] != '\0') {
            status = value_set(parser, row, row->variable, text);
        } else if (row->preset != NULL) {
            status = value_set(parser, row, row->name, row->preset);
        } else if (taken && row->kind == OPTION_DATABASE) {
            status = database_default(parser, &parser->options.database);
            parser->options.database_is_default = true;
        }
    }
    return status;
}

/* What no single value shows. */
static enum options_status whole_check(struct parser *parser)
{
    const struct options *options = &parser->options;
    bool takes_files = command_rows[options->command].files != NULL;
    if (takes_files && options->file_count == 0) {
        return usage(parser, command_name(parser), "no FILE given");
    }
    if (!takes_files && options->file_count > 0) {
        return usage(parser, options->files[0],
                     "this command takes no file, and a command comes first");
    }
    if (options->max_connections < options->threads) {
        return usage(parser, "--max-connections", "fewer than --threads");
    }
    return OPTIONS_OK;
}

/* Takes the command, if the first word is one. */
static enum options_status command_parse(struct parser *parser, const char *word)
{
    if (word == NULL || word[0] == '-') {
        return OPTIONS_OK;
    }
    for (int i = 0; i < OPTIONS_COMMAND_COUNT; i++) {
        if (strcmp(word, command_rows[i].name) == 0) {
            parser->options.command = (enum options_command)i;
            parser->options.command_given = true;
            return OPTIONS_OK;
        }
    }
    (void)message_set(
        parser->message,
        "%.100s: no such command; choose one of serve, import, check, export, routes, "
        "or see summitd --help",
        word);
    return OPTIONS_USAGE;
}

enum options_status options_parse(int argc, char **argv, struct options *ret_options,
                                  struct message *ret_message)
{
    struct parser parser = {.options.command = OPTIONS_SERVE, .message = ret_message};
    enum options_status status = command_parse(&parser, argc > 0 ? argv[1] : NULL);
    int skipped = parser.options.command_given ? 1 : 0;
    if (status == OPTIONS_OK) {
        status = line_parse(&parser, argc - skipped, argv + skipped);
    }
    if (status == OPTIONS_OK) {
        status = rest_fill(&parser);
    }
    if (status == OPTIONS_OK) {
        status = whole_check(&parser);
    }
    if (status == OPTIONS_OK) {
        *ret_options = parser.options;
        return OPTIONS_OK;
    }
    options_clear(&parser.options);
    if (status == OPTIONS_HELP || status == OPTIONS_VERSION) {
        ret_options->command = parser.options.command;
        ret_options->command_given = parser.options.command_given;
    }
    return status;
}

void options_clear(struct options *options)
{
    if (options == NULL) {
        return;
    }
    free(options->database);
    free(options->user);
    free(options->output);
    options->database = NULL;
    options->user = NULL;
    options->output = NULL;
}
