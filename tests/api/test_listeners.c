/* Where the server listens: several addresses, IPv6, Unix sockets, sockets from a service manager.
 */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "folder.h"
#include "http.h"
#include "process.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static void assert_serves(const struct daemon *daemon)
{
    HTTP_REPLY *reply = http_get_status(daemon, "/v1/summits", 200);
    assert_non_null(reply->json);
    http_disconnect();
}

static void it_listens_on_a_unix_socket(void **state)
{
    char *folder = folder_new();
    *state = folder;
    TEXT *path = folder_join(folder, "socket");
    TEXT *listen = text_of("unix:%s", path);
    struct daemon_options options = {.listen = listen};
    struct daemon *daemon = daemon_start(&options);
    assert_string_equal(daemon->address, listen);
    assert_serves(daemon);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0666, 0666);
    daemon_stop(daemon);
}

/* A socket file that a killed process left behind is no obstacle; one in use is. */
static void a_stale_socket_is_replaced(void **state)
{
    char *folder = folder_new();
    *state = folder;
    TEXT *listen = text_of("unix:%s/socket", folder);
    struct daemon_options options = {.listen = listen};
    struct daemon *killed = daemon_start(&options);
    daemon_signal(killed, SIGKILL);
    (void)daemon_wait_exit(killed);
    daemon_free(killed);
    struct daemon *daemon = daemon_start(&options);
    assert_serves(daemon);
    struct daemon *second = daemon_launch(&options);
    assert_int_equal(daemon_wait_exit(second), 1);
    daemon_free(second);
    assert_serves(daemon);
    daemon_stop(daemon);
}

static bool host_has_ipv6(void)
{
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool has = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return has;
}

static void it_listens_on_ipv6(void **state)
{
    (void)state;
    if (!host_has_ipv6()) {
        skip();
    }
    struct daemon_options options = {.listen = "[::1]:0"};
    struct daemon *daemon = daemon_start(&options);
    assert_int_equal(strncmp(daemon->address, "http://[::1]:", 13), 0);
    assert_serves(daemon);
    daemon_stop(daemon);
}

/* Serves at each of `count` addresses, in the order in which they were given. */
static void check_addresses(struct daemon *daemon, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            json_auto_t *line = daemon_wait_event(daemon, "listening");
            free(daemon->address);
            daemon->address = strdup(json_string_value(json_object_get(line, "address")));
        }
        assert_serves(daemon);
    }
}

static void it_listens_on_several_addresses(void **state)
{
    char *folder = folder_new();
    *state = folder;
    TEXT *path = text_of("unix:%s/socket", folder);
    struct daemon_options options = {.args = WORDS("-l", "127.0.0.1:0", "--listen", path)};
    struct daemon *daemon = daemon_start(&options);
    check_addresses(daemon, 3);
    daemon_stop(daemon);
}

static void the_environment_names_addresses_too(void **state)
{
    char *folder = folder_new();
    *state = folder;
    TEXT *variable = text_of("SUMMITD_LISTEN=127.0.0.1:0,unix:%s/socket", folder);
    struct daemon_options options = {.listen = "", .env = WORDS(variable)};
    struct daemon *daemon = daemon_start(&options);
    check_addresses(daemon, 2);
    daemon_stop(daemon);
    TEXT *unused = text_of("SUMMITD_LISTEN=unix:%s/unused", folder);
    TEXT *unused_path = folder_join(folder, "unused");
    struct daemon_options both = {.env = WORDS(unused)};
    struct daemon *beaten = daemon_start(&both);
    assert_int_not_equal(access(unused_path, F_OK), 0);
    assert_serves(beaten);
    daemon_stop(beaten);
}

static int listening_tcp(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 16), 0);
    return fd;
}

static int listening_unix(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    assert_true(strlen(path) < sizeof address.sun_path);
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 16), 0);
    return fd;
}

/* As systemd does with a socket unit. What the command line says is then not listened to. */
static void it_takes_over_passed_sockets(void **state)
{
    char *folder = folder_new();
    *state = folder;
    TEXT *path = folder_join(folder, "socket");
    TEXT *unused = text_of("unix:%s/unused", folder);
    TEXT *unused_path = folder_join(folder, "unused");
    int fds[] = {listening_tcp(), listening_unix(path)};
    struct daemon_options options = {.listen = unused, .listen_fds = fds, .listen_count = 2};
    struct daemon *daemon = daemon_start(&options);
    check_addresses(daemon, 2);
    assert_int_not_equal(access(unused_path, F_OK), 0);
    daemon_stop(daemon);
    assert_int_equal(access(path, F_OK), 0); /* it belongs to the service manager */
    close(fds[0]);
    close(fds[1]);
}

/* LISTEN_FDS that are meant for another process are none of ours. */
static void sockets_for_others_are_left_alone(void **state)
{
    (void)state;
    struct daemon_options options = {.env = WORDS("LISTEN_FDS=1", "LISTEN_PID=1")};
    struct daemon *daemon = daemon_start(&options);
    assert_serves(daemon);
    daemon_stop(daemon);
}

static int clean_up(void **state)
{
    (void)daemon_free_all(NULL);
    folder_remove(*state);
    *state = NULL;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(it_listens_on_a_unix_socket, clean_up),
        cmocka_unit_test_teardown(a_stale_socket_is_replaced, clean_up),
        cmocka_unit_test_teardown(it_listens_on_ipv6, clean_up),
        cmocka_unit_test_teardown(it_listens_on_several_addresses, clean_up),
        cmocka_unit_test_teardown(the_environment_names_addresses_too, clean_up),
        cmocka_unit_test_teardown(it_takes_over_passed_sockets, clean_up),
        cmocka_unit_test_teardown(sockets_for_others_are_left_alone, clean_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
