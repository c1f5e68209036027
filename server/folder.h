/* Folders. */
#ifndef SERVER_FOLDER_H
#define SERVER_FOLDER_H

#include "message.h"

/* Creates the folder a file is to lie in, and those above it, where they are missing (mode 0755,
 * less the umask). Returns false, with a message, when it cannot. */
bool folder_create_for(const char *path, struct message *ret_message)
    __attribute__((warn_unused_result));

#endif
