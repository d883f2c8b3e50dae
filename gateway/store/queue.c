/*
 * queue - what waits, what is dead, and may a person change that?
 *
 * Pages of the outbox for people; a dead text is queued again, one that is
 * not wanted any more is cancelled. Each act is a line of the text's story.
 * What was cancelled is `expired`: its time was ended by hand, while `failed`
 * still means that somebody must look.
 *
 *   failed, expired, unsure, held -> queued (requeue)
 *   queued, failed, unsure, held -> expired (cancel)
 */
#include "gateway/store/queue.h"

#include "gateway/store/outbox_read.h"

#include <assert.h>

enum { STATE_COLUMN = 16, WHY_COLUMN, DUTY_COLUMN };

static enum outbox_state state_of(struct str name)
{
	int i = 0;

	while (!str_is(name, outbox_state_str((enum outbox_state)i)))
		i++; /* which asserts that there is such a state */
	return (enum outbox_state)i;
}

struct outbox_row outbox_row_read(const struct sql_run *q, struct arena *a)
{
	return (struct outbox_row){
		.id = sql_get_int(q, 0),
		.to = sql_get(q, 1, a),
		.text = sql_get(q, 2, a),
		.channel = sql_get(q, 3, a),
		.attempts = (int)sql_get_int(q, 4),
		.created_at = sql_get_int(q, 5),
		.due_at = sql_get_int(q, 6),
		.valid_until = sql_get_int(q, 7),
		.message_id = sql_get_int(q, 8),
		.dedupe_key = sql_get(q, 9, a),
		.planned_at = sql_get_int(q, sql_is_null(q, 10) ? 6 : 10),
		.bound = sql_get_int(q, 11) != 0,
		.needs = sql_get(q, 12, a),
		.needs_id = sql_get_int(q, 13),
		.again = (int)sql_get_int(q, 14),
		.lane = sql_get(q, 15, a),
		.duty = sql_get_int(q, DUTY_COLUMN) != 0,
		.state = state_of(sql_peek(q, STATE_COLUMN)),
	};
}

static struct queue_row read_row(const struct sql_run *q, struct arena *a)
{
	return (struct queue_row){
		.row = outbox_row_read(q, a),
		.why = sql_get(q, WHY_COLUMN, a),
	};
}

static struct sql_run start(
	struct store *s, enum sql id, const struct queue_filter *f)
{
	struct sql_run q = sql_start(s, id);

	assert(f->state != OUTBOX_SENT && f->state != OUTBOX_DELIVERED);
	sql_z(&q, outbox_state_str(f->state));
	sql_str(&q, f->lane);
	sql_str(&q, f->channel);
	sql_str(&q, f->to);
	sql_int(&q, f->after);
	return q;
}

int queue_page(struct store *s, const struct queue_filter *f, size_t max,
	struct arena *a, struct queue_page *ret)
{
	bool queued = f->state == OUTBOX_QUEUED;
	struct sql_run q =
		start(s, queued ? SQL_QUEUE_QUEUED : SQL_QUEUE_STUCK, f);
	int rc;

	*ret = (struct queue_page){0};
	sql_int(&q, (int64_t)max);
	while ((rc = sql_next(&q)) > 0) {
		ret->v = rows_more(a, ret->v, ret->n, sizeof(*ret->v));
		ret->v[ret->n++] = read_row(&q, a);
	}
	return rc;
}

int queue_count(struct store *s, const struct queue_filter *f, int64_t *ret)
{
	bool queued = f->state == OUTBOX_QUEUED;
	struct sql_run q = start(
		s, queued ? SQL_QUEUE_QUEUED_COUNT : SQL_QUEUE_STUCK_COUNT, f);

	*ret = 0;
	return sql_one(&q, ret) < 0 ? -1 : 0;
}

int queue_row(
	struct store *s, int64_t id, struct arena *a, struct queue_row *ret)
{
	struct sql_run q = sql_start(s, SQL_QUEUE_ROW);
	int rc;

	sql_int(&q, id);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	*ret = read_row(&q, a);
	sql_stop(&q);
	return 1;
}

/* ---- acts ---- */

static int tell(struct store *s, const struct queue_row *r,
	const struct queue_act *act, const char *verdict)
{
	struct sql_run q = sql_start(s, SQL_OUTBOX_ATTEMPT);
	struct arena *a = arena_new(512);
	int rc;

	sql_int(&q, r->row.id);
	sql_int(&q, act->now_ms);
	sql_z(&q, NULL);
	sql_z(&q, verdict);
	sql_str(&q, arena_printf(a, "by the operator; it was %s%s" STR_FMT,
			    outbox_state_str(r->row.state),
			    r->why.n > 0 ? ": " : "", STR_ARG(r->why)));
	sql_z(&q, NULL);
	rc = sql_done(&q);
	arena_free(a);
	return rc;
}

static int ask_again(struct store *s, int64_t id, const struct queue_act *act)
{
	struct sql_run q = sql_start(s, SQL_QUEUE_ASK_AGAIN);

	sql_int(&q, id);
	sql_int(&q, act->now_ms + act->question_ms);
	return sql_done(&q);
}

static int queue_again(
	struct store *s, const struct queue_row *r, const struct queue_act *act)
{
	struct sql_run q = sql_start(s, SQL_QUEUE_AGAIN);
	int64_t valid_ms = outbox_is_reply(&r->row) ? act->reply_valid_ms
						    : act->other_valid_ms;

	sql_int(&q, r->row.id);
	sql_int(&q, act->now_ms);
	sql_int(&q, act->now_ms + valid_ms);
	if (sql_done(&q) < 0)
		return -1;
	return ask_again(s, r->row.id, act) < 0 ? -1
						: tell(s, r, act, "requeued");
}

static const char *never_again(enum outbox_state state, bool twice)
{
	static const char *const why[OUTBOX_STATE_N] = {
		[OUTBOX_QUEUED] = "it is queued already",
		[OUTBOX_SENDING] = "it is being sent at this moment",
		[OUTBOX_SENT] = "it was sent; its provider has it",
		[OUTBOX_DELIVERED] = "it was delivered",
	};

	if (state == OUTBOX_UNSURE && !twice)
		return "it may have been sent, and would then arrive twice; "
		       "--yes queues it all the same";
	return why[state];
}

int queue_requeue(struct store *s, int64_t id, const struct queue_act *act,
	struct queue_done *ret)
{
	struct arena *a = arena_new(2048);
	struct outbox_decision d = {.fate = OUTBOX_TAKE};
	struct queue_row r = {.why = {NULL, 0}};
	int rc = queue_row(s, id, a, &r);

	*ret = (struct queue_done){.refused = "there is no such text"};
	if (rc > 0) {
		ret->before = r.row.state;
		ret->refused = never_again(r.row.state, act->twice);
		if (ret->refused == NULL) {
			rc = outbox_relevant(s, &r.row, 0, &d);
			ret->refused = d.why;
		}
	}
	if (rc >= 0 && ret->refused == NULL)
		rc = queue_again(s, &r, act);
	arena_free(a);
	return rc < 0 ? -1 : 0;
}

static int cancel(
	struct store *s, const struct queue_row *r, const struct queue_act *act)
{
	struct sql_run q = sql_start(s, SQL_QUEUE_CANCEL);

	sql_int(&q, r->row.id);
	return sql_done(&q) < 0 ? -1 : tell(s, r, act, "cancelled");
}

int queue_cancel(struct store *s, int64_t id, const struct queue_act *act,
	struct queue_done *ret)
{
	static const char *const too_late[OUTBOX_STATE_N] = {
		[OUTBOX_SENDING] = "it is being sent at this moment",
		[OUTBOX_SENT] = "it was sent; what left cannot be called back",
		[OUTBOX_DELIVERED] = "it was delivered",
		[OUTBOX_EXPIRED] = "it has expired already",
	};
	struct arena *a = arena_new(2048);
	struct queue_row r = {.why = {NULL, 0}};
	int rc = queue_row(s, id, a, &r);

	*ret = (struct queue_done){.refused = "there is no such text"};
	if (rc > 0) {
		ret->before = r.row.state;
		ret->refused = too_late[r.row.state];
		if (ret->refused == NULL)
			rc = cancel(s, &r, act);
	}
	arena_free(a);
	return rc < 0 ? -1 : 0;
}
