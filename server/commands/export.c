#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "summit.h"

static int fail_writing(const char *path, int code)
{
    struct message message;
    message_set(&message, "%s: cannot be written: %s", path, strerror(code));
    return command_fail(message.text);
}

static int write_record(const json_t *record, FILE *file, const char *name)
{
    errno = 0;
    bool written = json_dumpf(record, file, JSON_INDENT(2)) == 0 && fputc('\n', file) != EOF &&
                   fflush(file) == 0 && ferror(file) == 0 &&
                   (file == stdout || fsync(fileno(file)) == 0);
    return written ? 0 : fail_writing(name, errno);
}

/* Writes a new file and renames it, so that a failure leaves the old one as it was. */
static int write_file(const json_t *record, const char *path)
{
    char *temporary = NULL;
    if (asprintf(&temporary, "%s.tmp.%ld", path, (long)getpid()) < 0) {
        return command_fail("out of memory");
    }
    int result;
    FILE *file = fopen(temporary, "wxe");
    if (file == NULL) {
        result = fail_writing(path, errno);
    } else {
        result = write_record(record, file, path);
        fclose(file);
        if (result == 0 && rename(temporary, path) != 0) {
            result = fail_writing(path, errno);
        }
        if (result != 0) {
            unlink(temporary);
        }
    }
    free(temporary);
    return result;
}

int command_export(const struct options *options)
{
    struct summit_error error = {{0}};
    struct summit_store *store = NULL;
    enum summit_status status =
        summit_store_open(options->database, SUMMIT_STORE_VERIFY, &store, &error);
    if (status != SUMMIT_OK) {
        return command_fail(error.message);
    }
    json_auto_t *record = NULL;
    status = summit_store_export(store, &record);
    summit_store_close(store);
    if (status != SUMMIT_OK) {
        struct message message;
        message_set(&message, "%s: cannot be read: %s", options->database,
                    summit_status_text(status));
        return command_fail(message.text);
    }
    return options->output == NULL ? write_record(record, stdout, "standard output")
                                   : write_file(record, options->output);
}
