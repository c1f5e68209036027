#include <string.h>
#include <time.h>

#include "../generation.h"
#include "../service.h"
#include "handlers.h"

/* Says why in general; the log has the file's name. */
static const char *explain(const char *reason)
{
    static const char *const explanations[][2] = {
        {"damaged", "The file in place is damaged or cut short."},
        {"foreign", "The file in place is not a published summit database."},
        {"newer_version", "The file in place was published by a newer version."},
        {"missing", "There is no file in place."},
        {"busy", "Another program is writing to the file in place."},
    };
    for (size_t i = 0; i < sizeof explanations / sizeof explanations[0]; i++) {
        if (strcmp(explanations[i][0], reason) == 0) {
            return explanations[i][1];
        }
    }
    return "The file in place cannot be read.";
}

static json_t *rejected(const struct generation_state *state)
{
    if (!state->is_stale) {
        return json_null();
    }
    char since[32];
    time_t time = (time_t)state->since_s;
    struct tm parts;
    gmtime_r(&time, &parts);
    strftime(since, sizeof since, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return json_pack("{s:s, s:s, s:s}", "reason", state->reason, "detail", explain(state->reason),
                     "since", since);
}

enum summit_status handle_readiness(const struct request *request, struct summit_store *store,
                                    struct answer *answer)
{
    (void)store;
    answer->is_volatile = true;
    if (atomic_load(&request->service->stopping)) {
        answer_problem(answer, PROBLEM_UNAVAILABLE, "The server is stopping.");
        return SUMMIT_BUSY;
    }
    struct generation_state state;
    generations_state(request->service->generations, &state);
    answer->document = json_pack("{s:s, s:s, s:o}", "status", state.is_stale ? "stale" : "ready",
                                 "revision", state.revision, "rejected", rejected(&state));
    return answer->document == NULL ? SUMMIT_NOMEM : SUMMIT_OK;
}
