/*
 * delivery - what becomes of a report whose text is not known yet?
 *
 * One that comes before the answer that tells the provider's id is parked, up
 * to a bound, and matched when that answer is stored, in the same
 * transaction; what no answer claims in time is an orphan, told and
 * forgotten. Nothing here queues a text again.
 *
 *   report -> kept | repeated | parked -> kept | repeated | orphan
 *
 * Writer thread, inside its transaction.
 */
#include "gateway/store/delivery.h"

#include "gateway/store/arrival.h"
#include "gateway/store/sql.h"

static int drop_oldest(struct store *s, int64_t newest, int64_t *ret_dropped)
{
	struct sql_run q;

	if (newest <= DELIVERY_PARKED_MAX)
		return 0;
	q = sql_start(s, SQL_DELIVERY_PARKED_CUT);
	sql_int(&q, newest - DELIVERY_PARKED_MAX);
	if (sql_done(&q) < 0)
		return -1;
	*ret_dropped = sqlite3_changes64(s->db);
	return 0;
}

static int park(
	struct store *s, const struct arrival *a, struct delivery_result *ret)
{
	struct sql_run q;
	int64_t id;
	int rc;

	*ret = (struct delivery_result){.fate = DELIVERY_ORPHAN};
	if (a->r.ref.n == 0 && a->r.own.n == 0)
		return 0;
	ret->fate = DELIVERY_PARKED;
	q = sql_start(s, SQL_DELIVERY_PARK);
	sql_str(&q, a->r.channel);
	sql_str(&q, a->r.ref.n > 0 ? a->r.ref : STR(""));
	sql_str(&q, a->r.own.n > 0 ? a->r.own : STR(""));
	sql_int(&q, a->key);
	sql_str(&q, a->r.to);
	sql_z(&q, delivery_says_str(a->r.says));
	sql_str(&q, a->r.said);
	sql_int(&q, a->r.said_at);
	sql_int(&q, a->r.part);
	sql_int(&q, a->r.parts);
	sql_int(&q, a->r.at);
	rc = sql_insert(&q, &id);
	return rc <= 0 ? rc : drop_oldest(s, id, &ret->dropped);
}

int delivery_take(struct store *s, const struct delivery_report *r,
	struct delivery_result *ret)
{
	struct arrival a = arrival_of(r);
	struct subject t;
	int rc = arrival_find(s, &a.r, &t);

	if (rc < 0)
		return -1;
	return rc > 0 ? arrival_apply(s, &t, &a, ret) : park(s, &a, ret);
}

static struct arrival read_parked(const struct sql_run *q, struct arena *a)
{
	return (struct arrival){
		.parked = sql_get_int(q, 0),
		.r.channel = sql_get(q, 1, a),
		.r.ref = sql_get(q, 2, a),
		.r.own = sql_get(q, 3, a),
		.key = sql_get_int(q, 4),
		.r.to = sql_get(q, 5, a),
		.r.says = delivery_says_of(sql_peek(q, 6)),
		.r.said = sql_get(q, 7, a),
		.r.said_at = sql_get_int(q, 8),
		.r.part = (int)sql_get_int(q, 9),
		.r.parts = (int)sql_get_int(q, 10),
		.r.at = sql_get_int(q, 11),
	};
}

struct arrivals {
	struct arrival *v;
	size_t n;
};

/* Rows are collected before any is taken away. */
static int collect(struct sql_run *q, int64_t now_ms, struct arena *a,
	struct arrivals *ret)
{
	int rc;

	*ret = (struct arrivals){0};
	while ((rc = sql_next(q)) > 0) {
		ret->v = rows_more(a, ret->v, ret->n, sizeof(*ret->v));
		ret->v[ret->n] = read_parked(q, a);
		ret->v[ret->n++].matched_at = now_ms;
	}
	return rc;
}

static int forget(struct store *s, const struct arrival *a)
{
	struct sql_run q = sql_start(s, SQL_DELIVERY_UNPARK);

	sql_int(&q, a->parked);
	return sql_done(&q);
}

/* Looks for its text again: 1 and it is parked no more, 0, -1. */
static int match_again(
	struct store *s, const struct arrival *a, struct delivery_result *ret)
{
	struct subject t;
	int rc = arrival_find(s, &a->r, &t);

	*ret = (struct delivery_result){.fate = DELIVERY_ORPHAN};
	if (rc <= 0)
		return rc;
	return forget(s, a) < 0 || arrival_apply(s, &t, a, ret) < 0 ? -1 : 1;
}

/* ---- after an answer ---- */

/* Hardly ever: one look that finds nothing is all that a text pays. */
static int has_early(struct store *s, const struct outbox_result *r)
{
	struct sql_run q = sql_start(s, SQL_DELIVERY_EARLY);
	int64_t one;

	sql_int(&q, r->id);
	sql_str(&q, r->channel);
	sql_str(&q, r->ref);
	return sql_one(&q, &one);
}

static int match_parked(struct store *s, const struct outbox_result *r,
	struct arena *a, struct delivery_result *ret)
{
	struct sql_run q = sql_start(s, SQL_DELIVERY_PARKED_BY_REF);
	struct delivery_result one;
	struct arrivals all;

	sql_str(&q, r->channel);
	sql_str(&q, r->ref);
	sql_int(&q, DELIVERY_REPORTS_MAX); /* the reaper takes the rest */
	if (collect(&q, r->at_ms, a, &all) < 0)
		return -1;
	for (size_t i = 0; i < all.n; i++) {
		if (match_again(s, &all.v[i], &one) < 0)
			return -1;
		if (one.outbox == r->id)
			ret->after = one.after;
	}
	return 0;
}

int delivery_outbox_result(struct store *s, const struct outbox_result *r,
	struct delivery_result *ret)
{
	struct arena *a;
	int rc;

	*ret = (struct delivery_result){.outbox = r->id};
	if (outbox_result(s, r) < 0)
		return -1;
	rc = has_early(s, r);
	if (rc <= 0)
		return rc;
	a = arena_new(2048);
	rc = arrival_weigh_again(s, r, ret);
	if (rc >= 0)
		rc = match_parked(s, r, a, ret);
	arena_free(a);
	return rc;
}

/* ---- after its time ---- */

int delivery_reap(struct store *s, const struct delivery_reaping *p,
	struct arena *a, struct delivery_reaped *ret)
{
	struct sql_run q = sql_start(s, SQL_DELIVERY_PARKED_OLD);
	struct arrivals all;

	*ret = (struct delivery_reaped){0};
	sql_int(&q, p->max);
	sql_int(&q, p->now_ms - p->park_ms);
	sql_int(&q, p->now_ms + p->park_ms); /* the clock was set back */
	if (collect(&q, p->now_ms, a, &all) < 0)
		return -1;
	ret->reports = ARENA_ARRAY(a, struct delivery_report, all.n);
	ret->results = ARENA_ARRAY(a, struct delivery_result, all.n);
	ret->n = all.n;
	for (size_t i = 0; i < all.n; i++) {
		int rc = match_again(s, &all.v[i], &ret->results[i]);

		if (rc == 0)
			rc = forget(s, &all.v[i]);
		if (rc < 0)
			return -1;
		ret->reports[i] = all.v[i].r;
	}
	return 0;
}
