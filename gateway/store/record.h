#ifndef GATEWAY_STORE_RECORD_H
#define GATEWAY_STORE_RECORD_H

#include "gateway/store/apply.h"

/* Private to the room: what the files of records share, and one function for
 * each kind. All: 0 / -1. */
typedef int record_fn(struct applying *w, const struct effect *e);

record_fn record_attendance, record_answer, record_ballot;
record_fn record_announced, record_postponed, record_no_meeting;
record_fn record_member;
record_fn record_candidate, record_task, record_unit_fact;
record_fn record_opinion, record_ticket, record_broadcast;
record_fn record_decision;

/* What an effect proposes, with its number; *ret_id 0: it proposes nothing. */
int record_proposal(struct applying *w, const struct effect *e, int64_t *ret_id)
	__attribute__((warn_unused_result));

/* Binds the message's row (NULL without one) and the instant: the last two
 * parameters of most statements. */
void record_bind_origin(struct applying *w, struct sql_run *q);
/* Tells the caller of the outcome that this row was stored. */
void record_touched(struct applying *w, const struct effect *e, int64_t id);
void record_touched_as(
	struct applying *w, enum record_kind kind, int64_t unit_id, int64_t id);
/* A day as ISO text in the arena; absent when the field is not there. */
struct str record_day(
	struct applying *w, const struct fields *f, enum field id);
/* All of them as JSON, in the arena. */
struct str record_json(struct applying *w, const struct fields *f);
/* A list of numbers; *ret_n 0: the field is not there. */
const int *record_ints(const struct fields *f, enum field id, size_t *ret_n);

#endif
