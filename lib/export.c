#include "list.h"
#include "record.h"
#include "store.h"
#include "summit.h"

enum summit_status summit_store_export(struct summit_store *store, json_t **ret_record)
{
    json_auto_t *record = json_pack("{s:i}", "version", RECORD_VERSION);
    if (record == NULL) {
        return SUMMIT_NOMEM;
    }
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        struct selection selection = {
            .resource = resources[i],
            .limit = -1,
            .use = FIELD_RECORD,
        };
        selected_auto selected = {.rows = NULL};
        enum summit_status status = list_select(store, &selection, &selected);
        if (status != SUMMIT_OK) {
            return status;
        }
        if (json_object_set(record, resources[i]->name, selected.rows) != 0) {
            return SUMMIT_NOMEM;
        }
    }
    *ret_record = json_incref(record);
    return SUMMIT_OK;
}
