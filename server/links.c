#include "links.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b)
{
    const struct target_parameter *first = a;
    const struct target_parameter *second = b;
    return strcmp(first->name, second->name);
}

static bool write_encoded(FILE *stream, const char *before, const char *text)
{
    char *encoded = target_encode(text);
    bool written = encoded != NULL && fprintf(stream, "%s%s", before, encoded) >= 0;
    free(encoded);
    return written;
}

static size_t sort_parameters(const struct target *target, const char *cursor,
                              struct target_parameter *ret_sorted)
{
    size_t count = 0;
    for (size_t i = 0; i < target->parameter_count; i++) {
        if (cursor == NULL || strcmp(target->parameters[i].name, "cursor") != 0) {
            ret_sorted[count++] = target->parameters[i];
        }
    }
    if (cursor != NULL) {
        ret_sorted[count++] = (struct target_parameter){.name = "cursor", .value = cursor};
    }
    qsort(ret_sorted, count, sizeof ret_sorted[0], by_name);
    return count;
}

char *links_to(const struct request *request, const char *cursor)
{
    const struct target *target = &request->target;
    struct target_parameter sorted[TARGET_PARAMETERS_MAX + 1];
    size_t count = sort_parameters(target, cursor, sorted);

    char *link = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&link, &size);
    if (stream == NULL) {
        return NULL;
    }
    bool written = true;
    if (target->segment_count == 0) {
        written = fputc('/', stream) != EOF;
    }
    for (size_t i = 0; i < target->segment_count; i++) {
        written = written && write_encoded(stream, "/", target->segments[i]);
    }
    for (size_t i = 0; i < count; i++) {
        /* A name that there is not may have "&" and "=" in it: it must not look like others. */
        written = written && write_encoded(stream, i == 0 ? "?" : "&", sorted[i].name) &&
                  write_encoded(stream, "=", sorted[i].value);
    }
    if (fclose(stream) != 0 || !written) {
        free(link);
        return NULL;
    }
    return link;
}
