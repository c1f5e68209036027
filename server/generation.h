/* Generations: the published database now served, and the swap to the next.
 *
 * A generation is one published file, held open by at most as many connections as there are
 * workers, but always by one. It never changes; it is freed when another has taken its place and
 * its last request is done. */
#ifndef SERVER_GENERATION_H
#define SERVER_GENERATION_H

#include <stdbool.h>
#include <stdint.h>

#include "message.h"
#include "summit.h"

struct cache;
struct generation;
struct generations;

enum { GENERATION_REVISION_SIZE = 17 };

/* What is served, for /readyz. */
struct generation_state {
    char revision[GENERATION_REVISION_SIZE];
    bool is_stale;      /* the file in place was refused; an older one is served */
    const char *reason; /* of the refusal: damaged, foreign, ...; static */
    char detail[512];   /* of the refusal, for the log: it names the file */
    int64_t since_s;    /* of the refusal, seconds since 1970 */
};

/* Opens the database and begins to serve it.
 *   path       borrowed; must outlive the result.
 *   workers    how many requests may be answered at the same time.
 *   budget_ms  of one statement; 0 is no limit.
 *   cache_size  bytes of finished responses that a generation may keep; 0 is none.
 *   ret_message  why it cannot be served, when not SUMMIT_OK.
 * Returns what summit_store_open returns. */
enum summit_status generations_open(const char *path, unsigned workers, unsigned budget_ms,
                                    size_t cache_size, struct generations **ret_generations,
                                    struct message *ret_message)
    __attribute__((warn_unused_result));

/* Looks whether another file is in place and, if it is a good one, serves it from now on; a bad one
 * is refused and the old generation stays. Logs what it did. For one thread at a time.
 *   again  look at a file that was refused before once more. */
void generations_refresh(struct generations *generations, bool again);

/* The generation now served; to be given back with generation_release. */
struct generation *generations_acquire(struct generations *generations);

/* Takes another reference to a generation, to be given back with generation_release. */
void generation_retain(struct generation *generation);

/* Gives a generation back; the last one out frees it. NULL is fine. */
void generation_release(struct generation *generation);

/* A connection of the generation for one request, or NULL if as many as there are workers are in
 * use; to be given back with generation_give. It may have to be opened, or waited for; so it must
 * not be asked for by who holds one. */
struct summit_store *generation_take(struct generation *generation);
void generation_give(struct generation *generation, struct summit_store *store);

/* The finished responses of the generation; NULL if none are kept. The generation's. */
struct cache *generation_cache(const struct generation *generation);

/* The SHA-256 of the generation's file, SUMMIT_DIGEST_BYTES long.
 *   store  of the generation, to read the file if nobody has asked before.
 * Returns SUMMIT_OK or what summit_store_digest returns. */
enum summit_status generation_digest(struct generation *generation, struct summit_store *store,
                                     uint8_t *ret_digest) __attribute__((warn_unused_result));

/* What is served now. */
void generations_state(struct generations *generations, struct generation_state *ret_state);

/* Closes all; no request may be under way. NULL is fine. */
void generations_close(struct generations *generations);

#endif
