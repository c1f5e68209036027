/* The text is cut into pieces, words at blanks and phrases at quotes, and each piece is given to
 * FTS5 as one quoted string. FTS5 has the tokenizer take it apart and wants its words side by side:
 * so "one-stop" is a phrase, as are the pairs of a longer run of CJK characters.
 *
 * Strings stand side by side instead of having AND between them. To FTS5 that is the same, but for
 * a string in which the tokenizer finds no word: between blanks it is passed over, while AND would
 * make the whole find nothing.
 *
 * A lone CJK character at the end of a piece is the start of a pair wherever it stands among
 * others, so it is looked for as a prefix, also within quotes. */
#include "match.h"

#include <stdlib.h>
#include <string.h>

#include "letter.h"

struct piece {
    const char *start;
    const char *end;
    bool is_open;      /* not ended by a quote */
    bool has_letter;   /* there is something to look for */
    bool ends_in_half; /* its last word is one CJK character, half a pair */
};

/* Notes a character of a piece; run counts the CJK characters up to it. */
static void note_character(struct piece *piece, uint32_t code, size_t *run)
{
    if (letter_is_cjk(code)) {
        piece->has_letter = true;
        *run += 1;
        piece->ends_in_half = *run == 1;
        return;
    }
    *run = 0;
    if (!letter_is_mark(code)) {
        piece->has_letter = true;
        piece->ends_in_half = false;
    }
}

/* Takes the next piece from *text; false at the end. is_quoted is whether text is within quotes. */
static bool next_piece(const char **text, bool *is_quoted, struct piece *ret_piece)
{
    const char *at = *text;
    const char *end = at + strlen(at);
    size_t run = 0;
    struct piece piece = {.start = at, .is_open = true};
    while (at < end) {
        uint32_t code;
        size_t size = letter_decode(at, (size_t)(end - at), &code);
        if (letter_is_quote(code)) {
            piece.end = at;
            piece.is_open = !*is_quoted;
            *is_quoted = !*is_quoted;
            *text = at + size;
            *ret_piece = piece;
            return true;
        }
        if (!*is_quoted && letter_is_blank(code)) {
            break;
        }
        note_character(&piece, code, &run);
        at += size;
    }
    piece.end = at;
    if (at < end) {
        uint32_t ignored;
        at += letter_decode(at, (size_t)(end - at), &ignored);
    }
    bool found = *text < end;
    *text = at;
    *ret_piece = piece;
    return found;
}

static char *write_piece(char *end, const struct piece *piece, bool is_last)
{
    size_t length = (size_t)(piece->end - piece->start);
    *end++ = '"';
    memcpy(end, piece->start, length);
    end += length;
    *end++ = '"';
    if (piece->ends_in_half || (is_last && piece->is_open)) {
        *end++ = '*';
    }
    return end;
}

enum summit_status match_expression(const char *text, char **ret_expression)
{
    /* A piece of one byte and the blank behind it become five: "x"* and a blank. */
    enum { GROWTH = 5 };
    char *expression = malloc(GROWTH * strlen(text) + GROWTH);
    if (expression == NULL) {
        return SUMMIT_NOMEM;
    }
    char *end = expression;
    bool is_quoted = false;
    struct piece last = {.has_letter = false};
    struct piece piece;
    while (next_piece(&text, &is_quoted, &piece)) {
        if (!piece.has_letter) {
            continue;
        }
        if (last.has_letter) {
            end = write_piece(end, &last, false);
            *end++ = ' ';
        }
        last = piece;
    }
    if (!last.has_letter) {
        free(expression);
        *ret_expression = NULL;
        return SUMMIT_OK;
    }
    end = write_piece(end, &last, true);
    *end = '\0';
    *ret_expression = expression;
    return SUMMIT_OK;
}
