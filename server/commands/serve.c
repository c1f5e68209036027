/* The order of a start matters: the sockets are bound and a missing database is published with the
 * rights the process came with; then it gives those up; then, as the user it will stay, it opens
 * the database, starts to answer, and only waits: for a signal, or for a moment to look after
 * connections and the file in place. */
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../daemon.h"
#include "../descriptors.h"
#include "../folder.h"
#include "../generation.h"
#include "../log.h"
#include "../privilege.h"
#include "../response.h"
#include "commands.h"
#include "summit.h"

enum { TICK_MS = 250, TICKS_PER_REFRESH = 2 };

static bool open_sockets(const struct options *options, struct listen_set *set,
                         struct message *message)
{
    if (!listen_inherit(set, message)) {
        return false;
    }
    return set->count > 0 || listen_open(options->listen, options->listen_count, set, message);
}

/* Publishes the built-in record where there is no database yet. */
static bool publish_builtin(const struct options *options, struct message *message)
{
    const char *path = options->database;
    struct stat file;
    if (stat(path, &file) == 0 || (errno != ENOENT && errno != ENOTDIR)) {
        return true;
    }
    if (options->database_is_default && !folder_create_for(path, message)) {
        return false;
    }
    json_auto_t *record = NULL;
    json_auto_t *problems = NULL;
    struct summit_error error = {{0}};
    struct summit_publication publication;
    enum summit_status status = summit_record_builtin(&record);
    if (status != SUMMIT_OK) {
        return message_set(message, "%s", summit_status_text(status));
    }
    status =
        summit_publish(path, &record, 1, SUMMIT_PUBLISH_REPLACE, &publication, &problems, &error);
    if (status != SUMMIT_OK) {
        return message_set(message, "%s", error.message);
    }
    log_event(LOG_INFO, "published", log_text("database", path),
              log_text("revision", publication.revision));
    return true;
}

static bool give_up_privileges(const struct options *options, struct message *message)
{
    const char *user = NULL;
    if (!privilege_drop(options->user, &user, message)) {
        return false;
    }
    if (user != NULL) {
        log_event(LOG_INFO, "serving_as", log_text("user", user));
    }
    return true;
}

static void block_signals(sigset_t *ret_signals)
{
    sigemptyset(ret_signals);
    sigaddset(ret_signals, SIGTERM);
    sigaddset(ret_signals, SIGINT);
    sigaddset(ret_signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, ret_signals, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* Looks after the server until a signal ends it. */
static void wait_for_end(const sigset_t *signals, struct daemon *daemon,
                         struct generations *generations)
{
    static const struct timespec tick = {.tv_nsec = TICK_MS * 1000000L};
    for (unsigned ticks = 1;; ticks++) {
        int number = sigtimedwait(signals, NULL, &tick);
        if (number == SIGTERM || number == SIGINT) {
            log_event(LOG_INFO, "stopping", log_text("signal", strsignal(number)));
            return;
        }
        daemon_expire(daemon);
        if (number == SIGHUP || ticks % TICKS_PER_REFRESH == 0) {
            generations_refresh(generations, number == SIGHUP);
        }
    }
}

static int run(const struct options *options, unsigned threads, const sigset_t *signals,
               struct listen_set *set, struct generations *generations)
{
    struct daemon *daemon = NULL;
    struct message message;
    descriptors_raise();
    response_allow_files(descriptors_left(set->count * options->max_connections));
    struct service service = {
        .generations = generations,
        .connection_memory = options->connection_memory,
        .head_timeout_s = options->head_timeout_s,
        .idle_timeout_s = options->idle_timeout_s,
    };
    if (!daemon_start(set, &service, threads, options->max_connections, &daemon, &message)) {
        return command_fail(message.text);
    }
    log_start();
    for (size_t i = 0; i < set->count; i++) {
        log_event(LOG_INFO, "listening", log_text("address", set->listeners[i].name));
    }
    wait_for_end(signals, daemon, generations);
    daemon_stop(daemon, options->drain_timeout_s);
    log_event(LOG_INFO, "stopped");
    log_stop(options->drain_timeout_s);
    return 0;
}

/* How many processors this process may run on. */
static unsigned processor_count(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

int command_serve(const struct options *options)
{
    unsigned threads = options->threads > 0 ? options->threads : processor_count();
    struct message message = {{0}};
    struct listen_set set = {.count = 0};
    struct generations *generations = NULL;
    sigset_t signals;
    log_open((enum log_format)options->log_format, (enum log_access)options->access_log);
    /* From the start: a signal that comes early waits until there is somebody to take it. */
    block_signals(&signals);
    bool ready = open_sockets(options, &set, &message) && publish_builtin(options, &message) &&
                 give_up_privileges(options, &message);
    if (ready) {
        unsigned workers = threads * (unsigned)set.count;
        ready = generations_open(options->database, workers, options->statement_budget_ms,
                                 options->cache_size, &generations, &message) == SUMMIT_OK;
    }
    int result =
        ready ? run(options, threads, &signals, &set, generations) : command_fail(message.text);
    generations_close(generations);
    listen_close(&set);
    return result;
}
