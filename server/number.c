#include "number.h"

#include <limits.h>

bool number_parse(const char *text, unsigned min, unsigned max, unsigned *ret_number)
{
    unsigned number = 0;
    const char *at = text;
    for (; *at >= '0' && *at <= '9'; at++) {
        unsigned digit = (unsigned)(*at - '0');
        if (number > (UINT_MAX - digit) / 10) {
            return false;
        }
        number = number * 10 + digit;
    }
    if (at == text || *at != '\0' || number < min || number > max) {
        return false;
    }
    *ret_number = number;
    return true;
}
