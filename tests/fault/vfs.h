/* File operations of SQLite that fail on demand: a VFS in front of the usual one. */
#ifndef TESTS_VFS_H
#define TESTS_VFS_H

#include <stdbool.h>
#include <stddef.h>

enum vfs_kind { VFS_OPEN, VFS_DELETE, VFS_READ, VFS_WRITE, VFS_SYNC, VFS_TRUNCATE, VFS_KINDS };

/* Makes this VFS the default. */
void vfs_install(void);

/* From now on the operation of a kind after `index` others of that kind fails with an SQLite code,
 * alone or with all after it. SQLITE_IOERR_SHORT_READ reads nothing, as at the end of a file. */
void vfs_arm(enum vfs_kind kind, size_t index, int code, bool persists);

/* Lets all operations succeed again. Returns whether one has failed. */
bool vfs_disarm(void);

#endif
