/* The database file of a store as bytes. */
#ifndef FILE_H
#define FILE_H

#include "store.h"

/* Reads how large the file is, into store->size, once SQLite has it open. Returns SUMMIT_OK,
 * SUMMIT_IO or SUMMIT_INTERNAL. */
enum summit_status file_measure(struct summit_store *store) __attribute__((warn_unused_result));

#endif
