/* Rows as lines of text, NDJSON or CSV, made while they are sent. */
#ifndef SERVER_ROWS_H
#define SERVER_ROWS_H

#include "answer.h"
#include "request.h"
#include "summit.h"

/* Answers a query in SUMMIT_NDJSON or SUMMIT_CSV: with all rows, as a stream, or with one page
 * where the request limits it, and then with a link to the next. query   settled; taken over, and
 * *query set to NULL, where that succeeds. answer  on SUMMIT_INVALID and SUMMIT_GONE its errors say
 * what is wrong. Returns as summit_stream_new and summit_stream_next do. */
enum summit_status rows_give(const struct request *request, struct summit_store *store,
                             struct summit_query **query, struct answer *answer)
    __attribute__((warn_unused_result));

#endif
