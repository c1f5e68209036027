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

static void write_line(enum log_level level, const struct log_field *fields, bool is_urgent)
{
    char line[LOG_LINE_MAX];
    int saved_errno = errno;
    log_writer_put(line, log_line_write(level, fields, line), is_urgent);
    errno = saved_errno;
}

void log_write(enum log_level level, const struct log_field fields[LOG_FIELDS_MAX])
{
    write_line(level, fields, true);
}

void log_request(const struct log_request *request)
{
    if (!requests_are_logged) {
        return;
    }
    const struct log_field fields[LOG_FIELDS_MAX] = {
        log_word("event", "request"),
        log_word("id", request->id),
        request->remote == NULL ? log_text("remote", NULL) : log_word("remote", request->remote),
        log_text("method", request->method),
        log_text("target", request->target),
        log_number("status", request->status),
        log_number("bytes", request->bytes),
        log_number("duration_us", request->duration_us),
    };
    write_line(LOG_INFO, fields, false);
}
