/* The bytes are read through the descriptor that SQLite holds. To open the file once more would do
 * harm: when any descriptor of it is closed, the process loses its POSIX locks on the file, those
 * of SQLite too. And the path may lead to another file by now. */
#include "file.h"

#include <nettle/sha2.h>
#include <string.h>

enum { READ_MAX = 1 << 30, DIGEST_PART = 16 * 1024 };

static enum summit_status open_file(const struct summit_store *store, sqlite3_file **ret_file)
{
    sqlite3_file *file = NULL;
    int code = sqlite3_file_control(store->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (code != SQLITE_OK || file == NULL || file->pMethods == NULL) {
        return SUMMIT_INTERNAL;
    }
    *ret_file = file;
    return SUMMIT_OK;
}

enum summit_status file_measure(struct summit_store *store)
{
    sqlite3_file *file = NULL;
    sqlite3_int64 size = 0;
    enum summit_status status = open_file(store, &file);
    if (status == SUMMIT_OK) {
        status = statement_status(file->pMethods->xFileSize(file, &size));
    }
    if (status == SUMMIT_OK) {
        store->size = size;
    }
    return status;
}

int64_t summit_store_size(const struct summit_store *store)
{
    return store->size;
}

enum summit_status summit_store_read(struct summit_store *store, int64_t offset, void *buffer,
                                     size_t length)
{
    if (offset < 0 || offset > store->size || length > (uint64_t)(store->size - offset)) {
        return SUMMIT_INVALID;
    }
    sqlite3_file *file = NULL;
    enum summit_status status = open_file(store, &file);
    for (char *at = buffer; status == SUMMIT_OK && length > 0;) {
        int part = length > READ_MAX ? READ_MAX : (int)length;
        status = statement_status(file->pMethods->xRead(file, at, part, offset));
        at += part;
        offset += part;
        length -= (size_t)part;
    }
    return status == SUMMIT_OK ? store_check_unwritten(store) : status;
}

enum summit_status summit_store_digest(struct summit_store *store,
                                       uint8_t ret_digest[SUMMIT_DIGEST_BYTES])
{
    struct sha256_ctx context;
    uint8_t part[DIGEST_PART];
    enum summit_status status = SUMMIT_OK;
    sha256_init(&context);
    for (int64_t at = 0; status == SUMMIT_OK && at < store->size;) {
        int64_t left = store->size - at;
        size_t length = left < DIGEST_PART ? (size_t)left : DIGEST_PART;
        status = summit_store_read(store, at, part, length);
        if (status == SUMMIT_OK) {
            sha256_update(&context, length, part);
        }
        at += (int64_t)length;
    }
    if (status == SUMMIT_OK) {
        sha256_digest(&context, SUMMIT_DIGEST_BYTES, ret_digest);
    }
    return status;
}
