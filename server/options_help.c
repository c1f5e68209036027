/* The help is printed from the same rows that parsing goes by, so neither can forget the other. */
#include <string.h>

#include "options_table.h"

enum { WIDTH = 80, HELP_COLUMN = 31 };

/* Prints the words of text from column to WIDTH, on as many lines as it takes, and ends the last.
 *   at  where the cursor stands now */
static void print_wrapped(FILE *stream, const char *text, int column, int at)
{
    bool first = true;
    while (*text != '\0') {
        int length = (int)strcspn(text, " ");
        if (!first && at + 1 + length > WIDTH) {
            fputc('\n', stream);
            at = 0;
            first = true;
        }
        at += fprintf(stream, "%*s%.*s", first ? column - at : 1, "", length, text);
        first = false;
        text += length;
        text += strspn(text, " ");
    }
    fputc('\n', stream);
}

static void print_option(FILE *stream, const struct option_row *row)
{
    char text[512];
    char range[32] = "";
    int at = row->short_name != '\0' ? fprintf(stream, "  -%c, --%s", row->short_name, row->name)
                                     : fprintf(stream, "      --%s", row->name);
    if (row->argument != NULL) {
        at += fprintf(stream, " %s", row->argument);
    }
    if (row->kind == OPTION_NUMBER) {
        snprintf(range, sizeof range, " From %u to %u.", row->min, row->max);
    }
    snprintf(text, sizeof text, "%s%s%s%s%s", row->help, range,
             row->preset != NULL ? " Default: " : "", row->preset != NULL ? row->preset : "",
             row->preset != NULL ? "." : "");
    print_wrapped(stream, text, HELP_COLUMN, at);
    if (row->variable != NULL) {
        print_wrapped(stream, row->variable, HELP_COLUMN, 0);
    }
}

static void print_examples(FILE *stream, const char *examples)
{
    while (*examples != '\0') {
        int length = (int)strcspn(examples, "\n");
        fprintf(stream, "  %.*s\n", length, examples);
        examples += length + 1;
    }
}

static void print_exit_statuses(FILE *stream)
{
    fputs("\nExit status:\n"
          "  0  all is well\n"
          "  1  it failed; one line on standard error says why and what to do\n"
          "  2  wrong usage\n",
          stream);
}

static void print_program(FILE *stream)
{
    fputs("summitd serves what summits have promised, item by item, as JSON.\n\n"
          "Usage: summitd [COMMAND] [OPTION]... [FILE]...\n\n"
          "Commands:\n",
          stream);
    for (size_t i = 0; i < OPTIONS_COMMAND_COUNT; i++) {
        fprintf(stream, "  %-8s  %s\n", command_rows[i].name, command_rows[i].summary);
    }
    fputs("\n\"summitd COMMAND --help\" shows the options of a command; --version the version.\n"
          "\nExamples:\n",
          stream);
    for (size_t i = 0; i < OPTIONS_COMMAND_COUNT; i++) {
        print_examples(stream, command_rows[i].examples);
    }
    fputs("\nEnvironment:\n", stream);
    print_wrapped(stream,
                  "Most options have a variable, named below them in the help of a command. The "
                  "command line goes before the environment, that before the default.",
                  2, 0);
    print_exit_statuses(stream);
}

static void print_command(FILE *stream, enum options_command command)
{
    const struct command_row *row = &command_rows[command];
    fprintf(stream, "Usage: summitd %s [OPTION]...%s%s\n\n", row->name,
            row->files != NULL ? " " : "", row->files != NULL ? row->files : "");
    print_wrapped(stream, row->description, 0, 0);
    fputs("\nOptions, each with its variable of the environment:\n", stream);
    for (size_t i = 0; i < OPTION_ROW_COUNT; i++) {
        if ((option_rows[i].commands & (1U << command)) != 0) {
            print_option(stream, &option_rows[i]);
        }
    }
    fputs("\nExamples:\n", stream);
    print_examples(stream, row->examples);
    print_exit_statuses(stream);
}

void options_print_help(FILE *stream, const struct options *options)
{
    if (options->command_given) {
        print_command(stream, options->command);
    } else {
        print_program(stream);
    }
}
