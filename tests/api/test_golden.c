/* Whole answers, laid out for people to read, in tests/fixtures/golden/. What differs between
 * runs of the same program (revision, ids, dates) is masked. UPDATE_GOLDEN=1 writes them anew; the
 * change is then for a person to read. */
#include "check.h"
#include "collections.h"
#include "daemon.h"
#include "folder.h"
#include "http.h"
#include "process.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *name;
    const char *target;
} requests[] = {
    {"index", "/v1"},
    {"summit-page", "/v1/summits/xian-2023?include=participants,proposals,areas"},
    {"participants", "/v1/participants"},
    {"proposals", "/v1/summits/xian-2023/proposals"},
    {"measure-26-billion", "/v1/measures?proposal=xian-2023-development-capacity&include=sources"},
    {"growth-drivers", "/v1/summits/xian-2023/areas?category=growth_driver"},
    {"first-page", "/v1/measures?area=energy&limit=2"},
    {"statement", "/v1/statements/xian-2023-common-development?include=initiatives,areas"},
    {"mechanisms", "/v1/mechanisms?standing=existing"},
    {"sources", "/v1/sources"},
    {"initiatives", "/v1/initiatives"},
    {"search", "/v1/search?q=26%20billion%20yuan"},
    {"highlights", "/v1/participants?q=Zhaparov&fields=id,name"},
    {"facets", "/v1/measures?facet=modality,initiative&limit=1&fields=id,modality"},
    {"paths", "/v1/proposals/xian-2023-energy?include=measures.areas&fields=id,title"},
    {"reference", "/v1/citations/measures/xian-2023-energy-line-d"},
    {"linked-data", "/v1/measures/xian-2023-development-capacity-financing?format=jsonld"},
    {"readiness", "/readyz"},
    {"not-found", "/v1/measures/xian-2023-energy-line-e"},
    {"bad-parameters", "/v1/measures?aera=trade&area=trde&limit=0"},
};

static void mask(json_t *object, const char *member)
{
    if (json_is_string(json_object_get(object, member))) {
        json_object_set_new(object, member, json_string("(masked)"));
    }
}

/* The whole reply as text, without what changes from run to run. */
static char *masked_text(const struct http_reply *reply)
{
    json_t *document = reply->json;
    assert_non_null(document);
    json_t *links = json_object_get(document, "links");
    const char *next = json_string_value(json_object_get(links, "next"));
    if (next != NULL) {
        const char *cursor = strstr(next, "cursor=");
        assert_non_null(cursor);
        TEXT *masked = text_of("%.*s(masked)%s", (int)(cursor + 7 - next), next,
                               cursor + strcspn(cursor, "&"));
        json_object_set_new(links, "next", json_string(masked));
    }
    mask(document, "revision");
    mask(document, "request_id");
    mask(json_object_get(document, "meta"), "revision");
    TEXT *json = json_dumps(document, JSON_INDENT(2));
    return text_of("%s\n", json);
}

static void answers_are_as_they_were(void **state)
{
    const char *update = getenv("UPDATE_GOLDEN");
    bool updating = update != NULL && *update != '\0';
    size_t different = 0;
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        TEXT *path = text_of("%s/fixtures/golden/%s.json", TESTS_DIR, requests[i].name);
        HTTP_REPLY *reply = http_get(*state, requests[i].target);
        TEXT *text = masked_text(reply);
        if (updating) {
            file_write(path, text, strlen(text));
            continue;
        }
        TEXT *golden = access(path, R_OK) == 0 ? file_read(path, NULL) : text_of("%s", "");
        if (strcmp(text, golden) != 0) {
            print_error("%s differs from %s; it is:\n%s", requests[i].target, path, text);
            different++;
        }
    }
    if (different > 0) {
        fail_msg("%zu answers differ; if they should, run this with UPDATE_GOLDEN=1", different);
    }
}

static int start_xian(void **state)
{
    *state = daemon_start(NULL);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_as_they_were),
    };
    return cmocka_run_group_tests(tests, start_xian, daemon_stop_all);
}
