/* Temporary folders and the files in them. Every function fails the running test when it can't do
 * what it is asked, so none returns a status. */
#ifndef TESTS_FOLDER_H
#define TESTS_FOLDER_H

#include <stddef.h>

/* A new empty folder that any user may enter and read; the daemon under test may become `nobody`.
 * The caller owns the path and ends it with folder_remove(). */
char *folder_new(void);

/* Removes the folder with all that is in it and frees the path. Takes NULL. Never fails a test. */
void folder_remove(char *folder);

/* "FOLDER/NAME"; the caller frees it. */
char *folder_join(const char *folder, const char *name);

/* The whole file, with a NUL after its last byte; the caller frees it. `ret_length` may be NULL. */
char *file_read(const char *path, size_t *ret_length);

/* Writes a whole file (mode 0644), in place of what was there. */
void file_write(const char *path, const void *bytes, size_t length);

/* Puts a file of these bytes in the place of `path` by one rename, as a publisher does. */
void file_replace(const char *path, const void *bytes, size_t length);

/* file_read() of `from` and file_replace() of `path`. */
void file_replace_by_copy(const char *path, const char *from);

#endif
