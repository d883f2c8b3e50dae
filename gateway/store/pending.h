#ifndef GATEWAY_STORE_PENDING_H
#define GATEWAY_STORE_PENDING_H

#include "gateway/store/sql.h"

/*
 * Private to the room: a question from a row of SQL_PENDING_OPEN, or of
 * another statement whose first columns are the same. In the arena; an
 * unknown question is QUESTION_N. 0 / -1.
 */
int pending_read(const struct sql_run *q, struct arena *a, struct pending *ret)
	__attribute__((warn_unused_result));

#endif
