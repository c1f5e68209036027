/* Disks without room: a limit on the size of files, and a small file system that is full. An import
 * says so and changes nothing; the server goes on. */
#include "../api/rows.h"
#include "../support/check.h"
#include "../support/daemon.h"
#include "../support/folder.h"
#include "../support/http.h"
#include "../support/process.h"
#include "leftovers.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#define LAKESIDE TESTS_DIR "/fixtures/records/lakeside-2020.json"
#define POND TESTS_DIR "/fixtures/records/pond-2021.json"

struct served {
    struct daemon *daemon;
    char *bytes; /* the database */
    size_t length;
};

static void remember(struct served *served, struct daemon *daemon)
{
    served->daemon = daemon;
    served->bytes = file_read(daemon->database, &served->length);
}

/* An import for which there was no room has said so and changed nothing. */
static void check_refused(const struct served *served, const struct process_result *result)
{
    const struct daemon *daemon = served->daemon;
    size_t length = 0;
    TEXT *now = file_read(daemon->database, &length);
    TEXT *folder = strndup(daemon->database, strlen(daemon->database) - strlen("/summit.db"));
    print_message("# %s", result->error);
    assert_int_equal(result->status, 1);
    assert_string_equal(result->output, "");
    char *line_end = strchr(result->error, '\n');
    assert_true(line_end != NULL && line_end[1] == '\0');
    assert_non_null(strstr(result->error, "no space left"));
    assert_int_equal(length, served->length);
    assert_memory_equal(now, served->bytes, length);
    assert_int_equal(leftovers_count(folder), 0);
    HTTP_REPLY *missing = http_get_status(daemon, "/v1/summits/pond-2021", 404);
    HTTP_REPLY *old = http_get_status(daemon, "/v1/summits/lakeside-2020", 200);
    json_auto_t *ready = http_get_json(daemon, "/readyz");
    assert_true(missing != NULL && old != NULL);
    assert_string_equal(json_string_value(json_object_get(ready, "status")), "ready");
}

/* With room, the same import succeeds and is served. */
static void check_room(struct served *served)
{
    daemon_import(served->daemon, WORDS(POND));
    HTTP_REPLY *found = http_wait_status(served->daemon, "/v1/summits/pond-2021", 200);
    assert_non_null(found);
    daemon_stop(served->daemon);
    free(served->bytes);
}

static struct process_result import(const struct daemon *daemon)
{
    return process_run(WORDS("import", "-d", daemon->database, POND), NULL);
}

static void a_limit_on_the_size_of_files(void **state)
{
    (void)state;
    static const rlim_t sizes[] = {4096, 16384, 65536, 131072};
    struct daemon_options options = {.files = WORDS(LAKESIDE)};
    struct served served;
    struct rlimit usual;
    remember(&served, daemon_start(&options));
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct rlimit limit = {.rlim_cur = sizes[i], .rlim_max = usual.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0); /* this process writes nothing now */
        PROCESS_RESULT result = import(served.daemon);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
        check_refused(&served, &result);
    }
    check_room(&served);
}

/* Mounts a file system of `bytes` where only this process and its children see it. Returns why it
 * cannot, or NULL. */
static const char *mount_small(const char *folder, size_t bytes)
{
    TEXT *size = text_of("size=%zu,mode=755", bytes);
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("none", folder, "tmpfs", 0, size) != 0) {
        return strerror(errno);
    }
    return NULL;
}

/* Fills the file system up to its last byte but `spare`. */
static void fill(const char *path, size_t spare)
{
    static const char block[4096] = {'f'};
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert_true(file >= 0);
    off_t length = 0;
    for (ssize_t written = 1; written > 0; length += written > 0 ? written : 0) {
        written = write(file, block, sizeof block);
    }
    assert_int_equal(ftruncate(file, length > (off_t)spare ? length - (off_t)spare : 0), 0);
    assert_int_equal(close(file), 0);
}

static void a_full_disk(void **state)
{
    (void)state;
    static const size_t spares[] = {0, 4096, 65536, 131072};
    char *folder = folder_new();
    const char *refusal = mount_small(folder, 1 << 20);
    if (refusal != NULL) {
        folder_remove(folder);
        print_message("# no small file system can be mounted here: %s\n", refusal);
        skip();
    }
    struct daemon_options options = {.files = WORDS(LAKESIDE), .folder = folder};
    struct served served;
    remember(&served, daemon_start(&options));
    TEXT *filler = folder_join(folder, "filler");
    for (size_t i = 0; i < sizeof spares / sizeof spares[0]; i++) {
        fill(filler, spares[i]);
        PROCESS_RESULT result = import(served.daemon);
        check_refused(&served, &result);
    }
    assert_int_equal(unlink(filler), 0);
    check_room(&served);
    assert_int_equal(umount2(folder, MNT_DETACH), 0);
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_limit_on_the_size_of_files, daemon_free_all),
        cmocka_unit_test_teardown(a_full_disk, daemon_free_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
