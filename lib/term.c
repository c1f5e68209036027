/* A published file never changes, so a term that was found stays right. Only what is there is kept:
 * values that somebody makes up drive nothing out. */
#include "term.h"

#include <string.h>

#include "sql.h"
#include "store.h"

/* What a term is kept under: the three words, with a NUL after each but the last. */
struct key {
    size_t length; /* 0 for one that is too long to keep */
    size_t place;
    char text[TERM_KEY_MAX];
};

static void add_word(struct key *key, const char *word, size_t length)
{
    memcpy(key->text + key->length, word, length);
    key->length += length;
}

static struct key make_key(const char *resource, const char *filter, const char *value)
{
    struct key key;
    size_t resource_length = strlen(resource) + 1;
    size_t filter_length = strlen(filter) + 1;
    size_t value_length = strlen(value);
    key.length = 0;
    key.place = 0;
    if (resource_length + filter_length + value_length <= TERM_KEY_MAX) {
        add_word(&key, resource, resource_length);
        add_word(&key, filter, filter_length);
        add_word(&key, value, value_length);
    }
    for (size_t i = 0; i < key.length; i++) {
        key.place = key.place * 31 + (unsigned char)key.text[i];
    }
    key.place %= TERM_CACHE_SIZE;
    return key;
}

static enum summit_status look_up(struct summit_store *store, const char *resource,
                                  const char *filter, const char *value, bool *ret_found,
                                  struct term *ret_term)
{
    statement_guard *guard = NULL;
    enum summit_status status = store_prepare(store, sql_term, &guard);
    if (status != SUMMIT_OK) {
        return status;
    }
    status = statement_bind_text(guard, ":resource", resource);
    if (status == SUMMIT_OK) {
        status = statement_bind_text(guard, ":filter", filter);
    }
    if (status == SUMMIT_OK) {
        status = statement_bind_text(guard, ":value", value);
    }
    if (status != SUMMIT_OK) {
        return status;
    }
    int code = sqlite3_step(guard);
    *ret_found = code == SQLITE_ROW;
    if (*ret_found) {
        ret_term->rank = sqlite3_column_int64(guard, 0);
        ret_term->row_count = sqlite3_column_int64(guard, 1);
    }
    status = statement_outcome(store->db, code);
    return status == SUMMIT_OK ? store_check_untouched(store) : status;
}

enum summit_status term_find(struct summit_store *store, const char *resource, const char *filter,
                             const char *value, bool *ret_found, struct term *ret_term)
{
    struct key key = make_key(resource, filter, value);
    struct kept_term *entry = &store->terms.entries[key.place];
    if (key.length > 0 && entry->length == key.length &&
        memcmp(entry->key, key.text, key.length) == 0) {
        *ret_term = entry->term;
        *ret_found = true;
        return SUMMIT_OK;
    }
    enum summit_status status = look_up(store, resource, filter, value, ret_found, ret_term);
    if (status == SUMMIT_OK && *ret_found && key.length > 0) {
        entry->length = key.length;
        memcpy(entry->key, key.text, key.length);
        entry->term = *ret_term;
    }
    return status;
}
