/* The thread that writes the lines of the log, so that no request waits for a disk or a pipe. */
#ifndef SERVER_LOG_WRITER_H
#define SERVER_LOG_WRITER_H

#include <stdbool.h>
#include <stddef.h>

enum {
    LOG_WRITER_BYTES = 512 * 1024, /* of lines that wait */
    LOG_WRITER_DELAY_MS = 100      /* that a line waits for others, at most */
};

/* Starts the thread. Until then, and after log_writer_stop, lines are written as they come. It does
 * without the thread when there is none to be had. */
void log_writer_start(void);

/* Takes a line. While the lines that wait are LOG_WRITER_BYTES, it is dropped and counted; a line
 * with the event `log_dropped` says how many, as soon as there is room. For any thread.
 *   is_urgent  it does not wait for others. */
void log_writer_put(const char *line, size_t length, bool is_urgent);

/* Writes what waits and ends the thread. A reader that takes nothing is given up on after
 * timeout_s seconds; the thread is then left as it is, to be ended by another call. */
void log_writer_stop(unsigned timeout_s);

#endif
