/* Building a database file from a record. */
#ifndef BUILD_H
#define BUILD_H

#include "summit.h"

/* Builds a complete database, but for its checksum.
 *   path          a file that does not exist yet; left behind, possibly half done, on failure.
 *   record        a checked record, borrowed.
 *   published_at  seconds since the epoch.
 *   ret_revision  the revision of the content.
 *   error         may be NULL.
 * Returns SUMMIT_OK, SUMMIT_NOMEM, SUMMIT_FULL, SUMMIT_IO or SUMMIT_INTERNAL. */
enum summit_status build_database(const char *path, const json_t *record, int64_t published_at,
                                  char ret_revision[17], struct summit_error *error)
    __attribute__((warn_unused_result));

#endif
