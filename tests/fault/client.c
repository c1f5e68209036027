#include "../support/check.h"
#include "../support/wire.h"

#include "client.h"

#include <string.h>

struct http_reply *client_ask(const char *address, const char *request)
{
    char name[256];
    assert_true(strlen(address) < sizeof name);
    strcpy(name, address);
    struct daemon daemon = {.address = name};
    WIRE wire = wire_open(&daemon);
    struct http_reply *reply = NULL;
    if (wire_send_text(&wire, request)) {
        reply = wire_read_reply(&wire, strncmp(request, "HEAD ", 5) == 0);
        wire_read_to_end(&wire);
    }
    assert_true(reply == NULL || wire.length == 0);
    return reply;
}
