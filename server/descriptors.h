/* How many files this process may have open. */
#ifndef SERVER_DESCRIPTORS_H
#define SERVER_DESCRIPTORS_H

#include <stddef.h>

/* Raises the limit to the most that the process may have (getrlimit(2): to the hard limit), since
 * each connection takes a descriptor. */
void descriptors_raise(void);

/* How many descriptors are left when `connections` clients are connected; 0 if there are too few
 * for them. */
size_t descriptors_left(size_t connections);

#endif
