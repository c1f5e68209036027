#include "calls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static bool armed;
static size_t left;
static int failure;
static char failed[32];

static const char *const names[] = {"open", "flock", "fchmod", "fsync", "link", "rename"};
enum { CALL_OPEN, CALL_FLOCK, CALL_FCHMOD, CALL_FSYNC, CALL_LINK, CALL_RENAME, CALLS };
static unsigned counts[CALLS];

int __real_flock(int file, int operation);
int __real_fchmod(int file, mode_t mode);
int __real_fsync(int file);
int __real_link(const char *from, const char *to);
int __real_rename(const char *from, const char *to);

int __wrap_open(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
int __wrap_flock(int file, int operation);
int __wrap_fchmod(int file, mode_t mode);
int __wrap_fsync(int file);
int __wrap_link(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);

static bool fails(size_t call)
{
    if (!armed || failed[0] != '\0') {
        return false;
    }
    counts[call]++;
    if (left > 0) {
        left--;
        return false;
    }
    snprintf(failed, sizeof failed, "%s %u", names[call], counts[call]);
    errno = failure;
    return true;
}

void calls_arm(size_t index, int code)
{
    armed = true;
    left = index;
    failure = code;
    failed[0] = '\0';
    memset(counts, 0, sizeof counts);
}

const char *calls_disarm(void)
{
    armed = false;
    return failed[0] == '\0' ? NULL : failed;
}

int __wrap_open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return fails(CALL_OPEN) ? -1 : openat(AT_FDCWD, path, flags, mode);
}

int __wrap_open64(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return fails(CALL_OPEN) ? -1 : openat(AT_FDCWD, path, flags, mode);
}

int __wrap_flock(int file, int operation)
{
    return fails(CALL_FLOCK) ? -1 : __real_flock(file, operation);
}

int __wrap_fchmod(int file, mode_t mode)
{
    return fails(CALL_FCHMOD) ? -1 : __real_fchmod(file, mode);
}

int __wrap_fsync(int file)
{
    return fails(CALL_FSYNC) ? -1 : __real_fsync(file);
}

int __wrap_link(const char *from, const char *to)
{
    return fails(CALL_LINK) ? -1 : __real_link(from, to);
}

int __wrap_rename(const char *from, const char *to)
{
    return fails(CALL_RENAME) ? -1 : __real_rename(from, to);
}
