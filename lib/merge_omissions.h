/* Omissions of one record that the rows of another make void. */
#ifndef MERGE_OMISSIONS_H
#define MERGE_OMISSIONS_H

#include "summit.h"

/* Takes out of the omitted paragraphs of a merged record's sources those that a row cites. Sources
 * that change are replaced by changed copies, as rows of the merged record are those of the records
 * it was made from. Returns SUMMIT_OK or SUMMIT_NOMEM. */
enum summit_status merge_omissions_drop_cited(json_t *record) __attribute__((warn_unused_result));

#endif
