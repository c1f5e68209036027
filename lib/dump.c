/* json_dumps takes no notice when it cannot enlarge its buffer for a key, and leaves the key out.
 * So the length is counted first, and the text written into a buffer that need not grow. */
#include "dump.h"

#include <stdlib.h>

char *dump_json(const json_t *value, size_t flags)
{
    size_t length = json_dumpb(value, NULL, 0, flags);
    char *text = length == 0 ? NULL : malloc(length + 1);
    if (text == NULL) {
        return NULL;
    }
    if (json_dumpb(value, text, length, flags) != length) {
        free(text);
        return NULL;
    }
    text[length] = '\0';
    return text;
}
