/* Which representation a client wants: RFC 9110 section 12.5.
 *
 * Both functions take the field value as sent (several lines of a field joined with ", "), NULL
 * where the field is absent. An element that is not well-formed is ignored; where none is left, the
 * field counts as absent. Read more kindly than the grammar, since clients send them: "*" as a
 * media range for all, and a weight without its leading zero (";q=.2"). */
#ifndef SERVER_NEGOTIATE_H
#define SERVER_NEGOTIATE_H

#include <stddef.h>

#include "coding.h"

/* Chooses by Accept (section 12.5.1).
 *   offered  count media types in the server's order of preference, each with its parameters if
 *            it has any.
 * For each offer the most specific range that matches it gives its weight: a full type before
 * "type/" and star, that before star/star, and among full types the one with more parameters. A
 * range with a parameter matches only an offer with the same one, but "charset=utf-8" matches any,
 * as all that is served is UTF-8, and a profile (RFC 6906) any offer that has none.
 * Returns the index of the offer with the highest weight, the first of equals; -1 if none is
 * acceptable. */
int negotiate_media_type(const char *accept, const char *const *offered, size_t count);

/* Chooses by Accept-Encoding (section 12.5.3): the coding with the highest weight, of equals the
 * one that makes bodies smallest, identity last. "*" stands for all that are not named; "x-gzip" is
 * gzip. Identity that is not named has the least weight, unless "*;q=0" excludes it. Absent means
 * identity: the client may know no other.
 * Returns CODING_NONE if the client excludes all. */
enum coding negotiate_coding(const char *accept_encoding);

#endif
