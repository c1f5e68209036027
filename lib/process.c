#include <sqlite3.h>

#include "summit.h"

void summit_own_sqlite(void)
{
    /* Refused once SQLite is in use; then it goes on as it is. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
