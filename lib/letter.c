/* Ranges in ascending order, searched one after the other: the texts are short. The marks are those
 * blocks of Unicode that hold hardly anything else, less the letters and digits within, so the list
 * stays right when characters are added elsewhere. A test compares it with what SQLite's tokenizer
 * makes of every code point. */
#include "letter.h"

#include <stdlib.h>
#include <string.h>

#include "folds.h"

struct range {
    uint32_t first;
    uint32_t last;
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct range cjk[] = {
    {0x3005, 0x3005}, {0x3007, 0x3007},   {0x3041, 0x3096},   {0x3099, 0x309a},
    {0x309d, 0x309f}, {0x30a1, 0x30fa},   {0x30fc, 0x30ff},   {0x31f0, 0x31ff},
    {0x3400, 0x4dbf}, {0x4e00, 0x9fff},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},
    {0xff66, 0xff9f}, {0x1aff0, 0x1afff}, {0x1b000, 0x1b16f}, {0x20000, 0x3fffd},
};

static const struct range marks[] = {
    {0x00, 0x2f},       {0x3a, 0x40},       {0x5b, 0x60},     {0x7b, 0xa9},     {0xab, 0xb1},
    {0xb4, 0xb4},       {0xb6, 0xb8},       {0xbb, 0xbb},     {0xbf, 0xbf},     {0xd7, 0xd7},
    {0xf7, 0xf7},       {0x2000, 0x206f},   {0x20a0, 0x20cf}, {0x2190, 0x245f}, {0x2500, 0x2775},
    {0x2794, 0x2bff},   {0x2e00, 0x2e2e},   {0x2e30, 0x2e7f}, {0x3000, 0x3004}, {0x3008, 0x3020},
    {0x3030, 0x3030},   {0x30a0, 0x30a0},   {0x30fb, 0x30fb}, {0xfe10, 0xfe19}, {0xfe30, 0xfe6f},
    {0xff01, 0xff0f},   {0xff1a, 0xff20},   {0xff3b, 0xff40}, {0xff5b, 0xff65}, {0xffe0, 0xffff},
    {0x1f000, 0x1f0ff}, {0x1f110, 0x1fbef},
};

static bool is_within(uint32_t code, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count && code >= ranges[i].first; i++) {
        if (code <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

size_t letter_decode(const char *text, size_t length, uint32_t *ret_code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = (unsigned char)text[0];
    size_t size = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (size == 1) {
        *ret_code = first;
        return 1;
    }
    uint32_t code = size == 0 || first > 0xf4 ? 0 : first & (0x7fU >> size);
    for (size_t i = 1; i < size; i++) {
        unsigned char next = i < length ? (unsigned char)text[i] : 0;
        if ((next & 0xc0) != 0x80) {
            size = 0;
        }
        code = code << 6 | (next & 0x3f);
    }
    if (size == 0 || code < least[size] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
        *ret_code = 0xfffd;
        return 1;
    }
    *ret_code = code;
    return size;
}

bool letter_is_cjk(uint32_t code)
{
    return is_within(code, cjk, COUNT(cjk));
}

bool letter_is_apostrophe(uint32_t code)
{
    return code == 0x27 || code == 0x2bb || code == 0x2bc || code == 0x2018 || code == 0x2019 ||
           code == 0xff07;
}

bool letter_is_quote(uint32_t code)
{
    return code == 0x22 || (code >= 0x201c && code <= 0x201f) || code == 0xff02;
}

bool letter_is_blank(uint32_t code)
{
    return code <= 0x20 || (code >= 0x7f && code <= 0xa0) || code == 0x1680 ||
           (code >= 0x2000 && code <= 0x200b) || code == 0x2028 || code == 0x2029 ||
           code == 0x202f || code == 0x205f || code == 0x3000 || code == 0xfeff;
}

bool letter_is_mark(uint32_t code)
{
    return letter_is_blank(code) || is_within(code, marks, COUNT(marks));
}

static int compare_code(const void *key, const void *element)
{
    uint32_t code = *(const uint32_t *)key;
    const struct fold *fold = element;
    return (code > fold->code) - (code < fold->code);
}

size_t letter_fold(const char *text, size_t length, char *ret_folded)
{
    size_t folded = 0;
    for (size_t at = 0; at < length;) {
        uint32_t code;
        size_t size = letter_decode(text + at, length - at, &code);
        const struct fold *fold =
            code < 0x80 ? NULL : bsearch(&code, folds, FOLDS_COUNT, sizeof *folds, compare_code);
        if (fold != NULL) {
            size_t count = strlen(fold->folded);
            memcpy(ret_folded + folded, fold->folded, count);
            folded += count;
        } else if (code < LETTER_COMBINING_FIRST || code > LETTER_COMBINING_LAST) {
            memcpy(ret_folded + folded, text + at, size);
            folded += size;
        }
        at += size;
    }
    return folded;
}
