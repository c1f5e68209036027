/* An event becomes a Jansson object first (time, level, then its fields in order, event the first),
 * and the object a line: dumped as it is, or as `time level event name=value ...` with a value
 * quoted as JSON where it is not a plain word. So both formats escape by the same rules.
 *
 * Text from outside passes sanitize, which leaves valid UTF-8 without DEL and C1 controls; the
 * remaining control characters are Jansson's to escape. */
#include "log.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include "json_line.h"
#include "utf8.h"

static enum log_format format_used = LOG_FORMAT_JSON;
static pthread_mutex_t write_lock = PTHREAD_MUTEX_INITIALIZER;

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */
static const char ellipsis[] = "...";

void log_open(enum log_format format)
{
    if (format == LOG_FORMAT_AUTO) {
        format = isatty(STDERR_FILENO) == 1 ? LOG_FORMAT_TEXT : LOG_FORMAT_JSON;
    }
    format_used = format;
}

/* A JSON string of text: cut, and without what a line of a log must not hold. */
static json_t *sanitize(const char *text)
{
    char clean[LOG_VALUE_MAX + sizeof ellipsis];
    size_t used = 0;
    while (*text != '\0') {
        size_t length = utf8_sequence(text, strnlen(text, 4));
        bool shown = length > 0 && ((unsigned char)*text < 0x20 || !utf8_is_control(text));
        const char *piece = shown ? text : replacement;
        size_t piece_length = shown ? length : sizeof replacement - 1;
        if (used + piece_length > LOG_VALUE_MAX) {
            memcpy(clean + used, ellipsis, sizeof ellipsis - 1);
            used += sizeof ellipsis - 1;
            break;
        }
        memcpy(clean + used, piece, piece_length);
        used += piece_length;
        text += length > 0 ? length : 1;
    }
    return json_stringn_nocheck(clean, used);
}

static json_t *time_now(void)
{
    char text[32];
    size_t length = 0;
    struct timespec now = {0};
    struct tm tm = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &tm);
    length = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(text + length, sizeof text - length, ".%03dZ", (int)(now.tv_nsec / 1000000));
    return json_string(text);
}

/* The event as an object; NULL without memory. */
static json_t *event_object(enum log_level level, const struct log_field *fields)
{
    static const char *const levels[] = {
        [LOG_INFO] = "info", [LOG_WARNING] = "warning", [LOG_ERROR] = "error"};
    json_t *object = json_object();
    int failed = json_object_set_new(object, "time", time_now());
    failed |= json_object_set_new(object, "level", json_string(levels[level]));
    for (size_t i = 0; i < LOG_FIELDS_MAX && fields[i].kind != LOG_FIELDS_END; i++) {
        json_t *value = fields[i].kind == LOG_FIELD_NUMBER ? json_integer(fields[i].number)
                        : fields[i].text != NULL           ? sanitize(fields[i].text)
                                                           : json_null();
        failed |= json_object_set_new(object, fields[i].name, value);
    }
    if (failed != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static bool is_word(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] <= ' ' || text[i] > '~' || text[i] == '"' || text[i] == '\\') {
            return false;
        }
    }
    return length > 0;
}

static bool text_put(FILE *stream, const char *name, const json_t *value, size_t index)
{
    enum { UNNAMED = 3 }; /* time, level and event are known by their places */
    if ((index > 0 && fputc(' ', stream) == EOF) ||
        (index >= UNNAMED && fprintf(stream, "%s=", name) < 0)) {
        return false;
    }
    if (json_is_string(value) && is_word(json_string_value(value), json_string_length(value))) {
        return fputs(json_string_value(value), stream) != EOF;
    }
    return json_dumpf(value, stream, JSON_ENCODE_ANY | JSON_ENSURE_ASCII) == 0;
}

/* The object as a line of text; false without memory. The caller frees it. */
static bool text_line(json_t *object, char **ret_line, size_t *ret_length)
{
    char *line = NULL;
    size_t length = 0;
    size_t index = 0;
    const char *name = NULL;
    json_t *value = NULL;
    FILE *stream = open_memstream(&line, &length);
    if (stream == NULL) {
        return false;
    }
    bool written = true;
    json_object_foreach(object, name, value)
    {
        written = written && text_put(stream, name, value, index++);
    }
    written = written && fputc('\n', stream) != EOF;
    if (fclose(stream) != 0 || !written || line == NULL) {
        free(line);
        return false;
    }
    *ret_line = line;
    *ret_length = length;
    return true;
}

/* Writes a line that already has its end. The lock is for the case that a pipe takes only a part.
 */
static void line_write(const char *line, size_t length)
{
    pthread_mutex_lock(&write_lock);
    while (length > 0) {
        ssize_t written = write(STDERR_FILENO, line, length);
        if (written < 0 && errno != EINTR) {
            break;
        }
        if (written > 0) {
            line += written;
            length -= (size_t)written;
        }
    }
    pthread_mutex_unlock(&write_lock);
}

void log_write(enum log_level level, const struct log_field fields[LOG_FIELDS_MAX])
{
    static const char no_memory[] = "{\"level\":\"error\",\"event\":\"log_out_of_memory\"}\n";
    int saved_errno = errno;
    char *line = NULL;
    size_t length = 0;
    json_t *object = event_object(level, fields);
    bool is_text = format_used == LOG_FORMAT_TEXT;
    if (object != NULL &&
        (is_text ? text_line(object, &line, &length) : json_line(object, false, &line, &length))) {
        line_write(line, length);
    } else {
        line_write(no_memory, sizeof no_memory - 1);
    }
    free(line);
    json_decref(object);
    errno = saved_errno;
}

void log_request(const struct log_request *request)
{
    log_event(LOG_INFO, "request", log_text("id", request->id), log_text("remote", request->remote),
              log_text("method", request->method), log_text("target", request->target),
              log_number("status", request->status), log_number("bytes", request->bytes),
              log_number("duration_us", request->duration_us));
}
