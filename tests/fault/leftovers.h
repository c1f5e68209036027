/* What a publication that did not come to its end may leave beside the database. */
#ifndef TESTS_LEFTOVERS_H
#define TESTS_LEFTOVERS_H

#include <stddef.h>

/* How many files NAME.tmp.* there are in a folder. */
size_t leftovers_count(const char *folder);

#endif
