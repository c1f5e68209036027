#include <stdio.h>

#include "commands.h"

int command_fail(const char *what)
{
    fprintf(stderr, "summitd: %s\n", what);
    return 1;
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
        printf("%s: %s%s%s", file, pointer, pointer[0] == '\0' ? "" : ": ", detail);
        if (suggestion != NULL) {
            printf("; did you mean \"%s\"?", suggestion);
        }
        putchar('\n');
    }
}
