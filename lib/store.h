/* One read-only connection to a published database. */
#ifndef STORE_H
#define STORE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "statement.h"
#include "summit.h"
#include "term.h"

/* "SUMT": PRAGMA application_id of a published database; user_version of the schema. */
enum { STORE_APPLICATION_ID = 0x53554d54, STORE_SCHEMA_VERSION = 3 };

struct summit_store {
    sqlite3 *db;
    char *path;       /* NULL while a database is built */
    struct stat file; /* what it led to when the store was opened */
    int read_count;   /* pages read from the file, when last looked at */
    bool is_written;  /* the file has been written to since */
    bool is_tainted;  /* some were read after the file had been written to */
    char revision[17];
    int64_t published_at;
    int64_t row_counts[RESOURCE_COUNT]; /* by resource_index */
    int64_t bases[RESOURCE_COUNT];      /* its documents in `search` have the rowids after it */
    int64_t document_count;             /* of all resources */
    int64_t size;                       /* of the file, in bytes */
    unsigned budget_ms;
    int64_t deadline_ms; /* of the running statement, on the monotonic clock; 0 is none */
    struct statement_cache statements;
    struct term_cache terms;
    sqlite3_blob *document; /* the row of `document` that was read last, or NULL */
};

/* Does what summit_store_open does, and tells databases of other versions from foreign files.
 *   ret_schema  set whatever the status: the schema of a database that some version of summitd
 *               published, or 0. */
enum summit_status store_open(const char *path, unsigned flags, struct summit_store **ret_store,
                              int64_t *ret_schema, struct summit_error *error)
    __attribute__((warn_unused_result));

/* Starts the budget of the next statement. */
void store_start_budget(struct summit_store *store);

/* Takes a statement from the store's cache, as statement_get, and starts its budget; to be left
 * with statement_reset. ret_stmt  written on success only. */
static inline enum summit_status store_prepare(struct summit_store *store, const char *text,
                                               sqlite3_stmt **ret_stmt)
{
    struct statement *statement = NULL;
    store_start_budget(store);
    enum summit_status status =
        statement_get(&store->statements, store->db, text, NULL, &statement);
    if (status == SUMMIT_OK) {
        *ret_stmt = statement->stmt;
    }
    return status;
}

/* Whether what has been read from the store is what its database held when it was opened: once
 * somebody has written to the file, pages that were in memory are still right, and others may be
 * anything. To be asked after rows have been read. Returns SUMMIT_OK or SUMMIT_CORRUPT. */
enum summit_status store_check_untouched(struct summit_store *store)
    __attribute__((warn_unused_result));

/* Whether nobody has written to the file since it was opened, as far as can be seen while it is at
 * its path. Returns SUMMIT_OK or SUMMIT_CORRUPT. */
enum summit_status store_check_unwritten(struct summit_store *store)
    __attribute__((warn_unused_result));

#endif
