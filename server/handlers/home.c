#include <stdio.h>

#include "handlers.h"
#include "web.h"

enum summit_status handle_home(const struct request *request, struct summit_store *store,
                               struct answer *answer)
{
    (void)request;
    (void)store;
    answer->text = web_home_html;
    answer->text_length = web_home_html_size;
    snprintf(answer->validator, sizeof answer->validator, "%s", web_digest);
    return SUMMIT_OK;
}
