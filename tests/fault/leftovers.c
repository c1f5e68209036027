#include "leftovers.h"

#include "../support/check.h"

#include <dirent.h>
#include <string.h>

size_t leftovers_count(const char *folder)
{
    size_t count = 0;
    DIR *entries = opendir(folder);
    assert_non_null(entries);
    for (struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        count += strstr(entry->d_name, ".tmp.") != NULL;
    }
    closedir(entries);
    return count;
}
