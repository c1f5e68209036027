#include "text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

void text_error(struct summit_error *error, const char *format, ...)
{
    if (error == NULL) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
}

char *text_format(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) {
        return NULL;
    }
    char *text = malloc((size_t)length + 1);
    if (text != NULL) {
        va_start(arguments, format);
        vsnprintf(text, (size_t)length + 1, format, arguments);
        va_end(arguments);
    }
    return text;
}

bool text_is_slug(const char *text)
{
    size_t length = strlen(text);
    if (length == 0 || length > TEXT_SLUG_MAX_BYTES) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        bool alphanumeric =
            (text[i] >= 'a' && text[i] <= 'z') || (text[i] >= '0' && text[i] <= '9');
        bool joins = text[i] == '-' && i > 0 && text[i - 1] != '-' && i + 1 < length;
        if (!alphanumeric && !joins) {
            return false;
        }
    }
    return true;
}

static int digits_value(const char *text, size_t count)
{
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

bool text_is_date(const char *text)
{
    static const char pattern[] = "dddd-dd-dd";
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (strlen(text) != sizeof pattern - 1) {
        return false;
    }
    for (size_t i = 0; i < sizeof pattern - 1; i++) {
        bool fits = pattern[i] == 'd' ? isdigit((unsigned char)text[i]) != 0 : text[i] == '-';
        if (!fits) {
            return false;
        }
    }
    int year = digits_value(text, 4);
    int month = digits_value(text + 5, 2);
    int day = digits_value(text + 8, 2);
    if (month < 1 || month > 12 || day < 1) {
        return false;
    }
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= days[month - 1] + (month == 2 && leap ? 1 : 0);
}

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* How many single-byte edits, case aside, turn a into b; more than limit is limit + 1.
 * Levenshtein's distance, one row at a time; words longer than a slug are never near. */
static size_t distance_between(const char *a, const char *b, size_t limit)
{
    size_t row[TEXT_SLUG_MAX_BYTES + 1];
    size_t a_length = strlen(a);
    size_t b_length = strlen(b);
    size_t difference = a_length > b_length ? a_length - b_length : b_length - a_length;
    if (a_length > TEXT_SLUG_MAX_BYTES || b_length > TEXT_SLUG_MAX_BYTES || difference > limit) {
        return limit + 1;
    }
    for (size_t j = 0; j <= b_length; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        size_t diagonal = row[0];
        size_t least = i;
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t replaced = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
            size_t inserted = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = replaced < inserted ? replaced : inserted;
            least = row[j] < least ? row[j] : least;
        }
        if (least > limit) {
            return limit + 1; /* and no later row gets below it */
        }
    }
    return row[b_length] <= limit ? row[b_length] : limit + 1;
}

const char *summit_nearest(const char *text, const char *const *candidates)
{
    const char *nearest = NULL;
    /* A third of the word may be mistyped, and two letters of any word. */
    size_t best = strlen(text) / 3 < 2 ? 2 : strlen(text) / 3;
    for (size_t i = 0; candidates[i] != NULL; i++) {
        size_t distance = distance_between(text, candidates[i], best);
        if (distance < strlen(candidates[i]) && distance <= best) {
            nearest = candidates[i];
            best = distance == 0 ? 0 : distance - 1;
        }
    }
    return nearest;
}

bool text_is_one_of(const char *text, const char *const *candidates)
{
    for (size_t i = 0; candidates[i] != NULL; i++) {
        if (strcmp(text, candidates[i]) == 0) {
            return true;
        }
    }
    return false;
}

char *text_join(const char *const *candidates)
{
    size_t size = 1;
    for (size_t i = 0; candidates[i] != NULL; i++) {
        size += strlen(candidates[i]) + 2;
    }
    char *joined = malloc(size);
    if (joined == NULL) {
        return NULL;
    }
    char *end = joined;
    *end = '\0';
    for (size_t i = 0; candidates[i] != NULL; i++) {
        end = stpcpy(end, i == 0 ? "" : ", ");
        end = stpcpy(end, candidates[i]);
    }
    return joined;
}

/* The length of the character that starts with this byte; 0 for a byte inside of one. */
static size_t character_length(unsigned char first)
{
    if (first < 0x80) {
        return 1;
    }
    return first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

void text_mend(char *text)
{
    char *end = text;
    for (const char *c = text; *c != '\0';) {
        size_t length = character_length((unsigned char)*c);
        size_t found = 1;
        while (found < length && ((unsigned char)c[found] & 0xc0) == 0x80) {
            found++;
        }
        if (found == length) {
            memmove(end, c, length);
            end += length;
        }
        c += found;
    }
    *end = '\0';
}

char *text_shorten(const char *text, size_t max)
{
    if (strlen(text) <= max) {
        return strdup(text);
    }
    text_auto *start = strndup(text, max);
    if (start == NULL) {
        return NULL;
    }
    char *blank = strrchr(start, ' ');
    if (blank != NULL) {
        *blank = '\0';
    } else {
        text_mend(start);
    }
    return text_format("%s…", start);
}
