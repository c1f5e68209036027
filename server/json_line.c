/* json_dumps takes no notice when it cannot enlarge its buffer for a key, and leaves the key out.
 * So the length is counted first, and the text written into a buffer that need not grow. */
#include "json_line.h"

#include <stdlib.h>

bool json_line(const json_t *document, bool is_pretty, char **ret_line, size_t *ret_length)
{
    size_t flags = is_pretty ? JSON_INDENT(2) : JSON_COMPACT;
    size_t length = json_dumpb(document, NULL, 0, flags);
    char *line = length == 0 ? NULL : malloc(length + 1);
    if (line == NULL) {
        return false;
    }
    if (json_dumpb(document, line, length, flags) != length) {
        free(line);
        return false;
    }
    line[length] = '\n';
    *ret_line = line;
    *ret_length = length + 1;
    return true;
}
