/* Parts of a body: RFC 9110 section 14. */
#ifndef SERVER_RANGE_H
#define SERVER_RANGE_H

#include <stdbool.h>
#include <stdint.h>

enum range_kind {
    RANGE_WHOLE,         /* no range, one that is malformed, or several: the whole body, a 200 */
    RANGE_PART,          /* a 206 */
    RANGE_UNSATISFIABLE, /* a 416 */
};

/* Reads a Range field (section 14.2).
 *   field      as sent, several lines joined with ", "; NULL where it is absent.
 *   size       of the whole body in bytes.
 *   ret_first, ret_last  the part, both bytes included, from 0; written on RANGE_PART only.
 * Other units than bytes are ignored, and so are several ranges: to send the whole is always
 * allowed, and spares us the multipart form. */
enum range_kind range_parse(const char *field, int64_t size, int64_t *ret_first, int64_t *ret_last);

/* Whether a Range field counts, by the If-Range field (section 13.1.5).
 *   if_range         as sent; NULL where it is absent, and then it counts.
 *   etag             the current strong entity tag, with its quotes.
 *   last_modified_s  seconds since 1970; negative where there is none.
 * Entity tags are compared strongly, so a weak one never matches. A date must be the very one, and
 * lie a second before now at least, or there may have been a second change in it (section
 * 8.8.2.2). */
bool range_is_wanted(const char *if_range, const char *etag, int64_t last_modified_s);

#endif
