#ifndef GATEWAY_STORE_MEETINGS_LOAD_H
#define GATEWAY_STORE_MEETINGS_LOAD_H

#include "gateway/store/sql.h"

/* Private to the room: which announced meeting is an answer or a vote for? */

/*
 * Of an answer or a vote: c->pending_meeting becomes the one that it fits, by
 * its day if that is said; c->which_meeting when several fit. Nothing else is
 * looked up for other texts. 0 / -1.
 */
int meetings_load(struct store *s, const struct fields *f, struct arena *a,
	struct context *c) __attribute__((warn_unused_result));

#endif
