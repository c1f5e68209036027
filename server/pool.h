/* The connections to one published file: at least one, and no more than can be used at a time. */
#ifndef SERVER_POOL_H
#define SERVER_POOL_H

#include "identity.h"
#include "summit.h"

struct pool;

/* Opens a file, verifies it, and makes a pool of that connection.
 *   path       borrowed; must outlive the result.
 *   max        how many connections there may be.
 *   budget_ms  of one statement; 0 is no limit.
 * Returns what summit_store_open returns. */
enum summit_status pool_open(const char *path, size_t max, unsigned budget_ms,
                             struct pool **ret_pool, struct summit_error *error)
    __attribute__((warn_unused_result));

/* The file that the connections are to. */
const struct identity *pool_identity(const struct pool *pool);

/* A connection, to be given back with pool_give; NULL if max are in use. It may have to be opened
 * or waited for, so who holds one must not take another. */
struct summit_store *pool_take(struct pool *pool);

/* Opens one more connection, unless there are max or the last try is not a second old. */
void pool_fill(struct pool *pool);

/* Gives a connection back. NULL is fine. */
void pool_give(struct pool *pool, struct summit_store *store);

/* Closes all connections; none may be in use. NULL is fine. */
void pool_close(struct pool *pool);

#endif
