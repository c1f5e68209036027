/* A store trusts nothing about its file: it is opened read-only, with SQLite's defences up, told
 * apart from other files by its application_id and user_version, and, with SUMMIT_STORE_VERIFY,
 * read as a whole: all of it is checked, unless its checksum says that it was when published. It
 * then begins a transaction that lasts as long as the store: reads cost no locking calls, and a
 * writer that would change the file in place is kept out. mmap stays off, for a file cut short
 * under a memory map is a SIGBUS; read with pread it is SQLITE_CORRUPT. Who writes to the file all
 * the same, as a careless copy does, is found out by its size and time: nothing that was read after
 * that is given out. */
#include "store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "checksum.h"
#include "documents.h"
#include "file.h"
#include "relevance.h"
#include "sql.h"
#include "text.h"
#include "tokenizer.h"

enum { PROGRESS_STEPS = 1000 };

static int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int on_progress(void *context)
{
    const struct summit_store *store = context;
    return store->deadline_ms != 0 && monotonic_ms() > store->deadline_ms;
}

void store_start_budget(struct summit_store *store)
{
    store->deadline_ms = store->budget_ms == 0 ? 0 : monotonic_ms() + store->budget_ms;
}

void summit_store_set_budget(struct summit_store *store, unsigned budget_ms)
{
    store->budget_ms = budget_ms;
    sqlite3_progress_handler(store->db, budget_ms == 0 ? 0 : PROGRESS_STEPS, on_progress, store);
}

const char *summit_store_revision(const struct summit_store *store)
{
    return store->revision;
}

int64_t summit_store_published_at(const struct summit_store *store)
{
    return store->published_at;
}

/* A file that has been replaced is whole still, only no longer at its path. */
enum summit_status store_check_unwritten(struct summit_store *store)
{
    const struct stat *old = &store->file;
    struct stat now;
    if (stat(store->path, &now) == 0 && now.st_dev == old->st_dev && now.st_ino == old->st_ino &&
        (now.st_size != old->st_size || now.st_mtim.tv_sec != old->st_mtim.tv_sec ||
         now.st_mtim.tv_nsec != old->st_mtim.tv_nsec)) {
        store->is_written = true;
    }
    return store->is_written ? SUMMIT_CORRUPT : SUMMIT_OK;
}

enum summit_status store_check_untouched(struct summit_store *store)
{
    int read_count = store->read_count;
    int highest = 0;
    if (store->path == NULL) {
        return SUMMIT_OK;
    }
    sqlite3_db_status(store->db, SQLITE_DBSTATUS_CACHE_MISS, &read_count, &highest, 0);
    if (read_count != store->read_count && store_check_unwritten(store) != SUMMIT_OK) {
        store->is_tainted = true;
    }
    store->read_count = read_count;
    return store->is_tainted ? SUMMIT_CORRUPT : SUMMIT_OK;
}

static enum summit_status set_up(sqlite3 *db)
{
    static const struct {
        int limit;
        int value;
    } limits[] = {
        {SQLITE_LIMIT_LENGTH, 256 << 20}, {SQLITE_LIMIT_SQL_LENGTH, 1 << 16},
        {SQLITE_LIMIT_ATTACHED, 0},       {SQLITE_LIMIT_VARIABLE_NUMBER, 64},
        {SQLITE_LIMIT_TRIGGER_DEPTH, 1},  {SQLITE_LIMIT_EXPR_DEPTH, 100},
    };
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        sqlite3_limit(db, limits[i].limit, limits[i].value);
    }
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_extended_result_codes(db, 1);
    return statement_status(
        sqlite3_exec(db, "PRAGMA query_only=1; PRAGMA cell_size_check=1; PRAGMA mmap_size=0; BEGIN",
                     NULL, NULL, NULL));
}

static enum summit_status read_pragma(sqlite3 *db, const char *sql, int64_t *ret_value)
{
    statement_own *stmt = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_step(stmt);
    }
    if (code == SQLITE_ROW) {
        *ret_value = sqlite3_column_int64(stmt, 0);
        return SUMMIT_OK;
    }
    return code == SQLITE_DONE ? SUMMIT_CORRUPT : statement_status(code);
}

static enum summit_status check_kind(sqlite3 *db, int64_t *ret_schema)
{
    int64_t application_id = 0;
    int64_t version = 0;
    enum summit_status status = read_pragma(db, "PRAGMA application_id", &application_id);
    if (status == SUMMIT_OK) {
        status = read_pragma(db, "PRAGMA user_version", &version);
    }
    if (status != SUMMIT_OK) {
        return status;
    }
    if (application_id != STORE_APPLICATION_ID || version < 1) {
        return SUMMIT_FOREIGN;
    }
    *ret_schema = version;
    if (version != STORE_SCHEMA_VERSION) {
        return version > STORE_SCHEMA_VERSION ? SUMMIT_NEWER : SUMMIT_FOREIGN;
    }
    return SUMMIT_OK;
}

static enum summit_status read_publication(struct summit_store *store)
{
    statement_own *stmt = NULL;
    int code = sqlite3_prepare_v2(store->db, sql_publication, -1, &stmt, NULL);
    if (code == SQLITE_ERROR) {
        return SUMMIT_CORRUPT;
    }
    code = code == SQLITE_OK ? sqlite3_step(stmt) : code;
    if (code != SQLITE_ROW) {
        return code == SQLITE_DONE ? SUMMIT_CORRUPT : statement_status(code);
    }
    const char *revision = (const char *)sqlite3_column_text(stmt, 0);
    if (revision == NULL) {
        return SUMMIT_NOMEM;
    }
    if (strlen(revision) != 16 || strspn(revision, "0123456789abcdef") != 16) {
        return SUMMIT_CORRUPT;
    }
    memcpy(store->revision, revision, sizeof store->revision);
    store->published_at = sqlite3_column_int64(stmt, 1);
    return SUMMIT_OK;
}

static enum summit_status read_resource(struct summit_store *store, sqlite3_stmt *stmt)
{
    const char *name = (const char *)sqlite3_column_text(stmt, 0);
    if (name == NULL) {
        return SUMMIT_NOMEM;
    }
    const struct resource *resource = resource_find(name);
    int64_t count = sqlite3_column_int64(stmt, 1);
    if (resource == NULL || count < 0 || sqlite3_column_int64(stmt, 2) != store->document_count) {
        return SUMMIT_CORRUPT;
    }
    size_t index = resource_index(resource);
    store->row_counts[index] = count;
    store->bases[index] = store->document_count;
    store->document_count += count;
    return SUMMIT_OK;
}

static enum summit_status read_resources(struct summit_store *store)
{
    statement_own *stmt = NULL;
    int code = sqlite3_prepare_v2(store->db, sql_resources, -1, &stmt, NULL);
    if (code != SQLITE_OK) {
        return code == SQLITE_ERROR ? SUMMIT_CORRUPT : statement_status(code);
    }
    enum summit_status status = statement_bind_integer(stmt, ":limit", RESOURCE_COUNT + 1);
    size_t count = 0;
    while (status == SUMMIT_OK && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
        status = read_resource(store, stmt);
        count++;
    }
    if (status != SUMMIT_OK || code != SQLITE_DONE) {
        return status == SUMMIT_OK ? statement_status(code) : status;
    }
    return count == RESOURCE_COUNT ? SUMMIT_OK : SUMMIT_CORRUPT;
}

/* Every page, every row, and that what is needed is there. */
static enum summit_status verify_all(struct summit_store *store)
{
    enum summit_status status =
        statement_check(store->db, "PRAGMA integrity_check(1)", SUMMIT_CORRUPT);
    /* Every row can be shown, found and searched: the schema is the one this library writes. */
    const char *const texts[] = {sql_term, sql_term_pair, sql_match_count, sql_facet_rows};
    for (size_t i = 0; status == SUMMIT_OK && i < sizeof texts / sizeof texts[0]; i++) {
        struct statement *statement = NULL;
        status = statement_get(&store->statements, store->db, texts[i], NULL, &statement);
    }
    for (size_t i = 0; status == SUMMIT_OK && i < RESOURCE_COUNT; i++) {
        struct statement *statement = NULL;
        status = statement_get(&store->statements, store->db, resources[i]->show_sql,
                               resources[i]->fields, &statement);
        if (status == SUMMIT_OK && resources[i]->place_sql != NULL) {
            status = statement_get(&store->statements, store->db, resources[i]->place_sql, NULL,
                                   &statement);
        }
    }
    if (status == SUMMIT_OK) {
        status = documents_check(store->db);
    }
    /* What was read for this alone. */
    sqlite3_db_release_memory(store->db);
    return status;
}

/* A file that carries its checksum has been through verify_all when it was published. */
static enum summit_status verify(struct summit_store *store)
{
    bool is_as_published = false;
    enum summit_status status = checksum_check(store, &is_as_published);
    return status != SUMMIT_OK || is_as_published ? status : verify_all(store);
}

/* schema is what check_kind found, or 0. */
static void explain(enum summit_status status, int64_t schema, const char *path,
                    struct summit_error *error)
{
    switch (status) {
    case SUMMIT_CORRUPT:
        text_error(error,
                   "%s: the database is damaged or cut short; publish anew with `summitd import "
                   "--replace`, or put back %s.prev",
                   path, path);
        break;
    case SUMMIT_FOREIGN:
        if (schema == 0) {
            text_error(error, "%s: not a database that summitd published; name another file", path);
            break;
        }
        text_error(error,
                   "%s: published by an older summitd (schema %lld, this one reads %d); import its "
                   "records again, with `summitd import --replace`",
                   path, (long long)schema, STORE_SCHEMA_VERSION);
        break;
    case SUMMIT_NEWER:
        text_error(error,
                   "%s: published by a newer summitd (schema %lld, this one reads %d); "
                   "upgrade summitd or publish the record again",
                   path, (long long)schema, STORE_SCHEMA_VERSION);
        break;
    case SUMMIT_BUSY:
        text_error(error,
                   "%s: another program is writing to the file; publish with `summitd "
                   "import` instead",
                   path);
        break;
    default:
        text_error(error, "%s: cannot be read: %s", path, summit_status_text(status));
        break;
    }
}

static enum summit_status check_file(const char *path, struct stat *ret_file,
                                     struct summit_error *error)
{
    struct stat file;
    if (stat(path, &file) != 0) {
        int code = errno;
        bool missing = code == ENOENT || code == ENOTDIR;
        text_error(error, "%s: %s%s", path, strerror(code),
                   missing ? "; publish a record there with `summitd import`" : "");
        return missing ? SUMMIT_NOT_FOUND : SUMMIT_IO;
    }
    if (!S_ISREG(file.st_mode)) {
        text_error(error, "%s: not a regular file; name a database file", path);
        return SUMMIT_FOREIGN;
    }
    if (file.st_size == 0) {
        text_error(error,
                   "%s: the file is empty; publish a record there with `summitd import "
                   "--replace`",
                   path);
        return SUMMIT_CORRUPT;
    }
    *ret_file = file;
    return SUMMIT_OK;
}

static enum summit_status open_checked(struct summit_store *store, const char *path, unsigned flags,
                                       int64_t *ret_schema, struct summit_error *error)
{
    int code = sqlite3_open_v2(
        path, &store->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (code == SQLITE_CANTOPEN || (code & 0xff) == SQLITE_CANTOPEN) {
        int system = sqlite3_system_errno(store->db);
        text_error(error, "%s: cannot be opened: %s%s", path, strerror(system),
                   system == EACCES ? "; let the user of this process read it" : "");
        return SUMMIT_IO;
    }
    enum summit_status status = statement_status(code);
    if (status == SUMMIT_OK) {
        status = set_up(store->db);
    }
    if (status == SUMMIT_OK) {
        status = tokenizer_register(store->db);
    }
    if (status == SUMMIT_OK) {
        status = relevance_register(store->db);
    }
    if (status == SUMMIT_OK) {
        status = check_kind(store->db, ret_schema);
    }
    if (status == SUMMIT_OK) {
        status = read_publication(store);
    }
    if (status == SUMMIT_OK) {
        status = read_resources(store);
    }
    if (status == SUMMIT_OK) {
        status = file_measure(store);
    }
    if (status == SUMMIT_OK && (flags & SUMMIT_STORE_VERIFY) != 0) {
        status = verify(store);
    }
    if (status != SUMMIT_OK) {
        explain(status, *ret_schema, path, error);
    }
    return status;
}

enum summit_status store_open(const char *path, unsigned flags, struct summit_store **ret_store,
                              int64_t *ret_schema, struct summit_error *error)
{
    struct stat file;
    *ret_schema = 0;
    enum summit_status status = check_file(path, &file, error);
    if (status != SUMMIT_OK) {
        return status;
    }
    struct summit_store *store = calloc(1, sizeof *store);
    char *copy = strdup(path);
    if (store == NULL || copy == NULL) {
        free(store);
        free(copy);
        text_error(error, "%s: out of memory", path);
        return SUMMIT_NOMEM;
    }
    store->path = copy;
    store->file = file;
    status = open_checked(store, path, flags, ret_schema, error);
    if (status != SUMMIT_OK) {
        summit_store_close(store);
        return status;
    }
    *ret_store = store;
    return SUMMIT_OK;
}

enum summit_status summit_store_open(const char *path, unsigned flags,
                                     struct summit_store **ret_store, struct summit_error *error)
{
    int64_t schema = 0;
    return store_open(path, flags, ret_store, &schema, error);
}

void summit_store_close(struct summit_store *store)
{
    if (store != NULL) {
        statement_cache_clear(&store->statements);
        sqlite3_blob_close(store->document);
        sqlite3_close(store->db);
        free(store->path);
        free(store);
    }
}
