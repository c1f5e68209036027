/* UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef SERVER_UTF8_H
#define SERVER_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* The length in bytes (1 to 4) of the well-formed sequence at the start of text, of which length
 * bytes may be read; 0 if there is none. A NUL byte is a sequence like any other. */
size_t utf8_sequence(const char *text, size_t length);

/* Whether the well-formed sequence at text is a control character: U+0000 to U+001F and
 * U+007F to U+009F. */
bool utf8_is_control(const char *text);

#endif
