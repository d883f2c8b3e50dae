/*
 * meeting - which meeting's row does an effect speak of?
 *
 * A report or a roll call belongs to the meeting of (unit, kind, day): the one
 * that is there, an announced one near that day, which it joins, or a new one.
 * A correction may move a meeting to another day. Inside the
 * writer's transaction.
 */
#include "gateway/store/apply.h"

#include "gateway/store/report.h"

#include <assert.h>

/* The row that the columns (unit, kind, held_on) of a report name. */
struct slot {
	int64_t unit_id;
	struct str kind;
	day_t date;
	struct day_text held_on;
	struct report_period period;
};

static struct slot slot_of(const struct effect *e)
{
	day_t date = (day_t)field_int(e->fields, FIELD_DATE, DAY_NONE);

	assert(date != DAY_NONE && e->unit_id != 0);
	return (struct slot){
		.unit_id = e->unit_id,
		.kind = report_kind(e->fields),
		.date = date,
		.held_on = day_iso(date),
		.period = report_period(e->fields),
	};
}

int meeting_void(struct applying *w, int64_t meeting_id)
{
	struct sql_run q = sql_start(w->s, SQL_REPORT_VOID);

	sql_int(&q, w->in->now_ms);
	sql_int_or_null(&q, w->in->message_id);
	sql_int(&q, meeting_id);
	if (sql_done(&q) < 0)
		return -1;
	q = sql_start(w->s, SQL_MEETING_CANCEL);
	sql_int(&q, meeting_id);
	return sql_done(&q);
}

/* Only an announcement that the context saw, or could not have seen. */
static bool may_join(const struct context *c, const struct slot *slot)
{
	if (c->same_report != NULL || c->same_report_cancelled)
		return false;
	for (size_t i = 0; i < c->units_n; i++)
		if (c->units[i].id == slot->unit_id)
			return c->units_n > 1 || c->pending_meeting != NULL;
	return true;
}

/* 1: joined, *ret is the meeting. 0: no announced one is near. */
static int join_announced(
	struct applying *w, const struct slot *slot, int64_t *ret)
{
	int days = w->in->join_window_days;
	struct day_text from = day_iso(slot->date - days);
	struct day_text to = day_iso(slot->date + days);
	struct sql_run q;

	if (!may_join(w->in->context, slot))
		return 0;
	q = sql_start(w->s, SQL_MEETING_JOIN);
	sql_z(&q, slot->held_on.z);
	sql_z(&q, slot->period.z);
	sql_int(&q, slot->unit_id);
	sql_str(&q, slot->kind);
	sql_z(&q, from.z);
	sql_z(&q, to.z);
	return sql_one(&q, ret);
}

static int get_or_make(
	struct applying *w, const struct slot *slot, int64_t *ret)
{
	struct sql_run q = sql_start(w->s, SQL_MEETING_PUT);
	int rc;

	sql_int(&q, slot->unit_id);
	sql_z(&q, slot->period.z);
	sql_str(&q, slot->kind);
	sql_z(&q, slot->held_on.z);
	rc = sql_insert(&q, ret);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	q = sql_start(w->s, SQL_MEETING_BY_DAY);
	sql_int(&q, slot->unit_id);
	sql_str(&q, slot->kind);
	sql_z(&q, slot->held_on.z);
	rc = sql_one(&q, ret);
	assert(rc != 0);
	if (rc < 0)
		return -1;
	q = sql_start(w->s, SQL_MEETING_HOLD);
	sql_int(&q, *ret);
	return sql_done(&q);
}

/*
 * A correction says another day or kind. Where a meeting stands already, the
 * corrected version becomes its next one and the wrong meeting is cancelled.
 */
static int move_meeting(struct applying *w, const struct slot *slot,
	int64_t meeting_id, int64_t *ret)
{
	struct sql_run q = sql_start(w->s, SQL_MEETING_OTHER);
	int rc;

	sql_int(&q, slot->unit_id);
	sql_str(&q, slot->kind);
	sql_z(&q, slot->held_on.z);
	sql_int(&q, meeting_id);
	rc = sql_one(&q, ret);
	if (rc < 0)
		return -1;
	if (rc > 0)
		return meeting_void(w, meeting_id) < 0
			       ? -1
			       : get_or_make(w, slot, ret);
	*ret = meeting_id;
	q = sql_start(w->s, SQL_MEETING_MOVE);
	sql_str(&q, slot->kind);
	sql_z(&q, slot->held_on.z);
	sql_z(&q, slot->period.z);
	sql_int(&q, meeting_id);
	return sql_done(&q);
}

int meeting_for(struct applying *w, const struct effect *e, int64_t *ret)
{
	struct slot slot = slot_of(e);
	int rc;

	if (e->meeting_id != 0)
		return move_meeting(w, &slot, e->meeting_id, ret);
	rc = join_announced(w, &slot, ret);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	return get_or_make(w, &slot, ret);
}
