#include "descriptors.h"

#include <sys/resource.h>

/* For listeners, epoll, the database and what the C library opens for a moment. */
enum { RESERVED = 64 };

void descriptors_raise(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit); /* else it stays as it is */
    }
}

size_t descriptors_left(size_t connections)
{
    struct rlimit limit;
    size_t needed = connections + RESERVED;
    return getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur > needed
               ? limit.rlim_cur - needed
               : 0;
}
