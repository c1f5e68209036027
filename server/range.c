#include "range.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "conditional.h"

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Takes 1*DIGIT; what is too large for the type is as far beyond any body as its largest. */
static bool take_number(const char **text, int64_t *ret_number)
{
    int64_t number = 0;
    if (!is_digit(**text)) {
        return false;
    }
    for (; is_digit(**text); (*text)++) {
        int digit = **text - '0';
        number = number > (INT64_MAX - digit) / 10 ? INT64_MAX : number * 10 + digit;
    }
    *ret_number = number;
    return true;
}

/* Elements of a list may be empty (section 5.6.1). */
static const char *skip_empty(const char *text)
{
    return text + strspn(text, " \t,");
}

enum range_kind range_parse(const char *field, int64_t size, int64_t *ret_first, int64_t *ret_last)
{
    static const char unit[] = "bytes=";
    if (field == NULL || strncasecmp(field, unit, sizeof unit - 1) != 0) {
        return RANGE_WHOLE;
    }
    const char *at = skip_empty(field + sizeof unit - 1);
    int64_t first = 0;
    int64_t last = INT64_MAX;
    bool is_suffix = !take_number(&at, &first);
    if (*at++ != '-') {
        return RANGE_WHOLE;
    }
    bool has_last = take_number(&at, &last);
    if ((is_suffix && !has_last) || (!is_suffix && last < first) || *skip_empty(at) != '\0') {
        return RANGE_WHOLE;
    }
    if (is_suffix) {
        first = last < size ? size - last : 0;
        if (last == 0) {
            return RANGE_UNSATISFIABLE;
        }
        last = INT64_MAX;
    }
    if (first >= size) {
        return RANGE_UNSATISFIABLE;
    }
    *ret_first = first;
    *ret_last = last < size ? last : size - 1;
    return RANGE_PART;
}

bool range_is_wanted(const char *if_range, const char *etag, int64_t last_modified_s)
{
    int64_t now_s = (int64_t)time(NULL);
    int64_t date_s = 0;
    if (if_range == NULL) {
        return true;
    }
    if (if_range[0] == '"' || strncmp(if_range, "W/", 2) == 0) {
        return etag[0] == '"' && strcmp(if_range, etag) == 0;
    }
    return last_modified_s >= 0 && conditional_date_parse(if_range, now_s, &date_s) &&
           date_s == last_modified_s && date_s < now_s;
}
