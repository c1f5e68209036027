#include "problems.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

static size_t token_length(const struct place *place)
{
    if (place->key == NULL) {
        return 1 + 20;
    }
    return 1 + 2 * strlen(place->key);
}

/* Writes the tokens from the document down to place; `~` and `/` in keys are escaped. */
static char *write_tokens(const struct place *place, char *end)
{
    if (place->parent != NULL) {
        end = write_tokens(place->parent, end);
    }
    *end++ = '/';
    if (place->key == NULL) {
        return end + sprintf(end, "%zu", place->index);
    }
    for (const char *c = place->key; *c != '\0'; c++) {
        if (*c == '~' || *c == '/') {
            *end++ = '~';
            *end++ = *c == '~' ? '0' : '1';
        } else {
            *end++ = *c;
        }
    }
    *end = '\0';
    return end;
}

char *problems_pointer(const struct place *place)
{
    size_t size = 1;
    for (const struct place *p = place; p != NULL; p = p->parent) {
        size += token_length(p);
    }
    char *pointer = malloc(size);
    if (pointer == NULL) {
        return NULL;
    }
    pointer[0] = '\0';
    if (place != NULL) {
        *write_tokens(place, pointer) = '\0';
    }
    return pointer;
}

bool problems_are_full(const struct problems *problems)
{
    return json_array_size(problems->list) > PROBLEMS_MAX;
}

void problems_add_at(struct problems *problems, const char *pointer, const char *code,
                     const char *suggestion, const char *detail)
{
    if (problems_are_full(problems)) {
        return;
    }
    size_t count = json_array_size(problems->list);
    json_t *problem;
    if (count == PROBLEMS_MAX) {
        problem = json_pack("{s:s, s:s, s:s, s:n}", "pointer", "", "code", "more", "detail",
                            "there are more problems; mend these first", "suggestion");
    } else {
        problem = json_pack("{s:s, s:s, s:s, s:s?}", "pointer", pointer, "code", code, "detail",
                            detail, "suggestion", suggestion);
    }
    if (json_array_append_new(problems->list, problem) != 0) {
        problems->nomem = true;
    }
}

void problems_add(struct problems *problems, const struct place *place, const char *code,
                  const char *suggestion, const char *format, ...)
{
    char detail[512];
    if (problems_are_full(problems)) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    text_mend(detail);
    text_auto *pointer = problems_pointer(place);
    if (pointer == NULL) {
        problems->nomem = true;
        return;
    }
    problems_add_at(problems, pointer, code, suggestion, detail);
}

enum summit_status problems_status(const struct problems *problems)
{
    if (problems->nomem) {
        return SUMMIT_NOMEM;
    }
    return json_array_size(problems->list) == 0 ? SUMMIT_OK : SUMMIT_INVALID;
}
