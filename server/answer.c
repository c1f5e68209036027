#include "answer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "response.h"
#include "utf8.h"

void answer_problem(struct answer *answer, enum problem_kind kind, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(answer->detail, sizeof answer->detail, format, arguments);
    va_end(arguments);
    /* What is left of a character that was cut would not be JSON. */
    char *end = answer->detail;
    for (const char *c = answer->detail; *c != '\0';) {
        size_t length = utf8_sequence(c, strlen(c));
        memmove(end, c, length);
        end += length;
        c += length == 0 ? 1 : length;
    }
    *end = '\0';
    answer->problem = kind;
}

void answer_etag(const struct answer *answer, enum coding coding, char *ret_etag)
{
    /* There is room for any validator with the longest of the rest. */
    char *end = stpcpy(ret_etag, "\"");
    end = stpcpy(end, answer->validator);
    end = stpcpy(end, answer->representation->tag);
    end = stpcpy(end, answer->is_pretty ? "-pretty" : "");
    end = stpcpy(end, coding_tag(coding));
    stpcpy(end, "\"");
}

void answer_stream_clear(struct answer_stream *stream)
{
    if (stream->release != NULL) {
        stream->release(stream->context);
    }
    *stream = (struct answer_stream){.size = -1};
}

void answer_clear(struct answer *answer)
{
    response_release(answer->kept);
    json_decref(answer->document);
    json_decref(answer->errors);
    answer_stream_clear(&answer->stream);
    free(answer->owned_text);
    free(answer->next);
    *answer = (struct answer){.last_modified_s = -1};
}
