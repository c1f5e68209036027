/* Two servers over one database, one of which keeps what it has answered, and replies that must not
 * differ. */
#ifndef TESTS_SAME_H
#define TESTS_SAME_H

#include "daemon.h"
#include "http.h"

struct pair {
    struct daemon *keeping;
    struct daemon *forgetting;
};

/* cmocka group setup: a pair over XIAN and LAKESIDE, at *state. */
int start_pair(void **state);

/* Fails unless both replies have the same status, body and fields, in the same order; only Date may
 * differ. `what` is said when they do. */
void check_same(const struct http_reply *a, const struct http_reply *b, const char *what);

/* Sends the bytes on a connection of its own, twice to the server that keeps and once to the other,
 * and reads `count` replies. Fails unless they are the same and the connection is left open or
 * closed as told.
 *   heads  one letter a reply: 'H' if it answers a HEAD. */
void pair_exchange(const struct pair *pair, const char *bytes, const char *heads, bool is_closed);

#endif
