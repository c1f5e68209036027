/* Asks one thing again and again, as wrk does and with what wrk prints:
 *     load PORT TARGET LENGTH SECONDS CONNECTIONS [FIELD]
 *
 * wrk waits for a body after a 304 with a Content-Length, which HTTP allows and summitd sends. Here
 * an answer is over after LENGTH bytes, head included; the caller has looked at one before.
 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 256, TIMES_MAX = 1 << 22, NANOSECONDS = 1000000000 };

struct connection {
    int descriptor;
    size_t received; /* of the answer under way */
    int64_t asked_at;
};

static char question[4096];
static size_t question_length;
static size_t answer_length;
static uint32_t times[TIMES_MAX]; /* of the answers, in nanoseconds */
static size_t time_count;

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * NANOSECONDS + time.tv_nsec;
}

static void ask(struct connection *connection)
{
    connection->received = 0;
    connection->asked_at = now();
    if (send(connection->descriptor, question, question_length, MSG_NOSIGNAL) !=
        (ssize_t)question_length)
        err(1, "send");
}

static void receive(struct connection *connection)
{
    static char bytes[1 << 17];
    ssize_t got = recv(connection->descriptor, bytes, sizeof bytes, 0);
    if (got <= 0)
        errx(1, "the connection is closed");
    connection->received += (size_t)got;
    if (connection->received > answer_length)
        errx(1, "an answer has more than %zu bytes", answer_length);
    if (connection->received == answer_length) {
        if (time_count < TIMES_MAX)
            times[time_count++] = (uint32_t)(now() - connection->asked_at);
        ask(connection);
    }
}

static void open_connection(struct connection *connection, int poller, uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int on = 1;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    connection->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection->descriptor < 0 ||
        connect(connection->descriptor, (struct sockaddr *)&address, sizeof address) != 0 ||
        setsockopt(connection->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0 ||
        epoll_ctl(poller, EPOLL_CTL_ADD, connection->descriptor, &event) != 0)
        err(1, "port %u", port);
    ask(connection);
}

static int by_value(const void *one, const void *other)
{
    uint32_t left = *(const uint32_t *)one;
    uint32_t right = *(const uint32_t *)other;
    return (left > right) - (left < right);
}

static void print(double seconds)
{
    qsort(times, time_count, sizeof *times, by_value);
    if (time_count == 0)
        errx(1, "no answer was complete");
    printf("     50%% %.2fus\n", times[time_count / 2] / 1e3);
    printf("     99%% %.2fus\n", times[time_count - time_count / 100 - 1] / 1e3);
    printf("  %zu requests in %.2fs, %zuB read\n", time_count, seconds, time_count * answer_length);
    printf("Requests/sec: %.2f\n", (double)time_count / seconds);
}

int main(int argc, char **argv)
{
    static struct connection connections[CONNECTIONS_MAX];
    if (argc != 6 && argc != 7)
        errx(2, "usage: load PORT TARGET LENGTH SECONDS CONNECTIONS [FIELD]");
    int written =
        snprintf(question, sizeof question, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s%s\r\n",
                 argv[2], argc == 7 ? argv[6] : "", argc == 7 ? "\r\n" : "");
    size_t count = strtoul(argv[5], NULL, 10);
    if (written < 0 || (size_t)written >= sizeof question || count > CONNECTIONS_MAX)
        errx(2, "that is too long, or too many");
    question_length = (size_t)written;
    answer_length = strtoul(argv[3], NULL, 10);
    int poller = epoll_create1(EPOLL_CLOEXEC);
    int64_t begin = now();
    int64_t end = begin + strtol(argv[4], NULL, 10) * NANOSECONDS;
    for (size_t i = 0; i < count; i++)
        open_connection(&connections[i], poller, (uint16_t)strtoul(argv[1], NULL, 10));
    while (now() < end) {
        struct epoll_event events[CONNECTIONS_MAX];
        int ready = epoll_wait(poller, events, CONNECTIONS_MAX, 100);
        for (int i = 0; i < ready; i++)
            receive(events[i].data.ptr);
    }
    print((double)(now() - begin) / NANOSECONDS);
}
