/* The record's arrays are bound whole, as JSON text, to one INSERT ... SELECT each; SQLite takes
 * them apart, orders and ranks the rows. Links and counts are derived from the rows just written.
 * Then the database is exported again: every row must come back as the record states it, and the
 * revision is computed over that export. */
#include "build.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>

#include "checksum.h"
#include "documents.h"
#include "record.h"
#include "resource.h"
#include "sql.h"
#include "store.h"
#include "text.h"
#include "tokenizer.h"

/* The resources in an order in which each refers to earlier ones only. */
static const struct resource *const build_order[RESOURCE_COUNT] = {
    &sources_resource,    &summits_resource,     &participants_resource,
    &areas_resource,      &initiatives_resource, &proposals_resource,
    &mechanisms_resource, &measures_resource,    &statements_resource,
};

static enum summit_status run(sqlite3 *db, const char *sql)
{
    return statement_outcome(db, sqlite3_exec(db, sql, NULL, NULL, NULL));
}

static enum summit_status run_all(sqlite3 *db, const char *const *statements, size_t count)
{
    enum summit_status status = SUMMIT_OK;
    for (size_t i = 0; status == SUMMIT_OK && i < count; i++) {
        status = run(db, statements[i]);
    }
    return status;
}

static enum summit_status fill(sqlite3 *db, const struct resource *resource, const json_t *record)
{
    statement_own *stmt = NULL;
    enum summit_status status =
        statement_status(sqlite3_prepare_v2(db, resource->publish_sql, -1, &stmt, NULL));
    if (status == SUMMIT_OK) {
        status = statement_bind_json(stmt, ":rows", json_object_get(record, resource->name));
    }
    return status == SUMMIT_OK ? statement_outcome(db, sqlite3_step(stmt)) : status;
}

static enum summit_status derive(sqlite3 *db)
{
    const char *const statements[] = {
        sql_publish_summit_area,
        sql_publish_citation,
        sql_publish_tag,
        sql_publish_term,
        sql_publish_posting,
        "DROP TABLE temp.tag",
        sql_publish_term_pair,
        sql_publish_resource,
        sql_publish_search,
        "INSERT INTO search (search) VALUES ('optimize')",
        "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab (main, search, row)",
        sql_publish_word,
        "DROP TABLE temp.vocabulary",
        sql_publish_count_summits,
        sql_publish_count_areas,
        sql_publish_count_summit_areas,
        sql_publish_count_initiatives,
        sql_publish_count_proposals,
        sql_publish_count_sources,
        sql_publish_document_areas,
    };
    return run_all(db, statements, sizeof statements / sizeof statements[0]);
}

static enum summit_status compare_rows(const json_t *stated, const json_t *stored)
{
    json_auto_t *by_id = json_object();
    for (size_t i = 0; i < json_array_size(stored); i++) {
        json_t *row = json_array_get(stored, i);
        if (json_object_set(by_id, json_string_value(json_object_get(row, "id")), row) != 0) {
            return SUMMIT_NOMEM;
        }
    }
    bool equal = json_array_size(stated) == json_array_size(stored);
    for (size_t i = 0; equal && i < json_array_size(stated); i++) {
        const json_t *row = json_array_get(stated, i);
        const char *id = json_string_value(json_object_get(row, "id"));
        equal = json_equal(row, json_object_get(by_id, id));
    }
    return equal ? SUMMIT_OK : SUMMIT_INTERNAL;
}

/* Exports what was built, compares it with the record, and computes its revision. */
static enum summit_status verify(sqlite3 *db, const json_t *record, char ret_revision[17])
{
    struct summit_store store = {.db = db};
    json_auto_t *stored = NULL;
    enum summit_status status = summit_store_export(&store, &stored);
    statement_cache_clear(&store.statements);
    for (size_t i = 0; status == SUMMIT_OK && i < RESOURCE_COUNT; i++) {
        status = compare_rows(json_object_get(record, resources[i]->name),
                              json_object_get(stored, resources[i]->name));
    }
    return status == SUMMIT_OK ? record_revision(stored, ret_revision) : status;
}

static enum summit_status state_publication(sqlite3 *db, const char *revision, int64_t published_at)
{
    statement_own *stmt = NULL;
    enum summit_status status =
        statement_status(sqlite3_prepare_v2(db, sql_publish_publication, -1, &stmt, NULL));
    if (status == SUMMIT_OK) {
        status = statement_bind_text(stmt, ":revision", revision);
    }
    if (status == SUMMIT_OK) {
        status = statement_bind_integer(stmt, ":published_at", published_at);
    }
    return status == SUMMIT_OK ? statement_status(sqlite3_step(stmt)) : status;
}

static enum summit_status fill_all(sqlite3 *db, const json_t *record, int64_t published_at,
                                   char ret_revision[17])
{
    enum summit_status status = run(db, sql_schema);
    for (size_t i = 0; status == SUMMIT_OK && i < RESOURCE_COUNT; i++) {
        status = fill(db, build_order[i], record);
    }
    if (status == SUMMIT_OK) {
        status = derive(db);
    }
    if (status == SUMMIT_OK) {
        status = documents_fill(db);
    }
    if (status == SUMMIT_OK) {
        status = verify(db, record, ret_revision);
    }
    return status == SUMMIT_OK ? state_publication(db, ret_revision, published_at) : status;
}

static enum summit_status build(sqlite3 *db, const json_t *record, int64_t published_at,
                                char ret_revision[17])
{
    char mark[96];
    sqlite3_snprintf((int)sizeof mark, mark, "PRAGMA application_id=%d; PRAGMA user_version=%d",
                     STORE_APPLICATION_ID, STORE_SCHEMA_VERSION);
    enum summit_status status = checksum_reserve(db);
    if (status == SUMMIT_OK) {
        status = run(db, "PRAGMA journal_mode=DELETE; PRAGMA foreign_keys=ON; "
                         "PRAGMA cache_size=-131072; BEGIN");
    }
    if (status == SUMMIT_OK) {
        status = fill_all(db, record, published_at, ret_revision);
    }
    /* The marks come with the rows: a file cut off before the commit is no summit database. */
    const char *const rest[] = {"ANALYZE", sql_publish_statistics, mark, "COMMIT"};
    if (status == SUMMIT_OK) {
        status = run_all(db, rest, sizeof rest / sizeof rest[0]);
    }
    if (status == SUMMIT_OK) {
        status = statement_check(db, "PRAGMA foreign_key_check", SUMMIT_INTERNAL);
    }
    if (status == SUMMIT_OK) {
        status = statement_check(db, "PRAGMA integrity_check(1)", SUMMIT_INTERNAL);
    }
    return status;
}

/* The errno of what failed last, or 0; SQLite's clean-up may have changed the connection's. */
static int system_error(sqlite3 *db)
{
    int code = 0;
    int asked = sqlite3_file_control(db, "main", SQLITE_FCNTL_LAST_ERRNO, &code);
    return asked == SQLITE_OK && code != 0 ? code : sqlite3_system_errno(db);
}

enum summit_status build_database(const char *path, const json_t *record, int64_t published_at,
                                  char ret_revision[17], struct summit_error *error)
{
    sqlite3 *db = NULL;
    int code = sqlite3_open_v2(path, &db,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
                                   SQLITE_OPEN_EXRESCODE,
                               NULL);
    enum summit_status status = statement_status(code);
    if (status == SUMMIT_OK) {
        status = tokenizer_register(db);
    }
    if (status == SUMMIT_OK) {
        status = build(db, record, published_at, ret_revision);
    }
    if (status != SUMMIT_OK) {
        int system = db == NULL ? 0 : system_error(db);
        /* SQLite knows ENOSPC only. */
        bool full = system == EFBIG || system == EDQUOT;
        status = status == SUMMIT_IO && full ? SUMMIT_FULL : status;
        text_error(error, "%s: cannot be written: %s%s%s; the old database stays as it was", path,
                   summit_status_text(status), system == 0 ? "" : ": ",
                   system == 0 ? "" : strerror(system));
    }
    sqlite3_close(db);
    return status;
}
