/* Large answers that are kept are sent from files in memory, of which there are not many. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "deadline.h"
#include "http.h"
#include "process.h"
#include "same.h"

#include <dirent.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

enum { FILES_MAX = 128, LARGE_BYTES = 16 * 1024 };

static int start(void **state)
{
    struct daemon_options options = {.files = WORDS(XIAN), .args = WORDS("--threads", "1")};
    *state = daemon_start(&options);
    return 0;
}

/* How many descriptors of the daemon are of such files. */
static size_t count_files(const struct daemon *daemon)
{
    TEXT *folder = text_of("/proc/%d/fd", (int)daemon->pid);
    DIR *descriptors = opendir(folder);
    size_t count = 0;
    assert_non_null(descriptors);
    for (struct dirent *entry; (entry = readdir(descriptors)) != NULL;) {
        char target[PATH_MAX] = "";
        if (readlinkat(dirfd(descriptors), entry->d_name, target, sizeof target - 1) > 0) {
            count += strstr(target, "summitd-response") != NULL;
        }
    }
    closedir(descriptors);
    return count;
}

static char *large_target(int number)
{
    return text_of("/v1/measures?include=areas,proposals&limit=%d", number);
}

static void of_many_some_are_files_and_all_are_right(void **state)
{
    struct daemon *daemon = *state;
    enum { FIRST = 50, LAST = 199 };
    assert_int_equal(count_files(daemon), 0);
    for (int i = FIRST; i <= LAST; i++) {
        TEXT *target = large_target(i);
        HTTP_REPLY *made = http_get_status(daemon, target, 200);
        HTTP_REPLY *kept = http_get_status(daemon, target, 200);
        assert_true(made->body_length > LARGE_BYTES);
        TEXT *limit = text_of("\"limit\":%d,", i);
        assert_non_null(strstr(made->body, limit));
        check_same(made, kept, target);
        size_t expected = (size_t)(i - FIRST + 1);
        assert_int_equal(count_files(daemon), expected < FILES_MAX ? expected : FILES_MAX);
    }
}

static void small_and_refused_answers_are_none(void **state)
{
    struct daemon *daemon = *state;
    http_reply_free(http_get_status(daemon, "/v1/participants", 200));
    http_reply_free(http_get_status(daemon, "/v1/measures?limit=0", 400));
    http_reply_free(http_get_status(daemon, "/v1/summits/xian-2023/record?x=1", 400));
    assert_int_equal(count_files(daemon), 0);
}

static void they_go_with_their_generation(void **state)
{
    struct daemon *daemon = *state;
    TEXT *target = large_target(50);
    http_reply_free(http_get_status(daemon, target, 200));
    assert_int_equal(count_files(daemon), 1);
    daemon_import(daemon, WORDS("--replace", XIAN, POND));
    daemon_expect_event(daemon, "generation");
    int64_t deadline = deadline_after_ms(DEADLINE_USUAL_MS);
    while (count_files(daemon) > 0) {
        assert_false(deadline_passed(deadline));
        deadline_pause_ms(10);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, daemon_free_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(of_many_some_are_files_and_all_are_right),
        TEST(small_and_refused_answers_are_none),
        TEST(they_go_with_their_generation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
