/* The real server, started for a test on ports and folders of its own.
 *
 * Functions fail the running test when the daemon does not do in time what they wait for, and show
 * its log. Every daemon is remembered until daemon_free(); daemon_free_all() is the teardown that
 * kills those that a failed test left behind. */
#ifndef TESTS_DAEMON_H
#define TESTS_DAEMON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct daemon {
    pid_t pid; /* 0 once it has ended */
    int exit_status;
    char *folder;   /* temporary, gone with the daemon */
    char *database; /* folder/summit.db */
    char *log_path; /* its standard error: JSON lines */
    char *address;  /* of the first listener: "http://127.0.0.1:PORT" or "unix:/PATH" */
    size_t log_seen;
    struct daemon *next;
};

struct daemon_options {
    const char *listen;       /* NULL is "127.0.0.1:0"; "" gives no -l at all */
    const char *const *args;  /* more arguments, ended by NULL; NULL is none */
    const char *const *env;   /* as of struct process_options */
    const char *const *files; /* record files imported before the start; NULL leaves no database */
    const char *folder;       /* use this folder, and leave it when done; NULL is a new one */
    const int *listen_fds;    /* as of struct process_options */
    size_t listen_count;
};

/* Starts a daemon and waits until it listens. `options` may be NULL. */
struct daemon *daemon_start(const struct daemon_options *options);

/* The same without waiting, for starts that are meant to fail. */
struct daemon *daemon_launch(const struct daemon_options *options);

/* The next log line of this event after the last one that was waited for. The caller owns it. */
json_t *daemon_wait_event(struct daemon *daemon, const char *event);

/* As above, for a caller that does not need the line. */
void daemon_expect_event(struct daemon *daemon, const char *event);

/* Publishes record files into the daemon's database with `summitd import`. */
void daemon_import(const struct daemon *daemon, const char *const files[]);

void daemon_signal(const struct daemon *daemon, int number);

/* Waits for the daemon's end. Returns its exit status, 128 + N after signal N. */
int daemon_wait_exit(struct daemon *daemon);

/* The whole log so far; the caller frees it. */
char *daemon_log(const struct daemon *daemon);

/* SIGTERM, the end, exit status 0, then daemon_free(). */
void daemon_stop(struct daemon *daemon);

/* Kills the daemon if it still runs, removes its folder. Takes NULL. Never fails a test. */
void daemon_free(struct daemon *daemon);

/* cmocka teardown: daemon_free() of all there are. */
int daemon_free_all(void **state);

/* cmocka group teardown: SIGTERM to all there are; non-zero when one does not end with status 0. */
int daemon_stop_all(void **state);

#endif
