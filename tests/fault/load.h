/* Clients that ask a server again and again, in threads of their own, and have every answer looked
 * at. */
#ifndef TESTS_LOAD_H
#define TESTS_LOAD_H

#include "../support/daemon.h"

#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { LOAD_ERROR_SIZE = 2048 };

struct load_reply {
    size_t target; /* which of the targets it answers */
    int status;
    int phase;      /* what the options' phase was when it was asked for; 0 without */
    char etag[128]; /* "" for none */
    json_t *json;   /* the body, borrowed; NULL when there is none */
};

struct load_options {
    const struct daemon *daemon;
    const char *const *targets; /* ended by NULL; there is a thread for each */
    /* Whether a reply is right; if not it says why. Called by several threads at a time, and so
     * must not assert. */
    bool (*accept)(void *context, const struct load_reply *reply, char error[LOAD_ERROR_SIZE]);
    void *context;
    const atomic_int *phase; /* NULL for none; with it, each 304 is shown to accept as well */
};

struct load_result {
    size_t answers;
    size_t not_modified;         /* 304: every second request of a thread has the last entity tag */
    size_t refusals;             /* 500 and above */
    char error[LOAD_ERROR_SIZE]; /* what first went wrong; "" when nothing did */
};

struct load;

struct load *load_start(const struct load_options *options);

/* How many answers there have been. */
size_t load_answers(struct load *load);

/* Waits until there have been so many more answers, or one was wrong. Fails the test at the
 * deadline. */
void load_wait(struct load *load, size_t answers);

/* Ends the clients. */
struct load_result load_stop(struct load *load);

#endif
