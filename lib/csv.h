/* Rows of a resource as CSV (RFC 4180): UTF-8 without a byte order mark, lines that end with CRLF,
 * a header line first. The columns follow from the resource's field table alone, never from the
 * rows, so that rows can be written one by one.
 *
 * Columns. Each field of the documents is a column of its name, in the order of the table. A field
 * that is an object, or a list of objects, is a column for each member instead: `country.code`,
 * `country.name`, `citations.source_id`, `citations.paragraph`.
 *
 * Values. Texts and integers stand as they are. Null is an empty field; a text without characters
 * is
 * "" in quotes. The entries of a list are joined by `|`; within an entry, `|` is written `\|` and
 * `\` is written `\\`. So a list is read back by cutting at each `|` that no `\` escapes, and then
 * dropping the `\` before each `|` and `\`. The columns of a list of objects are parallel: the n-th
 * entry of each is of the n-th object. A null in a list is an empty entry, which no other value is,
 * as no text in a record is empty; an empty list is an empty field. What is nested deeper still
 * (`amounts.equivalents`) is compact JSON, as an entry of its list like any other.
 *
 * Quotes. A field stands in quotes, with each `"` doubled, when it has a comma, a quote, CR or LF;
 * and when it has a semicolon, a tab, another control character or a blank at an end, which readers
 * with other rules might take for more than text.
 *
 * Formulas. Programs for spreadsheets run a field that starts with `=`, `+`, `-` or `@`, some of
 * them also after blanks or a line break, or when these are full-width (U+FF1D, U+FF0B, U+FF0D,
 * U+FF20). So a field gets an apostrophe in front, inside its quotes, when it starts with one of
 * these, a tab, CR, LF or NUL, after any number of blanks (space, U+00A0, U+3000, U+FEFF) and
 * apostrophes. A field that is one number does not: it is only a number. As a field that would
 * start a formula but for its apostrophes gets one more, exactly one is to be dropped to read it
 * back: from each field that starts with an apostrophe and, after blanks and apostrophes, with one
 * of the characters above. */
#ifndef CSV_H
#define CSV_H

#include <jansson.h>
#include <stddef.h>

#include "resource.h"
#include "summit.h"

/* The header line.
 *   names       which fields to keep: NULL for all, or an array of names of top-level fields. The
 *               columns have the order of the resource, whatever that of the names; names that are
 *               not the resource's mean nothing.
 *   ret_line    with its CRLF and a NUL after it; the caller frees it.
 *   ret_length  in bytes, without the NUL.
 * Returns SUMMIT_OK or SUMMIT_NOMEM. */
enum summit_status csv_header(const struct resource *resource, const json_t *names, char **ret_line,
                              size_t *ret_length) __attribute__((warn_unused_result));

/* The line of one row.
 *   row  the row as the API shows it. A member it has not got is as if null, and members that are
 *        no columns are left out.
 * The others as of csv_header. Returns SUMMIT_OK, SUMMIT_NOMEM, or SUMMIT_CORRUPT when a field is
 * neither null nor of the kind its table says. */
enum summit_status csv_row(const struct resource *resource, const json_t *names, const json_t *row,
                           char **ret_line, size_t *ret_length) __attribute__((warn_unused_result));

#endif
