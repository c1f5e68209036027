/* The commands, each in the file of its name. Each returns the exit status: 0, or 1 after one line
 * on standard error that says what was wrong and what to do. */
#ifndef SERVER_COMMANDS_H
#define SERVER_COMMANDS_H

#include <jansson.h>

#include "../message.h"
#include "../options.h"

int command_serve(const struct options *options);
int command_import(const struct options *options);
int command_check(const struct options *options);
int command_export(const struct options *options);
int command_routes(const struct options *options);

/* Prints a failure as `summitd: what`; returns 1. */
int command_fail(const char *what);

/* Prints the problems of a record file on standard output, one a line: FILE: POINTER: what is
 * wrong. problems  as the library gives them; borrowed. */
void command_print_problems(const char *file, const json_t *problems);

#endif
