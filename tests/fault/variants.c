#include "variants.h"

#include "../support/check.h"
#include "../support/folder.h"
#include "summit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const marked[] = {"summary", "text"};

static void mark_rows(json_t *rows, int variant)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        for (size_t m = 0; m < sizeof marked / sizeof marked[0]; m++) {
            const char *text = json_string_value(json_object_get(row, marked[m]));
            if (text != NULL) {
                json_t *longer = json_sprintf("%s This is variant %d.", text, variant);
                assert_int_equal(json_object_set_new(row, marked[m], longer), 0);
            }
        }
    }
}

static void add_measures(json_t *measures, size_t count)
{
    const json_t *first = json_array_get(measures, 0);
    const char *id = json_string_value(json_object_get(first, "id"));
    for (size_t i = 2; i <= count; i++) {
        json_t *row = json_deep_copy(first);
        assert_int_equal(json_object_set_new(row, "id", json_sprintf("%s-%zu", id, i)), 0);
        assert_int_equal(json_object_set_new(row, "number", json_integer((json_int_t)i)), 0);
        assert_int_equal(json_array_append_new(measures, row), 0);
    }
}

char *variant_write(const char *folder, int variant, size_t measure_count)
{
    json_auto_t *record = json_load_file(TESTS_DIR "/fixtures/records/pond-2021.json", 0, NULL);
    assert_non_null(record);
    add_measures(json_object_get(record, "measures"), measure_count);
    const char *name;
    json_t *rows;
    json_object_foreach(record, name, rows)
    {
        mark_rows(rows, variant);
    }
    char file[32];
    snprintf(file, sizeof file, "variant-%d.json", variant);
    char *path = folder_join(folder, file);
    assert_int_equal(json_dump_file(record, path, JSON_COMPACT), 0);
    return path;
}

void variant_revision(const char *record_path, char ret_revision[17])
{
    char *folder = folder_new();
    char *database = folder_join(folder, "scratch.db");
    json_t *record = NULL;
    json_t *problems = NULL;
    struct summit_publication publication;
    assert_int_equal(summit_record_load(record_path, &record, &problems, NULL), SUMMIT_OK);
    assert_int_equal(summit_publish(database, &record, 1, 0, &publication, &problems, NULL),
                     SUMMIT_OK);
    memcpy(ret_revision, publication.revision, sizeof publication.revision);
    json_decref(record);
    free(database);
    folder_remove(folder);
}

static int join(int a, int b)
{
    enum { NONE = -2, SEVERAL = -1 };
    return a == NONE ? b : b == NONE || a == b ? a : SEVERAL;
}

/* As variant_of, but -2 when there are none. */
static int search(const json_t *value, const char *key)
{
    int found = -2;
    const char *name;
    json_t *member;
    if (json_is_string(value)) {
        const char *mark = strstr(json_string_value(value), "variant ");
        bool is_marked = strcmp(key, marked[0]) == 0 || strcmp(key, marked[1]) == 0;
        return !is_marked ? -2 : mark == NULL ? -1 : (int)strtol(mark + 8, NULL, 10);
    }
    json_object_foreach((json_t *)value, name, member)
    {
        found = join(found, search(member, name));
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        found = join(found, search(json_array_get(value, i), key));
    }
    return found;
}

int variant_of(const json_t *document)
{
    int found = search(document, "");
    return found < 0 ? -1 : found;
}
