/* One read-only connection to a published database. */
#ifndef STORE_H
#define STORE_H

#include <sqlite3.h>
#include <stdint.h>

#include "statement.h"
#include "summit.h"

/* "SUMT": PRAGMA application_id of a published database; user_version of the schema. */
enum { STORE_APPLICATION_ID = 0x53554d54, STORE_SCHEMA_VERSION = 1 };

struct summit_store {
    sqlite3 *db;
    char revision[17];
    int64_t published_at;
    unsigned budget_ms;
    int64_t deadline_ms; /* of the running statement, on the monotonic clock; 0 is none */
    struct statement_cache statements;
};

/* Starts the budget of the next statement. */
void store_start_budget(struct summit_store *store);

#endif
