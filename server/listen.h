/* Listening sockets: from an address as people write it to a bound, listening descriptor.
 * Each function writes *ret_message only when it returns false. */
#ifndef SERVER_LISTEN_H
#define SERVER_LISTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>

#include "message.h"

enum {
    LISTEN_MAX = 16,
    LISTEN_HOST_SIZE = 254,
    LISTEN_PATH_SIZE = sizeof(((struct sockaddr_un *)NULL)->sun_path),
    LISTEN_NAME_SIZE = 280,
};

/* One of the two kinds: path is "" for HOST:PORT, host is "" for a Unix socket. */
struct listen_address {
    char host[LISTEN_HOST_SIZE]; /* a name or a numeric address, IPv6 without its brackets */
    uint16_t port;               /* 0: any free one */
    char path[LISTEN_PATH_SIZE];
};

struct listener {
    int fd;                      /* non-blocking, close-on-exec */
    bool is_inherited;           /* from a service manager, which keeps it when we stop */
    char name[LISTEN_NAME_SIZE]; /* "http://127.0.0.1:43211", "http://[::1]:80", "unix:/path" */
    char path[LISTEN_PATH_SIZE]; /* the socket file that listen_close removes; "" for none */
    dev_t device;                /* what that file is known by: a successor's is left alone */
    ino_t inode;
    struct timespec changed;
};

struct listen_set {
    struct listener listeners[LISTEN_MAX];
    size_t count;
};

/* Reads HOST:PORT, [IPV6]:PORT or unix:/PATH. *ret_address is written only on true. */
bool listen_address_parse(const char *text, struct listen_address *ret_address,
                          struct message *ret_message) __attribute__((warn_unused_result));

/* Binds and listens on every address; on all of a name's addresses that this machine has, but with
 * port 0 on one only. A Unix socket is open to every user (mode 0666: its folder decides who gets
 * there), and one left behind by a process that is gone is replaced. All or none: on false nothing
 * stays open. *ret_set is written only on true and is then closed with listen_close. */
bool listen_open(const struct listen_address *addresses, size_t count, struct listen_set *ret_set,
                 struct message *ret_message) __attribute__((warn_unused_result));

/* Takes over the sockets a service manager has passed (LISTEN_PID, LISTEN_FDS and descriptors from
 * 3 on, as sd_listen_fds(3) describes) and removes these variables from the environment. count is 0
 * if none were passed to this process. On false the descriptors stay as they are. */
bool listen_inherit(struct listen_set *ret_set, struct message *ret_message)
    __attribute__((warn_unused_result));

/* Lets nobody new in: removes the socket files that are still ours and shuts down the sockets made
 * here, so that clients are refused. Sockets taken over stay as they are: whoever waits there is
 * the service manager's. The descriptors stay open, as threads may be about to use them. */
void listen_stop(struct listen_set *set);

/* Closes the sockets (but for those whose fd was set to -1, having been given away), removes the
 * socket files that are still ours, and empties the set; NULL is fine. */
void listen_close(struct listen_set *set);

#endif
