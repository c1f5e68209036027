/* What all requests of a running server share. */
#ifndef SERVER_SERVICE_H
#define SERVER_SERVICE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct generations;

struct service {
    struct generations *generations;
    atomic_bool stopping;     /* no new connections; those there are close after their answer */
    atomic_uint active;       /* requests between the end of their head and that of their answer */
    size_t connection_memory; /* of the transport, in bytes */
    unsigned head_timeout_s;  /* for a whole request head */
    unsigned idle_timeout_s;  /* for the next request head, and to take nothing of an answer */
};

#endif
