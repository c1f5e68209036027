/* Two ways to a listen_set: listen_open makes the sockets, listen_inherit is handed them. A socket
 * joins the set as soon as it is bound, so that a failure anywhere closes all there are (and
 * removes their files): the program listens everywhere it was told to, or says why not and ends.
 *
 * A Unix socket's file outlives a process that was killed. Whether somebody still answers on it is
 * found out by connecting: only a refused connection proves that it is stale. */
#include "listen.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "number.h"

enum { BACKLOG = 1024, FIRST_INHERITED_FD = 3 };

static bool path_parse(const char *text, const char *path, struct listen_address *ret_address,
                       struct message *ret_message)
{
    if (path[0] != '/') {
        return message_set(ret_message, "%s: the path does not begin with '/'; write unix:/PATH",
                           text);
    }
    if (strlen(path) >= sizeof ret_address->path) {
        return message_set(ret_message,
                           "%s: the path is longer than %zu bytes; choose a shorter one", text,
                           sizeof ret_address->path - 1);
    }
    *ret_address = (struct listen_address){0};
    snprintf(ret_address->path, sizeof ret_address->path, "%s", path);
    return true;
}

bool listen_address_parse(const char *text, struct listen_address *ret_address,
                          struct message *ret_message)
{
    struct listen_address address = {0};
    unsigned port = 0;
    if (strncmp(text, "unix:", 5) == 0) {
        return path_parse(text, text + 5, ret_address, ret_message);
    }
    const char *colon = strrchr(text, ':');
    if (colon == NULL || !number_parse(colon + 1, 0, UINT16_MAX, &port)) {
        return message_set(ret_message,
                           "%s: no port from 0 to 65535 at the end; write HOST:PORT, [IPV6]:PORT "
                           "or unix:/PATH",
                           text);
    }
    const char *host = text;
    size_t length = (size_t)(colon - text);
    bool bracketed = length >= 2 && host[0] == '[' && host[length - 1] == ']';
    if (bracketed) {
        host++;
        length -= 2;
    }
    if (bracketed != (memchr(host, ':', length) != NULL)) {
        return message_set(ret_message,
                           "%s: brackets stand around an IPv6 address and nothing else; write "
                           "[IPV6]:PORT or HOST:PORT",
                           text);
    }
    if (length == 0 || length >= sizeof address.host || strcspn(host, "[]*/ ") < length) {
        return message_set(ret_message,
                           "%s: no host; write 127.0.0.1:PORT for this machine only, 0.0.0.0:PORT "
                           "or [::]:PORT for every interface",
                           text);
    }
    memcpy(address.host, host, length);
    address.port = (uint16_t)port;
    *ret_address = address;
    return true;
}

static void unix_describe(struct listener *listener, const struct sockaddr_un *address,
                          socklen_t length)
{
    const char *path = address->sun_path;
    size_t path_length = length - offsetof(struct sockaddr_un, sun_path);
    const char *prefix = "unix:";
    if (path_length > 0 && path[0] == '\0') { /* a name in the abstract name space */
        prefix = "unix:@";
        path++;
        path_length--;
    }
    snprintf(listener->name, sizeof listener->name, "%s%.*s", prefix, (int)path_length, path);
}

/* Names the address the socket is bound to; false with errno set. */
static bool listener_describe(struct listener *listener)
{
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof address;
    char host[NI_MAXHOST];
    char port[NI_MAXSERV];
    if (getsockname(listener->fd, (struct sockaddr *)&address, &length) != 0) {
        return false;
    }
    if (address.ss_family == AF_UNIX) {
        unix_describe(listener, (const struct sockaddr_un *)&address, length);
        return true;
    }
    if (getnameinfo((const struct sockaddr *)&address, length, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        errno = EAFNOSUPPORT;
        return false;
    }
    const char *form = address.ss_family == AF_INET6 ? "http://[%.200s]:%s" : "http://%.200s:%s";
    snprintf(listener->name, sizeof listener->name, form, host, port);
    return true;
}

/* Takes fd into the set, which owns it from now on; NULL if the set is full, when fd is closed. */
static struct listener *set_add(struct listen_set *set, int fd)
{
    if (set->count == LISTEN_MAX) {
        close(fd);
        errno = EMFILE;
        return NULL;
    }
    struct listener *listener = &set->listeners[set->count++];
    *listener = (struct listener){.fd = fd};
    return listener;
}

static bool tcp_fail(const struct listen_address *address, int error, struct message *ret_message)
{
    static const struct {
        int error;
        const char *why;
    } known[] = {
        {EADDRINUSE, "the port is in use; stop the other program or choose another port"},
        {EACCES, "ports below 1024 are for root; choose a higher one, start as root with --user, "
                 "or grant CAP_NET_BIND_SERVICE"},
        {EADDRNOTAVAIL, "this machine has no such address; choose one of its own, or 0.0.0.0"},
        {EAFNOSUPPORT, "this machine does not speak that kind of address; choose another"},
        {EMFILE, "too many addresses or open files; choose fewer addresses"},
    };
    const char *why = strerror(error);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (known[i].error == error) {
            why = known[i].why;
        }
    }
    return message_set(ret_message, "cannot listen on %s port %u: %s", address->host, address->port,
                       why);
}

/* Binds one resolved address and adds it to the set; 0 or an errno value. */
static int tcp_bind(const struct addrinfo *info, struct listen_set *set)
{
    const int on = 1;
    int fd = socket(info->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return errno;
    }
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        (info->ai_family == AF_INET6 &&
         setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) != 0) ||
        bind(fd, info->ai_addr, info->ai_addrlen) != 0) {
        int error = errno;
        close(fd);
        return error;
    }
    struct listener *listener = set_add(set, fd);
    if (listener == NULL || listen(fd, BACKLOG) != 0 || !listener_describe(listener)) {
        return errno;
    }
    return 0;
}

static bool tcp_open(const struct listen_address *address, struct listen_set *set,
                     struct message *ret_message)
{
    const struct addrinfo hints = {.ai_family = AF_UNSPEC,
                                   .ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *list = NULL;
    char port[8];
    snprintf(port, sizeof port, "%u", address->port);
    int resolved = getaddrinfo(address->host, port, &hints, &list);
    if (resolved != 0) {
        return message_set(ret_message,
                           "cannot listen on %s port %u: %s; check the name, or write a numeric "
                           "address",
                           address->host, address->port, gai_strerror(resolved));
    }
    int absent = 0;
    int error = 0;
    size_t before = set->count;
    for (const struct addrinfo *info = list; info != NULL && error == 0; info = info->ai_next) {
        error = tcp_bind(info, set);
        /* A name may have addresses of a kind that is switched off here. */
        if (error == EADDRNOTAVAIL || error == EAFNOSUPPORT) {
            absent = error;
            error = 0;
        }
        if (address->port == 0 && set->count > before) {
            break;
        }
    }
    freeaddrinfo(list);
    if (error == 0 && set->count == before) {
        error = absent;
    }
    return error == 0 || tcp_fail(address, error, ret_message);
}

/* Removes the file of a socket that nobody answers on. */
static bool stale_remove(const struct sockaddr_un *address, struct message *ret_message)
{
    struct stat status;
    const char *path = address->sun_path;
    if (lstat(path, &status) != 0) {
        return true; /* nothing there, or bind says better what is wrong */
    }
    if (!S_ISSOCK(status.st_mode)) {
        return message_set(ret_message,
                           "cannot listen on unix:%s: a file that is no socket is in the way; "
                           "remove it or choose another path",
                           path);
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int error =
        fd < 0 || connect(fd, (const struct sockaddr *)address, sizeof *address) != 0 ? errno : 0;
    if (fd >= 0) {
        close(fd);
    }
    if (error == 0 || error == EAGAIN) {
        return message_set(ret_message,
                           "cannot listen on unix:%s: another program answers on it; stop that one "
                           "or choose another path",
                           path);
    }
    if (error != ECONNREFUSED) {
        return message_set(ret_message,
                           "cannot listen on unix:%s: whether it is still in use cannot be told "
                           "(%s); remove it if not",
                           path, strerror(error));
    }
    (void)unlink(path); /* bind reports it if this has failed */
    return true;
}

static bool unix_fail(const char *path, struct message *ret_message)
{
    const char *advice = "";
    if (errno == ENOENT || errno == ENOTDIR) {
        advice = "; create its folder";
    } else if (errno == EACCES || errno == EPERM || errno == EROFS) {
        advice = "; choose a folder that this user may write to";
    } else if (errno == EADDRINUSE) {
        advice = "; remove the file";
    }
    return message_set(ret_message, "cannot listen on unix:%s: %s%s", path, strerror(errno),
                       advice);
}

static bool unix_open(const char *path, struct listen_set *set, struct message *ret_message)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct stat status;
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    if (!stale_remove(&address, ret_message)) {
        return false;
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct listener *listener = fd >= 0 ? set_add(set, fd) : NULL;
    if (listener == NULL || bind(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        return unix_fail(path, ret_message);
    }
    /* chmod after bind, which applies the umask; nobody can connect before listen. */
    if (chmod(path, 0666) != 0 || listen(fd, BACKLOG) != 0 || !listener_describe(listener) ||
        lstat(path, &status) != 0) {
        (void)unix_fail(path, ret_message);
        (void)unlink(path);
        return false;
    }
    snprintf(listener->path, sizeof listener->path, "%s", path);
    listener->device = status.st_dev;
    listener->inode = status.st_ino;
    listener->changed = status.st_ctim;
    return true;
}

/* Whether the file is still the one made here. An inode number alone does not tell: once the socket
 * is closed, the file that takes its place may get the same. */
static bool is_own_file(const struct listener *listener)
{
    struct stat status;
    return lstat(listener->path, &status) == 0 && status.st_dev == listener->device &&
           status.st_ino == listener->inode && status.st_ctim.tv_sec == listener->changed.tv_sec &&
           status.st_ctim.tv_nsec == listener->changed.tv_nsec;
}

bool listen_open(const struct listen_address *addresses, size_t count, struct listen_set *ret_set,
                 struct message *ret_message)
{
    struct listen_set set = {0};
    for (size_t i = 0; i < count; i++) {
        const char *path = addresses[i].path;
        bool opened = path[0] != '\0' ? unix_open(path, &set, ret_message)
                                      : tcp_open(&addresses[i], &set, ret_message);
        if (!opened) {
            listen_close(&set);
            return false;
        }
    }
    *ret_set = set;
    return true;
}

static bool is_listening_stream(int fd)
{
    int type = 0;
    int accepts = 0;
    socklen_t size = sizeof type;
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_STREAM) {
        return false;
    }
    size = sizeof accepts;
    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &accepts, &size) == 0 && accepts != 0;
}

static bool inherit_one(int fd, struct listen_set *set, struct message *ret_message)
{
    struct listener listener = {.fd = fd, .is_inherited = true};
    int flags = is_listening_stream(fd) ? fcntl(fd, F_GETFL) : -1;
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 ||
        fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 || !listener_describe(&listener)) {
        return message_set(ret_message,
                           "LISTEN_FDS: descriptor %d is no listening stream socket; mend the "
                           "service manager's socket unit (ListenStream=, Accept=no)",
                           fd);
    }
    set->listeners[set->count++] = listener;
    return true;
}

bool listen_inherit(struct listen_set *ret_set, struct message *ret_message)
{
    struct listen_set set = {0};
    const char *pid_text = getenv("LISTEN_PID");
    const char *count_text = getenv("LISTEN_FDS");
    unsigned pid = 0;
    unsigned count = 0;
    bool passed = pid_text != NULL && count_text != NULL &&
                  number_parse(pid_text, 1, INT32_MAX, &pid) && (pid_t)pid == getpid();
    if (passed && !number_parse(count_text, 0, LISTEN_MAX, &count)) {
        return message_set(ret_message,
                           "LISTEN_FDS: \"%s\" is not a number from 0 to %d; pass fewer sockets",
                           count_text, LISTEN_MAX);
    }
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_FDNAMES");
    for (unsigned i = 0; i < count; i++) {
        if (!inherit_one(FIRST_INHERITED_FD + (int)i, &set, ret_message)) {
            return false;
        }
    }
    *ret_set = set;
    return true;
}

static void remove_file(struct listener *listener)
{
    if (listener->path[0] != '\0' && is_own_file(listener)) {
        (void)unlink(listener->path);
    }
    listener->path[0] = '\0';
}

void listen_stop(struct listen_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        struct listener *listener = &set->listeners[i];
        remove_file(listener);
        if (!listener->is_inherited) {
            (void)shutdown(listener->fd, SHUT_RDWR);
        }
    }
}

void listen_close(struct listen_set *set)
{
    for (size_t i = 0; set != NULL && i < set->count; i++) {
        remove_file(&set->listeners[i]);
        if (set->listeners[i].fd >= 0) {
            close(set->listeners[i].fd);
        }
    }
    if (set != NULL) {
        set->count = 0;
    }
}
