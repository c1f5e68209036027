/* Starts the summitd under test and waits for it. The program is $SUMMITD, else the SUMMITD_PATH it
 * was compiled with; the words of $SUMMITD_WRAPPER go before it (valgrind, strace). */
#ifndef TESTS_PROCESS_H
#define TESTS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct process_options {
    const char *program;     /* NULL is the program under test */
    const char *const *args; /* after the program's name, ended by NULL; NULL is none */
    const char *const *env;  /* "NAME=value" added to the cleaned environment; NULL is none */
    const int *listen_fds;   /* sockets handed over as systemd does, as descriptors 3 and up */
    size_t listen_count;
    const char *output_path; /* where standard output goes; NULL is /dev/null */
    const char *error_path;  /* where standard error goes */
    bool unprivileged;       /* started by root it runs as user 65534, who must reach the program */
};

/* Starts the program. SUMMITD* and LISTEN_* variables of the caller are not passed on. */
pid_t process_start(const struct process_options *options);

/* Waits for the end of `pid`. False when the deadline passes first. `ret_status` is the exit
 * status, 128 + N after signal N. */
bool process_wait(pid_t pid, int64_t deadline, int *ret_status);

struct process_result {
    int status;
    char *output; /* what it wrote, NUL-terminated */
    char *error;
};

/* Runs the program to its end with `args` and `env` (as above; either may be NULL). Fails the test
 * when it has not ended in time. The caller ends the result with process_result_clear(). */
struct process_result process_run(const char *const args[], const char *const env[]);

/* The same, but never as root, who is refused nothing: a test of root's runs a copy of the program,
 * which everybody can reach, as user 65534. What `args` name has to be within reach as well. */
struct process_result process_run_unprivileged(const char *const args[], const char *const env[]);

void process_result_clear(struct process_result *result);

#define PROCESS_RESULT __attribute__((cleanup(process_result_clear))) struct process_result

/* An argument list for the functions above. */
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

#endif
