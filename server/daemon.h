/* libmicrohttpd's life: start, accept, limits, drain, stop. */
#ifndef SERVER_DAEMON_H
#define SERVER_DAEMON_H

#include <stdbool.h>

#include "listen.h"
#include "message.h"
#include "service.h"

struct daemon;

/* Starts to answer on listening sockets.
 *   set              the sockets; borrowed until daemon_stop has returned.
 *   service          borrowed.
 *   threads          for each socket.
 *   max_connections  for each socket; a client above it waits until another has gone.
 * Returns false, with a message, when it cannot. */
bool daemon_start(struct listen_set *set, struct service *service, unsigned threads,
                  unsigned max_connections, struct daemon **ret_daemon, struct message *ret_message)
    __attribute__((warn_unused_result));

/* Ends the connections whose request head, or whose answer, has taken too long. To be called a few
 * times a second. */
void daemon_expire(struct daemon *daemon);

/* Stops in good order: accepts nothing more, waits for the requests under way, then ends all
 * connections and frees the daemon. The listening sockets stay open, so that no thread meets their
 * descriptors in another use; nobody is let in any more. NULL is fine.
 *   drain_timeout_s  how long it waits. */
void daemon_stop(struct daemon *daemon, unsigned drain_timeout_s);

#endif
