#include <stdio.h>
#include <string.h>

#include "../utf8.h"
#include "commands.h"

int command_fail(const char *what)
{
    fprintf(stderr, "summitd: %s\n", what);
    return 1;
}

/* Prints text with its control characters as JSON writes them: it may be anybody's, and the
 * reader's terminal obeys. */
static void print_text(const char *text)
{
    while (*text != '\0') {
        size_t length = utf8_sequence(text, strlen(text));
        if (length == 0 || utf8_is_control(text)) {
            printf("\\u%04x", (unsigned)(unsigned char)text[length == 2 ? 1 : 0]);
        } else {
            printf("%.*s", (int)length, text);
        }
        text += length == 0 ? 1 : length;
    }
}

void command_print_problems(const char *file, const json_t *problems)
{
    size_t index;
    json_t *problem;
    json_array_foreach(problems, index, problem)
    {
        const char *pointer = json_string_value(json_object_get(problem, "pointer"));
        const char *detail = json_string_value(json_object_get(problem, "detail"));
        const char *suggestion = json_string_value(json_object_get(problem, "suggestion"));
        print_text(file);
        printf(": ");
        print_text(pointer);
        if (pointer[0] != '\0') {
            printf(": ");
        }
        print_text(detail);
        if (suggestion != NULL) {
            printf("; did you mean \"");
            print_text(suggestion);
            printf("\"?");
        }
        putchar('\n');
    }
}
