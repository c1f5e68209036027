/* SQLite lets each page end with bytes it does not use, for programs that keep checksums there
 * (https://www.sqlite.org/fileformat2.html, 1.3.4). In those of the first page lies a checksum of
 * the whole file, computed with zeros in its place: xxHash's XXH3, whose 64 bits are plenty against
 * accidents, and which takes a small part of the time of a SHA-256. */
#include "checksum.h"

#include <endian.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "sql.h"
#include "statement.h"

enum {
    PAGE_SIZE = 4096,
    RESERVED_BYTES = 16, /* not 8, by which SQLite's own checksum extension knows its files */
    PLACE = PAGE_SIZE - RESERVED_BYTES,
    PART_SIZE = 4 * PAGE_SIZE,
    /* Of the header: the page size, in two bytes, the high one first, and the bytes reserved. */
    HEADER_PAGE_SIZE = 16,
    HEADER_RESERVED = 20
};

/* Whether the first page has room for a checksum; takes it out. */
static bool take(uint8_t page[PAGE_SIZE], uint64_t *ret_carried)
{
    if (page[HEADER_PAGE_SIZE] != PAGE_SIZE >> 8 || page[HEADER_PAGE_SIZE + 1] != 0 ||
        page[HEADER_RESERVED] != RESERVED_BYTES) {
        return false;
    }
    memcpy(ret_carried, page + PLACE, sizeof *ret_carried);
    *ret_carried = le64toh(*ret_carried);
    memset(page + PLACE, 0, sizeof *ret_carried);
    return true;
}

/* Adds the file to the sum, if it has room for a checksum, and tells which it carries. */
static enum summit_status add_file(XXH3_state_t *sum, struct summit_store *store, bool *ret_has,
                                   uint64_t *ret_carried)
{
    uint8_t part[PART_SIZE];
    int64_t size = summit_store_size(store);
    *ret_has = size >= PAGE_SIZE;
    for (int64_t at = 0; *ret_has && at < size;) {
        size_t length = size - at < PART_SIZE ? (size_t)(size - at) : PART_SIZE;
        enum summit_status status = summit_store_read(store, at, part, length);
        if (status != SUMMIT_OK) {
            return status;
        }
        *ret_has = at > 0 || take(part, ret_carried);
        (void)XXH3_64bits_update(sum, part, length);
        at += (int64_t)length;
    }
    return SUMMIT_OK;
}

/* Computes the checksum, if the file has room for one, and tells which it carries. */
static enum summit_status read_file(struct summit_store *store, bool *ret_has,
                                    uint64_t *ret_carried, uint64_t *ret_computed)
{
    XXH3_state_t *sum = XXH3_createState();
    if (sum == NULL) {
        return SUMMIT_NOMEM;
    }
    (void)XXH3_64bits_reset(sum);
    /* The word of a version that may have checked less, or something else, does not count. */
    (void)XXH3_64bits_update(sum, summit_version(), strlen(summit_version()));
    (void)XXH3_64bits_update(sum, sql_schema, strlen(sql_schema));
    enum summit_status status = add_file(sum, store, ret_has, ret_carried);
    *ret_computed = XXH3_64bits_digest(sum);
    (void)XXH3_freeState(sum);
    return status;
}

enum summit_status checksum_reserve(sqlite3 *db)
{
    char sql[32];
    int bytes = RESERVED_BYTES;
    sqlite3_snprintf((int)sizeof sql, sql, "PRAGMA page_size=%d", PAGE_SIZE);
    int code = sqlite3_exec(db, sql, NULL, NULL, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_file_control(db, "main", SQLITE_FCNTL_RESERVE_BYTES, &bytes);
    }
    return statement_status(code);
}

enum summit_status checksum_compute(struct summit_store *store, uint64_t *ret_checksum)
{
    bool has = false;
    uint64_t carried = 0;
    enum summit_status status = read_file(store, &has, &carried, ret_checksum);
    return status == SUMMIT_OK && !has ? SUMMIT_CORRUPT : status;
}

enum summit_status checksum_check(struct summit_store *store, bool *ret_matches)
{
    bool has = false;
    uint64_t carried = 0;
    uint64_t computed = 0;
    enum summit_status status = read_file(store, &has, &carried, &computed);
    *ret_matches = status == SUMMIT_OK && has && carried == computed;
    return status;
}

int checksum_write(int file, uint64_t checksum)
{
    uint64_t bytes = htole64(checksum);
    ssize_t written = pwrite(file, &bytes, sizeof bytes, PLACE);
    if (written >= 0 && written != sizeof bytes) {
        errno = EIO;
    }
    return written == sizeof bytes ? 0 : -1;
}
