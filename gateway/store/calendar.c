/*
 * calendar - of whom is a month asked, and what does it have so far?
 *
 * Nothing is planned for a unit before its day: who is there, who holds which
 * role and what is reported are read when an errand of the whole calendar is
 * due and laid out. So units that begin, end or are imported need no new
 * plan. Writer thread.
 */
#include "gateway/store/calendar.h"

#include "gateway/store/sql.h"

#include <assert.h>

int calendar_drop(struct store *s, int64_t now_ms)
{
	struct sql_run q = sql_start(s, SQL_CALENDAR_DROP);

	sql_int(&q, now_ms);
	return sql_done(&q);
}

int calendar_lay_out(struct store *s, const struct errand *e,
	const struct calendar_scope *scope)
{
	struct day_text last = day_iso(scope->last);
	struct sql_run q = sql_start(s, SQL_CALENDAR_UNITS);

	assert(e->id != 0 && e->unit_id == 0);
	sql_z(&q, last.z);
	sql_int(&q, scope->known_before);
	sql_int(&q, e->id);
	return sql_done(&q);
}

int calendar_lay_out_staff(struct store *s, const struct errand *e, day_t on)
{
	struct day_text day = day_iso(on);
	struct sql_run q = sql_start(s, SQL_CALENDAR_STAFF);

	assert(e->id != 0 && e->unit_id == 0);
	sql_z(&q, day.z);
	sql_int(&q, e->id);
	return sql_done(&q);
}

int calendar_month(struct store *s, const struct calendar_month_query *query,
	struct arena *a, struct calendar_month *ret)
{
	struct day_text due_from = day_iso(query->due_from);
	struct day_text today = day_iso(query->today);
	struct sql_run q = sql_start(s, SQL_CALENDAR_MONTH);
	int rc;

	sql_int(&q, query->unit_id);
	sql_str(&q, query->period);
	sql_z(&q, due_from.z);
	sql_z(&q, today.z);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	*ret = (struct calendar_month){
		.unit = sql_get(&q, 0, a),
		.has_date = sql_get_int(&q, 1) != 0,
		.is_settled = sql_get_int(&q, 2) != 0,
		.is_there = sql_get_int(&q, 3) != 0,
	};
	sql_stop(&q);
	return 1;
}
