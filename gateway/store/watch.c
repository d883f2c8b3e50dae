/*
 * watch - which members are due to be asked about?
 *
 * Changes of the roll that count, a member as it stands, and absences in a
 * row from the lines of attendance. Writer thread.
 */
#include "gateway/store/watch.h"

#include "gateway/store/report.h"
#include "gateway/store/sql.h"

int watch_events(struct store *s, int64_t id, int64_t proposal, struct arena *a,
	struct watch_events *ret)
{
	struct sql_run q =
		sql_start(s, id != 0 ? SQL_WATCH_EVENT : SQL_WATCH_PROPOSAL);
	struct watch_event *v = NULL;
	size_t n = 0;
	int rc;

	sql_int(&q, id != 0 ? id : proposal);
	while ((rc = sql_next(&q)) > 0) {
		v = rows_more(a, v, n, sizeof(*v));
		v[n] = (struct watch_event){
			.id = sql_get_int(&q, 0),
			.member_id = sql_get_int(&q, 1),
			.unit_id = sql_get_int(&q, 2),
			.event = sql_get(&q, 3, a),
			.created_at = sql_get_int(&q, 5),
		};
		if (report_json(s, sql_peek(&q, 4), a, &v[n++].fields) < 0) {
			sql_stop(&q);
			return -1;
		}
	}
	*ret = (struct watch_events){v, n};
	return rc;
}

int watch_member(
	struct store *s, int64_t id, struct arena *a, struct watch_member *ret)
{
	struct sql_run q = sql_start(s, SQL_WATCH_MEMBER);
	int rc;

	sql_int(&q, id);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	*ret = (struct watch_member){
		.unit_id = sql_get_int(&q, 0),
		.no = (int)sql_get_int(&q, 1),
		.unit = sql_get(&q, 2, a),
		.status = sql_get(&q, 3, a),
		.standing = sql_get(&q, 4, a),
		.on_roll = sql_get_int(&q, 5) != 0,
	};
	sql_stop(&q);
	return 1;
}

/* The member's lines in the last regular meetings of the unit, newest meeting
 * first: how many of them in a row are without excuse? */
static int missed_in_row(
	struct store *s, int64_t meeting, int no, int max, int *ret)
{
	struct sql_run q = sql_start(s, SQL_WATCH_LINES);
	int rc;

	*ret = 0;
	sql_int(&q, meeting);
	sql_int(&q, no);
	sql_int(&q, max);
	while ((rc = sql_next(&q)) > 0) {
		if (!str_is(sql_peek(&q, 0), "unexcused")) {
			sql_stop(&q);
			return 0;
		}
		(*ret)++;
	}
	return rc;
}

/* Who missed the meeting itself. */
static int load_missed(struct store *s, int64_t meeting, struct arena *a,
	struct watch_absences *ret)
{
	struct sql_run q = sql_start(s, SQL_WATCH_MISSED);
	int *v = NULL;
	int rc;

	*ret = (struct watch_absences){0};
	sql_int(&q, meeting);
	while ((rc = sql_next(&q)) > 0) {
		v = rows_more(a, v, ret->n, sizeof(*v));
		v[ret->n++] = (int)sql_get_int(&q, 0);
		ret->v = v;
		ret->unit = sql_get(&q, 1, a);
	}
	return rc;
}

int watch_absences(struct store *s, int64_t meeting_id, int n, struct arena *a,
	struct watch_absences *ret)
{
	struct watch_absences all;
	int *v, row;

	if (load_missed(s, meeting_id, a, &all) < 0)
		return -1;
	v = ARENA_ARRAY(a, int, all.n);
	*ret = (struct watch_absences){.unit = all.unit, .v = v};
	for (size_t i = 0; i < all.n; i++) {
		if (missed_in_row(s, meeting_id, all.v[i], n + 1, &row) < 0)
			return -1;
		if (row == n)
			v[ret->n++] = all.v[i];
	}
	return 0;
}
