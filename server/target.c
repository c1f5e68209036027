/* A target is checked byte by byte and kept in one allocation: the path as sent, then the decoded
 * pieces, one after the other. A decoded piece is never longer than it was, and the NUL that ends
 * it takes the room of the delimiter that ended it, so the size is known before the first byte is
 * read.
 *
 * Each piece (a segment, a name, a value) goes through piece_decode and nothing else: legal bytes,
 * whole percent escapes, then UTF-8 and control characters on the decoded text. An offset in an
 * error always counts in the raw target, since that is what its sender can see. */
#include "target.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

struct parser {
    const char *raw;
    char *free; /* where the next decoded piece goes */
    struct target_error error;
};

static bool is_one_of(char byte, const char *set)
{
    return byte != '\0' && strchr(set, byte) != NULL;
}

static bool is_unreserved(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || is_one_of(byte, "-._~");
}

static bool is_pchar(char byte)
{
    return is_unreserved(byte) || is_one_of(byte, "!$&'()*+,;=:@");
}

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    if (digit >= 'a' && digit <= 'f') {
        return digit - 'a' + 10;
    }
    if (digit >= 'A' && digit <= 'F') {
        return digit - 'A' + 10;
    }
    return -1;
}

/* Always false: so that a check can say `return parser_fail(...)`. */
__attribute__((format(printf, 3, 4))) static bool parser_fail(struct parser *parser, size_t offset,
                                                              const char *format, ...)
{
    struct target_error *error = &parser->error;
    int length =
        snprintf(error->detail, sizeof error->detail, "Offset %zu of the request target: ", offset);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->detail + length, sizeof error->detail - (size_t)length, format, arguments);
    va_end(arguments);
    error->offset = offset;
    return false;
}

static bool fail_byte(struct parser *parser, size_t offset)
{
    unsigned char byte = (unsigned char)parser->raw[offset];
    if (byte > 0x20 && byte < 0x7F) {
        return parser_fail(parser, offset, "the character '%c' must be percent-encoded, as %%%02X.",
                           byte, byte);
    }
    return parser_fail(parser, offset, "the byte 0x%02X must be percent-encoded, as UTF-8.", byte);
}

/* Where in the raw target the byte stands that was decoded to index. */
static size_t raw_offset(const struct parser *parser, size_t start, size_t index)
{
    size_t at = start;
    for (; index > 0; index--) {
        at += parser->raw[at] == '%' ? 3 : 1;
    }
    return at;
}

static bool text_check(struct parser *parser, const char *text, size_t length, size_t start)
{
    for (size_t i = 0; i < length;) {
        size_t sequence = utf8_sequence(text + i, length - i);
        if (sequence == 0) {
            return parser_fail(parser, raw_offset(parser, start, i),
                               "the decoded bytes are not valid UTF-8.");
        }
        if (utf8_is_control(text + i)) {
            return parser_fail(parser, raw_offset(parser, start, i),
                               "control characters are not allowed.");
        }
        i += sequence;
    }
    return true;
}

/* Decodes raw[start..end), of a query or of a path; NULL where that fails. */
static const char *piece_decode(struct parser *parser, size_t start, size_t end, bool in_query)
{
    char *text = parser->free;
    size_t length = 0;
    for (size_t at = start; at < end; at++) {
        char byte = parser->raw[at];
        if (byte == '%') {
            int high = at + 1 < end ? hex_value(parser->raw[at + 1]) : -1;
            int low = at + 2 < end ? hex_value(parser->raw[at + 2]) : -1;
            if (high < 0 || low < 0) {
                (void)parser_fail(parser, at, "'%%' must be followed by two hexadecimal digits.");
                return NULL;
            }
            byte = (char)(high * 16 + low);
            at += 2;
        } else if (in_query && byte == '+') {
            byte = ' ';
        } else if (!is_pchar(byte) && !(in_query && is_one_of(byte, "/?"))) {
            (void)fail_byte(parser, at);
            return NULL;
        }
        text[length++] = byte;
    }
    text[length] = '\0';
    parser->free += length + 1;
    return text_check(parser, text, length, start) ? text : NULL;
}

static enum target_status path_parse(struct parser *parser, size_t end, struct target *target)
{
    for (size_t start = 1; start < end;) {
        size_t stop = start + strcspn(parser->raw + start, "/?");
        if (stop == start) {
            (void)parser_fail(parser, start, "a path segment is empty.");
            return TARGET_MALFORMED;
        }
        const char *segment = piece_decode(parser, start, stop, false);
        if (segment == NULL) {
            return TARGET_MALFORMED;
        }
        if (strcmp(segment, ".") == 0 || strcmp(segment, "..") == 0) {
            (void)parser_fail(parser, start, "'.' and '..' are not allowed as path segments.");
            return TARGET_MALFORMED;
        }
        if (target->segment_count == TARGET_SEGMENTS_MAX) {
            (void)parser_fail(parser, start, "the path has too many segments.");
            return TARGET_TOO_DEEP;
        }
        target->segments[target->segment_count++] = segment;
        start = stop + 1;
    }
    target->trailing_slash = end > 1 && parser->raw[end - 1] == '/';
    return TARGET_OK;
}

static bool parameter_parse(struct parser *parser, size_t start, size_t end,
                            struct target_parameter *parameter)
{
    const char *equals = memchr(parser->raw + start, '=', end - start);
    size_t name_end = equals != NULL ? (size_t)(equals - parser->raw) : end;
    if (name_end == start) {
        return parser_fail(parser, start, "a query parameter has no name.");
    }
    parameter->name = piece_decode(parser, start, name_end, true);
    if (parameter->name == NULL) {
        return false;
    }
    parameter->value = equals != NULL ? piece_decode(parser, name_end + 1, end, true) : "";
    if (parameter->value == NULL && strlen(parameter->name) <= TARGET_NAME_MAX) {
        snprintf(parser->error.parameter, sizeof parser->error.parameter, "%s", parameter->name);
    }
    return parameter->value != NULL;
}

static bool query_parse(struct parser *parser, size_t start, struct target *target)
{
    bool more = parser->raw[start] != '\0';
    while (more) {
        size_t end = start + strcspn(parser->raw + start, "&");
        if (target->parameter_count == TARGET_PARAMETERS_MAX) {
            return parser_fail(parser, start, "there are more than %d query parameters.",
                               TARGET_PARAMETERS_MAX);
        }
        if (!parameter_parse(parser, start, end, &target->parameters[target->parameter_count])) {
            return false;
        }
        target->parameter_count++;
        more = parser->raw[end] == '&';
        start = end + 1;
    }
    return true;
}

static bool form_check(struct parser *parser)
{
    if (parser->raw[0] == '/') {
        return true;
    }
    if (strcmp(parser->raw, "*") == 0) {
        return parser_fail(parser, 0, "'*' is no resource; ask for a path, such as /v1.");
    }
    if (strstr(parser->raw, "://") != NULL) {
        return parser_fail(parser, 0, "send the path only, such as /v1, not a whole URI.");
    }
    return parser_fail(parser, 0, "it must begin with '/', as in /v1.");
}

enum target_status target_parse(const char *raw, struct target *ret_target,
                                struct target_error *ret_error)
{
    struct parser parser = {.raw = raw};
    struct target target = {0};
    size_t path_end = strcspn(raw, "?");

    if (!form_check(&parser)) {
        *ret_error = parser.error;
        return TARGET_MALFORMED;
    }
    target.path = malloc(path_end + 1 + strlen(raw) + 1);
    if (target.path == NULL) {
        return TARGET_NOMEM;
    }
    memcpy(target.path, raw, path_end);
    target.path[path_end] = '\0';
    parser.free = target.path + path_end + 1;

    enum target_status status = path_parse(&parser, path_end, &target);
    if (status == TARGET_OK && raw[path_end] == '?' &&
        !query_parse(&parser, path_end + 1, &target)) {
        status = TARGET_MALFORMED;
    }
    if (status == TARGET_OK) {
        *ret_target = target;
    } else {
        *ret_error = parser.error;
        target_clear(&target);
    }
    return status;
}

void target_clear(struct target *target)
{
    if (target != NULL && target->path != NULL) {
        free(target->path);
        *target = (struct target){0};
    }
}

/* Returns the end of what it writes, where it puts a NUL. */
static char *encode(char *out, const char *text, size_t length, bool (*is_kept)(char byte))
{
    for (size_t i = 0; i < length; i++) {
        if (is_kept(text[i])) {
            *out++ = text[i];
        } else {
            out += sprintf(out, "%%%02X", (unsigned)(unsigned char)text[i]);
        }
    }
    *out = '\0';
    return out;
}

static bool is_kept_in_value(char byte)
{
    return is_unreserved(byte) || byte == ',';
}

static bool is_kept_in_path(char byte)
{
    return is_pchar(byte) || is_one_of(byte, "/%");
}

char *target_encode(char *out, const char *value)
{
    return encode(out, value, strlen(value), is_kept_in_value);
}

char *target_instance(const char *raw)
{
    size_t length = strcspn(raw, "?#");
    char *instance = malloc(TARGET_ENCODED_MAX * length + 1);
    if (instance != NULL) {
        encode(instance, raw, length, is_kept_in_path);
    }
    return instance;
}
