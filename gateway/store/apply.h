#ifndef GATEWAY_STORE_APPLY_H
#define GATEWAY_STORE_APPLY_H

#include "gateway/store/inbound.h"
#include "gateway/store/sql.h"

/* Private to the room: one outcome on its way into rows. */
struct applying {
	struct store *s;
	const struct apply_input *in;
	int64_t report_id;   /* stored last by this outcome */
	int64_t texts_added; /* outbox rows */
};

/* The meeting of the effect's unit and of its fields' kind and day. */
int meeting_for(struct applying *w, const struct effect *e, int64_t *ret)
	__attribute__((warn_unused_result));
/* Its versions stay, marked voided; the meeting is cancelled. */
int meeting_void(struct applying *w, int64_t meeting_id)
	__attribute__((warn_unused_result));

/* EFFECT_RECORD: by its kind, in record.c's table. 0 / -1. */
int record_apply(struct applying *w, const struct effect *e)
	__attribute__((warn_unused_result));

#endif
