/*
 * record_meeting - who was there, who will come, and when.
 *
 * Roll calls and answers to invitations add rows to their meeting;
 * an announcement is a meeting's row before it is held, and said again for
 * the same month it changes that row. Writer thread.
 */
#include "gateway/store/record.h"

#include "gateway/store/report.h"
#include "gateway/store/votes.h"

#include <assert.h>

static int put_line(
	struct applying *w, int64_t meeting, int member, const char *state)
{
	struct sql_run q = sql_start(w->s, SQL_ATTENDANCE_PUT);

	sql_int(&q, meeting);
	sql_int(&q, member);
	sql_z(&q, state);
	record_bind_origin(w, &q);
	return sql_done(&q);
}

static int put_rest(struct applying *w, const struct effect *e, int64_t meeting)
{
	struct sql_run q = sql_start(w->s, SQL_ATTENDANCE_REST);

	sql_int(&q, meeting);
	record_bind_origin(w, &q);
	sql_int(&q, e->unit_id);
	return sql_done(&q);
}

/* The later of two lines about a member is the more exact one. */
int record_attendance(struct applying *w, const struct effect *e)
{
	static const struct {
		enum field list;
		const char *state;
	} lists[] = {
		{FIELD_ABSENT_MEMBERS, "absent"},
		{FIELD_EXCUSED_MEMBERS, "excused"},
		{FIELD_UNEXCUSED_MEMBERS, "unexcused"},
		{FIELD_PRESENT_MEMBERS, "present"},
		{FIELD_LATE_MEMBERS, "late"},
	};
	int64_t meeting = e->subject;
	const int *v;
	size_t n;

	if (meeting == 0 && meeting_for(w, e, &meeting) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		v = record_ints(e->fields, lists[i].list, &n);
		for (size_t k = 0; k < n; k++)
			if (put_line(w, meeting, v[k], lists[i].state) < 0)
				return -1;
	}
	record_touched(w, e, meeting);
	if (field_int(e->fields, FIELD_REST_PRESENT, 0) == 0)
		return 0;
	return put_rest(w, e, meeting);
}

int record_answer(struct applying *w, const struct effect *e)
{
	const struct fields *f = e->fields;
	struct sql_run q = sql_start(w->s, SQL_INVITATION_PUT);

	sql_int(&q, e->subject);
	sql_int(&q, e->unit_id);
	sql_int(&q, field_int(f, FIELD_MEMBER, 0));
	sql_str(&q, field_text(f, FIELD_ANSWER));
	sql_str(&q, field_text(f, FIELD_REASON));
	sql_z(&q, e->state == RECORD_NOTED ? "phone" : "sms");
	sql_str(&q, record_json(w, f));
	record_bind_origin(w, &q);
	return sql_done(&q);
}

static void bind_minute(struct sql_run *q, const struct fields *f)
{
	if (field_has(f, FIELD_TIME))
		sql_int(q, f->v[FIELD_TIME].i);
	else
		sql_z(q, NULL);
}

static struct str topics_text(struct applying *w, const struct fields *f)
{
	struct fields only = {.has = {0}};
	const struct value *v = &f->v[FIELD_TOPICS];

	if (!field_has(f, FIELD_TOPICS))
		return (struct str){NULL, 0};
	field_set_texts(&only, FIELD_TOPICS, v->list.p, v->list.n);
	return record_json(w, &only);
}

static void bind_plan(
	struct applying *w, struct sql_run *q, const struct effect *e)
{
	struct report_period period = report_period(e->fields);
	struct arena *a = w->in->outcome->arena;

	sql_str(q, record_day(w, e->fields, FIELD_DATE));
	bind_minute(q, e->fields);
	sql_str(q, field_text(e->fields, FIELD_PLACE));
	sql_str(q, topics_text(w, e->fields));
	sql_int_or_null(q, field_int(e->fields, FIELD_ITEM_COUNT, 0));
	sql_int(q, e->unit_id);
	sql_str(q, report_kind(e->fields));
	sql_str(q, arena_str(a, str_of(period.z)));
	sql_int_or_null(q, w->in->message_id);
}

/* Its items are there, and close when it begins. */
static int put_to_vote(struct applying *w, int64_t meeting_id)
{
	struct votes_clock k = {
		.now_ms = w->in->now_ms,
		.utc_offset_min = w->in->context->utc_offset_min,
		.late_ms = w->in->vote_late_ms,
	};

	return votes_announced(
		w->s, meeting_id, w->in->message_id, &k, w->in->outcome->arena);
}

int record_announced(struct applying *w, const struct effect *e)
{
	struct sql_run q = sql_start(w->s, SQL_MEETING_REPLAN);
	int64_t id;
	int rc;

	bind_plan(w, &q, e);
	rc = sql_one(&q, &id);
	if (rc == 0) {
		q = sql_start(w->s, SQL_MEETING_ANNOUNCE);
		bind_plan(w, &q, e);
		rc = sql_insert(&q, &id);
	}
	if (rc < 0)
		return -1;
	record_touched(w, e, id);
	return put_to_vote(w, id);
}

int record_postponed(struct applying *w, const struct effect *e)
{
	struct sql_run q = sql_start(w->s, SQL_MEETING_POSTPONE);

	assert(e->subject != 0);
	sql_str(&q, record_day(w, e->fields, FIELD_DATE));
	bind_minute(&q, e->fields);
	sql_str(&q, field_text(e->fields, FIELD_REASON));
	sql_int(&q, e->subject);
	sql_int_or_null(&q, w->in->message_id);
	record_touched(w, e, e->subject);
	return sql_done(&q) < 0 ? -1 : put_to_vote(w, e->subject);
}

int record_no_meeting(struct applying *w, const struct effect *e)
{
	struct report_period period = report_period(e->fields);
	struct sql_run q = sql_start(w->s, SQL_MEETING_CALL_OFF);
	int64_t id;
	int rc;

	sql_str(&q, field_text(e->fields, FIELD_REASON));
	sql_int_or_null(&q, w->in->message_id);
	sql_int(&q, e->unit_id);
	sql_str(&q, report_kind(e->fields));
	sql_z(&q, period.z);
	rc = sql_one(&q, &id);
	if (rc < 0)
		return -1;
	if (rc > 0) {
		record_touched(w, e, id);
		return 0;
	}
	q = sql_start(w->s, SQL_MEETING_NONE);
	sql_int(&q, e->unit_id);
	sql_str(&q, report_kind(e->fields));
	sql_z(&q, period.z);
	sql_str(&q, field_text(e->fields, FIELD_REASON));
	sql_int_or_null(&q, w->in->message_id);
	if (sql_insert(&q, &id) < 0)
		return -1;
	record_touched(w, e, id);
	return 0;
}
