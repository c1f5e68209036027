/* The order is what matters: groups first, while there is the right to change them, the user last.
 * All three ids of each kind are set, so that no saved one leads back, and whether it worked is
 * then tried: a drop that failed silently is the worst case. Leaving uid 0 with all three ids takes
 * the capabilities away (capabilities(7)). */
#include "privilege.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <unistd.h>

/* The entry of a user; NULL with the message if there is none. */
static const struct passwd *user_find(const char *user, struct message *ret_message)
{
    errno = 0;
    const struct passwd *entry = getpwnam(user);
    if (entry == NULL && errno == 0) {
        (void)message_set(ret_message,
                          "--user: there is no user \"%.100s\"; name one that exists, or create it",
                          user);
    } else if (entry == NULL) {
        (void)message_set(ret_message, "--user: cannot look up \"%.100s\": %s", user,
                          strerror(errno));
    }
    return entry;
}

/* The entry of the default user in the system's own file, or NULL. It is there on nearly every
 * system; to ask the name service would load its libraries, and tell its daemons. */
static const struct passwd *default_user_find(void)
{
    FILE *file = fopen("/etc/passwd", "re");
    if (file == NULL) {
        return NULL;
    }
    const struct passwd *entry = fgetpwent(file);
    while (entry != NULL && strcmp(entry->pw_name, PRIVILEGE_DEFAULT_USER) != 0) {
        entry = fgetpwent(file);
    }
    fclose(file);
    return entry;
}

/* Takes on the groups of a user; of the default one, the least that can be had: its own. */
static bool take_groups(const char *user, const struct passwd *entry, bool is_default)
{
    return is_default ? setgroups(1, &entry->pw_gid) == 0 : initgroups(user, entry->pw_gid) == 0;
}

/* Whether nothing of root is left, nor can be had back. */
static bool is_dropped(const struct passwd *entry)
{
    uid_t real, effective, saved;
    gid_t real_group, effective_group, saved_group;
    return getresuid(&real, &effective, &saved) == 0 && real == entry->pw_uid &&
           effective == entry->pw_uid && saved == entry->pw_uid &&
           getresgid(&real_group, &effective_group, &saved_group) == 0 &&
           real_group == entry->pw_gid && effective_group == entry->pw_gid &&
           saved_group == entry->pw_gid && setuid(0) != 0 && seteuid(0) != 0;
}

/* The wanted user, or the default one when that is NULL. */
static bool become(const char *wanted, struct message *ret_message)
{
    bool is_default = wanted == NULL;
    const char *user = is_default ? PRIVILEGE_DEFAULT_USER : wanted;
    const struct passwd *entry = is_default ? default_user_find() : NULL;
    if (entry == NULL) {
        entry = user_find(user, ret_message);
    }
    if (entry == NULL) {
        return false;
    }
    if (entry->pw_uid == 0) {
        return message_set(ret_message,
                           "--user: \"%.100s\" is root; name an unprivileged user, such as %s",
                           user, PRIVILEGE_DEFAULT_USER);
    }
    if (!take_groups(user, entry, is_default) ||
        setresgid(entry->pw_gid, entry->pw_gid, entry->pw_gid) != 0 ||
        setresuid(entry->pw_uid, entry->pw_uid, entry->pw_uid) != 0) {
        return message_set(ret_message,
                           "cannot become user \"%.100s\": %s; start as that user instead", user,
                           strerror(errno));
    }
    if (!is_dropped(entry)) {
        return message_set(ret_message,
                           "cannot give up root for user \"%.100s\"; start as that user instead",
                           user);
    }
    return true;
}

/* Not being root, user can only be oneself. */
static bool check_self(const char *user, struct message *ret_message)
{
    if (user == NULL) {
        return true;
    }
    const struct passwd *entry = user_find(user, ret_message);
    if (entry == NULL) {
        return false;
    }
    return entry->pw_uid == geteuid() ||
           message_set(ret_message,
                       "--user: only root can become \"%.100s\"; start as root or as that user, or "
                       "leave --user out",
                       user);
}

bool privilege_drop(const char *user, const char **ret_user, struct message *ret_message)
{
    bool is_root = geteuid() == 0;
    if (is_root ? !become(user, ret_message) : !check_self(user, ret_message)) {
        return false;
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return message_set(ret_message, "cannot renounce new privileges: %s", strerror(errno));
    }
    *ret_user = !is_root ? NULL : user == NULL ? PRIVILEGE_DEFAULT_USER : user;
    return true;
}
