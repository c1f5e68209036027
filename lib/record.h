/* A record in memory: one JSON object with an array for each resource. */
#ifndef RECORD_H
#define RECORD_H

#include "problems.h"
#include "summit.h"

/* The version of the record format. */
enum { RECORD_VERSION = 1 };

/* Checks a parsed record: its fields, then, if those are right, what its rows say of each other.
 * Returns SUMMIT_OK, SUMMIT_INVALID or SUMMIT_NOMEM. */
enum summit_status record_check(const json_t *record, struct problems *problems)
    __attribute__((warn_unused_result));

/* Adds to a checked record the optional members that its rows leave out, so that equal records are
 * equal JSON. Returns SUMMIT_OK or SUMMIT_NOMEM. */
enum summit_status record_complete(json_t *record) __attribute__((warn_unused_result));

/* Computes the revision of a record as exported: the first 16 hexadecimal digits of the SHA-256 of
 * its compact text. Returns SUMMIT_OK or SUMMIT_NOMEM. */
enum summit_status record_revision(const json_t *record, char ret_revision[17])
    __attribute__((warn_unused_result));

#endif
