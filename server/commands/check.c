#include <stdio.h>

#include "commands.h"
#include "summit.h"

/* Checks one file; 0 if it is a record. */
static int check_file(const char *file)
{
    json_auto_t *record = NULL;
    json_auto_t *problems = NULL;
    struct summit_error error = {{0}};
    enum summit_status status = summit_record_load(file, &record, &problems, &error);
    if (status == SUMMIT_INVALID) {
        command_print_problems(file, problems);
        return 1;
    }
    if (status != SUMMIT_OK) {
        return command_fail(error.message);
    }
    size_t count = json_array_size(json_object_get(record, "summits"));
    printf("%s: a good record of %zu summit%s\n", file, count, count == 1 ? "" : "s");
    return 0;
}

int command_check(const struct options *options)
{
    int result = 0;
    for (size_t i = 0; i < options->file_count; i++) {
        result |= check_file(options->files[i]);
    }
    return result;
}
