#include "document.h"

#include <string.h>

#include "parse.h"

enum summit_status document_columns(sqlite3_stmt *stmt, const struct field *fields,
                                    int *ret_columns)
{
    int count = sqlite3_column_count(stmt);
    for (size_t i = 0; fields[i].name != NULL; i++) {
        int column = 0;
        while (column < count) {
            const char *name = sqlite3_column_name(stmt, column);
            if (name == NULL) {
                return SUMMIT_NOMEM;
            }
            if (strcmp(name, fields[i].name) == 0) {
                break;
            }
            column++;
        }
        if (column == count) {
            return SUMMIT_INTERNAL;
        }
        ret_columns[i] = column;
    }
    return SUMMIT_OK;
}

/* Jansson gives NULL both when it is out of memory and for what is not UTF-8, which publishing
 * never lets in. */
static enum summit_status text_value(const char *text, size_t length, json_t **ret_value)
{
    *ret_value = json_stringn(text, length);
    if (*ret_value != NULL) {
        return SUMMIT_OK;
    }
    json_auto_t *unchecked = json_stringn_nocheck(text, length);
    *ret_value = unchecked == NULL ? NULL : json_stringn(text, length);
    if (*ret_value != NULL) {
        return SUMMIT_OK; /* memory was short for a moment only */
    }
    return unchecked == NULL ? SUMMIT_NOMEM : SUMMIT_CORRUPT;
}

/* SQLite gives NULL for a text both when it is out of memory and when the value is NULL; the caller
 * has excluded the latter. */
static enum summit_status column_value(sqlite3_stmt *stmt, int column, enum field_type type,
                                       json_t **ret_value)
{
    int stored = sqlite3_column_type(stmt, column);
    if (stored == SQLITE_NULL) {
        *ret_value = json_null();
        return SUMMIT_OK;
    }
    if (stored != (type == FIELD_INTEGER ? SQLITE_INTEGER : SQLITE_TEXT)) {
        return SUMMIT_CORRUPT;
    }
    if (type == FIELD_INTEGER) {
        *ret_value = json_integer(sqlite3_column_int64(stmt, column));
        return *ret_value == NULL ? SUMMIT_NOMEM : SUMMIT_OK;
    }
    const char *text = (const char *)sqlite3_column_text(stmt, column);
    if (text == NULL) {
        return SUMMIT_NOMEM;
    }
    size_t length = (size_t)sqlite3_column_bytes(stmt, column);
    if (type == FIELD_TEXT) {
        return text_value(text, length, ret_value);
    }
    json_error_t error;
    enum summit_status status = parse_json(text, length, JSON_DECODE_ANY, ret_value, &error);
    return status == SUMMIT_INVALID ? SUMMIT_CORRUPT : status;
}

enum summit_status document_row(sqlite3_stmt *stmt, const struct field *fields, const int *columns,
                                enum field_use use, json_t **ret_row)
{
    json_auto_t *row = json_object();
    if (row == NULL) {
        return SUMMIT_NOMEM;
    }
    for (size_t i = 0; fields[i].name != NULL; i++) {
        if (fields[i].use != FIELD_BOTH && fields[i].use != use) {
            continue;
        }
        json_t *value = NULL;
        enum summit_status status = column_value(stmt, columns[i], fields[i].type, &value);
        if (status != SUMMIT_OK) {
            return status;
        }
        if (json_object_set_new_nocheck(row, fields[i].name, value) != 0) {
            return SUMMIT_NOMEM;
        }
    }
    *ret_row = json_incref(row);
    return SUMMIT_OK;
}

/* The end of the first characters of a text, at the end of a word if it is cut. */
static size_t cut_length(const char *text, size_t characters)
{
    size_t end = 0;
    size_t word_end = 0;
    for (size_t count = 0; text[end] != '\0'; end++) {
        bool starts = ((unsigned char)text[end] & 0xc0) != 0x80;
        if (starts && count++ == characters) {
            return word_end == 0 ? end : word_end;
        }
        word_end = text[end] == ' ' ? end : word_end;
    }
    return end;
}

json_t *document_label(const struct resource *resource, const json_t *row)
{
    json_t *label = json_object_get(row, resource->label);
    const char *text = json_string_value(label);
    size_t length = cut_length(text, DOCUMENT_LABEL_MAX - 1);
    if (text[length] == '\0' || cut_length(text, DOCUMENT_LABEL_MAX) == strlen(text)) {
        return json_incref(label);
    }
    return json_sprintf("%.*s\u2026", (int)length, text);
}
