/* The command line and the environment: command line before environment before default. */
#ifndef SERVER_OPTIONS_H
#define SERVER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "listen.h"
#include "log.h"
#include "message.h"

enum options_command {
    OPTIONS_SERVE,
    OPTIONS_IMPORT,
    OPTIONS_CHECK,
    OPTIONS_EXPORT,
    OPTIONS_ROUTES,
    OPTIONS_COMMAND_COUNT,
};

enum options_status {
    OPTIONS_OK,
    OPTIONS_HELP,    /* --help: print it with options_print_help, exit 0 */
    OPTIONS_VERSION, /* --version: print it, exit 0 */
    OPTIONS_USAGE,   /* wrong usage: print the message, exit 2 */
    OPTIONS_NOMEM,
};

/* What a command does not take keeps its default. */
struct options {
    enum options_command command;
    bool command_given; /* "summitd serve" as against "summitd" */

    struct listen_address listen[LISTEN_MAX]; /* serve; at least one */
    size_t listen_count;
    char *database;             /* serve, import, export: never NULL there; owned */
    bool database_is_default;   /* nobody named it: its folder may be created */
    char *user;                 /* serve; NULL if not given; owned */
    char *output;               /* export; NULL for standard output; owned */
    bool replace;               /* import */
    unsigned threads;           /* serve, as all that follow; 0: one a processor */
    unsigned max_connections;   /* never fewer than threads */
    unsigned connection_memory; /* in bytes */
    unsigned cache_size;        /* in bytes */
    unsigned idle_timeout_s;
    unsigned head_timeout_s;
    unsigned drain_timeout_s;
    unsigned statement_budget_ms;
    unsigned log_format; /* an enum log_format */
    unsigned access_log; /* an enum log_access */

    char **files; /* import and check: at least one; borrowed from argv */
    size_t file_count;
};

/* Reads argv (which is permuted: options may stand after files) and the variables SUMMITD_*, of
 * which an empty one counts as not set. Without --database the file is /var/lib/summitd/summit.db
 * for root, else summitd/summit.db in $XDG_DATA_HOME or ~/.local/share. *ret_options is written on
 * OK, and is then freed with options_clear; on HELP and VERSION only its command and command_given
 * are written. *ret_message is written on USAGE. Not for several threads (getopt). */
enum options_status options_parse(int argc, char **argv, struct options *ret_options,
                                  struct message *ret_message) __attribute__((warn_unused_result));

/* Prints the help of the command if one was given, else that of the program, 80 columns wide. */
void options_print_help(FILE *stream, const struct options *options);

/* Frees what the options own and empties them; NULL is fine. */
void options_clear(struct options *options);

#endif
