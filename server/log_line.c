/* By hand and not by Jansson, because there is one line a request: building an object and dumping
 * it costs five times what the transport needs for the whole of a finished response. Both formats
 * escape by the same rules. What is not ASCII is escaped too, so that a line is safe to look at in
 * any terminal and locale.
 *
 * A line has room for the longest values there can be, so nothing here counts what is left. */
#include "log_line.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "utf8.h"

static enum log_format format_used = LOG_FORMAT_JSON;

void log_line_open(enum log_format format)
{
    if (format == LOG_FORMAT_AUTO) {
        format = isatty(STDERR_FILENO) == 1 ? LOG_FORMAT_TEXT : LOG_FORMAT_JSON;
    }
    format_used = format;
}

static char *put_number(char *out, int64_t number)
{
    char digits[20];
    size_t count = 0;
    uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do {
        digits[count++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0) {
        *out++ = '-';
    }
    while (count > 0) {
        *out++ = digits[--count];
    }
    return out;
}

/* The present, such as 2026-11-23T22:00:00.123Z (RFC 3339), as of the kernel's last tick, a few
 * milliseconds ago at most. All but the milliseconds is made once a second on each thread. */
static char *put_time(char *out)
{
    static _Thread_local time_t second;
    static _Thread_local char text[24];
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    if (second != now.tv_sec || text[0] == '\0') {
        struct tm tm = {0};
        gmtime_r(&now.tv_sec, &tm);
        second = now.tv_sec;
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S.", &tm);
    }
    out = stpcpy(out, text);
    long milliseconds = now.tv_nsec / 1000000;
    *out++ = (char)('0' + milliseconds / 100);
    *out++ = (char)('0' + milliseconds / 10 % 10);
    *out++ = (char)('0' + milliseconds % 10);
    *out++ = 'Z';
    return out;
}

static char *put_unit(char *out, unsigned unit)
{
    static const char digits[] = "0123456789ABCDEF";
    *out++ = '\\';
    *out++ = 'u';
    for (int shift = 12; shift >= 0; shift -= 4) {
        *out++ = digits[unit >> shift & 0xF];
    }
    return out;
}

/* The code point of a well-formed sequence. */
static unsigned code_point(const char *text, size_t length)
{
    static const unsigned char first_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    unsigned code = (unsigned char)text[0] & first_bits[length];
    for (size_t i = 1; i < length; i++) {
        code = code << 6 | ((unsigned char)text[i] & 0x3FU);
    }
    return code;
}

/* A character as RFC 8259 section 7 escapes it. */
static char *put_escaped(char *out, const char *text, size_t length)
{
    static const char short_names[] = "\"\\\b\f\n\r\t";
    static const char short_forms[] = "\"\\bfnrt";
    const char *found = length == 1 ? strchr(short_names, text[0]) : NULL;
    if (found != NULL) {
        *out++ = '\\';
        *out++ = short_forms[found - short_names];
        return out;
    }
    unsigned code = code_point(text, length);
    if (code >= 0x10000) {
        out = put_unit(out, 0xD800 + ((code - 0x10000) >> 10));
        code = 0xDC00 + ((code - 0x10000) & 0x3FF);
    }
    return put_unit(out, code);
}

/* How many bytes from the start of a text stand for themselves in quotes. */
static size_t plain_length(const char *text)
{
    static const bool is_special[UCHAR_MAX + 1] = {
        [0 ... ' ' - 1] = true, ['"'] = true, ['\\'] = true, ['~' + 1 ... UCHAR_MAX] = true};
    size_t length = 0;
    while (!is_special[(unsigned char)text[length]]) {
        length++;
    }
    return length;
}

/* A text in quotes: cut, and without what a line of a log must not hold. */
static char *put_string(char *out, const char *text)
{
    enum { REPLACEMENT = 0xFFFD, REPLACEMENT_LENGTH = 3 };
    *out++ = '"';
    size_t left = LOG_VALUE_MAX;
    for (;;) {
        size_t plain = plain_length(text);
        size_t kept = plain < left ? plain : left;
        memcpy(out, text, kept);
        out += kept;
        text += kept;
        left -= kept;
        if (*text == '\0') {
            break;
        }
        size_t length = utf8_sequence(text, strnlen(text, 4));
        bool shown = length > 0 && ((unsigned char)*text < 0x20 || !utf8_is_control(text));
        size_t taken = shown ? length : REPLACEMENT_LENGTH;
        if (taken > left) {
            out = stpcpy(out, "...");
            break;
        }
        out = shown ? put_escaped(out, text, length) : put_unit(out, REPLACEMENT);
        text += length > 0 ? length : 1;
        left -= taken;
    }
    *out++ = '"';
    return out;
}

/* Whether a text needs no quotes in a line of text. */
static bool is_word(const char *text)
{
    size_t length = plain_length(text);
    return length > 0 && length <= LOG_VALUE_MAX && text[length] == '\0' &&
           memchr(text, ' ', length) == NULL;
}

static char *put_word(char *out, const char *word)
{
    if (format_used == LOG_FORMAT_TEXT) {
        return stpcpy(out, word);
    }
    *out++ = '"';
    out = stpcpy(out, word);
    *out++ = '"';
    return out;
}

static char *put_any_text(char *out, const char *text)
{
    if (text == NULL) {
        return stpcpy(out, "null");
    }
    return format_used == LOG_FORMAT_TEXT && is_word(text) ? stpcpy(out, text)
                                                           : put_string(out, text);
}

static char *put_value(char *out, const struct log_field *field)
{
    switch (field->kind) {
    case LOG_FIELD_NUMBER:
        return put_number(out, field->number);
    case LOG_FIELD_WORD:
        return put_word(out, field->text);
    case LOG_FIELD_TEXT:
    case LOG_FIELDS_END:
        break;
    }
    return put_any_text(out, field->text);
}

static const char *level_name(enum log_level level)
{
    static const char *const names[] = {
        [LOG_INFO] = "info", [LOG_WARNING] = "warning", [LOG_ERROR] = "error"};
    return names[level];
}

static char *put_json(char *out, enum log_level level, const struct log_field *fields)
{
    out = stpcpy(out, "{\"time\":\"");
    out = put_time(out);
    out = stpcpy(out, "\",\"level\":\"");
    out = stpcpy(out, level_name(level));
    *out++ = '"';
    for (size_t i = 0; i < LOG_FIELDS_MAX && fields[i].kind != LOG_FIELDS_END; i++) {
        *out++ = ',';
        *out++ = '"';
        out = stpcpy(out, fields[i].name);
        *out++ = '"';
        *out++ = ':';
        out = put_value(out, &fields[i]);
    }
    *out++ = '}';
    return out;
}

/* Time, level and event are known by their places. */
static char *put_text(char *out, enum log_level level, const struct log_field *fields)
{
    out = put_time(out);
    *out++ = ' ';
    out = stpcpy(out, level_name(level));
    for (size_t i = 0; i < LOG_FIELDS_MAX && fields[i].kind != LOG_FIELDS_END; i++) {
        *out++ = ' ';
        if (i > 0) {
            out = stpcpy(out, fields[i].name);
            *out++ = '=';
        }
        out = put_value(out, &fields[i]);
    }
    return out;
}

size_t log_line_write(enum log_level level, const struct log_field *fields, char *line)
{
    char *end = format_used == LOG_FORMAT_TEXT ? put_text(line, level, fields)
                                               : put_json(line, level, fields);
    *end++ = '\n';
    return (size_t)(end - line);
}

/* What stands between the values of a request's line. */
struct piece {
    size_t length;
    char text[48]; /* all of it is copied, which takes no loop */
};

#define PIECE(words)                                                                               \
    {                                                                                              \
        sizeof(words) - 1, words                                                                   \
    }

static char *put_piece(char *out, const struct piece *piece)
{
    memcpy(out, piece->text, sizeof piece->text);
    return out + piece->length;
}

size_t log_line_write_request(const struct log_request *request, char *line)
{
    static const struct piece json[] = {
        PIECE("{\"time\":\""), PIECE("\",\"level\":\"info\",\"event\":\"request\",\"id\":"),
        PIECE(",\"remote\":"), PIECE(",\"method\":"),
        PIECE(",\"target\":"), PIECE(",\"status\":"),
        PIECE(",\"bytes\":"),  PIECE(",\"duration_us\":"),
        PIECE("}\n"),
    };
    static const struct piece text[] = {
        PIECE(""),         PIECE(" info request id="), PIECE(" remote="),
        PIECE(" method="), PIECE(" target="),          PIECE(" status="),
        PIECE(" bytes="),  PIECE(" duration_us="),     PIECE("\n"),
    };
    const struct piece *pieces = format_used == LOG_FORMAT_TEXT ? text : json;
    char *out = put_time(put_piece(line, &pieces[0]));
    out = put_word(put_piece(out, &pieces[1]), request->id);
    out = put_piece(out, &pieces[2]);
    out = request->remote == NULL ? put_any_text(out, NULL) : put_word(out, request->remote);
    out = put_any_text(put_piece(out, &pieces[3]), request->method);
    out = put_any_text(put_piece(out, &pieces[4]), request->target);
    out = put_number(put_piece(out, &pieces[5]), request->status);
    out = put_number(put_piece(out, &pieces[6]), request->bytes);
    out = put_number(put_piece(out, &pieces[7]), request->duration_us);
    return (size_t)(put_piece(out, &pieces[8]) - line);
}
