/* Two buffers: the threads that log append to one while this thread writes the other. A thread that
 * logs takes a lock for as long as it takes to copy a line, and wakes the writer only for the first
 * line after a pause, when the buffer is half full, and for a line that is urgent. So with many
 * requests there is one write(2) for hundreds of lines. */
#include "log_writer.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "log_line.h"

static struct {
    pthread_mutex_t lock; /* of all that stands before `writing` */
    pthread_cond_t wake;
    bool is_running;
    bool is_stopping;
    bool is_urgent;   /* what waits is to be written now */
    char *waiting;    /* LOG_WRITER_BYTES */
    size_t length;    /* of what waits */
    uint64_t dropped; /* lines, since that was told */
    char *writing;    /* LOG_WRITER_BYTES, the writer's own */
    bool has_thread;  /* to be joined */
    pthread_t thread;
} writer = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Writes all of it, unless standard error fails: there is nowhere to say so. */
static void write_out(const char *text, size_t length)
{
    while (length > 0) {
        ssize_t written = write(STDERR_FILENO, text, length);
        if (written > 0) {
            text += written;
            length -= (size_t)written;
        } else if (written < 0 && errno == EAGAIN) {
            struct pollfd ready = {.fd = STDERR_FILENO, .events = POLLOUT};
            (void)poll(&ready, 1, -1);
        } else if (written < 0 && errno != EINTR) {
            return;
        }
    }
}

static void write_dropped(uint64_t count)
{
    char line[LOG_LINE_MAX];
    const struct log_field fields[LOG_FIELDS_MAX] = {log_word("event", "log_dropped"),
                                                     log_number("count", (int64_t)count)};
    write_out(line, log_line_write(LOG_WARNING, fields, line));
}

/* Waits until something is to be written, with the lock held. */
static void wait_for_lines(void)
{
    while (writer.length == 0 && writer.dropped == 0 && !writer.is_stopping) {
        pthread_cond_wait(&writer.wake, &writer.lock);
    }
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += LOG_WRITER_DELAY_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    int code = 0;
    while (code == 0 && !writer.is_urgent && !writer.is_stopping) {
        code = pthread_cond_timedwait(&writer.wake, &writer.lock, &until);
    }
}

static void *write_lines(void *context)
{
    (void)context;
    pthread_mutex_lock(&writer.lock);
    while (!writer.is_stopping || writer.length > 0 || writer.dropped > 0) {
        wait_for_lines();
        char *text = writer.waiting;
        size_t length = writer.length;
        uint64_t dropped = writer.dropped;
        writer.waiting = writer.writing;
        writer.writing = text;
        writer.length = 0;
        writer.dropped = 0;
        writer.is_urgent = false;
        pthread_mutex_unlock(&writer.lock);
        write_out(text, length);
        if (dropped > 0) {
            write_dropped(dropped);
        }
        pthread_mutex_lock(&writer.lock);
    }
    writer.is_running = false;
    pthread_mutex_unlock(&writer.lock);
    return NULL;
}

static void free_buffers(void)
{
    free(writer.waiting);
    free(writer.writing);
    writer.waiting = NULL;
    writer.writing = NULL;
}

void log_writer_start(void)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&writer.wake, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_lock(&writer.lock);
    writer.waiting = malloc(LOG_WRITER_BYTES);
    writer.writing = malloc(LOG_WRITER_BYTES);
    writer.is_stopping = false;
    writer.is_running = writer.waiting != NULL && writer.writing != NULL;
    writer.has_thread =
        writer.is_running && pthread_create(&writer.thread, NULL, write_lines, NULL) == 0;
    if (!writer.has_thread) {
        writer.is_running = false;
        free_buffers();
    }
    pthread_mutex_unlock(&writer.lock);
}

/* Appends a line, with the lock held. Returns whether the writer is to be woken. */
static bool append(const char *line, size_t length, bool is_urgent)
{
    if (writer.length + length > LOG_WRITER_BYTES) {
        return writer.dropped++ == 0;
    }
    size_t before = writer.length;
    memcpy(writer.waiting + before, line, length);
    writer.length += length;
    bool is_half_full = before < LOG_WRITER_BYTES / 2 && writer.length >= LOG_WRITER_BYTES / 2;
    writer.is_urgent |= is_urgent || is_half_full;
    return is_urgent || is_half_full || before == 0;
}

void log_writer_put(const char *line, size_t length, bool is_urgent)
{
    pthread_mutex_lock(&writer.lock);
    if (!writer.is_running) {
        write_out(line, length);
    } else if (append(line, length, is_urgent)) {
        pthread_cond_signal(&writer.wake);
    }
    pthread_mutex_unlock(&writer.lock);
}

void log_writer_stop(unsigned timeout_s)
{
    if (!writer.has_thread) {
        return;
    }
    pthread_mutex_lock(&writer.lock);
    writer.is_stopping = true;
    pthread_cond_signal(&writer.wake);
    pthread_mutex_unlock(&writer.lock);
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += timeout_s;
    if (pthread_timedjoin_np(writer.thread, NULL, &until) == 0) {
        writer.has_thread = false;
        free_buffers();
        pthread_cond_destroy(&writer.wake);
    }
}
