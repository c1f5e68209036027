/* The opaque cursor of a page: where the next one starts, for which query, in which revision. */
#ifndef CURSOR_H
#define CURSOR_H

#include <stdint.h>

#include "summit.h"

/* Makes a cursor.
 *   revision  of the database; digest  of the query; both 16 hexadecimal digits.
 *   after     the rank of the last row shown.
 *   ret_cursor  base64url (RFC 4648 section 5); the caller frees it.
 * Returns SUMMIT_OK or SUMMIT_NOMEM. */
enum summit_status cursor_encode(const char *revision, const char *digest, int64_t after,
                                 char **ret_cursor) __attribute__((warn_unused_result));

/* Reads a cursor. Returns SUMMIT_OK; SUMMIT_GONE when it was made for another revision;
 * SUMMIT_INVALID when it is not a cursor, or one of another query. */
enum summit_status cursor_decode(const char *cursor, const char *revision, const char *digest,
                                 int64_t *ret_after) __attribute__((warn_unused_result));

#endif
