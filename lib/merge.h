/* Adding a record to what a database holds already. */
#ifndef MERGE_H
#define MERGE_H

#include "summit.h"

/* A record with the summits of both. Of a summit that both have, only the addition's rows stay. Of
 * an area, initiative or source that both have, the addition's wording stays, together with what
 * the base cites from, and says of, other sources and summits. A paragraph that the addition omits
 * from a source, and that a row of the base which stays cites, is no longer omitted. Areas,
 * initiatives and sources of the base that nothing refers to any more are left out. base, addition
 * checked records, borrowed. Returns SUMMIT_OK or SUMMIT_NOMEM. */
enum summit_status merge_records(const json_t *base, const json_t *addition, json_t **ret_record)
    __attribute__((warn_unused_result));

#endif
