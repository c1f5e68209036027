/* Publishing that works: what is then in the file, beside it, and in it again after another one. */
#include "check.h"
#include "fixture.h"
#include "folder.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "resource.h"

static char *beside(const struct fixture *fixture, const char *ending)
{
    char *path = NULL;
    assert_true(asprintf(&path, "%s%s", fixture->path, ending) > 0);
    return path;
}

static void check_summits(const char *path, const char *expected)
{
    STORE *store = fixture_open(path);
    JSON *page = fixture_list(store, "summits", NULL, "", NULL);
    TEXT *ids = fixture_ids(json_object_get(page, "data"));
    assert_string_equal(ids, expected);
}

/* Every record comes out as it went in: publish, export, publish again, with one revision. */
static void test_round_trips(void **state)
{
    const struct fixture *fixture = *state;
    JSON *xian = fixture_xian();
    JSON *lakeside = fixture_record("lakeside-2020");
    JSON *pond = fixture_record("pond-2021");
    json_t *const records[] = {xian, lakeside, pond};
    TEXT *again = beside(fixture, ".again");
    for (size_t i = 0; i < COUNT(records); i++) {
        char first[17];
        char second[17];
        assert_int_equal(fixture_publish(fixture->path, records[i], SUMMIT_PUBLISH_REPLACE, first),
                         SUMMIT_OK);
        JSON *exported = fixture_export(fixture->path);
        JSON *problems = fixture_problems(exported);
        assert_null(problems);
        assert_int_equal(fixture_publish(again, exported, SUMMIT_PUBLISH_REPLACE, second),
                         SUMMIT_OK);
        assert_string_equal(first, second);
        JSON *twice = fixture_export(again);
        assert_true(json_equal(exported, twice));
        STORE *store = fixture_open(fixture->path);
        assert_string_equal(summit_store_revision(store), first);
        assert_in_range(summit_store_published_at(store), time(NULL) - 60, time(NULL));
        /* Of the built-in record even the order is kept. */
        json_object_del(records[i], "$schema");
        assert_int_equal(json_equal(records[i], exported), i != 1);
    }
}

/* A summit and what it cites are a record, though most resources have no row then. */
static void test_the_least_record_reads_back(void **state)
{
    const struct fixture *fixture = *state;
    static const char *const emptied[] = {"participants", "proposals",   "measures",  "areas",
                                          "statements",   "initiatives", "mechanisms"};
    JSON *record = fixture_xian();
    for (size_t i = 0; i < COUNT(emptied); i++) {
        json_array_clear(json_object_get(record, emptied[i]));
    }
    fixture_set_new(
        record, "/summits/0/citations",
        json_pack("[{s:s, s:i}]", "source_id", "president-xi-charts-course", "paragraph", 1));
    fixture_set_new(record, "/sources/0/paragraph_count", json_integer(1));
    fixture_set_new(record, "/sources/0/omitted_paragraphs", json_array());
    JSON *problems = fixture_problems(record);
    assert_null(problems);
    assert_int_equal(fixture_publish(fixture->path, record, SUMMIT_PUBLISH_REPLACE, NULL),
                     SUMMIT_OK);
    check_summits(fixture->path, "xian-2023");
    STORE *store = fixture_open(fixture->path);
    JSON *page = fixture_list(store, "sources", NULL, "", NULL);
    assert_int_equal(json_array_size(json_object_get(page, "data")), 1);
}

static void test_revisions_tell_contents_apart(void **state)
{
    const struct fixture *fixture = *state;
    char revisions[3][17];
    JSON *xian = fixture_xian();
    assert_int_equal(fixture_publish(fixture->path, xian, 0, revisions[0]), SUMMIT_OK);
    assert_int_equal(strspn(revisions[0], "0123456789abcdef"), 16);
    assert_int_equal(fixture_publish(fixture->path, xian, 0, revisions[1]), SUMMIT_OK);
    assert_string_equal(revisions[0], revisions[1]);
    fixture_set_new(xian, "/summits/0/city",
                    json_string("Xi'an "
                                "(Chang'an)"));
    assert_int_equal(fixture_publish(fixture->path, xian, 0, revisions[2]), SUMMIT_OK);
    assert_string_not_equal(revisions[0], revisions[2]);
}

/* Whether any row of a resource has a member. */
static bool any_has(struct summit_store *store, const char *resource, const char *member)
{
    JSON *page = fixture_list(store, resource, NULL, "", NULL);
    const json_t *rows = json_object_get(page, "data");
    assert_true(json_array_size(rows) > 0);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        if (json_object_get(json_array_get(rows, i), member) != NULL) {
            return true;
        }
    }
    return false;
}

/* Aliases come back in records, joined ones too, and are in no document. */
static void test_aliases_are_for_records(void **state)
{
    static const char *const having[] = {"summits", "participants", "areas", "initiatives",
                                         "mechanisms"};
    const struct fixture *fixture = *state;
    JSON *xian = fixture_xian();
    JSON *pond = fixture_record("pond-2021");
    fixture_set_new(pond, "/areas/0/aliases", fixture_json("['Fishing', '渔业']"));
    json_auto_t *area = json_deep_copy(fixture_at(pond, "/areas/0"));
    assert_int_equal(fixture_publish(fixture->path, pond, 0, NULL), SUMMIT_OK);
    assert_int_equal(fixture_publish(fixture->path, xian, 0, NULL), SUMMIT_OK);
    JSON *exported = fixture_export(fixture->path);
    json_t *const *stated = (json_t *const[]){pond, xian};
    for (size_t r = 0; r < COUNT(having); r++) {
        const json_t *rows = json_object_get(exported, having[r]);
        size_t count = 0;
        for (size_t s = 0; s < 2; s++) {
            count += json_array_size(json_object_get(stated[s], having[r]));
        }
        assert_int_equal(json_array_size(rows), count);
        for (size_t i = 0; i < count; i++) {
            assert_true(json_is_array(json_object_get(json_array_get(rows, i), "aliases")));
        }
    }
    assert_true(json_equal(fixture_at(exported, "/areas/0"), area));
    assert_string_equal(json_string_value(fixture_at(exported, "/participants/2/aliases/0")),
                        "Qasym-Jomart Toqayev");
    STORE *store = fixture_open(fixture->path);
    for (size_t r = 0; r < COUNT(having); r++) {
        assert_true(any_has(store, having[r], "name"));
        assert_false(any_has(store, having[r], "aliases"));
    }
}

/* Leaving aliases out says the same as having none, also in a row two summits share. */
static void test_aliases_left_out(void **state)
{
    const struct fixture *fixture = *state;
    char revisions[2][17];
    JSON *pond = fixture_record("pond-2021");
    JSON *bare = fixture_record("pond-2021");
    fixture_set_new(bare, "/summits/0/aliases", NULL);
    fixture_set_new(bare, "/areas/0/aliases", NULL);
    fixture_set_new(bare, "/initiatives/0/aliases", NULL);
    assert_int_equal(fixture_publish(fixture->path, pond, 0, revisions[0]), SUMMIT_OK);
    assert_int_equal(fixture_publish(fixture->path, bare, 0, revisions[1]), SUMMIT_OK);
    assert_string_equal(revisions[0], revisions[1]);
}

/* The default keeps the other summits; REPLACE does not. */
static void test_summits_stay_or_go(void **state)
{
    const struct fixture *fixture = *state;
    JSON *xian = fixture_xian();
    JSON *lakeside = fixture_record("lakeside-2020");
    JSON *pond = fixture_record("pond-2021");
    json_t *const two[] = {pond, lakeside};
    struct summit_publication publication;
    json_t *problems = NULL;
    assert_int_equal(fixture_publish(fixture->path, xian, 0, NULL), SUMMIT_OK);
    check_summits(fixture->path, "xian-2023");
    assert_int_equal(summit_publish(fixture->path, two, 2, 0, &publication, &problems, NULL),
                     SUMMIT_OK);
    assert_int_equal(publication.summit_count, 3);
    check_summits(fixture->path, "lakeside-2020 pond-2021 xian-2023");
    assert_int_equal(fixture_publish(fixture->path, pond, 0, NULL), SUMMIT_OK);
    check_summits(fixture->path, "lakeside-2020 pond-2021 xian-2023");
    assert_int_equal(
        summit_publish(fixture->path, two, 2, SUMMIT_PUBLISH_REPLACE, NULL, &problems, NULL),
        SUMMIT_OK);
    check_summits(fixture->path, "lakeside-2020 pond-2021");
    assert_null(problems);
}

static void test_a_summit_is_replaced(void **state)
{
    const struct fixture *fixture = *state;
    JSON *both = fixture_record("pond-2021");
    JSON *lakeside = fixture_record("lakeside-2020");
    assert_int_equal(fixture_publish(fixture->path, both, 0, NULL), SUMMIT_OK);
    assert_int_equal(fixture_publish(fixture->path, lakeside, 0, NULL), SUMMIT_OK);
    fixture_set_new(lakeside, "/summits/0/name", json_string("Lakeside, corrected"));
    fixture_set_new(lakeside, "/measures/2", NULL);
    fixture_set_new(lakeside, "/initiatives/1/citations/0/paragraph", json_integer(6));
    fixture_set_new(lakeside, "/measures/1/initiative_ids", json_array());
    JSON *good = fixture_problems(lakeside);
    assert_null(good);
    assert_int_equal(fixture_publish(fixture->path, lakeside, 0, NULL), SUMMIT_OK);
    STORE *store = fixture_open(fixture->path);
    JSON *summit = fixture_get(store, "summits", "lakeside-2020", "");
    assert_string_equal(json_string_value(fixture_at(summit, "/data/name")), "Lakeside, corrected");
    assert_int_equal(json_integer_value(fixture_at(summit, "/data/counts/measures")), 2);
    JSON *measures = fixture_list(store, "measures", NULL, "", NULL);
    TEXT *ids = fixture_ids(json_object_get(measures, "data"));
    assert_string_equal(ids, "lakeside-2020-boats-build lakeside-2020-boats-paint "
                             "pond-2021-reeds-cut");
}

/* Two records that are each right but not together: one id in two summits cannot be, as ids begin
 * with their summit's; but a source may be told differently. */
static void test_records_that_do_not_fit(void **state)
{
    const struct fixture *fixture = *state;
    JSON *pond = fixture_record("pond-2021");
    JSON *shorter = fixture_record("lakeside-2020");
    json_t *const records[] = {pond, shorter};
    struct summit_error error = {""};
    json_t *problems = NULL;
    /* The second record restates the first's source with one paragraph, which it omits. */
    json_t *source = json_deep_copy(fixture_at(pond, "/sources/0"));
    json_array_append_new(json_object_get(shorter, "sources"), source);
    json_object_set_new(source, "paragraph_count", json_integer(1));
    fixture_set_new(shorter, "/sources/1/omitted_paragraphs/0/paragraph", json_integer(1));
    JSON *good = fixture_problems(shorter);
    assert_null(good);
    assert_int_equal(summit_publish(fixture->path, records, 2, 0, NULL, &problems, &error),
                     SUMMIT_INVALID);
    assert_true(json_array_size(problems) > 1);
    assert_string_not_equal(error.message, "");
    assert_int_equal(access(fixture->path, F_OK), -1);
    json_decref(problems);
}

static void test_previous_is_the_old_file(void **state)
{
    const struct fixture *fixture = *state;
    TEXT *previous = beside(fixture, ".prev");
    JSON *xian = fixture_xian();
    JSON *pond = fixture_record("pond-2021");
    assert_int_equal(fixture_publish(fixture->path, xian, 0, NULL), SUMMIT_OK);
    assert_int_equal(access(previous, F_OK), -1);
    for (size_t i = 0; i < 3; i++) {
        size_t before = 0;
        size_t after = 0;
        TEXT *old = file_read(fixture->path, &before);
        assert_int_equal(fixture_publish(fixture->path, pond, 0, NULL), SUMMIT_OK);
        TEXT *kept = file_read(previous, &after);
        assert_int_equal(before, after);
        assert_memory_equal(old, kept, before);
    }
}

static size_t count_entries(const char *folder)
{
    size_t count = 0;
    DIR *directory = opendir(folder);
    for (const struct dirent *entry = readdir(directory); entry != NULL;
         entry = readdir(directory)) {
        count += entry->d_name[0] == '.' ? 0 : 1;
    }
    closedir(directory);
    return count;
}

/* What a killed import left is removed; what only looks similar is not. */
static void test_leftovers_are_removed(void **state)
{
    static const char *const leftovers[] = {".tmp.1", ".tmp.1-journal", ".tmp.prev", ".tmp."};
    static const char *const others[] = {".tmp", ".backup", "-tmp.1", ".prev.tmp.1"};
    const struct fixture *fixture = *state;
    JSON *pond = fixture_record("pond-2021");
    for (size_t i = 0; i < COUNT(leftovers); i++) {
        TEXT *leftover = beside(fixture, leftovers[i]);
        TEXT *other = beside(fixture, others[i]);
        file_write(leftover, "x", 1);
        file_write(other, "x", 1);
    }
    assert_int_equal(fixture_publish(fixture->path, pond, 0, NULL), SUMMIT_OK);
    for (size_t i = 0; i < COUNT(leftovers); i++) {
        TEXT *leftover = beside(fixture, leftovers[i]);
        TEXT *other = beside(fixture, others[i]);
        assert_int_equal(access(leftover, F_OK), -1);
        assert_int_equal(access(other, F_OK), 0);
    }
    /* The database, its lock, and the four others: no journal, no temporary file. */
    assert_int_equal(count_entries(fixture->folder), 2 + COUNT(others));
    struct stat file;
    assert_int_equal(stat(fixture->path, &file), 0);
    assert_int_equal(file.st_mode & 07777, 0644);
}

/* A name without a folder is in the working directory. */
static void test_relative_names(void **state)
{
    const struct fixture *fixture = *state;
    JSON *pond = fixture_record("pond-2021");
    char old[4096];
    assert_non_null(getcwd(old, sizeof old));
    assert_int_equal(chdir(fixture->folder), 0);
    assert_int_equal(fixture_publish("plain.db", pond, 0, NULL), SUMMIT_OK);
    assert_int_equal(fixture_publish("./plain.db", pond, 0, NULL), SUMMIT_OK);
    check_summits("plain.db", "pond-2021");
    assert_int_equal(chdir(old), 0);
}

/* A store opened before goes on with what it opened. */
static void test_open_stores_keep_their_revision(void **state)
{
    const struct fixture *fixture = *state;
    char revision[17];
    JSON *xian = fixture_xian();
    JSON *pond = fixture_record("pond-2021");
    assert_int_equal(fixture_publish(fixture->path, xian, 0, revision), SUMMIT_OK);
    STORE *old = fixture_open(fixture->path);
    assert_int_equal(fixture_publish(fixture->path, pond, SUMMIT_PUBLISH_REPLACE, NULL), SUMMIT_OK);
    STORE *new = fixture_open(fixture->path);
    JSON *before = fixture_list(old, "summits", NULL, "include=measures", NULL);
    JSON *after = fixture_list(new, "summits", NULL, "include=measures", NULL);
    assert_string_equal(json_string_value(fixture_at(before, "/data/0/id")), "xian-2023");
    assert_string_equal(json_string_value(fixture_at(before, "/meta/revision")), revision);
    assert_string_equal(json_string_value(fixture_at(after, "/data/0/id")), "pond-2021");
    assert_string_not_equal(summit_store_revision(new), revision);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_round_trips),
        TEST(test_the_least_record_reads_back),
        TEST(test_revisions_tell_contents_apart),
        TEST(test_aliases_are_for_records),
        TEST(test_aliases_left_out),
        TEST(test_summits_stay_or_go),
        TEST(test_a_summit_is_replaced),
        TEST(test_records_that_do_not_fit),
        TEST(test_previous_is_the_old_file),
        TEST(test_leftovers_are_removed),
        TEST(test_relative_names),
        TEST(test_open_stores_keep_their_revision),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
