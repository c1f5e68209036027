#include "links.h"

#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b)
{
    const struct target_parameter *first = a;
    const struct target_parameter *second = b;
    return strcmp(first->name, second->name);
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

/* The most bytes that a link to these may have, its NUL included. */
static size_t size_max(const struct target *target, const struct target_parameter *parameters,
                       size_t count)
{
    size_t length = sizeof "/";
    for (size_t i = 0; i < target->segment_count; i++) {
        length += 1 + TARGET_ENCODED_MAX * strlen(target->segments[i]);
    }
    for (size_t i = 0; i < count; i++) {
        length +=
            2 + TARGET_ENCODED_MAX * (strlen(parameters[i].name) + strlen(parameters[i].value));
    }
    return length;
}

char *links_to(const struct request *request, const char *cursor)
{
    const struct target *target = &request->target;
    struct target_parameter sorted[TARGET_PARAMETERS_MAX + 1];
    size_t count = sort_parameters(target, cursor, sorted);
    char *link = malloc(size_max(target, sorted, count));
    if (link == NULL) {
        return NULL;
    }
    char *end = stpcpy(link, target->segment_count == 0 ? "/" : "");
    for (size_t i = 0; i < target->segment_count; i++) {
        *end++ = '/';
        end = target_encode(end, target->segments[i]);
    }
    for (size_t i = 0; i < count; i++) {
        /* A name that there is not may have "&" and "=" in it: it must not look like others. */
        *end++ = i == 0 ? '?' : '&';
        end = target_encode(end, sorted[i].name);
        *end++ = '=';
        end = target_encode(end, sorted[i].value);
    }
    return link;
}
