/*
 * outbox - which text goes next, and what became of it?
 *
 * The table is the queue. A row is claimed (sending, committed before the
 * request leaves), and every attempt ends in one result. Texts of one
 * recipient go one at a time and, within a lane, in the order in which they
 * were made: one that waits for its next try holds back those behind it.
 *
 *   queued -> sending -> sent -> delivered
 *             sending -> queued (temporary) | failed | unsure
 *   queued -> expired (found past valid_until when its turn came)
 *   a late "sent" still moves queued and unsure, a late "failed" unsure;
 *   what has ended otherwise never moves back (reports: delivery.c)
 *
 * Writer thread; outbox_next_due and outbox_counts also on the reader.
 */
#include "gateway/store/outbox.h"

#include "gateway/store/sql.h"

#include <assert.h>

#define STATE_NAME(id, name) name,

static const char *const state_name[] = {OUTBOX_STATES(STATE_NAME)};

static const struct {
	const char *name;
	bool any_time; /* also outside the send window */
} lanes[] = {{"reply", true}, {"urgent", false}, {"bulk", false}};

#define LANES_N (sizeof(lanes) / sizeof(lanes[0]))

const char *outbox_state_str(enum outbox_state s)
{
	assert(s < OUTBOX_STATE_N);
	return state_name[s];
}

static bool is_lane(struct str name)
{
	for (size_t i = 0; i < LANES_N; i++)
		if (str_is(name, lanes[i].name))
			return true;
	return false;
}

int outbox_add(struct store *s, const struct outbox_row *row, int64_t *ret_id)
{
	struct sql_run q = sql_start(s, SQL_OUTBOX_PUT);

	assert(is_lane(row->lane) && row->to.n > 0 && row->text.p != NULL);
	*ret_id = 0;
	sql_str(&q, row->to);
	sql_str(&q, row->text);
	sql_str(&q, row->lane);
	sql_str(&q, row->channel);
	sql_int(&q, row->created_at);
	sql_int(&q, row->due_at);
	sql_int(&q, row->valid_until);
	sql_str(&q, row->dedupe_key);
	sql_int_or_null(&q, row->message_id);
	return sql_insert(&q, ret_id) < 0 ? -1 : 0;
}

struct claiming {
	struct store *s;
	const struct outbox_claim *c;
	struct arena *a;
	struct outbox_row *v;
	size_t n;
	int64_t *expired;
	size_t expired_n;
};

/* In another lane of this very claim. */
static bool is_taken(const struct claiming *w, struct str to)
{
	for (size_t i = 0; i < w->n; i++)
		if (str_eq(w->v[i].to, to))
			return true;
	return false;
}

static struct outbox_row read_row(
	const struct sql_run *q, const char *lane, struct arena *a)
{
	return (struct outbox_row){
		.id = sql_get_int(q, 0),
		.to = sql_get(q, 1, a),
		.text = sql_get(q, 2, a),
		.lane = str_of(lane),
		.channel = sql_get(q, 3, a),
		.state = OUTBOX_SENDING,
		.attempts = (int)sql_get_int(q, 4) + 1,
		.created_at = sql_get_int(q, 5),
		.due_at = sql_get_int(q, 6),
		.valid_until = sql_get_int(q, 7),
		.message_id = sql_get_int(q, 8),
		.dedupe_key = sql_get(q, 9, a),
	};
}

static void consider(
	struct claiming *w, const struct sql_run *q, const char *lane)
{
	if (sql_get_int(q, 7) <= w->c->now_ms) {
		w->expired = rows_more(
			w->a, w->expired, w->expired_n, sizeof(*w->expired));
		w->expired[w->expired_n++] = sql_get_int(q, 0);
		return;
	}
	if (is_taken(w, sql_peek(q, 1)))
		return;
	w->v = rows_more(w->a, w->v, w->n, sizeof(*w->v));
	w->v[w->n++] = read_row(q, lane, w->a);
}

/* Rows are only collected while the index they come from is read. */
static int pick(struct claiming *w, const char *lane, struct str channel)
{
	struct sql_run q = sql_start(w->s, SQL_OUTBOX_DUE);
	int rc = 1;

	sql_str(&q, channel);
	sql_z(&q, lane);
	sql_int(&q, w->c->now_ms);
	while (w->n < w->c->max && (rc = sql_next(&q)) > 0)
		consider(w, &q, lane);
	if (rc > 0)
		sql_stop(&q);
	return rc < 0 ? -1 : 0;
}

static int pick_lane(struct claiming *w, const char *lane,
	const struct str *channels, size_t n)
{
	for (size_t i = 0; i < n && w->n < w->c->max; i++)
		if (pick(w, lane, channels[i]) < 0)
			return -1;
	return 0;
}

int outbox_channels(
	struct store *s, struct arena *a, struct str **ret, size_t *ret_n)
{
	struct sql_run q = sql_start(s, SQL_OUTBOX_CHANNELS);
	int rc;

	*ret = NULL;
	*ret_n = 0;
	while ((rc = sql_next(&q)) > 0) {
		*ret = rows_more(a, *ret, *ret_n, sizeof(**ret));
		(*ret)[(*ret_n)++] = sql_get(&q, 0, a);
	}
	return rc;
}

static int move(struct store *s, enum sql id, int64_t row)
{
	struct sql_run q = sql_start(s, id);

	sql_int(&q, row);
	return sql_done(&q);
}

int outbox_claim(struct store *s, const struct outbox_claim *c, struct arena *a,
	struct outbox_row **ret, size_t *ret_n)
{
	struct claiming w = {.s = s, .c = c, .a = a};
	const struct str *channels = c->channels;
	size_t n = c->channels_n;
	struct str *all;

	if (channels == NULL) {
		if (outbox_channels(s, a, &all, &n) < 0)
			return -1;
		channels = all;
	}
	for (size_t i = 0; i < LANES_N; i++)
		if ((lanes[i].any_time || c->window_open) &&
			pick_lane(&w, lanes[i].name, channels, n) < 0)
			return -1;
	for (size_t i = 0; i < w.expired_n; i++)
		if (move(s, SQL_OUTBOX_EXPIRE, w.expired[i]) < 0)
			return -1;
	for (size_t i = 0; i < w.n; i++)
		if (move(s, SQL_OUTBOX_TAKE, w.v[i].id) < 0)
			return -1;
	*ret = w.v;
	*ret_n = w.n;
	return 0;
}

static int add_attempt(struct store *s, const struct outbox_result *r)
{
	struct sql_run q = sql_start(s, SQL_OUTBOX_ATTEMPT);

	sql_int(&q, r->id);
	sql_int(&q, r->at_ms);
	sql_str(&q, r->channel);
	sql_z(&q, r->state == OUTBOX_QUEUED ? "temporary"
					    : outbox_state_str(r->state));
	sql_str(&q, r->why);
	sql_str(&q, r->ref);
	return sql_done(&q);
}

/* What the answer told of a text that a report had moved on before. */
static int note(struct store *s, const struct outbox_result *r)
{
	struct sql_run q = sql_start(s, SQL_OUTBOX_NOTE);

	sql_int(&q, r->id);
	sql_str(&q, r->channel);
	sql_str(&q, r->ref);
	sql_int_or_null(&q, r->parts);
	return sql_done(&q);
}

int outbox_result(struct store *s, const struct outbox_result *r)
{
	struct sql_run q = sql_start(s, SQL_OUTBOX_RESULT);

	assert(r->state == OUTBOX_SENT || r->state == OUTBOX_QUEUED ||
		r->state == OUTBOX_FAILED || r->state == OUTBOX_UNSURE);
	sql_int(&q, r->id);
	sql_z(&q, outbox_state_str(r->state));
	sql_str(&q, r->channel);
	sql_str(&q, r->ref);
	sql_str(&q, r->why);
	sql_int(&q, r->due_at);
	sql_int(&q, r->at_ms);
	sql_int_or_null(&q, r->parts);
	if (sql_done(&q) < 0)
		return -1;
	if (sqlite3_changes64(s->db) == 0 && note(s, r) < 0)
		return -1;
	return add_attempt(s, r);
}

/* *count grows by the rows that moved. */
static int recover(struct sql_run *q, size_t *count)
{
	if (sql_done(q) < 0)
		return -1;
	*count += (size_t)sqlite3_changes64(q->s->db);
	return 0;
}

static int requeue(struct store *s, enum sql id, int64_t now_ms,
	struct str name, size_t *count)
{
	struct sql_run q = sql_start(s, id);

	sql_int(&q, now_ms);
	sql_str(&q, name);
	return recover(&q, count);
}

int outbox_recover(struct store *s, int64_t now_ms,
	const struct str *idempotent, size_t idempotent_n,
	struct outbox_recovered *ret)
{
	size_t *n = &ret->requeued;
	struct sql_run q;

	*ret = (struct outbox_recovered){0};
	if (requeue(s, SQL_OUTBOX_RECOVER_LANE, now_ms, STR("reply"), n) < 0)
		return -1;
	for (size_t i = 0; i < idempotent_n; i++)
		if (requeue(s, SQL_OUTBOX_RECOVER_CHANNEL, now_ms,
			    idempotent[i], n) < 0)
			return -1;
	q = sql_start(s, SQL_OUTBOX_RECOVER_REST);
	return recover(&q, &ret->unsure);
}

int outbox_next_due(struct store *s, int64_t after_ms, int64_t *ret)
{
	struct sql_run q = sql_start(s, SQL_OUTBOX_NEXT_DUE);

	*ret = INT64_MAX;
	sql_int(&q, after_ms);
	for (size_t i = 0; i < LANES_N; i++)
		sql_z(&q, lanes[i].name);
	if (sql_next(&q) < 0)
		return -1;
	if (!sql_is_null(&q, 0))
		*ret = sql_get_int(&q, 0);
	sql_stop(&q);
	return 0;
}

static void count(struct outbox_counts *ret, const struct sql_run *q)
{
	struct str name = sql_peek(q, 0);

	for (int i = 0; i < OUTBOX_STATE_N; i++)
		if (str_is(name, state_name[i]))
			ret->by_state[i] = sql_get_int(q, 1);
	if (str_is(name, state_name[OUTBOX_QUEUED]))
		ret->oldest_due_at = sql_get_int(q, 2);
}

int outbox_counts(struct store *s, struct outbox_counts *ret)
{
	static const enum sql statements[] = {
		SQL_OUTBOX_COUNT_QUEUED, SQL_OUTBOX_COUNT_STUCK};

	*ret = (struct outbox_counts){0};
	for (size_t i = 0; i < 2; i++) {
		struct sql_run q = sql_start(s, statements[i]);
		int rc;

		while ((rc = sql_next(&q)) > 0)
			count(ret, &q);
		if (rc < 0)
			return -1;
	}
	return 0;
}
