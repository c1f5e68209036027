/* Jansson's parser takes no notice when there is no memory to enlarge the buffer it gathers a token
 * in: the token silently loses a byte or, worse, its closing quote, beyond which the parser then
 * reads on. And when it cannot copy a token out of that buffer it reports a syntax error.
 *
 * So the text is parsed as the second element of an array whose first is a string longer than any
 * token of the text. When the text begins, the buffer is large enough for all of it, and whether it
 * could be made so shows in that first string. A syntax error right behind a closing quote is a
 * lack of memory: mistakes inside of a string have messages of their own. */
#include "parse.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

static const char before_filler[] = "[\"";
static const char after_filler[] = "\",";
static const char after_text[] = "]";

/* At least as many bytes as the longest token has, which lies between two quotes that are not
 * escaped. A multiple of 16: as the buffer's sizes are 16, 32, 64, ..., it is never the closing
 * quote behind the filler that makes it grow. */
static size_t filler_length(const char *text, size_t length)
{
    enum { QUOTES = 2, ROUND = 16 };
    size_t longest = 0;
    size_t start = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"') {
            longest = i - start > longest ? i - start : longest;
            start = i + 1;
        } else if (text[i] == '\\') {
            i++;
        }
    }
    longest = length - start > longest ? length - start : longest;
    return (longest + QUOTES + ROUND - 1) / ROUND * ROUND;
}

static bool begins(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static bool is_lack_of_memory(const json_error_t *error, const char *text)
{
    if (error->text[0] == '\0' || json_error_code(error) == json_error_out_of_memory) {
        return true;
    }
    bool is_behind_string = error->position > 0 && text[error->position - 1] == '"';
    return is_behind_string &&
           (begins(error->text, "invalid token") || begins(error->text, "string or '}' expected"));
}

/* Parses [FILLER, TEXT]; on SUMMIT_INVALID the error is not one to show. */
static enum summit_status parse_filled(const char *text, size_t length, size_t flags,
                                       json_t **ret_array)
{
    size_t filler = filler_length(text, length);
    text_auto *filled =
        malloc(sizeof before_filler + filler + sizeof after_filler + length + sizeof after_text);
    if (filled == NULL) {
        return SUMMIT_NOMEM;
    }
    char *end = stpcpy(filled, before_filler);
    end = memset(end, ' ', filler);
    end = stpcpy(end + filler, after_filler);
    end = mempcpy(end, text, length);
    end = stpcpy(end, after_text);
    json_error_t error;
    json_auto_t *array = json_loadb(filled, (size_t)(end - filled), flags, &error);
    if (array == NULL) {
        return is_lack_of_memory(&error, filled) ? SUMMIT_NOMEM : SUMMIT_INVALID;
    }
    if (json_string_length(json_array_get(array, 0)) != filler) {
        return SUMMIT_NOMEM;
    }
    *ret_array = json_incref(array);
    return SUMMIT_OK;
}

enum summit_status parse_json(const char *text, size_t length, size_t flags, json_t **ret_value,
                              json_error_t *ret_error)
{
    /* What most of the lists in a database are; a large export has millions of them. */
    if (length == 2 && memcmp(text, "[]", 2) == 0) {
        *ret_value = json_array();
        return *ret_value == NULL ? SUMMIT_NOMEM : SUMMIT_OK;
    }
    json_auto_t *array = NULL;
    enum summit_status status = parse_filled(text, length, flags, &array);
    if (status == SUMMIT_NOMEM) {
        return status;
    }
    json_t *value = json_array_get(array, 1);
    bool is_whole = (flags & JSON_DECODE_ANY) != 0 || json_is_object(value) || json_is_array(value);
    if (json_array_size(array) == 2 && is_whole) {
        *ret_value = json_incref(value);
        return SUMMIT_OK;
    }
    /* Once more as it stands, for what is wrong with it and where. */
    value = json_loadb(text, length, flags, ret_error);
    if (value != NULL) {
        *ret_value = value; /* nested as deep as may be, and so one too deep within the array */
        return SUMMIT_OK;
    }
    return is_lack_of_memory(ret_error, text) ? SUMMIT_NOMEM : SUMMIT_INVALID;
}
