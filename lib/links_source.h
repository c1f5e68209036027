/* Checking a record's citations against the paragraphs of its sources. */
#ifndef LINKS_SOURCE_H
#define LINKS_SOURCE_H

#include "problems.h"

/* Checks that each citation and omission names a paragraph its source has, and that each paragraph
 * is either cited by some row or omitted with a reason. */
void links_source_check(const json_t *record, struct problems *problems);

#endif
