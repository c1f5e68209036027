/* json_dumps takes no notice when it cannot enlarge its buffer for a key, and leaves the key out.
 * So the text is gathered here, piece by piece as Jansson hands it out, and a piece that could not
 * be kept is remembered. To count the length first would be to write everything twice. */
#include "dump.h"

static int append(const char *piece, size_t length, void *context)
{
    return buffer_append_bytes(context, piece, length);
}

int dump_append(struct buffer *buffer, const json_t *value, size_t flags)
{
    bool is_dumped = json_dump_callback(value, append, buffer, flags) == 0;
    return is_dumped && !buffer->failed ? 0 : -1;
}

char *dump_json(const json_t *value, size_t flags)
{
    buffer_auto buffer = {.text = NULL};
    size_t length = 0;
    return dump_append(&buffer, value, flags) == 0 ? buffer_take(&buffer, &length) : NULL;
}
