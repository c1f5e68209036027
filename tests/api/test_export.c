/* Where `summitd export` writes, and what `summitd check` prints of a hostile record. */
#include "check.h"
#include "collections.h"
#include "folder.h"
#include "process.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder with a database in it. */
static char *folder_with_database(void **state, char **ret_database)
{
    char *folder = folder_new();
    *state = folder;
    *ret_database = folder_join(folder, "summit.db");
    PROCESS_RESULT import = process_run(WORDS("import", "-d", *ret_database, POND), NULL);
    assert_int_equal(import.status, 0);
    return folder;
}

static int remove_folder(void **state)
{
    folder_remove(*state);
    *state = NULL;
    return 0;
}

static void a_file_is_replaced_whole(void **state)
{
    TEXT *database = NULL;
    char *folder = folder_with_database(state, &database);
    TEXT *path = folder_join(folder, "record.json");
    file_write(path, "old", 3);
    PROCESS_RESULT export = process_run(WORDS("export", "-d", database, "-o", path), NULL);
    assert_int_equal(export.status, 0);
    PROCESS_RESULT printed = process_run(WORDS("export", "-d", database), NULL);
    TEXT *written = file_read(path, NULL);
    assert_string_equal(written, printed.output);
    PROCESS_RESULT check = process_run(WORDS("check", path), NULL);
    assert_int_equal(check.status, 0);
}

static void a_symbolic_link_is_followed(void **state)
{
    TEXT *database = NULL;
    char *folder = folder_with_database(state, &database);
    TEXT *path = folder_join(folder, "real.json");
    TEXT *link = folder_join(folder, "link.json");
    file_write(path, "old", 3);
    assert_int_equal(symlink("real.json", link), 0);
    PROCESS_RESULT export = process_run(WORDS("export", "-d", database, "-o", link), NULL);
    assert_int_equal(export.status, 0);
    struct stat status;
    assert_int_equal(lstat(link, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    TEXT *written = file_read(path, NULL);
    assert_non_null(strstr(written, "pond-2021"));
}

static void a_pipe_stays_a_pipe(void **state)
{
    TEXT *database = NULL;
    char *folder = folder_with_database(state, &database);
    TEXT *path = folder_join(folder, "pipe");
    assert_int_equal(mkfifo(path, 0600), 0);
    /* Both ends are open and the record fits in, so nobody waits. */
    int pipe = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    assert_true(pipe >= 0);
    PROCESS_RESULT export = process_run(WORDS("export", "-d", database, "-o", path), NULL);
    assert_int_equal(export.status, 0);
    char start[16] = {0};
    assert_int_equal(read(pipe, start, sizeof start - 1), sizeof start - 1);
    assert_int_equal(start[0], '{');
    close(pipe);
    struct stat status;
    assert_int_equal(lstat(path, &status), 0);
    assert_true(S_ISFIFO(status.st_mode));
}

static void a_full_device_is_a_failure(void **state)
{
    TEXT *database = NULL;
    (void)folder_with_database(state, &database);
    PROCESS_RESULT export = process_run(WORDS("export", "-d", database, "-o", "/dev/full"), NULL);
    assert_int_equal(export.status, 1);
    assert_non_null(strstr(export.error, "/dev/full"));
    struct stat status;
    assert_int_equal(stat("/dev/full", &status), 0);
    assert_true(S_ISCHR(status.st_mode));
}

/* A key may hold a line break or a terminal's commands; neither gets out. */
static void hostile_keys_are_escaped(void **state)
{
    static const char record[] =
        "{\"evil\\n/etc/x: FORGED \\u001b[31mred\\u007f\\u009b\": 1, \"version\": 1}";
    char *folder = folder_new();
    *state = folder;
    TEXT *path = folder_join(folder, "hostile.json");
    file_write(path, record, sizeof record - 1);
    PROCESS_RESULT check = process_run(WORDS("check", path), NULL);
    assert_int_equal(check.status, 1);
    assert_null(strchr(check.output, '\x1b'));
    assert_null(strchr(check.output, '\x7f'));
    assert_null(strstr(check.output, "\xc2\x9b"));
    assert_null(strstr(check.output, "\n/etc/x"));
    assert_non_null(strstr(check.output, "evil\\u000a/etc/x: FORGED \\u001b[31mred\\u007f\\u009b"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_file_is_replaced_whole, remove_folder),
        cmocka_unit_test_teardown(a_symbolic_link_is_followed, remove_folder),
        cmocka_unit_test_teardown(a_pipe_stays_a_pipe, remove_folder),
        cmocka_unit_test_teardown(a_full_device_is_a_failure, remove_folder),
        cmocka_unit_test_teardown(hostile_keys_are_escaped, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
