#include "summit.h"

const char *summit_version(void)
{
    return SUMMIT_VERSION;
}

const char *summit_status_text(enum summit_status status)
{
    static const char *const texts[] = {
        [SUMMIT_OK] = "no error",
        [SUMMIT_NOT_FOUND] = "not found",
        [SUMMIT_INVALID] = "invalid input",
        [SUMMIT_GONE] = "cursor of another revision",
        [SUMMIT_BUSY] = "busy",
        [SUMMIT_TIMEOUT] = "statement took too long",
        [SUMMIT_NOMEM] = "out of memory",
        [SUMMIT_CORRUPT] = "damaged database",
        [SUMMIT_FOREIGN] = "not a summit database",
        [SUMMIT_NEWER] = "database of a newer version",
        [SUMMIT_FULL] = "no space left",
        [SUMMIT_IO] = "input/output error",
        [SUMMIT_INTERNAL] = "internal error",
    };
    return texts[status];
}
