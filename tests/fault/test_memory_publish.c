/* Memory that runs out while a record is published: the database in place stays as it was, nothing
 * is left beside it, and what is published all the same is right. */
#include "../support/check.h"
#include "../support/folder.h"
#include "alloc.h"
#include "leftovers.h"
#include "memory.h"
#include "summit.h"

#include <stdlib.h>
#include <string.h>

#define LAKESIDE TESTS_DIR "/fixtures/records/lakeside-2020.json"
#define POND TESTS_DIR "/fixtures/records/pond-2021.json"

/* What an output holds that nothing has been written to. */
static json_t *const untouched = (json_t *)(uintptr_t)1;

static json_t *load(const char *path)
{
    json_t *record = NULL;
    json_t *problems = NULL;
    assert_int_equal(summit_record_load(path, &record, &problems, NULL), SUMMIT_OK);
    return record;
}

struct publishing {
    char *folder;
    char *path;
    char *old; /* the database to begin with */
    size_t old_length;
    json_t *record;
    json_t *problems;
    struct summit_publication publication;
    struct summit_error error;
    char revision[17]; /* of the new database */
};

static void put_old(void *context)
{
    struct publishing *publishing = context;
    size_t length = 0;
    char *bytes = file_read(publishing->path, &length);
    if (length != publishing->old_length || memcmp(bytes, publishing->old, length) != 0) {
        file_replace(publishing->path, publishing->old, publishing->old_length);
    }
    free(bytes);
    publishing->problems = untouched;
    publishing->publication = (struct summit_publication){.revision = "untouched"};
    publishing->error = (struct summit_error){{0}};
}

static enum summit_status publish(void *context)
{
    struct publishing *publishing = context;
    return summit_publish(publishing->path, &publishing->record, 1, 0, &publishing->publication,
                          &publishing->problems, &publishing->error);
}

static void check_published(void *context, enum summit_status status)
{
    struct publishing *publishing = context;
    assert_ptr_equal(publishing->problems, untouched);
    assert_int_equal(leftovers_count(publishing->folder), 0);
    if (status == SUMMIT_OK) {
        assert_int_equal(publishing->publication.summit_count, 2);
        assert_string_equal(publishing->publication.revision, publishing->revision);
        struct summit_store *store = NULL;
        assert_int_equal(summit_store_open(publishing->path, SUMMIT_STORE_VERIFY, &store, NULL),
                         SUMMIT_OK);
        assert_string_equal(summit_store_revision(store), publishing->revision);
        summit_store_close(store);
        return;
    }
    assert_string_equal(publishing->publication.revision, "untouched");
    assert_true(publishing->error.message[0] != '\0');
    size_t length = 0;
    char *bytes = file_read(publishing->path, &length);
    assert_int_equal(length, publishing->old_length);
    assert_memory_equal(bytes, publishing->old, length);
    free(bytes);
}

static void publishing_a_record(void **state)
{
    (void)state;
    struct publishing publishing = {.folder = folder_new()};
    publishing.path = folder_join(publishing.folder, "summit.db");
    publishing.record = load(LAKESIDE);
    assert_int_equal(publish(&publishing), SUMMIT_OK);
    json_decref(publishing.record);
    publishing.record = load(POND);
    publishing.old = file_read(publishing.path, &publishing.old_length);
    assert_int_equal(publish(&publishing), SUMMIT_OK);
    memcpy(publishing.revision, publishing.publication.revision, sizeof publishing.revision);
    struct operation operation = {
        .name = "publish",
        .prepare = put_old,
        .run = publish,
        .check = check_published,
        .each_way = true,
    };
    operation_fail_all(&operation, &publishing);
    json_decref(publishing.record);
    free(publishing.old);
    free(publishing.path);
    folder_remove(publishing.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(publishing_a_record),
    };
    alloc_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
