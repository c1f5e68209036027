#include "identity.h"

struct identity identity_of(const char *path)
{
    struct stat file;
    if (stat(path, &file) != 0) {
        return (struct identity){.size = -1};
    }
    return (struct identity){
        .device = file.st_dev,
        .inode = file.st_ino,
        .size = file.st_size,
        .modified = file.st_mtim,
    };
}

bool identity_same(const struct identity *a, const struct identity *b)
{
    return a->device == b->device && a->inode == b->inode && a->size == b->size &&
           a->modified.tv_sec == b->modified.tv_sec && a->modified.tv_nsec == b->modified.tv_nsec;
}
