/* Dates and validators of HTTP: RFC 9110 sections 5.6.7, 8.8 and 13.1. */
#ifndef SERVER_CONDITIONAL_H
#define SERVER_CONDITIONAL_H

#include <stdbool.h>
#include <stdint.h>

enum { CONDITIONAL_DATE_SIZE = 30 };

/* Writes an IMF-fixdate ("Sun, 06 Nov 1994 08:49:37 GMT"), whatever the locale.
 *   time_s    seconds since 1970 (UTC), brought into the years 0 to 9999
 *   ret_date  CONDITIONAL_DATE_SIZE bytes, the NUL included */
void conditional_date_format(int64_t time_s, char *ret_date);

/* Reads an HTTP-date in any of its three forms; true if it is one.
 *   now_s       the present, to place a year of two digits: at most 50 years ahead
 *   ret_time_s  seconds since 1970, written only on true
 * The weekday must be one, but need not be the right one. */
bool conditional_date_parse(const char *text, int64_t now_s, int64_t *ret_time_s);

/* Whether a GET or HEAD is answered with 304 (section 13.2.2).
 *   if_none_match      field value or NULL: "*" or entity tags, compared weakly (section 8.8.3.2)
 *   if_modified_since  field value or NULL; not looked at if there is an If-None-Match, or if it is
 * no date etag               the current entity tag, with its quotes last_modified_s    seconds
 * since 1970; negative where there is none An If-None-Match that is not well-formed matches
 * nothing: a whole answer is never wrong. */
bool conditional_not_modified(const char *if_none_match, const char *if_modified_since,
                              const char *etag, int64_t last_modified_s);

#endif
