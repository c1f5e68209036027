/* Why something failed, for the operator: one line, `what: why; what to do`, without the program's
 * name before it and the newline behind it. */
#ifndef SERVER_MESSAGE_H
#define SERVER_MESSAGE_H

#include <stdbool.h>

struct message {
    char text[512];
};

/* Formats the message, cut to its size. Always false, so that a failed check can say
 * `return message_set(...)`. */
bool message_set(struct message *message, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
