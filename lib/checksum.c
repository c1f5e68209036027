/* SQLite lets each page end with bytes it does not use, for programs that keep checksums there
 * (https://www.sqlite.org/fileformat2.html, 1.3.4). In those of the first page lies a checksum of
 * the whole file, computed with zeros in its place. Its rounds are those of xxHash's XXH64: 64 bits
 * are plenty against accidents, and it takes a tenth of the time of a SHA-256, even where the
 * processor has instructions for that. */
#include "checksum.h"

#include <endian.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sql.h"
#include "statement.h"

enum {
    PAGE_SIZE = 4096,
    RESERVED_BYTES = 16, /* not 8, by which SQLite's own checksum extension knows its files */
    PLACE = PAGE_SIZE - RESERVED_BYTES,
    PART_SIZE = 4 * PAGE_SIZE,
    /* Of the header: the page size, in two bytes, the high one first, and the bytes reserved. */
    HEADER_PAGE_SIZE = 16,
    HEADER_RESERVED = 20,
    LANES = 4,
    STRIPE = LANES * sizeof(uint64_t),
};

static const uint64_t prime_1 = 0x9e3779b185ebca87, prime_2 = 0xc2b2ae3d27d4eb4f,
                      prime_3 = 0x165667b19e3779f9, prime_4 = 0x85ebca77c2b2ae63;

static uint64_t rotate(uint64_t value, unsigned bits)
{
    return value << bits | value >> (64 - bits);
}

static uint64_t mix(uint64_t lane, uint64_t word)
{
    return rotate(lane + word * prime_2, 31) * prime_1;
}

static void add_stripe(uint64_t lanes[LANES], const char *bytes)
{
    uint64_t words[LANES];
    memcpy(words, bytes, STRIPE);
    for (size_t i = 0; i < LANES; i++) {
        lanes[i] = mix(lanes[i], le64toh(words[i]));
    }
}

/* Adds bytes to the lanes; the last ones are filled up with zeros to a stripe. */
static void add(uint64_t lanes[LANES], const void *bytes, size_t length)
{
    const char *at = bytes;
    for (; length >= STRIPE; at += STRIPE, length -= STRIPE) {
        add_stripe(lanes, at);
    }
    if (length > 0) {
        char last[STRIPE] = {0};
        memcpy(last, at, length);
        add_stripe(lanes, last);
    }
}

static uint64_t finish(const uint64_t lanes[LANES], uint64_t length)
{
    uint64_t sum =
        rotate(lanes[0], 1) + rotate(lanes[1], 7) + rotate(lanes[2], 12) + rotate(lanes[3], 18);
    for (size_t i = 0; i < LANES; i++) {
        sum = (sum ^ mix(0, lanes[i])) * prime_1 + prime_4;
    }
    sum += length;
    sum = (sum ^ sum >> 33) * prime_2;
    sum = (sum ^ sum >> 29) * prime_3;
    return sum ^ sum >> 32;
}

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

/* Computes the checksum, if the file has room for one, and tells which it carries. */
static enum summit_status read_file(struct summit_store *store, bool *ret_has,
                                    uint64_t *ret_carried, uint64_t *ret_computed)
{
    uint8_t part[PART_SIZE];
    uint64_t lanes[LANES] = {prime_1 + prime_2, prime_2, 0, -prime_1};
    int64_t size = summit_store_size(store);
    *ret_has = size >= PAGE_SIZE;
    /* The word of a version that may have checked less, or something else, does not count. */
    add(lanes, summit_version(), strlen(summit_version()));
    add(lanes, sql_schema, strlen(sql_schema));
    for (int64_t at = 0; *ret_has && at < size;) {
        size_t length = size - at < PART_SIZE ? (size_t)(size - at) : PART_SIZE;
        enum summit_status status = summit_store_read(store, at, part, length);
        if (status != SUMMIT_OK) {
            return status;
        }
        *ret_has = at > 0 || take(part, ret_carried);
        add(lanes, part, length);
        at += (int64_t)length;
    }
    *ret_computed = finish(lanes, (uint64_t)size);
    return SUMMIT_OK;
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
