/* Reading a record says everything that is wrong with it at once. Only a text that is not JSON ends
 * the search at its first mistake, as there is nothing to go on with. Jansson can refuse a repeated
 * key but names only the first, by line; so that refusal makes SQLite list them all, with pointers,
 * and the check goes on with the last value of each. */
#include "record.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "links.h"
#include "parse.h"
#include "records.h"
#include "resource.h"
#include "rule.h"
#include "sql.h"
#include "statement.h"
#include "text.h"

static void check_frame(const json_t *record, struct problems *problems)
{
    const char *names[RESOURCE_COUNT + 3] = {"$schema", "version"};
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        names[i + 2] = resources[i]->name;
    }
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)record, key, value)
    {
        struct place at = {.key = key};
        if (!text_is_one_of(key, names)) {
            text_auto *list = text_join(names);
            problems->nomem |= list == NULL;
            problems_add(problems, &at, "unknown_key", summit_nearest(key, names),
                         "\"%.64s\" is not a key here; allowed are %s", key,
                         list == NULL ? "" : list);
        }
    }
    const json_t *schema = json_object_get(record, "$schema");
    if (schema != NULL && !json_is_string(schema)) {
        problems_add(problems, &(struct place){.key = "$schema"}, "wrong_type", NULL,
                     "$schema is a string, the address of the JSON Schema");
    }
    const json_t *version = json_object_get(record, "version");
    if (version == NULL) {
        problems_add(problems, NULL, "missing_key", NULL,
                     "\"version\" is missing; this format is version %d", RECORD_VERSION);
    } else if (json_integer_value(version) != RECORD_VERSION) {
        problems_add(problems, &(struct place){.key = "version"}, "unknown_version", "1",
                     "version is %d, the version of this format; a newer one needs a newer summitd",
                     RECORD_VERSION);
    }
}

static void check_rows(const json_t *record, const struct resource *resource,
                       struct problems *problems)
{
    const json_t *rows = json_object_get(record, resource->name);
    struct place at = {.key = resource->name};
    if (rows == NULL) {
        problems_add(problems, NULL, "missing_key", NULL,
                     "\"%s\" is missing; write [] if there are none", resource->name);
        return;
    }
    if (!json_is_array(rows)) {
        problems_add(problems, &at, "wrong_type", NULL, "%s is an array of objects",
                     resource->name);
        return;
    }
    for (size_t i = 0; i < json_array_size(rows); i++) {
        struct place row = {.parent = &at, .index = i};
        rule_check_object(json_array_get(rows, i), resource->fields, &row, problems);
    }
}

enum summit_status record_check(const json_t *record, struct problems *problems)
{
    if (!json_is_object(record)) {
        problems_add(problems, NULL, "wrong_type", NULL, "a record is a JSON object");
        return problems_status(problems);
    }
    check_frame(record, problems);
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        check_rows(record, resources[i], problems);
    }
    links_check(record, problems);
    return problems_status(problems);
}

static int complete_row(json_t *row, const struct field *fields)
{
    int failed = 0;
    for (const struct field *field = fields; field->name != NULL; field++) {
        if (field->optional && json_object_get(row, field->name) == NULL) {
            failed |= json_object_set_new(row, field->name, json_array());
        }
    }
    return failed;
}

enum summit_status record_complete(json_t *record)
{
    int failed = 0;
    for (size_t r = 0; r < RESOURCE_COUNT; r++) {
        json_t *rows = json_object_get(record, resources[r]->name);
        for (size_t i = 0; i < json_array_size(rows); i++) {
            failed |= complete_row(json_array_get(rows, i), resources[r]->fields);
        }
    }
    return failed == 0 ? SUMMIT_OK : SUMMIT_NOMEM;
}

static enum summit_status note_duplicate_keys(sqlite3_stmt *stmt, struct problems *problems)
{
    int code;
    while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
        const char *pointer = (const char *)sqlite3_column_text(stmt, 0);
        const char *key = (const char *)sqlite3_column_text(stmt, 1);
        text_auto *detail = text_format("\"%.64s\" stands %d times in this object; keep one",
                                        key == NULL ? "" : key, sqlite3_column_int(stmt, 2));
        if (pointer == NULL || key == NULL || detail == NULL) {
            return SUMMIT_NOMEM;
        }
        problems_add_at(problems, pointer, "duplicate_key", NULL, detail);
    }
    if (code == SQLITE_ERROR) {
        /* Of what Jansson has read, SQLite refuses only what is nested about as deep as both go. */
        problems_add(problems, NULL, "not_json", NULL,
                     "some key stands twice, and this is nested too deeply to find it");
        return SUMMIT_OK;
    }
    return statement_status(code);
}

static enum summit_status find_duplicate_keys(const char *text, size_t length,
                                              struct problems *problems)
{
    sqlite3 *db = NULL;
    statement_own *stmt = NULL;
    int code = sqlite3_open_v2(
        ":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_prepare_v2(db, sql_check_duplicate_keys, -1, &stmt, NULL);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_bind_text64(stmt, 1, text, length, SQLITE_STATIC, SQLITE_UTF8);
    }
    enum summit_status status = statement_status(code);
    if (status == SUMMIT_OK) {
        status = note_duplicate_keys(stmt, problems);
    }
    sqlite3_finalize(stmt);
    stmt = NULL;
    sqlite3_close(db);
    return status;
}

static enum summit_status parse(const char *text, size_t length, json_t **ret_record,
                                struct problems *problems)
{
    json_error_t error;
    enum summit_status status =
        parse_json(text, length, JSON_REJECT_DUPLICATES, ret_record, &error);
    if (status == SUMMIT_INVALID && json_error_code(&error) == json_error_duplicate_key) {
        status = parse_json(text, length, 0, ret_record, &error);
        if (status == SUMMIT_OK) {
            return find_duplicate_keys(text, length, problems);
        }
    }
    if (status == SUMMIT_INVALID) {
        problems_add(problems, NULL, "not_json", NULL,
                     "line %d, column %d: %s (RFC 8259 JSON in UTF-8)", error.line, error.column,
                     error.text);
        return problems_status(problems);
    }
    return status;
}

enum summit_status summit_record_parse(const char *text, size_t length, json_t **ret_record,
                                       json_t **ret_problems)
{
    json_auto_t *list = json_array();
    if (list == NULL) {
        return SUMMIT_NOMEM;
    }
    struct problems problems = {.list = list};
    json_auto_t *record = NULL;
    enum summit_status status = parse(text, length, &record, &problems);
    if (status == SUMMIT_OK) {
        status = record_check(record, &problems);
    }
    if (status == SUMMIT_OK) {
        status = record_complete(record);
    }
    if (status == SUMMIT_OK) {
        *ret_record = json_incref(record);
    } else if (status == SUMMIT_INVALID) {
        *ret_problems = json_incref(list);
    }
    return status;
}

static enum summit_status read_all(FILE *file, const char *path, char **ret_text,
                                   size_t *ret_length, struct summit_error *error)
{
    char *text = NULL;
    size_t length = 0;
    size_t size = 0;
    for (;;) {
        if (length == size) {
            size = size == 0 ? 1U << 16 : 2 * size;
            char *larger = size > 2 * SUMMIT_RECORD_MAX_BYTES ? NULL : realloc(text, size);
            if (larger == NULL) {
                free(text);
                text_error(error, "%s: out of memory", path);
                return SUMMIT_NOMEM;
            }
            text = larger;
        }
        size_t count = fread(text + length, 1, size - length, file);
        length += count;
        if (length > SUMMIT_RECORD_MAX_BYTES) {
            free(text);
            text_error(error, "%s: larger than %zu bytes; split the record by summit", path,
                       SUMMIT_RECORD_MAX_BYTES);
            return SUMMIT_FULL;
        }
        if (count == 0) {
            break;
        }
    }
    if (ferror(file)) {
        int code = errno;
        free(text);
        text_error(error, "%s: cannot be read: %s", path, strerror(code));
        return SUMMIT_IO;
    }
    *ret_text = text;
    *ret_length = length;
    return SUMMIT_OK;
}

enum summit_status summit_record_load(const char *path, json_t **ret_record, json_t **ret_problems,
                                      struct summit_error *error)
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL) {
        int code = errno;
        text_error(error, "%s: cannot be opened: %s; name a record file that can be read", path,
                   strerror(code));
        if (code == ENOMEM) {
            return SUMMIT_NOMEM;
        }
        return code == ENOENT ? SUMMIT_NOT_FOUND : SUMMIT_IO;
    }
    text_auto *text = NULL;
    size_t length = 0;
    enum summit_status status = read_all(file, path, &text, &length, error);
    fclose(file);
    if (status == SUMMIT_OK) {
        status = summit_record_parse(text, length, ret_record, ret_problems);
    }
    if (status == SUMMIT_NOMEM) {
        text_error(error, "%s: out of memory", path);
    }
    return status;
}

enum summit_status summit_record_builtin(json_t **ret_record)
{
    json_error_t error;
    json_auto_t *record = NULL;
    enum summit_status status =
        parse_json(records_xian_2023_json, records_xian_2023_json_size, 0, &record, &error);
    if (status == SUMMIT_OK) {
        status = record_complete(record);
    }
    if (status == SUMMIT_OK) {
        *ret_record = json_incref(record);
    }
    return status;
}

enum summit_status record_revision(const json_t *record, char ret_revision[17])
{
    return digest_write_json(record, JSON_COMPACT | JSON_SORT_KEYS, ret_revision);
}
