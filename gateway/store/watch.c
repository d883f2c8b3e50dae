/*
 * watch - which members are due to be asked about?
 *
 * Changes of the roll that count, a member as it stands, and absences within
 * a year from the lines of attendance. Writer thread.
 */
#include "gateway/store/watch.h"

#include "gateway/store/report.h"
#include "gateway/store/sql.h"

#include <stdio.h>

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
		/* Of who was erased nothing but the change is known. */
		if (sql_is_null(&q, 4)) {
			n++;
			continue;
		}
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

/* In how many months after `after` was the member missed without excuse? */
static int missed_months(struct store *s, int64_t meeting, int no,
	const char *after, int64_t *ret)
{
	struct sql_run q = sql_start(s, SQL_WATCH_MONTHS);

	sql_int(&q, meeting);
	sql_int(&q, no);
	sql_z(&q, after);
	return sql_one(&q, ret) < 0 ? -1 : 0;
}

/* The same month of the year before: "2025-11". */
struct month_text {
	char z[16];
};
static struct month_text year_before(struct str period)
{
	struct month_text t;
	int year = 0;

	for (size_t i = 0; i < 4 && i < period.n; i++)
		year = year * 10 + (period.p[i] - '0');
	(void)snprintf(t.z, sizeof(t.z), "%04d" STR_FMT, year - 1,
		STR_ARG(str_part(period, 4, 3)));
	return t;
}

/* Who missed the meeting itself. */
static int load_missed(struct store *s, int64_t meeting, struct arena *a,
	struct watch_absences *ret, struct month_text *ret_after)
{
	struct sql_run q = sql_start(s, SQL_WATCH_MISSED);
	int *v = NULL;
	int rc;

	*ret = (struct watch_absences){0};
	*ret_after = (struct month_text){""};
	sql_int(&q, meeting);
	while ((rc = sql_next(&q)) > 0) {
		v = rows_more(a, v, ret->n, sizeof(*v));
		v[ret->n++] = (int)sql_get_int(&q, 0);
		ret->v = v;
		ret->unit = sql_get(&q, 1, a);
		*ret_after = year_before(sql_peek(&q, 2));
	}
	return rc;
}

int watch_absences(struct store *s, int64_t meeting_id, int n, struct arena *a,
	struct watch_absences *ret)
{
	struct watch_absences all;
	struct month_text after;
	int64_t months;
	int *v;

	if (load_missed(s, meeting_id, a, &all, &after) < 0)
		return -1;
	v = ARENA_ARRAY(a, int, all.n);
	*ret = (struct watch_absences){.unit = all.unit, .v = v};
	for (size_t i = 0; i < all.n; i++) {
		if (missed_months(s, meeting_id, all.v[i], after.z, &months) <
			0)
			return -1;
		if (months == n)
			v[ret->n++] = all.v[i];
	}
	return 0;
}
