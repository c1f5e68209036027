/* How texts become words for full-text search: the FTS5 tokenizer "summit". */
#ifndef TOKENIZER_H
#define TOKENIZER_H

#include <sqlite3.h>

#include "summit.h"

/* Makes the tokenizer known to a connection; to be called before a table that names it
 * (tokenize='summit', without arguments) is created or read. It gives the words of FTS5's unicode61
 * with remove_diacritics 2 (https://sqlite.org/fts5.html, section 4.3.1), but for three things.
 *
 * Accents and forms of letters make no difference in Greek and Cyrillic either, nor does a Latin
 * letter that has no accent to drop differ from what people type for it: letter_fold says which.
 *
 * A run of CJK characters (letter_is_cjk) is given as its overlapping pairs of characters, a single
 * one as itself. Of a document the last character of a run is given once more at the place of the
 * last pair, so that "X" as a prefix finds the character wherever it stands.
 *
 * An apostrophe between two letters is dropped: Xi'an is the word "xian". One at the start or end
 * of a word, beside a digit or beside another apostrophe ends the word, as does any beside a CJK
 * character. The possessive 's at the end of a word is dropped: China's is "china".
 *
 * Offsets are of bytes of the text as it was given. For highlight() and snippet() a pair stands at
 * its first character only, unless it is the last of its run: see snippet.h.
 * Returns SUMMIT_OK, SUMMIT_NOMEM or SUMMIT_INTERNAL (an SQLite without FTS5). */
enum summit_status tokenizer_register(sqlite3 *db) __attribute__((warn_unused_result));

/* FTS5's interface for tokenizers and auxiliary functions (https://sqlite.org/fts5.html, section
 * 7); the connection's. Returns as tokenizer_register does. */
enum summit_status tokenizer_find_api(sqlite3 *db, fts5_api **ret_api)
    __attribute__((warn_unused_result));

/* The words that the tokenizer finds in a text that is searched for, in their order.
 *   db         a connection it is known to.
 *   ret_words  a JSON array of strings, the caller's.
 * Returns SUMMIT_OK, SUMMIT_NOMEM or SUMMIT_INTERNAL. */
enum summit_status tokenizer_split(sqlite3 *db, const char *text, size_t length, json_t **ret_words)
    __attribute__((warn_unused_result));

#endif
