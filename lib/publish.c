/* Publishing, step by step, so that a reader and a crash only ever meet a whole database:
 *
 *   1. Lock NAME.lock, so that two imports do not lose each other's summits, and remove what a
 *      killed one left behind.
 *   2. Read the old database, join the records to it, check the whole.
 *   3. Build NAME.tmp.PID beside it; open it again, verified in full; write its checksum
 *      into it, by which a server knows that; fsync it.
 *   4. Hard-link the old file to NAME.prev, rename the new one over NAME, fsync the folder.
 *
 * The lock file stays: to remove it would let a third process lock another file of the same name.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "build.h"
#include "checksum.h"
#include "merge.h"
#include "record.h"
#include "store.h"
#include "summit.h"
#include "text.h"

struct publishing {
    const char *path;
    char *folder;
    char *temporary;
    const char *name; /* of the file in its folder; part of path */
    int lock;
    struct summit_error *error;
};

static enum summit_status fail(const struct publishing *publishing, const char *path,
                               const char *what, int code)
{
    bool full = code == ENOSPC || code == EDQUOT || code == EFBIG;
    text_error(publishing->error, "%s: %s: %s", path, what, strerror(code));
    if (code == ENOMEM) {
        return SUMMIT_NOMEM;
    }
    return full ? SUMMIT_FULL : SUMMIT_IO;
}

static enum summit_status set_paths(struct publishing *publishing)
{
    const char *slash = strrchr(publishing->path, '/');
    publishing->name = slash == NULL ? publishing->path : slash + 1;
    publishing->folder =
        slash == NULL ? strdup(".")
                      : strndup(publishing->path,
                                slash == publishing->path ? 1 : (size_t)(slash - publishing->path));
    publishing->temporary = text_format("%s.tmp.%ld", publishing->path, (long)getpid());
    return publishing->folder == NULL || publishing->temporary == NULL ? SUMMIT_NOMEM : SUMMIT_OK;
}

static enum summit_status take_lock(struct publishing *publishing)
{
    text_auto *path = text_format("%s.lock", publishing->path);
    if (path == NULL) {
        return SUMMIT_NOMEM;
    }
    publishing->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (publishing->lock < 0) {
        int code = errno;
        if (code == ENOENT || code == ENOTDIR) {
            text_error(publishing->error,
                       "%s: the folder %s does not exist; create it, or name another file",
                       publishing->path, publishing->folder);
            return SUMMIT_NOT_FOUND;
        }
        return fail(publishing, path, "cannot be written; let this user write to the folder", code);
    }
    if (flock(publishing->lock, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) {
            return fail(publishing, path, "cannot be locked", errno);
        }
        text_error(publishing->error, "%s: another import is running; try again when it is done",
                   publishing->path);
        return SUMMIT_BUSY;
    }
    return SUMMIT_OK;
}

/* Removes NAME.tmp.*, which only an import that was killed leaves behind: we hold the lock. */
static void remove_leftovers(const struct publishing *publishing)
{
    DIR *folder = opendir(publishing->folder);
    if (folder == NULL) {
        return;
    }
    size_t length = strlen(publishing->name);
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (strncmp(entry->d_name, publishing->name, length) == 0 &&
            strncmp(entry->d_name + length, ".tmp.", 5) == 0) {
            unlinkat(dirfd(folder), entry->d_name, 0);
        }
    }
    closedir(folder);
}

/* The record of the database now in place, or NULL if there is none or it is to be replaced. What
 * is not a summit database is never overwritten, nor one of a newer version. */
static enum summit_status read_base(const struct publishing *publishing, unsigned flags,
                                    json_t **ret_base)
{
    bool replace = (flags & SUMMIT_PUBLISH_REPLACE) != 0;
    struct summit_store *store = NULL;
    int64_t schema = 0;
    enum summit_status status = store_open(publishing->path, replace ? 0 : SUMMIT_STORE_VERIFY,
                                           &store, &schema, publishing->error);
    if (status == SUMMIT_OK && !replace) {
        status = summit_store_export(store, ret_base);
        if (status != SUMMIT_OK) {
            text_error(publishing->error, "%s: cannot be read: %s", publishing->path,
                       summit_status_text(status));
        }
    }
    summit_store_close(store);
    /* Of an older version: a foreign file, but one of ours. */
    bool is_older = status == SUMMIT_FOREIGN && schema != 0;
    if (status == SUMMIT_NOT_FOUND || (replace && (status == SUMMIT_CORRUPT || is_older))) {
        text_error(publishing->error, "%s", "");
        return SUMMIT_OK;
    }
    return status;
}

static enum summit_status combine(const struct publishing *publishing, json_t *const *records,
                                  size_t count, unsigned flags, json_t **ret_record,
                                  json_t **ret_problems)
{
    json_auto_t *all = NULL;
    enum summit_status status = read_base(publishing, flags, &all);
    for (size_t i = 0; status == SUMMIT_OK && i < count; i++) {
        json_t *merged = all == NULL ? json_incref(records[i]) : NULL;
        if (merged == NULL) {
            status = merge_records(all, records[i], &merged);
        }
        if (status == SUMMIT_OK) {
            json_decref(all);
            all = merged;
        }
    }
    json_auto_t *list = json_array();
    struct problems problems = {.list = list, .nomem = list == NULL};
    if (status == SUMMIT_OK) {
        status = record_check(all, &problems);
        if (status == SUMMIT_INVALID) {
            text_error(publishing->error, "%s: the records do not fit together", publishing->path);
            *ret_problems = json_incref(list);
        }
    }
    if (status == SUMMIT_OK) {
        status = record_complete(all);
    }
    if (status == SUMMIT_OK) {
        *ret_record = json_incref(all);
    }
    return status;
}

/* Gives the new file its checksum, makes it readable for everybody and its content outlast a power
 * cut. */
static enum summit_status finish_file(const struct publishing *publishing, uint64_t checksum)
{
    const char *path = publishing->temporary;
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0) {
        return fail(publishing, path, "cannot be opened", errno);
    }
    enum summit_status status = SUMMIT_OK;
    if (checksum_write(file, checksum) != 0) {
        status = fail(publishing, path, "its checksum cannot be written", errno);
    }
    if (status == SUMMIT_OK && fchmod(file, 0644) != 0) {
        status = fail(publishing, path, "its mode cannot be set", errno);
    }
    if (status == SUMMIT_OK && fsync(file) != 0) {
        status = fail(publishing, path, "cannot be written to the disk", errno);
    }
    close(file);
    return status;
}

/* Opens the new file as a server would that finds no checksum, compares the revision it states and
 * computes the checksum. What is wrong with it is the disk's doing. */
static enum summit_status check_built(const struct publishing *publishing, const char *revision,
                                      uint64_t *ret_checksum)
{
    struct summit_store *store = NULL;
    enum summit_status status =
        summit_store_open(publishing->temporary, SUMMIT_STORE_VERIFY, &store, publishing->error);
    if (status == SUMMIT_OK && strcmp(summit_store_revision(store), revision) != 0) {
        status = SUMMIT_CORRUPT;
    }
    if (status == SUMMIT_OK) {
        status = checksum_compute(store, ret_checksum);
        if (status != SUMMIT_OK) {
            text_error(publishing->error, "%s: cannot be read: %s", publishing->temporary,
                       summit_status_text(status));
        }
    }
    summit_store_close(store);
    if (status == SUMMIT_CORRUPT || status == SUMMIT_FOREIGN || status == SUMMIT_NEWER ||
        status == SUMMIT_NOT_FOUND) {
        text_error(publishing->error, "%s: does not read back as written; check the disk",
                   publishing->temporary);
        status = SUMMIT_IO;
    }
    return status;
}

/* Keeps the old file as NAME.prev. A file system without hard links keeps none. */
static enum summit_status keep_previous(const struct publishing *publishing)
{
    text_auto *link_path = text_format("%s.tmp.prev", publishing->path);
    text_auto *previous = text_format("%s.prev", publishing->path);
    if (link_path == NULL || previous == NULL) {
        return SUMMIT_NOMEM;
    }
    if (link(publishing->path, link_path) != 0) {
        bool none = errno == ENOENT || errno == EPERM || errno == EOPNOTSUPP;
        return none ? SUMMIT_OK : fail(publishing, link_path, "cannot be linked", errno);
    }
    if (rename(link_path, previous) != 0) {
        enum summit_status status = fail(publishing, previous, "cannot be replaced", errno);
        unlink(link_path);
        return status;
    }
    /* rename does nothing when both names are links to one file already. */
    unlink(link_path);
    return SUMMIT_OK;
}

/* Renames the new file into place. The folder is opened before, so that afterwards nothing can fail
 * but making the rename outlast a power cut; some file systems cannot (EINVAL). */
static enum summit_status replace_old(const struct publishing *publishing)
{
    int folder = open(publishing->folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
    if (folder < 0) {
        return fail(publishing, publishing->folder, "cannot be opened", errno);
    }
    enum summit_status status = SUMMIT_OK;
    if (rename(publishing->temporary, publishing->path) != 0) {
        status = fail(publishing, publishing->path, "cannot be replaced", errno);
    } else if (fsync(folder) != 0 && errno != EINVAL) {
        status = fail(publishing, publishing->path,
                      "is published, but a power cut now may bring the old database back", errno);
    }
    close(folder);
    return status;
}

static enum summit_status put_in_place(const struct publishing *publishing, uint64_t checksum)
{
    enum summit_status status = finish_file(publishing, checksum);
    if (status == SUMMIT_OK) {
        status = keep_previous(publishing);
    }
    return status == SUMMIT_OK ? replace_old(publishing) : status;
}

static enum summit_status publish(struct publishing *publishing, json_t *const *records,
                                  size_t count, unsigned flags,
                                  struct summit_publication *ret_publication, json_t **ret_problems)
{
    json_auto_t *record = NULL;
    struct summit_publication publication = {.summit_count = 0};
    uint64_t checksum = 0;
    enum summit_status status = set_paths(publishing);
    if (status == SUMMIT_OK) {
        status = take_lock(publishing);
    }
    if (status == SUMMIT_OK) {
        remove_leftovers(publishing);
        status = combine(publishing, records, count, flags, &record, ret_problems);
    }
    if (status != SUMMIT_OK) {
        return status;
    }
    status = build_database(publishing->temporary, record, (int64_t)time(NULL),
                            publication.revision, publishing->error);
    if (status == SUMMIT_OK) {
        status = check_built(publishing, publication.revision, &checksum);
    }
    if (status == SUMMIT_OK) {
        status = put_in_place(publishing, checksum);
    }
    if (status != SUMMIT_OK) {
        unlink(publishing->temporary);
        remove_leftovers(publishing);
        return status;
    }
    publication.summit_count = json_array_size(json_object_get(record, "summits"));
    if (ret_publication != NULL) {
        *ret_publication = publication;
    }
    return SUMMIT_OK;
}

enum summit_status summit_publish(const char *path, json_t *const *records, size_t count,
                                  unsigned flags, struct summit_publication *ret_publication,
                                  json_t **ret_problems, struct summit_error *error)
{
    struct publishing publishing = {.path = path, .lock = -1, .error = error};
    enum summit_status status =
        publish(&publishing, records, count, flags, ret_publication, ret_problems);
    if (status == SUMMIT_NOMEM) {
        text_error(error, "%s: out of memory; the old database stays as it was", path);
    }
    if (publishing.lock >= 0) {
        close(publishing.lock);
    }
    free(publishing.folder);
    free(publishing.temporary);
    return status;
}
