/* The child gets a cleaned environment, so that a developer's own SUMMITD_* settings never decide
 * a test, and files for its output, so that it never waits for a test to read a pipe. It is found
 * again by waitpid() polling: a few wakeups more, but no signal handler in a test program. */
#include "process.h"

#include "check.h"
#include "deadline.h"
#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SUMMITD_PATH
#define SUMMITD_PATH "build/server/summitd"
#endif

enum { WORDS_MAX = 64, LISTEN_FD_FIRST = 3, UNPRIVILEGED_ID = 65534 };

static const char *program_under_test(void)
{
    const char *program = getenv("SUMMITD");
    return program != NULL && *program != '\0' ? program : SUMMITD_PATH;
}

/* Fills `words` with wrapper, program and arguments. `copy` keeps the wrapper's words alive. */
static void build_words(const struct process_options *options, char **copy,
                        const char *words[WORDS_MAX])
{
    const char *const *args = options->args;
    size_t count = 0;
    const char *wrapper = getenv("SUMMITD_WRAPPER");
    *copy = strdup(wrapper != NULL ? wrapper : "");
    assert_non_null(*copy);
    char *rest = *copy;
    for (char *word = strtok_r(rest, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        assert_true(count + 2 < WORDS_MAX);
        words[count++] = word;
    }
    words[count++] = options->program != NULL ? options->program : program_under_test();
    for (size_t i = 0; args != NULL && args[i] != NULL; i++) {
        assert_true(count + 1 < WORDS_MAX);
        words[count++] = args[i];
    }
    words[count] = NULL;
}

static bool environment_is_passed_on(const char *entry)
{
    return strncmp(entry, "SUMMITD", 7) != 0 && strncmp(entry, "LISTEN_", 7) != 0;
}

extern char **environ;

/* In the child: keeps what environment_is_passed_on() allows, then adds `extra`. */
static void set_environment(const char *const *extra)
{
    char **kept = environ;
    for (char **entry = environ; *entry != NULL; entry++) {
        if (environment_is_passed_on(*entry)) {
            *kept++ = *entry;
        }
    }
    *kept = NULL;
    for (size_t i = 0; extra != NULL && extra[i] != NULL; i++) {
        putenv((char *)(uintptr_t)extra[i]);
    }
}

/* In the child: moves the sockets to 3 and up and says so as systemd does. */
static void hand_over_sockets(const int *fds, size_t count)
{
    if (count == 0) {
        return;
    }
    int high[16];
    for (size_t i = 0; i < count && i < 16; i++) {
        high[i] = fcntl(fds[i], F_DUPFD, 64);
    }
    for (size_t i = 0; i < count && i < 16; i++) {
        dup2(high[i], LISTEN_FD_FIRST + (int)i);
        close(high[i]);
    }
    char number[32];
    snprintf(number, sizeof number, "%zu", count);
    setenv("LISTEN_FDS", number, 1);
    snprintf(number, sizeof number, "%ld", (long)getpid());
    setenv("LISTEN_PID", number, 1);
}

static void redirect(int fd, const char *path, int flags)
{
    int opened = open(path, flags | O_CLOEXEC, 0644);
    if (opened < 0 || dup2(opened, fd) < 0) {
        _exit(127);
    }
}

/* In the child: the groups first, while there is the right to change them. */
static void give_up_root(void)
{
    if (setgroups(0, NULL) != 0 || setgid(UNPRIVILEGED_ID) != 0 || setuid(UNPRIVILEGED_ID) != 0) {
        fprintf(stderr, "can't give up root: %s\n", strerror(errno));
        _exit(127);
    }
}

pid_t process_start(const struct process_options *options)
{
    char *copy = NULL;
    const char *words[WORDS_MAX];
    build_words(options, &copy, words);
    const char *output = options->output_path != NULL ? options->output_path : "/dev/null";
    pid_t pid = fork();
    if (pid == 0) {
        redirect(STDIN_FILENO, "/dev/null", O_RDONLY);
        redirect(STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_TRUNC);
        redirect(STDERR_FILENO, options->error_path, O_WRONLY | O_CREAT | O_APPEND);
        set_environment(options->env);
        hand_over_sockets(options->listen_fds, options->listen_count);
        close_range((unsigned)(LISTEN_FD_FIRST + (int)options->listen_count), ~0U, 0);
        signal(SIGPIPE, SIG_DFL);
        if (options->unprivileged && geteuid() == 0) {
            give_up_root();
        }
        execvp(words[0], (char **)(uintptr_t)words);
        fprintf(stderr, "can't run %s: %s\n", words[0], strerror(errno));
        _exit(127);
    }
    free(copy);
    if (pid < 0) {
        fail_msg("can't fork: %s", strerror(errno));
    }
    return pid;
}

bool process_wait(pid_t pid, int64_t deadline, int *ret_status)
{
    for (;;) {
        int status = 0;
        pid_t ended = waitpid(pid, &status, WNOHANG);
        if (ended == pid) {
            *ret_status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
            return true;
        }
        if (ended < 0 && errno != EINTR) {
            fail_msg("can't wait for %ld: %s", (long)pid, strerror(errno));
        }
        if (deadline_passed(deadline)) {
            return false;
        }
        deadline_pause_ms(2);
    }
}

/* A copy of the program in `folder`, for a user who may not enter the folder of the build. */
static char *copy_program(const char *folder)
{
    size_t length = 0;
    char *bytes = file_read(program_under_test(), &length);
    char *path = folder_join(folder, "summitd");
    file_write(path, bytes, length);
    assert_int_equal(chmod(path, 0755), 0);
    free(bytes);
    return path;
}

static struct process_result run(const char *const *args, const char *const *env, bool unprivileged)
{
    char *folder = folder_new();
    char *program = unprivileged && geteuid() == 0 ? copy_program(folder) : NULL;
    char *output_path = folder_join(folder, "output");
    char *error_path = folder_join(folder, "error");
    struct process_options options = {.program = program,
                                      .args = args,
                                      .env = env,
                                      .output_path = output_path,
                                      .error_path = error_path,
                                      .unprivileged = unprivileged};
    pid_t pid = process_start(&options);
    struct process_result result = {0};
    bool ended = process_wait(pid, deadline_after_ms(3 * DEADLINE_USUAL_MS), &result.status);
    if (!ended) {
        int status = 0;
        kill(pid, SIGKILL);
        (void)process_wait(pid, deadline_after_ms(DEADLINE_USUAL_MS), &status);
    }
    result.output = file_read(output_path, NULL);
    result.error = file_read(error_path, NULL);
    free(program);
    free(output_path);
    free(error_path);
    folder_remove(folder);
    if (!ended) {
        fail_msg("summitd %s did not end; it wrote: %s%s", args != NULL ? args[0] : "",
                 result.output, result.error);
    }
    return result;
}

struct process_result process_run(const char *const args[], const char *const env[])
{
    return run(args, env, false);
}

struct process_result process_run_unprivileged(const char *const args[], const char *const env[])
{
    return run(args, env, true);
}

void process_result_clear(struct process_result *result)
{
    free(result->output);
    free(result->error);
    *result = (struct process_result){0};
}
