/* The database file of a store as bytes. */
#ifndef FILE_H
#define FILE_H

#include <stdint.h>

#include "store.h"

/* Reads how large the file is, into store->size, once SQLite has it open. Returns SUMMIT_OK,
 * SUMMIT_IO or SUMMIT_INTERNAL. */
enum summit_status file_measure(struct summit_store *store) __attribute__((warn_unused_result));

/* Reads the whole file and keeps the SHA-256 (FIPS 180-4) of it in the store. Returns as
 * summit_store_read does. */
enum summit_status file_digest(struct summit_store *store) __attribute__((warn_unused_result));

#endif
