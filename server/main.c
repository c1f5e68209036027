#include <signal.h>
#include <stdio.h>

#include "commands/commands.h"
#include "options.h"
#include "summit.h"

static int run_command(const struct options *options)
{
    static int (*const commands[OPTIONS_COMMAND_COUNT])(const struct options *) = {
        [OPTIONS_SERVE] = command_serve,   [OPTIONS_IMPORT] = command_import,
        [OPTIONS_CHECK] = command_check,   [OPTIONS_EXPORT] = command_export,
        [OPTIONS_ROUTES] = command_routes,
    };
    return commands[options->command](options);
}

int main(int argc, char **argv)
{
    /* A file that may not grow is an error to report, not the end. */
    signal(SIGXFSZ, SIG_IGN);
    summit_own_sqlite();
    struct options options = {.database = NULL};
    struct message message = {{0}};
    int result = 0;
    switch (options_parse(argc, argv, &options, &message)) {
    case OPTIONS_OK:
        result = run_command(&options);
        break;
    case OPTIONS_HELP:
        options_print_help(stdout, &options);
        break;
    case OPTIONS_VERSION:
        printf("summitd %s\n", summit_version());
        break;
    case OPTIONS_USAGE:
        fprintf(stderr, "summitd: %s\n", message.text);
        return 2;
    case OPTIONS_NOMEM:
        return command_fail("out of memory");
    }
    options_clear(&options);
    /* What was printed must have arrived, or a script would take half of it for the whole. */
    if ((fflush(stdout) != 0 || ferror(stdout)) && result == 0) {
        return command_fail("standard output cannot be written");
    }
    return result;
}
