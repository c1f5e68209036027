#ifndef COVERAGE_H
#define COVERAGE_H
#include "store.h"
enum summit_status coverage_list(struct summit_store *store, const char *source_id, int64_t limit,
                                 json_t **ret_paragraphs, bool *ret_more);
#endif
