#include "deadline.h"

#include <limits.h>
#include <stdlib.h>
#include <time.h>

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t deadline_after_ms(int64_t span_ms)
{
    const char *wrapper = getenv("SUMMITD_WRAPPER");
    bool slowed = wrapper != NULL && *wrapper != '\0';
    return now_ms() + span_ms * (slowed ? 10 : 1);
}

int deadline_left_ms(int64_t deadline)
{
    int64_t left_ms = deadline - now_ms();
    if (left_ms <= 0) {
        return 0;
    }
    return left_ms > INT_MAX ? INT_MAX : (int)left_ms;
}

bool deadline_passed(int64_t deadline)
{
    return deadline_left_ms(deadline) == 0;
}

void deadline_pause_ms(int span_ms)
{
    struct timespec span = {.tv_sec = span_ms / 1000, .tv_nsec = (span_ms % 1000) * 1000000L};
    nanosleep(&span, NULL);
}
