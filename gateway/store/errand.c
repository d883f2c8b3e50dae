/*
 * errand - what is to be done by itself, and when?
 *
 * A sorted set in the store: an index over what waits, by due time. A run id
 * is unique for ever, so whatever plans twice or ticks twice does nothing the
 * second time.
 *
 *   waiting -> done | missed | void;  void -> waiting (planned again)
 */
#include "gateway/store/errand.h"

#include "gateway/store/sql.h"

#include <assert.h>

int errand_put(struct store *s, const struct errand *e)
{
	struct sql_run q = sql_start(s, SQL_ERRAND_PUT);

	assert(e->run_id.n > 0 && e->kind < ERRAND_KINDS);
	sql_str(&q, e->run_id);
	sql_z(&q, errand_kind_str(e->kind));
	sql_int(&q, e->due_at);
	sql_int_or_null(&q, e->unit_id);
	sql_int_or_null(&q, e->meeting_id);
	sql_int_or_null(&q, e->subject);
	sql_str(&q, e->period);
	return sql_done(&q);
}

static int drop_waiting(struct store *s, const struct errand_plan *p)
{
	struct sql_run q;

	if (p->meeting_id != 0) {
		q = sql_start(s, SQL_ERRAND_DROP_MEETING);
		sql_int(&q, p->meeting_id);
	} else {
		q = sql_start(s, SQL_ERRAND_DROP_SUBJECT);
		sql_z(&q, errand_kind_str(p->kind));
		sql_int(&q, p->subject);
	}
	return sql_done(&q);
}

int errand_replan(struct store *s, const struct errand_plan *p)
{
	if (drop_waiting(s, p) < 0)
		return -1;
	for (size_t i = 0; i < p->n; i++)
		if (errand_put(s, &p->v[i]) < 0)
			return -1;
	return 0;
}

static struct errand errand_read(const struct sql_run *q, struct arena *a)
{
	return (struct errand){
		.id = sql_get_int(q, 0),
		.run_id = sql_get(q, 1, a),
		.kind = errand_kind_parse(sql_peek(q, 2)),
		.due_at = sql_get_int(q, 3),
		.unit_id = sql_get_int(q, 4),
		.meeting_id = sql_get_int(q, 5),
		.subject = sql_get_int(q, 6),
		.period = sql_get(q, 7, a),
	};
}

static int read_all(struct sql_run *q, struct arena *a, struct errand_list *ret)
{
	int rc;

	*ret = (struct errand_list){0};
	while ((rc = sql_next(q)) > 0) {
		ret->v = rows_more(a, ret->v, ret->n, sizeof(*ret->v));
		ret->v[ret->n++] = errand_read(q, a);
	}
	return rc;
}

int errand_due(struct store *s, int64_t now_ms, size_t max, struct arena *a,
	struct errand_list *ret)
{
	struct sql_run q = sql_start(s, SQL_ERRAND_DUE);

	sql_int(&q, now_ms);
	sql_int(&q, (int64_t)max);
	return read_all(&q, a, ret);
}

int errand_due_alike(struct store *s, const struct errand *e, int64_t now_ms,
	struct arena *a, struct errand_list *ret)
{
	struct sql_run q = sql_start(s, SQL_ERRAND_DUE_ALIKE);

	sql_int(&q, now_ms);
	sql_z(&q, errand_kind_str(e->kind));
	sql_int(&q, ERRAND_ALIKE_MAX);
	return read_all(&q, a, ret);
}

int errand_join(struct store *s, int64_t id, int64_t by)
{
	struct sql_run q = sql_start(s, SQL_ERRAND_JOIN);

	sql_int(&q, by);
	sql_int(&q, id);
	return sql_done(&q);
}

int errand_waits(struct store *s, int64_t id)
{
	struct sql_run q = sql_start(s, SQL_ERRAND_WAITS);
	int64_t found;

	sql_int(&q, id);
	return sql_one(&q, &found);
}

int errand_is_outrun(
	struct store *s, const struct errand *e, int64_t now_ms, bool *ret)
{
	struct sql_run q = sql_start(s, SQL_ERRAND_OUTRUN);
	int64_t found;
	int rc;

	sql_z(&q, errand_kind_str(e->kind));
	sql_int(&q, e->due_at);
	sql_int(&q, now_ms);
	sql_int(&q, e->unit_id);
	sql_int(&q, e->meeting_id);
	sql_int(&q, e->subject);
	rc = sql_one(&q, &found);
	*ret = rc > 0;
	return rc < 0 ? -1 : 0;
}

int errand_end(struct store *s, int64_t id, enum errand_end end,
	const char *why, int64_t now_ms)
{
	static const char *const name[] = {
		[ERRAND_DONE] = "done",
		[ERRAND_MISSED] = "missed",
		[ERRAND_VOID] = "void",
	};
	struct sql_run q = sql_start(s, SQL_ERRAND_END);

	sql_z(&q, name[end]);
	sql_int(&q, now_ms);
	sql_z(&q, why);
	sql_int(&q, id);
	return sql_done(&q);
}

int errand_next(struct store *s, int64_t *ret)
{
	struct sql_run q = sql_start(s, SQL_ERRAND_NEXT);

	*ret = INT64_MAX;
	return sql_one(&q, ret) < 0 ? -1 : 0;
}
