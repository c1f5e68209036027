/* A file of this VFS is a file of the usual one behind a header of ours: every method counts, fails
 * if it is its turn, or passes the call on. For one thread. */
#include "vfs.h"

#include "../support/check.h"

#include <sqlite3.h>
#include <string.h>

struct file {
    sqlite3_file base; /* of ours; the usual one's follows */
};

static struct sqlite3_vfs *usual;
static bool armed;
static bool injected;
static bool goes_on;
static enum vfs_kind armed_kind;
static size_t left;
static int failure;

static sqlite3_file *inner(sqlite3_file *file)
{
    return (sqlite3_file *)((struct file *)file + 1);
}

/* SQLITE_OK, or the failure if it is due. */
static int count(enum vfs_kind kind)
{
    if (!armed || kind != armed_kind || (injected && !goes_on)) {
        return SQLITE_OK;
    }
    if (left > 0) {
        left--;
        return SQLITE_OK;
    }
    injected = true;
    return failure;
}

static int file_close(sqlite3_file *file)
{
    return inner(file)->pMethods->xClose(inner(file));
}

static int file_read(sqlite3_file *file, void *bytes, int length, sqlite3_int64 offset)
{
    int code = count(VFS_READ);
    if (code != SQLITE_OK) {
        memset(bytes, 0, (size_t)length);
        return code;
    }
    return inner(file)->pMethods->xRead(inner(file), bytes, length, offset);
}

static int file_write(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset)
{
    int code = count(VFS_WRITE);
    if (code != SQLITE_OK) {
        /* A disk that fills up takes the first part. */
        (void)inner(file)->pMethods->xWrite(inner(file), bytes, length / 2, offset);
        return code;
    }
    return inner(file)->pMethods->xWrite(inner(file), bytes, length, offset);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int code = count(VFS_TRUNCATE);
    return code != SQLITE_OK ? code : inner(file)->pMethods->xTruncate(inner(file), size);
}

static int file_sync(sqlite3_file *file, int flags)
{
    int code = count(VFS_SYNC);
    return code != SQLITE_OK ? code : inner(file)->pMethods->xSync(inner(file), flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    return inner(file)->pMethods->xFileSize(inner(file), ret_size);
}

static int file_lock(sqlite3_file *file, int level)
{
    return inner(file)->pMethods->xLock(inner(file), level);
}

static int file_unlock(sqlite3_file *file, int level)
{
    return inner(file)->pMethods->xUnlock(inner(file), level);
}

static int file_check_lock(sqlite3_file *file, int *ret_locked)
{
    return inner(file)->pMethods->xCheckReservedLock(inner(file), ret_locked);
}

static int file_control(sqlite3_file *file, int operation, void *argument)
{
    return inner(file)->pMethods->xFileControl(inner(file), operation, argument);
}

static int file_sector(sqlite3_file *file)
{
    return inner(file)->pMethods->xSectorSize(inner(file));
}

static int file_traits(sqlite3_file *file)
{
    return inner(file)->pMethods->xDeviceCharacteristics(inner(file));
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
};

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                    int *ret_flags)
{
    (void)vfs;
    int code = count(VFS_OPEN);
    file->pMethods = NULL;
    if (code == SQLITE_OK) {
        code = usual->xOpen(usual, name, inner(file), flags, ret_flags);
    }
    if (code == SQLITE_OK) {
        file->pMethods = &methods;
    }
    return code;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    (void)vfs;
    int code = count(VFS_DELETE);
    return code != SQLITE_OK ? code : usual->xDelete(usual, name, sync_folder);
}

void vfs_install(void)
{
    static struct sqlite3_vfs vfs;
    usual = sqlite3_vfs_find(NULL);
    assert_non_null(usual);
    vfs = *usual;
    vfs.zName = "faulty";
    vfs.szOsFile = (int)sizeof(struct file) + usual->szOsFile;
    vfs.pNext = NULL;
    vfs.xOpen = vfs_open;
    vfs.xDelete = vfs_delete;
    assert_int_equal(sqlite3_vfs_register(&vfs, 1), SQLITE_OK);
}

void vfs_arm(enum vfs_kind kind, size_t index, int code, bool persists)
{
    armed = true;
    injected = false;
    goes_on = persists;
    armed_kind = kind;
    left = index;
    failure = code;
}

bool vfs_disarm(void)
{
    armed = false;
    return injected;
}
