/* What a user of libsummit writes: publishes a record file and prints the titles of its proposals.
 * Nothing but the installed header and ISO C. */
#include <stdio.h>
#include <stdlib.h>

#include <summit.h>

static int fail(enum summit_status status, const struct summit_error *error)
{
    fprintf(stderr, "%s: %s\n", summit_status_text(status), error->message);
    return EXIT_FAILURE;
}

static enum summit_status publish(const char *record_path, const char *database_path,
                                  struct summit_error *error)
{
    json_t *record = NULL;
    json_t *problems = NULL;
    enum summit_status status = summit_record_load(record_path, &record, &problems, error);
    if (status == SUMMIT_OK) {
        status = summit_publish(database_path, &record, 1, 0, NULL, &problems, error);
    }
    json_decref(problems);
    json_decref(record);
    return status;
}

static enum summit_status print_titles(struct summit_store *store, const char *cursor,
                                       char **ret_next)
{
    struct summit_query *query = NULL;
    json_t *problems = json_array();
    json_t *page = NULL;
    enum summit_status status = summit_query_new("proposals", NULL, &query);
    if (status == SUMMIT_OK) {
        status = summit_query_set(query, "limit", "3", problems);
    }
    if (status == SUMMIT_OK && cursor != NULL) {
        status = summit_query_set(query, "cursor", cursor, problems);
    }
    json_decref(problems);
    problems = NULL;
    if (status == SUMMIT_OK) {
        status = summit_store_list(store, query, &page, ret_next, &problems);
    }
    for (size_t i = 0; i < json_array_size(json_object_get(page, "data")); i++) {
        const json_t *proposal = json_array_get(json_object_get(page, "data"), i);
        puts(json_string_value(json_object_get(proposal, "title")));
    }
    json_decref(page);
    json_decref(problems);
    summit_query_free(query);
    return status;
}

int main(int argc, char **argv)
{
    struct summit_error error = {""};
    struct summit_store *store = NULL;
    char *cursor = NULL;
    if (argc != 3) {
        fprintf(stderr, "usage: %s RECORD DATABASE\n", argv[0]);
        return 2;
    }
    enum summit_status status = publish(argv[1], argv[2], &error);
    if (status == SUMMIT_OK) {
        status = summit_store_open(argv[2], SUMMIT_STORE_VERIFY, &store, &error);
    }
    if (status != SUMMIT_OK) {
        return fail(status, &error);
    }
    do {
        char *next = NULL;
        status = print_titles(store, cursor, &next);
        free(cursor);
        cursor = next;
    } while (status == SUMMIT_OK && cursor != NULL);
    summit_store_close(store);
    return status == SUMMIT_OK ? EXIT_SUCCESS : fail(status, &error);
}
