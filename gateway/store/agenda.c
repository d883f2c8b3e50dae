/*
 * agenda - which meeting is it about, and who holds which role there?
 *
 * Read by errands, a few rows each. Writer thread.
 */
#include "gateway/store/agenda.h"

#include "gateway/store/sql.h"

#define DEPTH_MAX 16 /* of the tree of units; a cycle ends here */

static day_t day_at(const struct sql_run *q, int col)
{
	return sql_is_null(q, col) ? DAY_NONE : day_parse(sql_peek(q, col));
}

int agenda_meeting(struct store *s, int64_t id, struct arena *a,
	struct agenda_meeting *ret)
{
	struct sql_run q = sql_start(s, SQL_AGENDA_MEETING);
	int rc;

	sql_int(&q, id);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	*ret = (struct agenda_meeting){
		.id = sql_get_int(&q, 0),
		.unit_id = sql_get_int(&q, 1),
		.unit = sql_get(&q, 2, a),
		.kind = sql_get(&q, 3, a),
		.period = sql_get(&q, 4, a),
		.day = day_at(&q, 5),
		.minute = sql_is_null(&q, 6) ? -1 : (int)sql_get_int(&q, 6),
		.topics = sql_get(&q, 7, a),
		.items = (int)sql_get_int(&q, 8),
		.state = sql_get(&q, 9, a),
		.held = day_at(&q, 10),
		.place = sql_get(&q, 11, a),
		.has_report = sql_get_int(&q, 12) != 0,
		.plan = (int)sql_get_int(&q, 13),
		.reason = sql_get(&q, 14, a),
	};
	sql_stop(&q);
	return 1;
}

int agenda_chain(struct store *s, int64_t unit_id, struct arena *a,
	struct figure_chain *ret)
{
	struct str *v = NULL;
	size_t n = 0;

	*ret = (struct figure_chain){0};
	while (unit_id != 0 && n < DEPTH_MAX) {
		struct sql_run q = sql_start(s, SQL_AGENDA_UNIT);
		int rc;

		sql_int(&q, unit_id);
		rc = sql_next(&q);
		if (rc <= 0)
			return rc;
		v = rows_more(a, v, n, sizeof(*v));
		v[n++] = sql_get(&q, 0, a);
		unit_id = sql_get_int(&q, 1);
		sql_stop(&q);
		*ret = (struct figure_chain){v, n};
	}
	return 0;
}

int agenda_ahead(struct store *s, const struct agenda_ahead *of,
	struct arena *a, struct agenda_planned *ret)
{
	struct day_text day = day_iso(of->from);
	struct sql_run q = sql_start(s, SQL_AGENDA_AHEAD);
	int rc;

	*ret = (struct agenda_planned){0};
	sql_z(&q, day.z);
	sql_str(&q, of->phone);
	sql_int(&q, of->unit_id);
	while ((rc = sql_next(&q)) > 0) {
		ret->v = rows_more(a, ret->v, ret->n, sizeof(*ret->v));
		ret->v[ret->n++] = (struct agenda_planned_one){
			.meeting_id = sql_get_int(&q, 0),
			.plan = (int)sql_get_int(&q, 1),
		};
	}
	return rc;
}

static int read_holders(
	struct sql_run *q, struct arena *a, struct agenda_holders *ret)
{
	int rc;

	while ((rc = sql_next(q)) > 0) {
		ret->v = rows_more(a, ret->v, ret->n, sizeof(*ret->v));
		ret->v[ret->n++] = (struct agenda_holder){
			.phone = sql_get(q, 0, a),
			.language = sql_get(q, 1, a),
		};
	}
	return rc;
}

int agenda_holders(struct store *s, const struct agenda_office *o,
	struct arena *a, struct agenda_holders *ret)
{
	struct day_text day = day_iso(o->on);
	struct sql_run q = sql_start(s, SQL_AGENDA_HOLDERS);

	*ret = (struct agenda_holders){.unit_id = o->unit_id};
	sql_int(&q, o->unit_id);
	sql_z(&q, day.z);
	sql_z(&q, role_str(o->role));
	sql_z(&q, role_str(o->or_role));
	return read_holders(&q, a, ret);
}

int agenda_last_holders(struct store *s, const struct agenda_office *o,
	struct arena *a, struct agenda_holders *ret)
{
	struct sql_run q = sql_start(s, SQL_AGENDA_LAST_HOLDERS);

	*ret = (struct agenda_holders){.unit_id = o->unit_id};
	sql_int(&q, o->unit_id);
	sql_z(&q, role_str(o->role));
	sql_z(&q, role_str(o->or_role));
	return read_holders(&q, a, ret);
}

int agenda_holders_above(struct store *s, const struct agenda_office *o,
	struct arena *a, struct agenda_holders *ret)
{
	struct agenda_office above = *o;

	*ret = (struct agenda_holders){0};
	for (int depth = 0; depth < DEPTH_MAX && ret->n == 0; depth++) {
		struct sql_run q = sql_start(s, SQL_UNIT_PARENT);
		int64_t parent = 0;

		sql_int(&q, above.unit_id);
		if (sql_one(&q, &parent) < 0)
			return -1;
		if (parent == 0)
			return 0;
		above.unit_id = parent;
		if (agenda_holders(s, &above, a, ret) < 0)
			return -1;
	}
	return 0;
}

int agenda_holders_or_staff(struct store *s, const struct agenda_office *o,
	struct arena *a, struct agenda_holders *ret)
{
	struct agenda_office other = *o;

	if (agenda_holders(s, o, a, ret) < 0)
		return -1;
	other.or_role = ROLE_DEPUTY;
	if (ret->n == 0 && o->or_role != ROLE_DEPUTY &&
		agenda_holders(s, &other, a, ret) < 0)
		return -1;
	other.role = other.or_role = ROLE_STAFF;
	return ret->n > 0 ? 0 : agenda_holders_above(s, &other, a, ret);
}
