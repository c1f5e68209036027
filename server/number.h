/* Numbers as people write them. */
#ifndef SERVER_NUMBER_H
#define SERVER_NUMBER_H

#include <stdbool.h>

/* Reads a whole number from min to max: decimal digits and nothing else, no sign and no blank.
 * *ret_number is written only on true. */
bool number_parse(const char *text, unsigned min, unsigned max, unsigned *ret_number)
    __attribute__((warn_unused_result));

#endif
