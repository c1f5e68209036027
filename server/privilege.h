/* Giving up root for good. */
#ifndef SERVER_PRIVILEGE_H
#define SERVER_PRIVILEGE_H

#include <stdbool.h>

#include "message.h"

/* The user to serve as when root names none. */
#define PRIVILEGE_DEFAULT_USER "nobody"

/* Makes sure that the process runs without privileges from now on, and cannot win any by exec.
 * To be called before there are threads and after the sockets are bound.
 *   user      the user wanted, or NULL if none was named
 *   ret_user  whom the process has become; NULL if it stays who it was. Borrowed: user itself or
 *             the default
 * As root it becomes user, with that user's groups (the default user: with its own group only) and
 * no capabilities; root itself is refused. As anybody else there is nothing to do, and to name
 * another user than oneself is refused. False with *ret_message on refusal or failure; the process
 * may then have lost some of its privileges and must end. */
bool privilege_drop(const char *user, const char **ret_user, struct message *ret_message)
    __attribute__((warn_unused_result));

#endif
