/* Which file a path leads to, and in what state, as far as stat() tells. */
#ifndef SERVER_IDENTITY_H
#define SERVER_IDENTITY_H

#include <stdbool.h>
#include <sys/stat.h>
#include <time.h>

struct identity {
    dev_t device;
    ino_t inode;
    off_t size; /* -1 if there is no file */
    struct timespec modified;
};

struct identity identity_of(const char *path);

bool identity_same(const struct identity *a, const struct identity *b);

#endif
