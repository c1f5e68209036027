#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/listen.h"
#include "server/number.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char folder[] = "/tmp/test_listen.XXXXXX";

static int setup(void **state)
{
    (void)state;
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    return rmdir(folder); /* fails if a test has left something */
}

static struct listen_address address_of(const char *text)
{
    struct listen_address address = {0};
    struct message message = {{0}};
    if (!listen_address_parse(text, &address, &message)) {
        fail_msg("%s", message.text);
    }
    return address;
}

static struct listen_address address_in_folder(const char *name)
{
    char text[128];
    snprintf(text, sizeof text, "unix:%s/%s", folder, name);
    return address_of(text);
}

static void open_one(const struct listen_address *address, struct listen_set *set)
{
    struct message message = {{0}};
    if (!listen_open(address, 1, set, &message)) {
        fail_msg("%s", message.text);
    }
    assert_true(set->count >= 1);
}

static void expect_refusal(const struct listen_address *addresses, size_t count,
                           const char *fragment)
{
    struct listen_set set = {.count = 77};
    struct message message = {{0}};
    assert_false(listen_open(addresses, count, &set, &message));
    if (strstr(message.text, fragment) == NULL || strchr(message.text, '\n') != NULL) {
        fail_msg("%s", message.text);
    }
    assert_int_equal(set.count, 77);
}

/* Connects to where the socket of a listener is bound; the descriptor, or -1. */
static int connect_to(int listener_fd)
{
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof address;
    assert_int_equal(getsockname(listener_fd, (struct sockaddr *)&address, &length), 0);
    int fd = socket(address.ss_family, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    if (connect(fd, (struct sockaddr *)&address, length) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static void test_tcp(void **state)
{
    struct listen_address address = address_of("127.0.0.1:0");
    struct listen_set set;
    unsigned port = 0;
    (void)state;
    open_one(&address, &set);
    assert_int_equal(set.count, 1);
    assert_int_equal(strncmp(set.listeners[0].name, "http://127.0.0.1:", 17), 0);
    assert_true(number_parse(set.listeners[0].name + 17, 1, UINT16_MAX, &port));
    assert_true((fcntl(set.listeners[0].fd, F_GETFL) & O_NONBLOCK) != 0);
    assert_true((fcntl(set.listeners[0].fd, F_GETFD) & FD_CLOEXEC) != 0);
    int client = connect_to(set.listeners[0].fd);
    assert_true(client >= 0);

    address.port = (uint16_t)port;
    expect_refusal(&address, 1, "in use; stop the other program");

    /* A connection in TIME_WAIT does not keep a restarted server from its port. */
    int server = accept(set.listeners[0].fd, NULL, NULL);
    close(server);
    close(client);
    listen_close(&set);
    assert_int_equal(set.count, 0);
    open_one(&address, &set);
    listen_close(&set);
    listen_close(&set);
    listen_close(NULL);
}

static void test_tcp_ipv6(void **state)
{
    struct listen_address both[] = {address_of("[::1]:0"), address_of("127.0.0.1:0")};
    struct listen_set set;
    struct message message;
    unsigned port = 0;
    (void)state;
    if (!listen_open(both, 1, &set, &message)) {
        assert_non_null(strstr(message.text, "::1"));
        skip(); /* no IPv6 on this machine */
    }
    assert_int_equal(strncmp(set.listeners[0].name, "http://[::1]:", 13), 0);
    listen_close(&set);

    /* [::] leaves the port free for IPv4. */
    struct listen_address any = address_of("[::]:0");
    open_one(&any, &set);
    assert_true(number_parse(strrchr(set.listeners[0].name, ':') + 1, 1, UINT16_MAX, &port));
    both[1].port = (uint16_t)port;
    struct listen_set second;
    open_one(&both[1], &second);
    listen_close(&second);
    listen_close(&set);
}

static void test_tcp_refusals(void **state)
{
    /* An address of the documentation range (RFC 5737) is nobody's. */
    const struct listen_address absent = address_of("192.0.2.1:8080");
    const struct listen_address unknown = address_of("a..b:8080");
    struct listen_address many[LISTEN_MAX + 1];
    struct listen_set set;
    struct message message;
    (void)state;
    expect_refusal(&absent, 1, "no such address");
    expect_refusal(&unknown, 1, "check the name");
    for (size_t i = 0; i < COUNT(many); i++) {
        many[i] = address_of("127.0.0.1:0");
    }
    assert_true(listen_open(many, LISTEN_MAX, &set, &message));
    listen_close(&set);
    expect_refusal(many, LISTEN_MAX + 1, "too many");
}

static void test_name(void **state)
{
    const struct listen_address address = address_of("localhost:0");
    struct listen_set set;
    (void)state;
    open_one(&address, &set);
    assert_int_equal(set.count, 1);
    listen_close(&set);
}

static void test_unix(void **state)
{
    const struct listen_address address = address_in_folder("socket");
    struct listen_set set;
    struct stat status;
    (void)state;
    mode_t before = umask(0077);
    open_one(&address, &set);
    umask(before);
    assert_int_equal(stat(address.path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0666);
    assert_int_equal(strncmp(set.listeners[0].name, "unix:/", 6), 0);
    assert_string_equal(set.listeners[0].name + 5, address.path);
    int client = connect_to(set.listeners[0].fd);
    assert_true(client >= 0);
    close(client);

    expect_refusal(&address, 1, "another program answers");
    listen_close(&set);
    assert_int_equal(stat(address.path, &status), -1);
}

static void test_unix_stale(void **state)
{
    const struct listen_address address = address_in_folder("stale");
    struct listen_set set;
    struct listen_set successor;
    struct stat status;
    (void)state;
    open_one(&address, &set);
    close(set.listeners[0].fd); /* as if killed */
    set.listeners[0].fd = -1;
    open_one(&address, &successor);
    listen_close(&set);
    assert_int_equal(stat(address.path, &status), 0); /* the successor's */
    int client = connect_to(successor.listeners[0].fd);
    assert_true(client >= 0);
    close(client);
    listen_close(&successor);
    assert_int_equal(stat(address.path, &status), -1);
}

static void test_unix_refusals(void **state)
{
    const struct listen_address taken = address_in_folder("file");
    const struct listen_address nowhere = address_in_folder("no/folder/socket");
    const struct listen_address link = address_in_folder("link");
    const struct listen_address good = address_in_folder("good");
    struct stat status;
    (void)state;
    int fd = open(taken.path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(symlink(taken.path, link.path), 0);
    expect_refusal(&taken, 1, "no socket is in the way");
    expect_refusal(&link, 1, "no socket is in the way");
    expect_refusal(&nowhere, 1, "create its folder");
    assert_int_equal(stat(taken.path, &status), 0);

    /* All or none. */
    const struct listen_address both[] = {good, taken};
    expect_refusal(both, 2, "in the way");
    assert_int_equal(stat(good.path, &status), -1);

    assert_int_equal(unlink(link.path), 0);
    assert_int_equal(unlink(taken.path), 0);
}

/* Runs in a child, where descriptors 3 and 4 and the environment can be what they must be:
 * 0 if check finds what it should, else the line of what it did not. */
static int in_child(int (*check)(int listening_fd), int listening_fd)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        _exit(check(listening_fd));
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

#define EXPECT(condition)                                                                          \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            return __LINE__ % 255 + 1;                                                             \
        }                                                                                          \
    } while (0)

static void environment_set(const char *count, long pid)
{
    char text[32];
    snprintf(text, sizeof text, "%ld", pid);
    setenv("LISTEN_PID", text, 1);
    setenv("LISTEN_FDS", count, 1);
    setenv("LISTEN_FDNAMES", "web", 1);
}

static int check_inherit(int listening_fd)
{
    struct listen_set set = {0};
    struct message message;
    int blocking = dup(listening_fd);
    EXPECT(fcntl(blocking, F_SETFL, 0) == 0);
    EXPECT(dup2(blocking, 3) == 3);
    environment_set("1", getpid());
    EXPECT(listen_inherit(&set, &message));
    EXPECT(set.count == 1 && set.listeners[0].fd == 3);
    EXPECT(strncmp(set.listeners[0].name, "http://127.0.0.1:", 17) == 0);
    EXPECT((fcntl(3, F_GETFL) & O_NONBLOCK) != 0);
    EXPECT((fcntl(3, F_GETFD) & FD_CLOEXEC) != 0);
    EXPECT(getenv("LISTEN_PID") == NULL && getenv("LISTEN_FDS") == NULL);
    EXPECT(getenv("LISTEN_FDNAMES") == NULL);
    listen_close(&set);
    EXPECT(fcntl(3, F_GETFD) == -1);
    return 0;
}

static int check_not_ours(int listening_fd)
{
    struct listen_set set = {.count = 77};
    struct message message;
    EXPECT(dup2(listening_fd, 3) == 3);
    environment_set("1", getpid() + 1L);
    EXPECT(listen_inherit(&set, &message) && set.count == 0);
    EXPECT(getenv("LISTEN_PID") == NULL);
    EXPECT(listen_inherit(&set, &message) && set.count == 0);
    return 0;
}

static int check_not_sockets(int listening_fd)
{
    struct listen_set set = {.count = 77};
    struct message message;
    int ends[2];
    environment_set("17", getpid());
    EXPECT(!listen_inherit(&set, &message) && strstr(message.text, "\"17\"") != NULL);
    EXPECT(dup2(listening_fd, 3) == 3);
    EXPECT(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 && dup2(ends[0], 4) == 4);
    environment_set("2", getpid());
    EXPECT(!listen_inherit(&set, &message) && strstr(message.text, "descriptor 4") != NULL);
    EXPECT(set.count == 77);
    return 0;
}

static void test_inherit(void **state)
{
    const struct listen_address address = address_of("127.0.0.1:0");
    struct listen_set set;
    (void)state;
    open_one(&address, &set);
    assert_int_equal(in_child(check_inherit, set.listeners[0].fd), 0);
    assert_int_equal(in_child(check_not_ours, set.listeners[0].fd), 0);
    assert_int_equal(in_child(check_not_sockets, set.listeners[0].fd), 0);
    listen_close(&set);
}

/* What an ordinary user meets: 0 as well where the system lets them have low ports. */
static int check_unprivileged(int listening_fd)
{
    struct listen_address address = {.host = "127.0.0.1", .port = 1};
    struct listen_set set;
    struct message message;
    (void)listening_fd;
    EXPECT(geteuid() != 0 || (setgid(65534) == 0 && setuid(65534) == 0));
    EXPECT(listen_open(&address, 1, &set, &message) ||
           strstr(message.text, "ports below 1024") != NULL);
    snprintf(address.path, sizeof address.path, "/test_listen.socket");
    EXPECT(!listen_open(&address, 1, &set, &message));
    EXPECT(strstr(message.text, "choose a folder that this user may write to") != NULL);
    return 0;
}

static void test_unprivileged(void **state)
{
    (void)state;
    assert_int_equal(in_child(check_unprivileged, -1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tcp),           cmocka_unit_test(test_tcp_ipv6),
        cmocka_unit_test(test_tcp_refusals),  cmocka_unit_test(test_name),
        cmocka_unit_test(test_unix),          cmocka_unit_test(test_unix_stale),
        cmocka_unit_test(test_unix_refusals), cmocka_unit_test(test_inherit),
        cmocka_unit_test(test_unprivileged),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
