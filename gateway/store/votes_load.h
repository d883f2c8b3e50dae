#ifndef GATEWAY_STORE_VOTES_LOAD_H
#define GATEWAY_STORE_VOTES_LOAD_H

#include "gateway/store/sql.h"

/* Private to the room: what the context of a vote is made of. */

/* Is the item open for the text of the context? Its columns closes_at,
 * late_to, closed_at stand from col on. */
bool votes_is_open(const struct context *c, const struct sql_run *q, int col);
/* c->votes, when the text is a vote; else none. 0 / -1. */
int votes_load(struct store *s, const struct fields *f, struct arena *a,
	struct context *c) __attribute__((warn_unused_result));

#endif
