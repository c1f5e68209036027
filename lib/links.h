/* Checking what a record's rows say of each other. */
#ifndef LINKS_H
#define LINKS_H

#include "problems.h"

/* Checks that ids are unique and start with their summit's, that what rows refer to is there and of
 * the same summit, that numbers run from 1 without gaps, that every citation names a paragraph the
 * source has, that every paragraph is cited or left out with a reason, and that dates are in order.
 * Values of the wrong type are passed over: rule.h has reported them. */
void links_check(const json_t *record, struct problems *problems);

#endif
