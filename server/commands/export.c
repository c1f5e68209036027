#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "summit.h"

static int fail_writing(const char *path, int code)
{
    struct message message;
    message_set(&message, "%s: cannot be written: %s", path, strerror(code));
    return command_fail(message.text);
}

/* Writes a record.
 *   is_durable  also to the disk, not only to the system. */
static int write_record(const json_t *record, FILE *file, const char *name, bool is_durable)
{
    errno = 0;
    bool written = json_dumpf(record, file, JSON_INDENT(2)) == 0 && fputc('\n', file) != EOF &&
                   fflush(file) == 0 && ferror(file) == 0 &&
                   (!is_durable || fsync(fileno(file)) == 0);
    return written ? 0 : fail_writing(name, errno);
}

/* Makes a rename outlast a power cut; where that cannot be had the file is written all the same. */
static void sync_folder_of(const char *path)
{
    char *copy = strdup(path);
    int folder = copy == NULL ? -1 : open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        (void)fsync(folder);
        close(folder);
    }
    free(copy);
}

/* Writes a new file and renames it, so that a failure leaves the old one as it was. */
static int replace_file(const json_t *record, const char *path)
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
        result = write_record(record, file, path, true);
        fclose(file);
        if (result == 0 && rename(temporary, path) != 0) {
            result = fail_writing(path, errno);
        }
        if (result != 0) {
            unlink(temporary);
        }
        sync_folder_of(path);
    }
    free(temporary);
    return result;
}

/* A device or a pipe is written to, and a symbolic link followed: none of them is ever replaced. */
static int write_file(const json_t *record, const char *path)
{
    struct stat file;
    if (stat(path, &file) == 0 && !S_ISREG(file.st_mode)) {
        FILE *stream = fopen(path, "we");
        if (stream == NULL) {
            return fail_writing(path, errno);
        }
        int result = write_record(record, stream, path, false);
        fclose(stream);
        return result;
    }
    char *target = realpath(path, NULL);
    int result = replace_file(record, target == NULL ? path : target);
    free(target);
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
    return options->output == NULL ? write_record(record, stdout, "standard output", false)
                                   : write_file(record, options->output);
}
