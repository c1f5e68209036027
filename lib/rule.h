/* Checking a record's fields one by one against the resources' tables. */
#ifndef RULE_H
#define RULE_H

#include "problems.h"
#include "resource.h"

/* Checks that object has exactly the record's fields of a table, but for optional ones, each as its
 * rule says. What a
 * field refers to is not looked at: see links.h. */
void rule_check_object(const json_t *object, const struct field *fields, const struct place *place,
                       struct problems *problems);

#endif
