#include <stdio.h>

#include "handlers.h"
#include "web.h"

static enum summit_status give(const char *text, size_t length, struct answer *answer)
{
    answer->text = text;
    answer->text_length = length;
    snprintf(answer->validator, sizeof answer->validator, "%s", web_digest);
    return SUMMIT_OK;
}

enum summit_status handle_openapi_yaml(const struct request *request, struct summit_store *store,
                                       struct answer *answer)
{
    (void)request;
    (void)store;
    return give(web_openapi_yaml, web_openapi_yaml_size, answer);
}

enum summit_status handle_openapi_json(const struct request *request, struct summit_store *store,
                                       struct answer *answer)
{
    (void)request;
    (void)store;
    return give(web_openapi_json, web_openapi_json_size, answer);
}
