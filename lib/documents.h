/* Rows as documents show them: made when a database is published, checked when it is opened, and
 * read by their places. */
#ifndef DOCUMENTS_H
#define DOCUMENTS_H

#include <sqlite3.h>

#include "buffer.h"
#include "store.h"
#include "summit.h"

/* Fills the table `document` of a database whose other tables are complete. Returns SUMMIT_OK,
 * SUMMIT_NOMEM, or what SQLite reports. */
enum summit_status documents_fill(sqlite3 *db) __attribute__((warn_unused_result));

/* Whether all that the table holds is JSON. Returns SUMMIT_OK, SUMMIT_CORRUPT, SUMMIT_NOMEM, or
 * what SQLite reports. */
enum summit_status documents_check(sqlite3 *db) __attribute__((warn_unused_result));

/* Appends the JSON text of the row at a place. Returns SUMMIT_OK, SUMMIT_NOMEM, SUMMIT_CORRUPT
 * (also when there is no such row), or what SQLite reports. */
enum summit_status documents_append(struct summit_store *store, int64_t place, struct buffer *text)
    __attribute__((warn_unused_result));

#endif
