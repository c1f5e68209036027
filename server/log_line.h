/* The text of one line of the log. */
#ifndef SERVER_LOG_LINE_H
#define SERVER_LOG_LINE_H

#include "log.h"

enum {
    LOG_NAME_MAX = 32,       /* of a field, in bytes */
    LOG_ESCAPE_MAX = 6,      /* what a byte of a value becomes at most: \u001B */
    LOG_VALUE_EXTRA_MAX = 8, /* quotes, colon, comma and the mark of a cut */
    LOG_LINE_MAX =
        128 + LOG_FIELDS_MAX * (LOG_NAME_MAX + LOG_ESCAPE_MAX * LOG_VALUE_MAX + LOG_VALUE_EXTRA_MAX)
};

/* Chooses the format of all lines. */
void log_line_open(enum log_format format);

/* Writes an event as a line, its end included and in ASCII. It needs no memory and takes no lock.
 *   fields  as log_write.
 *   line    LOG_LINE_MAX bytes; it has no NUL at its end.
 * Returns the length in bytes. */
size_t log_line_write(enum log_level level, const struct log_field *fields, char *line);

/* Writes a request as log_line_write writes an event named "request" with its members as fields:
 * most lines are of requests, and one of them costs a fraction this way.
 *   line  LOG_LINE_MAX bytes; it has no NUL at its end.
 * Returns the length in bytes. */
size_t log_line_write_request(const struct log_request *request, char *line);

#endif
