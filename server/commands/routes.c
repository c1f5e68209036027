#include "../routes.h"

#include <stdio.h>

#include "commands.h"

int command_routes(const struct options *options)
{
    (void)options;
    for (size_t i = 0; i < route_count; i++) {
        printf("GET\t%s\t%s\n", routes[i].path, routes[i].operation);
    }
    return 0;
}
