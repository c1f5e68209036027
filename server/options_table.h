/* The tables that parsing and help share; for options*.c only. */
#ifndef SERVER_OPTIONS_TABLE_H
#define SERVER_OPTIONS_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "options.h"

enum option_kind {
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_FLAG,      /* bool */
    OPTION_NUMBER,    /* unsigned, from min to max */
    OPTION_TEXT,      /* char *, owned */
    OPTION_DATABASE,  /* a text whose default depends on who asks */
    OPTION_ADDRESSES, /* listen and listen_count */
    OPTION_CHOICE,    /* an enum: the place of its value in `choices` */
};

struct option_row {
    const char *name;
    char short_name; /* '\0' for none */
    enum option_kind kind;
    unsigned commands;          /* a bit, 1 << command, for each that takes it */
    size_t offset;              /* of the member in struct options */
    unsigned min, max;          /* of a number */
    const char *const *choices; /* of a choice, ends with NULL */
    const char *variable;       /* of the environment; NULL for none */
    const char *argument;       /* its name in the help; NULL for none */
    const char *preset;         /* the default, read as any other value; NULL for none */
    const char *help;
};

enum { OPTION_ROW_COUNT = 17 };

struct command_row {
    const char *name;
    const char *files; /* how its files are written in the usage; NULL if it takes none */
    const char *summary;
    const char *description;
    const char *examples; /* lines, each with its end */
};

extern const struct option_row option_rows[OPTION_ROW_COUNT];
extern const struct command_row command_rows[OPTIONS_COMMAND_COUNT];

#endif
