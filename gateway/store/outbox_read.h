#ifndef GATEWAY_STORE_OUTBOX_READ_H
#define GATEWAY_STORE_OUTBOX_READ_H

#include "gateway/store/outbox.h"
#include "gateway/store/sql.h"

/* Private to the room: a row from a statement that begins with the columns of
 * SQL_OUTBOX_DUE; its state and attempts as they are stored. In the arena. */
struct outbox_row outbox_row_read(const struct sql_run *q, struct arena *a);

#endif
