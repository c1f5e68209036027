/* The log: one structured line an event, on standard error.
 *
 *   log_event(LOG_INFO, "listening", log_text("address", address));
 *   log_event(LOG_WARNING, "generation_rejected", log_text("reason", reason), log_text("detail",
 * detail)); log_event(LOG_INFO, "stopped");
 *
 * A thread of its own writes the lines, so logging never waits (log_writer.h). Lines of several
 * threads never mix. Values are cut to LOG_VALUE_MAX bytes at a character's end ("..." marks the
 * cut); bytes that are not UTF-8 and the control characters a terminal might obey are replaced, and
 * what is not ASCII is escaped, so no value can forge a line. */
#ifndef SERVER_LOG_H
#define SERVER_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LOG_VALUE_MAX = 1024, LOG_FIELDS_MAX = 12 };

enum log_format {
    LOG_FORMAT_AUTO, /* text if standard error is a terminal, else JSON */
    LOG_FORMAT_TEXT, /* 2026-11-23T22:00:00.123Z info listening address=http://127.0.0.1:8080 */
    LOG_FORMAT_JSON, /* {"time":"...","level":"info","event":"listening","address":"..."} */
};

/* Whether each request has a line. */
enum log_access { LOG_ACCESS_OFF, LOG_ACCESS_ON };

enum log_level { LOG_INFO, LOG_WARNING, LOG_ERROR };

enum log_kind { LOG_FIELDS_END, LOG_FIELD_TEXT, LOG_FIELD_WORD, LOG_FIELD_NUMBER };

/* One name and value; made by log_text, log_word and log_number. */
struct log_field {
    enum log_kind kind;
    const char *name;
    const char *text;
    int64_t number;
};

/* A text, or null; both strings are borrowed until the event is logged. */
static inline struct log_field log_text(const char *name, const char *text)
{
    return (struct log_field){.kind = LOG_FIELD_TEXT, .name = name, .text = text};
}

/* A text of ours: one to 64 ASCII letters, digits, '.', ':', '-' or '_', so that nobody needs to
 * look. */
static inline struct log_field log_word(const char *name, const char *word)
{
    return (struct log_field){.kind = LOG_FIELD_WORD, .name = name, .text = word};
}

static inline struct log_field log_number(const char *name, int64_t number)
{
    return (struct log_field){.kind = LOG_FIELD_NUMBER, .name = name, .number = number};
}

/* Chooses what is logged and how; to be called before there are threads. Until then it is all, as
 * JSON. */
void log_open(enum log_format format, enum log_access access);

/* From now on a thread writes the lines: those of requests together, within a tenth of a second,
 * others at once. Before, and after log_stop, each is written as it comes. */
void log_start(void);

/* Writes all there is; whoever reads the log may take timeout_s seconds for it. */
void log_stop(unsigned timeout_s);

/* Logs an event with the fields given, of which there may be none. A failed write is not reported:
 * there is nowhere to. errno is kept. */
#define log_event(level, event, ...)                                                               \
    log_write((level),                                                                             \
              (const struct log_field[LOG_FIELDS_MAX]){log_word("event", (event)), __VA_ARGS__})

/* What log_event stands for: the array ends with its last or before a field of kind LOG_FIELDS_END.
 */
void log_write(enum log_level level, const struct log_field fields[LOG_FIELDS_MAX]);

/* A finished request, for the access line; texts are borrowed and may be NULL. */
struct log_request {
    const char *id;
    const char *remote; /* numeric address */
    const char *method;
    const char *target; /* as sent */
    int status;
    int64_t bytes; /* of the body sent */
    int64_t duration_us;
};

/* Logs the event "request" with the members above as fields, unless requests are not logged. */
void log_request(const struct log_request *request);

#endif
