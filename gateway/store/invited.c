/*
 * invited - who is told of a meeting, who was, and who answered?
 *
 * One row for a phone and the member that it speaks for; `plan` says of which
 * plan it was told last, `outbox` by which text, so that a text which was
 * overtaken while it waited is not sent (outbox.h, "answer" and "told").
 * Writer thread.
 */
#include "gateway/store/invited.h"

#include "gateway/store/sql.h"

static int read_all(struct sql_run *q, struct arena *a, struct invitees *ret)
{
	int rc;

	*ret = (struct invitees){0};
	while ((rc = sql_next(q)) > 0) {
		ret->v = rows_more(a, ret->v, ret->n, sizeof(*ret->v));
		ret->v[ret->n++] = (struct invitee){
			.id = sql_get_int(q, 0),
			.member_no = (int)sql_get_int(q, 1),
			.phone = sql_get(q, 2, a),
			.language = sql_get(q, 3, a),
			.official = sql_get_int(q, 4) != 0,
			.known = sql_get_int(q, 5) != 0,
			.shared = sql_get_int(q, 6) != 0,
			.asked = sql_get_int(q, 7) != 0,
		};
	}
	return rc;
}

int invited_due(struct store *s, int64_t meeting_id, day_t today,
	struct arena *a, struct invitees *ret)
{
	struct day_text day = day_iso(today);
	struct sql_run q = sql_start(s, SQL_INVITED_DUE);

	sql_int(&q, meeting_id);
	sql_z(&q, day.z);
	return read_all(&q, a, ret);
}

int invited_knowing(struct store *s, int64_t meeting_id, struct arena *a,
	struct invitees *ret)
{
	struct sql_run q = sql_start(s, SQL_INVITED_KNOWING);

	sql_int(&q, meeting_id);
	return read_all(&q, a, ret);
}

int invited_silent(struct store *s, int64_t meeting_id, struct arena *a,
	struct invitees *ret)
{
	struct sql_run q = sql_start(s, SQL_INVITED_SILENT);

	sql_int(&q, meeting_id);
	return read_all(&q, a, ret);
}

int invited_put(struct store *s, int64_t meeting_id, const struct invitee *to,
	int64_t now_ms, int64_t *ret_id)
{
	struct sql_run q = sql_start(s, SQL_INVITED_PUT);

	sql_int(&q, meeting_id);
	sql_int(&q, to->member_no);
	sql_str(&q, to->phone);
	sql_z(&q, to->member_no != 0 ? "member" : "overseer");
	sql_int(&q, now_ms);
	sql_int(&q, to->known);
	return sql_one(&q, ret_id) > 0 ? 0 : -1;
}

int invited_told(struct store *s, int64_t id, int64_t outbox_id)
{
	struct sql_run q = sql_start(s, SQL_INVITED_TOLD);

	sql_int(&q, outbox_id);
	sql_int(&q, id);
	return sql_done(&q);
}

int invited_any(struct store *s, int64_t meeting_id, bool *ret)
{
	struct sql_run q = sql_start(s, SQL_INVITED_ANY);
	int64_t found;
	int rc;

	sql_int(&q, meeting_id);
	rc = sql_one(&q, &found);
	*ret = rc > 0;
	return rc < 0 ? -1 : 0;
}

int invited_settle(struct store *s, int64_t meeting_id, int64_t now_ms)
{
	struct sql_run q = sql_start(s, SQL_INVITED_SETTLE);

	sql_int(&q, now_ms);
	sql_int(&q, meeting_id);
	return sql_done(&q);
}

int invited_lines(struct store *s, int64_t meeting_id, struct arena *a,
	struct invited_lines *ret)
{
	struct sql_run q = sql_start(s, SQL_INVITED_LINES);
	int rc;

	*ret = (struct invited_lines){0};
	sql_int(&q, meeting_id);
	while ((rc = sql_next(&q)) > 0) {
		ret->v = rows_more(a, ret->v, ret->n, sizeof(*ret->v));
		ret->v[ret->n++] = (struct invited_line){
			.official = sql_get_int(&q, 0) != 0,
			.status = sql_get(&q, 1, a),
			.invited = sql_get_int(&q, 2) != 0,
			.answer = sql_get(&q, 3, a),
			.remote = sql_get_int(&q, 4) != 0,
		};
	}
	return rc;
}
