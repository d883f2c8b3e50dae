/*
 * usage - what was a channel given of late, and why do its texts wait?
 *
 * A row for each minute in which a limited channel was given something, and
 * one for a channel whose texts wait. Rows older than a day go when a new
 * minute begins. Writer thread; the claim's transaction.
 */
#include "gateway/store/usage.h"

#include "gateway/store/sql.h"

#define MINUTE_MS INT64_C(60000)
#define HOUR_MIN INT64_C(60)
#define DAY_MIN INT64_C(1440)

static void read_span(
	const struct sql_run *q, int col, int64_t minutes, struct usage_span *r)
{
	r->all = sql_get_int(q, col);
	r->other = sql_get_int(q, col + 1);
	r->eases_at = (sql_get_int(q, col + 2) + minutes + 1) * MINUTE_MS;
}

int usage_of(
	struct store *s, struct str channel, int64_t now_ms, struct usage *ret)
{
	struct sql_run q = sql_start(s, SQL_USAGE_OF);
	int64_t minute = now_ms / MINUTE_MS;

	*ret = (struct usage){0};
	sql_str(&q, channel);
	sql_int(&q, minute - HOUR_MIN);
	sql_int(&q, minute - DAY_MIN);
	sql_int(&q, minute + HOUR_MIN);
	if (sql_next(&q) <= 0)
		return -1;
	read_span(&q, 0, HOUR_MIN, &ret->hour);
	read_span(&q, 3, DAY_MIN, &ret->day);
	ret->last_at = sql_get_int(&q, 6);
	sql_stop(&q);
	return 0;
}

static int begin_minute(struct store *s, struct str channel, int64_t minute)
{
	struct sql_run q = sql_start(s, SQL_USAGE_FORGET);

	sql_str(&q, channel);
	sql_int(&q, minute - DAY_MIN);
	return sql_done(&q);
}

int usage_add(struct store *s, struct str channel, int64_t now_ms, int64_t n,
	int64_t other)
{
	struct sql_run q = sql_start(s, SQL_USAGE_ADD);
	int64_t minute = now_ms / MINUTE_MS;

	sql_str(&q, channel);
	sql_int(&q, minute);
	sql_int(&q, n);
	sql_int(&q, other);
	sql_int(&q, now_ms);
	if (sql_done(&q) < 0)
		return -1;
	return begin_minute(s, channel, minute);
}

/* What speaks of others alone is kept under the name and "/other": no channel
 * can be called so. */
int usage_wait(struct store *s, const struct usage_wait *w)
{
	struct sql_run q = sql_start(s, SQL_USAGE_WAIT_OVER);

	sql_str(&q, w->channel);
	if (sql_done(&q) < 0)
		return -1;
	if (w->why == NULL)
		return 0;
	q = sql_start(s, SQL_USAGE_WAIT);
	sql_str(&q, w->channel);
	sql_z(&q, w->other ? "/other" : "");
	sql_z(&q, w->why);
	sql_int(&q, w->since_at);
	sql_int(&q, w->until_at);
	return sql_done(&q);
}

int usage_wait_forget(struct store *s)
{
	struct sql_run q = sql_start(s, SQL_USAGE_WAIT_FORGET);

	return sql_done(&q);
}
