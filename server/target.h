/* The request target: from the bytes of the request line to path segments and query parameters. */
#ifndef SERVER_TARGET_H
#define SERVER_TARGET_H

#include <stdbool.h>
#include <stddef.h>

enum {
    TARGET_SEGMENTS_MAX = 8,
    TARGET_PARAMETERS_MAX = 32,
    TARGET_NAME_MAX = 64,
};

enum target_status {
    TARGET_OK,
    TARGET_MALFORMED, /* a 400; target_error says what and where */
    TARGET_TOO_DEEP,  /* more than TARGET_SEGMENTS_MAX segments: nothing lies there, a 404 */
    TARGET_NOMEM,
};

struct target_parameter {
    const char *name;  /* decoded, never empty */
    const char *value; /* decoded, "" where there is none */
};

/* All strings are owned by the struct, valid UTF-8 and free of control characters. */
struct target {
    char *path; /* as sent, without the query */
    const char *segments[TARGET_SEGMENTS_MAX];
    size_t segment_count; /* 0 for "/" */
    bool trailing_slash;  /* "/v1/" as against "/v1"; false for "/" */
    struct target_parameter parameters[TARGET_PARAMETERS_MAX];
    size_t parameter_count; /* in the order sent; a name may occur twice */
};

struct target_error {
    size_t offset;                       /* in the raw target, from 0 */
    char parameter[TARGET_NAME_MAX + 1]; /* whose value is at fault; "" if none is */
    char detail[160];                    /* one ASCII sentence for the client */
};

/* Reads the raw target of a request line (RFC 9112 section 3.2.1), origin-form only.
 *
 * Splits first and decodes then, so that an encoded delimiter ("%2F", "%26") is always data.
 * Refused: another form, a byte that RFC 3986 sections 3.3 and 3.4 do not allow unencoded, a broken
 * percent escape, text that decodes to invalid UTF-8 or to control characters, an empty, "." or
 * ".." segment, an empty piece of a query ("a=1&&b=2"), an empty parameter name, and more than
 * TARGET_PARAMETERS_MAX parameters. An empty query ("/v1?") is none. In a query "+" is a space, as
 * browsers write it, and "?area" is "?area=": whether an empty value is fine is for its reader.
 *
 * raw is NUL-terminated and borrowed. *ret_target is written only on TARGET_OK and is then freed
 * with target_clear; *ret_error only on TARGET_MALFORMED and TARGET_TOO_DEEP. */
enum target_status target_parse(const char *raw, struct target *ret_target,
                                struct target_error *ret_error) __attribute__((warn_unused_result));

/* Frees what a target owns and empties it; NULL and an emptied target are fine. */
void target_clear(struct target *target);

enum { TARGET_ENCODED_MAX = 3 /* bytes that one becomes at most */ };

/* Writes a value for a link: all but RFC 3986 unreserved characters and ',' percent-encoded.
 *   out  has TARGET_ENCODED_MAX bytes for each of the value, and one for a NUL.
 * Returns the end, where the NUL stands. */
char *target_encode(char *out, const char *value);

/* The path of any raw target, malformed ones as well, as a URI reference may hold it: without the
 * query and fragment, and with the bytes that are not allowed percent-encoded. For the `instance`
 * of a problem. The caller frees it; NULL if there is no memory. */
char *target_instance(const char *raw) __attribute__((warn_unused_result));

#endif
