#include "log.h"

#include <errno.h>

#include "log_line.h"
#include "log_writer.h"

static bool requests_are_logged = true;

void log_open(enum log_format format, enum log_access access)
{
    log_line_open(format);
    requests_are_logged = access == LOG_ACCESS_ON;
}

void log_start(void)
{
    log_writer_start();
}

void log_stop(unsigned timeout_s)
{
    log_writer_stop(timeout_s);
}

void log_write(enum log_level level, const struct log_field fields[LOG_FIELDS_MAX])
{
    char line[LOG_LINE_MAX];
    int saved_errno = errno;
    log_writer_put(line, log_line_write(level, fields, line), true);
    errno = saved_errno;
}

void log_request(const struct log_request *request)
{
    if (!requests_are_logged) {
        return;
    }
    char line[LOG_LINE_MAX];
    int saved_errno = errno;
    log_writer_put(line, log_line_write_request(request, line), false);
    errno = saved_errno;
}
