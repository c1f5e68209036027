/* System calls of libsummit that fail on demand; it is linked with --wrap for that. */
#ifndef TESTS_CALLS_H
#define TESTS_CALLS_H

#include <stdbool.h>
#include <stddef.h>

/* From now on the call after `index` others (of open, flock, fchmod, fsync, link and rename) fails
 * with an errno. */
void calls_arm(size_t index, int code);

/* Lets all calls succeed again. Returns the name of the one that failed, with its number among
 * those of its name ("fsync 2"), or NULL. */
const char *calls_disarm(void);

#endif
