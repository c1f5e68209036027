/* The checksum a published file carries, which says that it is, byte for byte, what was verified
 * when it was published. It is against accidents, not against who means harm. */
#ifndef CHECKSUM_H
#define CHECKSUM_H

#include <sqlite3.h>

#include "summit.h"

/* Makes a database that has no tables yet leave room for a checksum. Returns SUMMIT_OK or what
 * SQLite reports. */
enum summit_status checksum_reserve(sqlite3 *db) __attribute__((warn_unused_result));

/* Computes the checksum of a store's file. Returns SUMMIT_CORRUPT if the file has no room for one,
 * or what summit_store_read returns. */
enum summit_status checksum_compute(struct summit_store *store, uint64_t *ret_checksum)
    __attribute__((warn_unused_result));

/* Writes a checksum into the file it is of. Returns 0, or -1 with errno. */
int checksum_write(int file, uint64_t checksum) __attribute__((warn_unused_result));

/* Whether the file carries its checksum. One that does not may be sound: it may have none, or be
 * changed by another program. Returns what summit_store_read returns. */
enum summit_status checksum_check(struct summit_store *store, bool *ret_matches)
    __attribute__((warn_unused_result));

#endif
