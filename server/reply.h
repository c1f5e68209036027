/* Answers to responses: serialised, compressed, with their headers; the one place that knows which
 * problem a summit_status is. */
#ifndef SERVER_REPLY_H
#define SERVER_REPLY_H

#include "answer.h"
#include "request.h"

struct MHD_Connection;
struct MHD_Response;

/* The problem that a status other than SUMMIT_OK is to a client. */
enum problem_kind reply_problem(enum summit_status status);

/* Makes the response to a request, with the fields of RFC 9110 and 9111 that go with it, evaluates
 * its conditions (RFC 9110 section 13.2.2), and hands it to the transport. Writes request->status
 * and request->bytes.
 *   answer  from dispatch; its document is used up.
 * Returns what the transport is to be told: 1 to go on, 0 to close the connection, which is all
 * that is left when there is no memory even for a problem. */
int reply_send(struct request *request, struct answer *answer, struct MHD_Connection *connection);

#endif
