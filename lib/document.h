/* Rows to JSON through field tables. */
#ifndef DOCUMENT_H
#define DOCUMENT_H

#include <sqlite3.h>
#include <stdbool.h>

#include "resource.h"
#include "summit.h"

/* Finds the column of each field of a resource in a prepared list statement.
 *   ret_columns  RESOURCE_FIELD_MAX places, one for each field in the table's order.
 * Returns SUMMIT_OK, or SUMMIT_INTERNAL when a field has no column. */
enum summit_status document_columns(sqlite3_stmt *stmt, const struct field *fields,
                                    int *ret_columns) __attribute__((warn_unused_result));

/* The current row of a list statement as a JSON object.
 *   columns  as document_columns gave them.
 *   use      FIELD_DOCUMENT for the row as the API shows it, FIELD_RECORD for it as a record
 *            states it.
 * Returns SUMMIT_OK, SUMMIT_NOMEM, or SUMMIT_CORRUPT when a column holds what its field cannot. */
enum summit_status document_row(sqlite3_stmt *stmt, const struct field *fields, const int *columns,
                                enum field_use use, json_t **ret_row)
    __attribute__((warn_unused_result));

enum { DOCUMENT_LABEL_MAX = 80 };

/* What a row is called for people: its name or title, or the start of its text, in at most
 * DOCUMENT_LABEL_MAX characters. A JSON string, the caller's. NULL when out of memory. */
json_t *document_label(const struct resource *resource, const json_t *row);

#endif
