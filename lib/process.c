#include <sqlite3.h>

#include "summit.h"

void summit_own_sqlite(void)
{
    /* Refused once SQLite is in use; then it goes on as it is. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    /* Else a connection begins with the memory of 20 pages, of which it may need seven. */
    (void)sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0);
}
