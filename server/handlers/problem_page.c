#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "handlers.h"
#include "web.h"

/* Writes a page with each {{name}} replaced. What is put in is our own text, without markup. */
static char *fill(const char *page, const struct problem_type *type)
{
    char status[8];
    snprintf(status, sizeof status, "%u", type->status);
    const char *const values[][2] = {
        {"{{title}}", type->title},
        {"{{status}}", status},
        {"{{slug}}", type->slug},
        {"{{explanation}}", type->explanation},
    };
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    bool written = stream != NULL;
    while (written && *page != '\0') {
        size_t step = 0;
        for (size_t i = 0; i < sizeof values / sizeof values[0] && step == 0; i++) {
            size_t length = strlen(values[i][0]);
            if (strncmp(page, values[i][0], length) == 0) {
                written = fputs(values[i][1], stream) != EOF;
                step = length;
            }
        }
        if (step == 0) {
            written = fputc(*page, stream) != EOF;
            step = 1;
        }
        page += step;
    }
    if (stream == NULL || fclose(stream) != 0 || !written) {
        free(text);
        return NULL;
    }
    return text;
}

enum summit_status handle_problem_page(const struct request *request, struct summit_store *store,
                                       struct answer *answer)
{
    (void)store;
    const struct problem_type *type = problem_find(request->parameters[0]);
    if (type == NULL) {
        answer_problem(answer, PROBLEM_NOT_FOUND, "There is no problem type \"%.64s\".",
                       request->parameters[0]);
        return SUMMIT_NOT_FOUND;
    }
    answer->owned_text = fill(web_problem_html, type);
    if (answer->owned_text == NULL) {
        return SUMMIT_NOMEM;
    }
    answer->text = answer->owned_text;
    answer->text_length = strlen(answer->owned_text);
    snprintf(answer->validator, sizeof answer->validator, "%s-%s", web_digest, summit_version());
    return SUMMIT_OK;
}
