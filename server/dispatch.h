/* From a request to an answer: guards, target, route, handler. Knows no transport. */
#ifndef SERVER_DISPATCH_H
#define SERVER_DISPATCH_H

#include "answer.h"
#include "request.h"

/* Answers a request whose head has been read.
 *   answer  empty; filled with what the handler gave, or with the problem that kept it from that. A
 *           summit_status other than SUMMIT_OK has become a problem by then.
 * The answer may borrow from the request. */
void dispatch(struct request *request, struct answer *answer);

#endif
