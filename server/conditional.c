/* strftime and strptime follow the locale, HTTP-dates never do, so both directions are written out
 * here. Reading goes by a pattern for each of the three forms; a letter after '%' reads a field,
 * any other character stands for itself. */
#include "conditional.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

static const char *const weekdays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                       "Thursday", "Friday", "Saturday"};
static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

enum { ABBREVIATED = 3, WHOLE = 9 /* "Wednesday" */ };

/* Each answer has a date, and printf takes five times as long. */
static char *put_two_digits(char *out, int number)
{
    out[0] = (char)('0' + number / 10);
    out[1] = (char)('0' + number % 10);
    return out + 2;
}

void conditional_date_format(int64_t time_s, char *ret_date)
{
    const int64_t year_0_s = -62167219200;
    const int64_t year_9999_s = 253402300799;
    time_t seconds = (time_t)(time_s < year_0_s      ? year_0_s
                              : time_s > year_9999_s ? year_9999_s
                                                     : time_s);
    struct tm tm = {0};
    gmtime_r(&seconds, &tm);
    int year = tm.tm_year + 1900;
    char *end = mempcpy(ret_date, weekdays[tm.tm_wday], ABBREVIATED);
    end = put_two_digits(stpcpy(end, ", "), tm.tm_mday);
    end = stpcpy(stpcpy(stpcpy(end, " "), months[tm.tm_mon]), " ");
    end = put_two_digits(put_two_digits(end, year / 100), year % 100);
    end = put_two_digits(stpcpy(end, " "), tm.tm_hour);
    end = put_two_digits(stpcpy(end, ":"), tm.tm_min);
    end = put_two_digits(stpcpy(end, ":"), tm.tm_sec);
    stpcpy(end, " GMT");
}

/* Reads exactly count digits. */
static bool number_read(const char **text, int count, int *ret_number)
{
    int number = 0;
    for (int i = 0; i < count; i++, (*text)++) {
        if (**text < '0' || **text > '9') {
            return false;
        }
        number = number * 10 + (**text - '0');
    }
    *ret_number = number;
    return true;
}

/* Reads one of the names, of each the first length bytes. */
static bool name_read(const char **text, const char *const *names, int count, size_t length,
                      int *ret_index)
{
    for (int i = 0; i < count; i++) {
        size_t name_length = strnlen(names[i], length);
        if (strncmp(*text, names[i], name_length) == 0) {
            *text += name_length;
            *ret_index = i;
            return true;
        }
    }
    return false;
}

/* Of the years with these last two digits the one in this century, unless that is more than
 * 50 years ahead. */
static int year_complete(int year, int64_t now_s)
{
    time_t now = (time_t)now_s;
    struct tm tm = {0};
    gmtime_r(&now, &tm);
    int this_year = tm.tm_year + 1900;
    int full = this_year - this_year % 100 + year;
    return full > this_year + 50 ? full - 100 : full;
}

/* Reads the field that a pattern calls letter into tm, where tm_year is the year itself. */
static bool field_read(char letter, const char **text, int64_t now_s, struct tm *tm)
{
    switch (letter) {
    case 'a':
        return name_read(text, weekdays, 7, ABBREVIATED, &tm->tm_wday);
    case 'A':
        return name_read(text, weekdays, 7, WHOLE, &tm->tm_wday);
    case 'b':
        return name_read(text, months, 12, ABBREVIATED, &tm->tm_mon);
    case 'e':
        if (**text == ' ') {
            (*text)++;
            return number_read(text, 1, &tm->tm_mday);
        }
        return number_read(text, 2, &tm->tm_mday);
    case 'd':
        return number_read(text, 2, &tm->tm_mday);
    case 'y':
        if (!number_read(text, 2, &tm->tm_year)) {
            return false;
        }
        tm->tm_year = year_complete(tm->tm_year, now_s);
        return true;
    case 'Y':
        return number_read(text, 4, &tm->tm_year);
    case 'H':
        return number_read(text, 2, &tm->tm_hour);
    case 'M':
        return number_read(text, 2, &tm->tm_min);
    default:
        return number_read(text, 2, &tm->tm_sec);
    }
}

static bool pattern_read(const char *pattern, const char *text, int64_t now_s, struct tm *ret_tm)
{
    struct tm tm = {0};
    for (; *pattern != '\0'; pattern++) {
        if (*pattern == '%') {
            pattern++;
            if (!field_read(*pattern, &text, now_s, &tm)) {
                return false;
            }
        } else if (*text++ != *pattern) {
            return false;
        }
    }
    *ret_tm = tm;
    return *text == '\0';
}

bool conditional_date_parse(const char *text, int64_t now_s, int64_t *ret_time_s)
{
    static const char *const patterns[] = {
        "%a, %d %b %Y %H:%M:%S GMT",
        "%A, %d-%b-%y %H:%M:%S GMT",
        "%a %b %e %H:%M:%S %Y",
    };
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        struct tm tm;
        if (!pattern_read(patterns[i], text, now_s, &tm)) {
            continue;
        }
        /* timegm carries what is too large over: what comes back as another day or minute was none.
         * The seconds stay out of it, since 60 is right in a leap second. */
        struct tm carried = tm;
        carried.tm_year -= 1900;
        carried.tm_sec = 0;
        int64_t minute_s = (int64_t)timegm(&carried);
        if (carried.tm_mday != tm.tm_mday || carried.tm_min != tm.tm_min || tm.tm_sec > 60) {
            return false;
        }
        *ret_time_s = minute_s + tm.tm_sec;
        return true;
    }
    return false;
}

static bool is_etag_byte(char byte)
{
    unsigned char value = (unsigned char)byte;
    return value == 0x21 || (value >= 0x23 && value != 0x7F);
}

/* Whether a list of entity tags is well-formed and has one with the same opaque tag. */
static bool list_matches(const char *list, const char *etag)
{
    const char *opaque = strncmp(etag, "W/", 2) == 0 ? etag + 2 : etag;
    bool found = false;
    const char *at = list;
    for (;;) {
        at += strspn(at, " \t,");
        if (*at == '\0') {
            return found;
        }
        at += strncmp(at, "W/", 2) == 0 ? 2 : 0;
        const char *start = at;
        if (*at++ != '"') {
            return false;
        }
        while (is_etag_byte(*at)) {
            at++;
        }
        if (*at++ != '"') {
            return false;
        }
        size_t length = (size_t)(at - start);
        found = found || (strlen(opaque) == length && memcmp(start, opaque, length) == 0);
        at += strspn(at, " \t");
        if (*at != ',' && *at != '\0') {
            return false;
        }
    }
}

bool conditional_not_modified(const char *if_none_match, const char *if_modified_since,
                              const char *etag, int64_t last_modified_s)
{
    int64_t since_s = 0;
    if (if_none_match != NULL) {
        return strcmp(if_none_match, "*") == 0 || list_matches(if_none_match, etag);
    }
    return if_modified_since != NULL && last_modified_s >= 0 &&
           conditional_date_parse(if_modified_since, (int64_t)time(NULL), &since_s) &&
           last_modified_s <= since_s;
}
