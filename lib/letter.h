/* What kind of character a code point is, as far as searching needs to know. */
#ifndef LETTER_H
#define LETTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The character at the start of a UTF-8 text (RFC 3629).
 *   text, length  at least one byte.
 *   ret_code      its code point; U+FFFD for a byte that starts no character.
 * Returns how many bytes it takes: 1 to 4. */
size_t letter_decode(const char *text, size_t length, uint32_t *ret_code);

/* Whether it is of a script written without blanks between words: Han (with its extensions and
 * compatibility ideographs), Hiragana, Katakana, or a Hangul syllable. */
bool letter_is_cjk(uint32_t code);

/* Whether it is one of the signs people write for the apostrophe in a name (Xi'an, O'zbekiston). */
bool letter_is_apostrophe(uint32_t code);

/* Whether it is one of the double quotation marks that people type around a phrase. */
bool letter_is_quote(uint32_t code);

/* Whether it is a blank, and so ends a word. */
bool letter_is_blank(uint32_t code);

/* Whether it is known to be no letter or digit: blanks, punctuation, symbols, pictures. What is not
 * known is taken for a letter. */
bool letter_is_mark(uint32_t code);

/* The combining marks that stand behind a letter: accents, strokes, hooks. */
enum { LETTER_COMBINING_FIRST = 0x300, LETTER_COMBINING_LAST = 0x36f };

/* Folds what unicode61 leaves as it is, so that neither accents nor the form of a letter make a
 * difference: a Latin, Greek or Cyrillic letter becomes small letters without marks (folds.py has
 * the rule: o for o with a stroke, ss for sharp s, sigma for final sigma), a combining mark
 * nothing. The Cyrillic short i and yi are letters of their own to those who write them, but become
 * i and Ukrainian i too: written as a letter and a combining mark they are nothing else, and who
 * cannot type them types those. What has been folded folds to itself. text, length  UTF-8; other
 * bytes stay. ret_folded    room for length bytes, which are never exceeded; no NUL is added.
 * Returns the length of what it wrote. */
size_t letter_fold(const char *text, size_t length, char *ret_folded);

#endif
