#include <grp.h>
#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/privilege.h"

/* A drop cannot be undone, so each is tried in a child: 0 if it finds what it should, else the
 * line of what it did not. */
static int in_child(int (*check)(void))
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        _exit(check());
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

static int expect_refusal(const char *user, const char *fragment)
{
    static const char untouched[] = "untouched";
    const char *became = untouched;
    struct message message = {{0}};
    EXPECT(!privilege_drop(user, &became, &message));
    EXPECT(strstr(message.text, fragment) != NULL);
    EXPECT(became == untouched);
    return 0;
}

static int check_root_refusals(void)
{
    int failed = expect_refusal("root", "is root; name an unprivileged user");
    failed = failed != 0 ? failed : expect_refusal("no-such-user", "there is no user");
    failed = failed != 0 ? failed : expect_refusal("", "there is no user \"\"");
    EXPECT(failed == 0);
    EXPECT(geteuid() == 0);
    return 0;
}

static int check_root_drop(void)
{
    const struct passwd *nobody = getpwnam(PRIVILEGE_DEFAULT_USER);
    const char *became = NULL;
    struct message message;
    gid_t groups[64];
    EXPECT(nobody != NULL);
    uid_t uid = nobody->pw_uid;
    gid_t gid = nobody->pw_gid;
    EXPECT(privilege_drop(NULL, &became, &message));
    EXPECT(strcmp(became, PRIVILEGE_DEFAULT_USER) == 0);
    EXPECT(getuid() == uid && geteuid() == uid && getgid() == gid && getegid() == gid);
    EXPECT(setuid(0) != 0 && seteuid(0) != 0 && setgid(0) != 0);
    EXPECT(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
    EXPECT(getgroups(64, groups) == 1 && groups[0] == gid);
    return 0;
}

/* Who is named gets all that the name service knows of it. */
static int check_named_drop(void)
{
    const char *became = NULL;
    struct message message;
    gid_t expected[64], groups[64];
    int expected_count = 64;
    const struct passwd *named = getpwnam("daemon");
    if (named == NULL) {
        return 0;
    }
    uid_t uid = named->pw_uid;
    EXPECT(getgrouplist("daemon", named->pw_gid, expected, &expected_count) >= 0);
    EXPECT(privilege_drop("daemon", &became, &message));
    EXPECT(strcmp(became, "daemon") == 0 && getuid() == uid && geteuid() == uid);
    EXPECT(getgroups(64, groups) == expected_count);
    EXPECT(setuid(0) != 0);
    return 0;
}

/* Not root, whoever started the test. */
static int check_user(void)
{
    const struct passwd *self = NULL;
    const char *became = "somebody";
    struct message message;
    if (geteuid() == 0) {
        EXPECT(setgroups(0, NULL) == 0 && setgid(65534) == 0 && setuid(65534) == 0);
    }
    EXPECT(expect_refusal("root", "only root can become \"root\"") == 0);
    EXPECT(expect_refusal("no-such-user", "there is no user") == 0);
    EXPECT(privilege_drop(NULL, &became, &message) && became == NULL);
    EXPECT(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
    self = getpwuid(geteuid());
    if (self != NULL) {
        char name[64];
        snprintf(name, sizeof name, "%s", self->pw_name);
        became = "somebody";
        EXPECT(privilege_drop(name, &became, &message) && became == NULL);
    }
    return 0;
}

static void test_root(void **state)
{
    (void)state;
    if (geteuid() != 0) {
        skip();
    }
    assert_int_equal(in_child(check_root_refusals), 0);
    assert_int_equal(in_child(check_root_drop), 0);
    assert_int_equal(in_child(check_named_drop), 0);
}

static void test_user(void **state)
{
    (void)state;
    assert_int_equal(in_child(check_user), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_root),
        cmocka_unit_test(test_user),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
