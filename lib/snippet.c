/* One walk over the characters. A match is kept back until the next one is known not to join it,
 * as is the character that a match which ends in half a pair still takes in. */
#include "snippet.h"

#include <stdbool.h>
#include <stdlib.h>

#include "letter.h"
#include "text.h"

/* Code points [start, end). */
struct span {
    json_int_t start;
    json_int_t end;
};

struct walk {
    json_t *matches;
    char *plain;
    size_t plain_length;
    json_int_t count; /* characters of plain */
    bool is_open;
    json_int_t opened_at;
    bool may_grow;    /* last ends here, with a CJK character */
    bool ends_in_cjk; /* plain does */
    struct span last; /* empty if there is none */
};

static int flush(struct walk *walk)
{
    if (walk->last.start == walk->last.end) {
        return 0;
    }
    json_t *match = json_pack("{s:I, s:I}", "start", walk->last.start, "length",
                              walk->last.end - walk->last.start);
    return json_array_append_new(walk->matches, match);
}

static int close_match(struct walk *walk)
{
    struct span span = {.start = walk->opened_at, .end = walk->count};
    bool was_open = walk->is_open;
    int failed = 0;
    walk->is_open = false;
    if (!was_open || span.start == span.end) {
        return 0;
    }
    if (walk->last.start != walk->last.end && span.start <= walk->last.end) {
        walk->last.end = span.end;
    } else {
        failed = flush(walk);
        walk->last = span;
    }
    walk->may_grow = walk->ends_in_cjk;
    return failed;
}

static void add_character(struct walk *walk, const char *bytes, size_t size, uint32_t code)
{
    for (size_t i = 0; i < size; i++) {
        walk->plain[walk->plain_length++] = bytes[i];
    }
    walk->count++;
    walk->ends_in_cjk = letter_is_cjk(code);
    if (walk->may_grow && walk->ends_in_cjk) {
        walk->last.end = walk->count;
    }
    walk->may_grow = false;
}

static enum summit_status walk_over(struct walk *walk, const char *marked, size_t length)
{
    int failed = 0;
    for (size_t at = 0; at < length && failed == 0;) {
        uint32_t code;
        size_t size = letter_decode(marked + at, length - at, &code);
        if (size == 1 && code >= 0x80) {
            return SUMMIT_CORRUPT;
        }
        if (code == SNIPPET_END) {
            failed = close_match(walk);
        } else if (code == SNIPPET_START) {
            walk->opened_at = walk->is_open ? walk->opened_at : walk->count;
            walk->is_open = true;
        } else {
            add_character(walk, marked + at, size, code);
        }
        at += size;
    }
    if (failed != 0 || close_match(walk) != 0 || flush(walk) != 0) {
        return SUMMIT_NOMEM;
    }
    return SUMMIT_OK;
}

enum summit_status snippet_parse(const char *marked, size_t length, json_t **ret_snippet)
{
    json_auto_t *matches = json_array();
    text_auto *plain = malloc(length + 1);
    if (matches == NULL || plain == NULL) {
        return SUMMIT_NOMEM;
    }
    struct walk walk = {.matches = matches, .plain = plain};
    enum summit_status status = walk_over(&walk, marked, length);
    if (status != SUMMIT_OK) {
        return status;
    }
    json_auto_t *text = json_stringn(plain, walk.plain_length);
    json_auto_t *snippet = json_object();
    if (text == NULL || json_object_set(snippet, "text", text) != 0 ||
        json_object_set(snippet, "matches", matches) != 0) {
        return SUMMIT_NOMEM;
    }
    *ret_snippet = json_incref(snippet);
    return SUMMIT_OK;
}
