/*
 * outbox - what waits, and what became of it?
 *
 * The table is the queue. A row is claimed (outbox_claim.c), and every attempt
 * ends in one result.
 *
 *   queued -> sending -> sent -> delivered
 *             sending -> queued (temporary, or refused: by another channel)
 *                        | failed | unsure
 *   queued -> expired | held | failed (when its turn came, with its reason)
 *   a late "sent" still moves queued and unsure, a late "failed" unsure;
 *   what has ended otherwise never moves back (reports: delivery.c)
 *
 * Writer thread; outbox_next_due and outbox_counts also on the reader.
 */
#include "gateway/store/outbox.h"

#include "gateway/store/consent.h"
#include "gateway/store/sql.h"

#include <assert.h>

#define STATE_NAME(id, name) name,

static const char *const state_name[] = {OUTBOX_STATES(STATE_NAME)};

static const char *const lanes[] = {"reply", "urgent", "bulk"};

#define LANES_N (sizeof(lanes) / sizeof(lanes[0]))

const char *outbox_state_str(enum outbox_state s)
{
	assert(s < OUTBOX_STATE_N);
	return state_name[s];
}

static bool is_lane(struct str name)
{
	for (size_t i = 0; i < LANES_N; i++)
		if (str_is(name, lanes[i]))
			return true;
	return false;
}

bool outbox_is_reply(const struct outbox_row *row)
{
	return str_is(row->lane, lanes[0]);
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
	sql_str(&q, row->needs);
	sql_int_or_null(&q, row->needs_id);
	sql_int_or_null(&q, row->errand_id);
	sql_int_or_null(&q, row->duty);
	return sql_insert(&q, ret_id) < 0 ? -1 : 0;
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

static int add_attempt(
	struct store *s, const struct outbox_result *r, const char *verdict)
{
	struct sql_run q = sql_start(s, SQL_OUTBOX_ATTEMPT);

	sql_int(&q, r->id);
	sql_int(&q, r->at_ms);
	sql_str(&q, r->channel);
	sql_z(&q, verdict);
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

int outbox_opt_out(struct store *s, int64_t id, int64_t at_ms)
{
	struct sql_run q = sql_start(s, SQL_OUTBOX_OPT_OUT);

	sql_int(&q, id);
	sql_int(&q, at_ms);
	if (sql_done(&q) < 0)
		return -1;
	return sqlite3_changes64(s->db) == 0 ? 0
					     : consent_refused(s, id, at_ms);
}

/* The first of the others that has not refused it; 1, 0 (none), -1. */
static int pass_on(
	struct store *s, const struct outbox_result *r, struct str *ret)
{
	int rc;

	for (size_t i = 0; i < r->others_n; i++) {
		struct sql_run q = sql_start(s, SQL_OUTBOX_REFUSED);
		int64_t found;

		sql_int(&q, r->id);
		sql_str(&q, r->others[i]);
		rc = sql_one(&q, &found);
		if (rc < 0)
			return -1;
		if (rc == 0) {
			*ret = r->others[i];
			return 1;
		}
	}
	return 0;
}

/* As pass_on; who wants no more texts wants none by any channel. */
static int refuse(
	struct store *s, const struct outbox_result *r, struct str *ret)
{
	return r->opted_out ? outbox_opt_out(s, r->id, r->at_ms)
			    : pass_on(s, r, ret);
}

/* 1; 0: a report had moved it on before; -1. */
static int write_result(struct store *s, const struct outbox_result *r)
{
	struct sql_run q = sql_start(s, SQL_OUTBOX_RESULT);

	sql_int(&q, r->id);
	sql_z(&q, outbox_state_str(r->state));
	sql_str(&q, r->channel);
	sql_str(&q, r->ref);
	sql_str(&q, r->why);
	sql_int(&q, r->due_at);
	sql_int(&q, r->at_ms);
	sql_int_or_null(&q, r->parts);
	sql_int_or_null(&q, r->bound);
	if (sql_done(&q) < 0)
		return -1;
	return sqlite3_changes64(s->db) != 0;
}

int outbox_result(struct store *s, const struct outbox_result *r)
{
	struct outbox_result now = *r;
	const char *verdict = r->state == OUTBOX_QUEUED
				      ? "temporary"
				      : outbox_state_str(r->state);
	int rc = 0;

	assert(r->state == OUTBOX_SENT || r->state == OUTBOX_QUEUED ||
		r->state == OUTBOX_FAILED || r->state == OUTBOX_UNSURE);
	if (r->state == OUTBOX_FAILED)
		rc = refuse(s, r, &now.channel);
	if (rc > 0) {
		now.state = OUTBOX_QUEUED;
		now.due_at = r->at_ms;
		verdict = "refused";
	}
	if (rc >= 0)
		rc = write_result(s, &now);
	if (rc < 0 || (rc == 0 && note(s, r) < 0))
		return -1;
	if (r->became != NULL)
		*r->became = now.state;
	return add_attempt(s, r, verdict);
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
	q = sql_start(s, SQL_OUTBOX_INTERRUPTED);
	sql_int(&q, now_ms);
	if (sql_done(&q) < 0)
		return -1;
	if (requeue(s, SQL_OUTBOX_RECOVER_LANE, now_ms, STR("reply"), n) < 0)
		return -1;
	for (size_t i = 0; i < idempotent_n; i++)
		if (requeue(s, SQL_OUTBOX_RECOVER_CHANNEL, now_ms,
			    idempotent[i], n) < 0)
			return -1;
	q = sql_start(s, SQL_OUTBOX_RECOVER_REST);
	return recover(&q, &ret->unsure);
}

int outbox_clock_back(struct store *s, int64_t now_ms, int64_t try_max_ms)
{
	struct sql_run q = sql_start(s, SQL_OUTBOX_CLOCK_BACK);

	sql_int(&q, now_ms);
	sql_int(&q, try_max_ms);
	return sql_done(&q);
}

int outbox_next_due(struct store *s, int64_t after_ms, int64_t *ret)
{
	struct sql_run q = sql_start(s, SQL_OUTBOX_NEXT_DUE);

	*ret = INT64_MAX;
	sql_int(&q, after_ms);
	for (size_t i = 0; i < LANES_N; i++)
		sql_z(&q, lanes[i]);
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
