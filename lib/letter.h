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

#endif
