#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../folder.h"
#include "commands.h"
#include "summit.h"

/* Loads every file, so that all their problems are shown; 0 if all are records. */
static int load_all(const struct options *options, json_t **ret_records)
{
    int result = 0;
    for (size_t i = 0; i < options->file_count; i++) {
        json_auto_t *problems = NULL;
        struct summit_error error = {{0}};
        enum summit_status status =
            summit_record_load(options->files[i], &ret_records[i], &problems, &error);
        if (status == SUMMIT_INVALID) {
            command_print_problems(options->files[i], problems);
            result = 1;
        } else if (status != SUMMIT_OK) {
            result = command_fail(error.message);
        }
    }
    return result;
}

/* Refuses two files with one summit: the second would silently replace the first. */
static int refuse_repeated(const struct options *options, json_t *const *records)
{
    json_auto_t *files = json_object();
    for (size_t i = 0; i < options->file_count; i++) {
        const json_t *summits = json_object_get(records[i], "summits");
        for (size_t s = 0; s < json_array_size(summits); s++) {
            const char *id = json_string_value(json_object_get(json_array_get(summits, s), "id"));
            const char *earlier = json_string_value(json_object_get(files, id));
            if (earlier != NULL) {
                struct message message;
                message_set(&message, "%s: summit \"%s\" is in %s too; import one of them",
                            options->files[i], id, earlier);
                return command_fail(message.text);
            }
            if (json_object_set_new(files, id, json_string(options->files[i])) != 0) {
                return command_fail("out of memory");
            }
        }
    }
    return 0;
}

static int publish(const struct options *options, json_t *const *records)
{
    struct summit_publication publication;
    struct summit_error error = {{0}};
    json_auto_t *problems = NULL;
    enum summit_status status = summit_publish(options->database, records, options->file_count,
                                               options->replace ? SUMMIT_PUBLISH_REPLACE : 0,
                                               &publication, &problems, &error);
    if (problems != NULL) {
        command_print_problems(options->database, problems);
    }
    if (status != SUMMIT_OK) {
        return command_fail(error.message);
    }
    printf("%s: published revision %s with %zu summit%s\n", options->database, publication.revision,
           publication.summit_count, publication.summit_count == 1 ? "" : "s");
    return 0;
}

int command_import(const struct options *options)
{
    json_t **records = calloc(options->file_count, sizeof(json_t *));
    if (records == NULL) {
        return command_fail("out of memory");
    }
    int result = load_all(options, records);
    if (result == 0) {
        result = refuse_repeated(options, records);
    }
    struct message message;
    if (result == 0 && options->database_is_default &&
        !folder_create_for(options->database, &message)) {
        result = command_fail(message.text);
    }
    if (result == 0) {
        result = publish(options, records);
    }
    for (size_t i = 0; i < options->file_count; i++) {
        json_decref(records[i]);
    }
    free(records);
    return result;
}
