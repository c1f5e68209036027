/* The log is a file that the daemon appends to and tests read as it grows: nothing to drain, and it
 * is all there to show when a test fails. A test waits for events in the order in which they are
 * written; `log_seen` is how far it has come. */
#include "daemon.h"

#include "check.h"
#include "deadline.h"
#include "folder.h"
#include "process.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARGS_MAX = 48, WAIT_STEP_MS = 5 };

static struct daemon *daemons;

/* The end of the log, which is where a sanitizer reports, on standard error. */
static void show_log(const struct daemon *daemon)
{
    enum { SHOWN_BYTES = 8000 };
    size_t length = 0;
    char *log = file_read(daemon->log_path, &length);
    size_t start = length > SHOWN_BYTES ? length - SHOWN_BYTES : 0;
    fprintf(stderr, "log of the daemon%s:\n%s\n", start > 0 ? " (its end)" : "", log + start);
    free(log);
}

static void build_arguments(const struct daemon *daemon, const struct daemon_options *options,
                            const char *args[ARGS_MAX])
{
    size_t count = 0;
    args[count++] = "serve";
    args[count++] = "-d";
    args[count++] = daemon->database;
    args[count++] = "--log-format";
    args[count++] = "json";
    args[count++] = "--statement-budget";
    args[count++] = "60000"; /* a sanitizer on a busy machine may need more than the usual */
    if (options->listen == NULL || *options->listen != '\0') {
        args[count++] = "-l";
        args[count++] = options->listen != NULL ? options->listen : "127.0.0.1:0";
    }
    for (size_t i = 0; options->args != NULL && options->args[i] != NULL; i++) {
        assert_true(count + 1 < ARGS_MAX);
        args[count++] = options->args[i];
    }
    args[count] = NULL;
}

void daemon_import(const struct daemon *daemon, const char *const files[])
{
    const char *args[ARGS_MAX] = {"import", "-d", daemon->database};
    size_t count = 3;
    for (size_t i = 0; files[i] != NULL; i++) {
        assert_true(count + 1 < ARGS_MAX);
        args[count++] = files[i];
    }
    args[count] = NULL;
    PROCESS_RESULT result = process_run(args, NULL);
    if (result.status != 0) {
        fail_msg("import failed (%d): %s%s", result.status, result.output, result.error);
    }
}

struct daemon *daemon_launch(const struct daemon_options *options)
{
    static const struct daemon_options none;
    options = options != NULL ? options : &none;
    struct daemon *daemon = calloc(1, sizeof *daemon);
    assert_non_null(daemon);
    daemon->next = daemons;
    daemons = daemon;
    daemon->folder = folder_new();
    const char *home = options->folder != NULL ? options->folder : daemon->folder;
    daemon->database = folder_join(home, "summit.db");
    daemon->log_path = folder_join(daemon->folder, "log");
    file_write(daemon->log_path, "", 0);
    if (options->files != NULL) {
        daemon_import(daemon, options->files);
    }
    const char *args[ARGS_MAX];
    build_arguments(daemon, options, args);
    struct process_options process = {
        .args = args,
        .env = options->env,
        .listen_fds = options->listen_fds,
        .listen_count = options->listen_count,
        .error_path = daemon->log_path,
    };
    daemon->pid = process_start(&process);
    return daemon;
}

struct daemon *daemon_start(const struct daemon_options *options)
{
    struct daemon *daemon = daemon_launch(options);
    json_auto_t *event = daemon_wait_event(daemon, "listening");
    const char *address = json_string_value(json_object_get(event, "address"));
    assert_non_null(address);
    daemon->address = strdup(address);
    return daemon;
}

char *daemon_log(const struct daemon *daemon)
{
    return file_read(daemon->log_path, NULL);
}

/* Looks at the finished lines after log_seen; NULL when none is the event. */
static json_t *find_event(struct daemon *daemon, const char *event)
{
    size_t length = 0;
    char *log = file_read(daemon->log_path, &length);
    json_t *found = NULL;
    size_t at = daemon->log_seen;
    while (found == NULL && at < length) {
        char *end = memchr(log + at, '\n', length - at);
        if (end == NULL) {
            break;
        }
        size_t line_length = (size_t)(end - (log + at));
        json_t *line = json_loadb(log + at, line_length, JSON_REJECT_DUPLICATES, NULL);
        const char *name = json_string_value(json_object_get(line, "event"));
        at += line_length + 1;
        if (name != NULL && strcmp(name, event) == 0) {
            found = line;
            daemon->log_seen = at;
        } else {
            json_decref(line);
        }
    }
    free(log);
    return found;
}

json_t *daemon_wait_event(struct daemon *daemon, const char *event)
{
    int64_t deadline = deadline_after_ms(DEADLINE_USUAL_MS);
    for (;;) {
        bool ended = daemon->pid == 0 || process_wait(daemon->pid, 0, &daemon->exit_status);
        if (ended) {
            daemon->pid = 0;
        }
        json_t *line = find_event(daemon, event);
        if (line != NULL) {
            return line;
        }
        if (ended || deadline_passed(deadline)) {
            show_log(daemon);
            fail_msg("no event \"%s\" (%s, exit status %d)", event,
                     ended ? "the daemon has ended" : "the daemon runs", daemon->exit_status);
        }
        deadline_pause_ms(WAIT_STEP_MS);
    }
}

void daemon_expect_event(struct daemon *daemon, const char *event)
{
    json_decref(daemon_wait_event(daemon, event));
}

void daemon_signal(const struct daemon *daemon, int number)
{
    assert_int_not_equal(daemon->pid, 0);
    assert_int_equal(kill(daemon->pid, number), 0);
}

int daemon_wait_exit(struct daemon *daemon)
{
    if (daemon->pid != 0) {
        int64_t deadline = deadline_after_ms(2 * DEADLINE_USUAL_MS);
        if (!process_wait(daemon->pid, deadline, &daemon->exit_status)) {
            show_log(daemon);
            fail_msg("the daemon does not end");
        }
        daemon->pid = 0;
    }
    return daemon->exit_status;
}

void daemon_stop(struct daemon *daemon)
{
    daemon_signal(daemon, SIGTERM);
    int status = daemon_wait_exit(daemon);
    if (status != 0) {
        show_log(daemon);
    }
    assert_int_equal(status, 0);
    daemon_free(daemon);
}

void daemon_free(struct daemon *daemon)
{
    if (daemon == NULL) {
        return;
    }
    if (daemon->pid != 0) {
        int status = 0;
        kill(daemon->pid, SIGKILL);
        (void)process_wait(daemon->pid, deadline_after_ms(DEADLINE_USUAL_MS), &status);
    }
    for (struct daemon **link = &daemons; *link != NULL; link = &(*link)->next) {
        if (*link == daemon) {
            *link = daemon->next;
            break;
        }
    }
    folder_remove(daemon->folder);
    free(daemon->database);
    free(daemon->log_path);
    free(daemon->address);
    free(daemon);
}

int daemon_free_all(void **state)
{
    (void)state;
    while (daemons != NULL) {
        daemon_free(daemons);
    }
    return 0;
}

int daemon_stop_all(void **state)
{
    int failed = 0;
    for (struct daemon *daemon = daemons; daemon != NULL; daemon = daemon->next) {
        int status = daemon->exit_status;
        if (daemon->pid != 0) {
            kill(daemon->pid, SIGTERM);
            bool ended =
                process_wait(daemon->pid, deadline_after_ms(2 * DEADLINE_USUAL_MS), &status);
            daemon->pid = ended ? 0 : daemon->pid;
            failed += !ended;
        }
        if (status != 0) {
            print_error("a daemon ended with status %d\n", status);
            show_log(daemon);
            failed++;
        }
    }
    daemon_free_all(state);
    return failed == 0 ? 0 : -1;
}
