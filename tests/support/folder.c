#include "folder.h"

#include "check.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *folder_new(void)
{
    const char *base = getenv("TMPDIR");
    char *folder = NULL;
    if (asprintf(&folder, "%s/summitd-test-XXXXXX", base != NULL ? base : "/tmp") < 0) {
        fail_msg("no memory for a folder's name");
    }
    if (mkdtemp(folder) == NULL || chmod(folder, 0755) != 0) {
        fail_msg("can't make %s: %s", folder, strerror(errno));
    }
    return folder;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *position)
{
    (void)status;
    (void)kind;
    (void)position;
    (void)remove(path);
    return 0;
}

void folder_remove(char *folder)
{
    if (folder != NULL) {
        (void)nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
    }
    free(folder);
}

char *folder_join(const char *folder, const char *name)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s", folder, name) < 0) {
        fail_msg("no memory for a path");
    }
    return path;
}

char *file_read(const char *path, size_t *ret_length)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail_msg("can't open %s: %s", path, strerror(errno));
    }
    char *bytes = NULL;
    size_t room = 0;
    size_t length = 0;
    size_t got = 0;
    do {
        length += got;
        if (room - length < 2) {
            room = room == 0 ? 65536 : room * 2;
            char *larger = realloc(bytes, room);
            assert_non_null(larger);
            bytes = larger;
        }
        got = fread(bytes + length, 1, room - length - 1, file);
    } while (got > 0);
    fclose(file);
    bytes[length] = '\0';
    if (ret_length != NULL) {
        *ret_length = length;
    }
    return bytes;
}

void file_write(const char *path, const void *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL || fchmod(fileno(file), 0644) != 0) {
        fail_msg("can't write %s: %s", path, strerror(errno));
    }
    size_t written = fwrite(bytes, 1, length, file);
    if (fclose(file) != 0 || written != length) {
        fail_msg("can't write all of %s", path);
    }
}

void file_replace(const char *path, const void *bytes, size_t length)
{
    char *beside = NULL;
    if (asprintf(&beside, "%s.replacement", path) < 0) {
        fail_msg("no memory for a path");
    }
    file_write(beside, bytes, length);
    if (rename(beside, path) != 0) {
        fail_msg("can't rename %s: %s", beside, strerror(errno));
    }
    free(beside);
}

void file_replace_by_copy(const char *path, const char *from)
{
    size_t length = 0;
    char *bytes = file_read(from, &length);
    file_replace(path, bytes, length);
    free(bytes);
}
