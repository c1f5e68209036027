#include "handlers.h"

enum summit_status handle_health(const struct request *request, struct summit_store *store,
                                 struct answer *answer)
{
    (void)request;
    (void)store;
    answer->is_volatile = true;
    answer->document = json_pack("{s:s}", "status", "ok");
    return answer->document == NULL ? SUMMIT_NOMEM : SUMMIT_OK;
}
