#include "folder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool folder_create_for(const char *path, struct message *ret_message)
{
    char *folder = strdup(path);
    if (folder == NULL) {
        return message_set(ret_message, "out of memory");
    }
    bool created = true;
    for (char *slash = strchr(folder + 1, '/'); slash != NULL && created;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(folder, 0755) != 0 && errno != EEXIST) {
            created = message_set(ret_message,
                                  "%s: cannot be created: %s; name another file with --database",
                                  folder, strerror(errno));
        }
        *slash = '/';
    }
    free(folder);
    return created;
}
