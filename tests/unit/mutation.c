#include "mutation.h"
#include "check.h"
#include "fixture.h"

#include <stdio.h>
#include <string.h>

char *mutation_describe(const json_t *problems)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    for (size_t i = 0; i < json_array_size(problems); i++) {
        const json_t *problem = json_array_get(problems, i);
        const char *suggestion = json_string_value(json_object_get(problem, "suggestion"));
        assert_int_equal(json_object_size(problem), 4);
        assert_true(json_string_length(json_object_get(problem, "detail")) > 10);
        fprintf(stream, "%s%s %s%s%s", i == 0 ? "" : "\n",
                json_string_value(json_object_get(problem, "pointer")),
                json_string_value(json_object_get(problem, "code")), suggestion == NULL ? "" : " ",
                suggestion == NULL ? "" : suggestion);
    }
    fclose(stream);
    return text;
}

void mutation_check(const struct mutation *mutations, size_t count)
{
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        JSON *record = fixture_xian();
        const char *value = mutations[i].value;
        fixture_set_new(record, mutations[i].pointer, value == NULL ? NULL : fixture_json(value));
        JSON *problems = fixture_problems(record);
        TEXT *found = mutation_describe(problems);
        if (strcmp(found, mutations[i].expected) != 0) {
            print_error("%s = %.60s\nexpected: %s\nfound:    %s\n", mutations[i].pointer,
                        value == NULL ? "(removed)" : value, mutations[i].expected, found);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}
