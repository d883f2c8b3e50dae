/*
 * outbox_claim - which texts go next?
 *
 * Rows are claimed (sending) and committed before a request leaves. Texts of
 * one recipient go one at a time and, within a lane, in the order in which
 * they were made: one that waits for its next try holds back those behind it.
 * Rows are only collected while the index they come from is read, and moved
 * behind it. Writer thread; the claim's transaction.
 */
#include "gateway/store/outbox.h"

#include "gateway/store/outbox_read.h"
#include "gateway/store/sql.h"

#include <assert.h>

#define ENDS_MAX 250 /* in one claim: they delay nobody's commit */
#define DAY_MS INT64_C(86400000)
#define LATER_MAX 64 /* recipients that were served last, remembered */
#define LEFT_MAX 500 /* rows read for nothing: they go another way */

static const struct {
	const char *name;
	bool any_time; /* also outside the send window */
} lanes[] = {{"reply", true}, {"urgent", false}, {"bulk", false}};

enum { REPLY, URGENT, BULK, LANES_N };

/* A row that does not leave. */
struct move {
	int64_t id;
	struct outbox_decision to;
};

struct claiming {
	struct store *s;
	const struct outbox_claim *c;
	const struct str *channels;
	size_t channels_n;
	struct arena *a;
	struct outbox_row *v;
	size_t n, other;
	struct move *moves;
	size_t moves_n;
};

/* One lane of one channel, up to a number of rows. */
struct pass {
	int lane;
	size_t up_to;
	/* Recipients that were served last, by how long ago. */
	struct outbox_row *later[LATER_MAX];
	size_t rank[LATER_MAX];
	size_t later_n;
	size_t left;
};

static bool is_taken(const struct claiming *w, struct str to)
{
	for (size_t i = 0; i < w->n; i++)
		if (str_eq(w->v[i].to, to))
			return true;
	return false;
}

/* wants: 1 none but for duties, 2 no duties, 3 neither. A reply answers its
 * sender's own text. */
static bool is_unwanted(const struct outbox_row *row, int64_t wants)
{
	return !outbox_is_reply(row) && (wants & (row->duty ? 2 : 1)) != 0;
}

int outbox_relevant(struct store *s, const struct outbox_row *row,
	int64_t now_ms, struct outbox_decision *ret)
{
	struct sql_run q;

	*ret = (struct outbox_decision){.fate = OUTBOX_TAKE};
	if (outbox_is_reply(row) && row->needs.n == 0)
		return 0;
	q = sql_start(s, SQL_OUTBOX_RELEVANT);
	sql_str(&q, row->to);
	sql_str(&q, row->needs);
	sql_int(&q, row->id);
	sql_int(&q, now_ms);
	sql_int(&q, row->needs_id);
	if (sql_next(&q) <= 0)
		return -1;
	ret->fate = OUTBOX_END;
	ret->state = OUTBOX_EXPIRED;
	if (is_unwanted(row, sql_get_int(&q, 0)))
		ret->why = "the recipient wants no more texts";
	else if (sql_get_int(&q, 1) != 0)
		ret->fate = OUTBOX_TAKE;
	else if (str_is(row->needs, "meeting"))
		ret->why = "the meeting is over, or off";
	else if (str_is(row->needs, "report"))
		ret->why = "the report is there";
	else if (str_is(row->needs, "reports"))
		ret->why = "all reports are there";
	else if (str_is(row->needs, "answer"))
		ret->why = "answered, or the meeting is over or off";
	else if (str_is(row->needs, "told"))
		ret->why = "the meeting was planned anew";
	else if (str_is(row->needs, "date") || str_is(row->needs, "month"))
		ret->why = "what it asks for is there";
	else if (str_is(row->needs, "task"))
		ret->why = "the task is done";
	else
		ret->why = "the question was settled, or asked anew";
	sql_stop(&q);
	return 0;
}

/* What may have been sent has not expired, nor is it held: to queue it again
 * would be to send it twice, and only a person may want that. */
static void doubt(const struct outbox_row *row, struct outbox_decision *ret)
{
	if (!row->bound || ret->fate != OUTBOX_END)
		return;
	if (ret->state == OUTBOX_EXPIRED)
		ret->why = "its time is over, and it may have been sent";
	else if (ret->state == OUTBOX_HELD)
		ret->why = "too late to be tried again, and it may have been "
			   "sent";
	ret->state = OUTBOX_UNSURE;
}

/* A notice tells staff what a text has just done; to act on that is their
 * work (docs/decisions.md). */
static bool is_unasked(const struct outbox_row *row)
{
	bool notice =
		str_is(row->lane, lanes[URGENT].name) && row->message_id != 0;

	return !outbox_is_reply(row) && !notice;
}

/*
 * When its number may have one more; 0: now. A sent_at of a clock that was set
 * back counts too, but for no more than a day to come.
 */
static int capped_until(struct store *s, const struct outbox_claim *c,
	const struct outbox_row *row, int64_t *ret)
{
	struct sql_run q;
	int rc;

	*ret = 0;
	if (c->unasked == 0 || !is_unasked(row))
		return 0;
	q = sql_start(s, SQL_OUTBOX_UNASKED);
	sql_str(&q, row->to);
	sql_int(&q, c->now_ms - DAY_MS);
	sql_int(&q, c->now_ms + DAY_MS);
	sql_int(&q, c->unasked - 1);
	rc = sql_one(&q, ret);
	if (rc > 0)
		*ret += DAY_MS;
	return rc < 0 ? -1 : 0;
}

/* It waits no longer than it is of use. */
static int cap(struct store *s, const struct outbox_claim *c,
	const struct outbox_row *row, struct outbox_decision *ret)
{
	int64_t until;

	if (capped_until(s, c, row, &until) < 0)
		return -1;
	if (until == 0)
		return 0;
	ret->fate = OUTBOX_PUT_OFF;
	ret->due_at = until < row->valid_until ? until : row->valid_until;
	ret->why = "its number has had its unasked texts of 24 hours";
	return 0;
}

static int decide(struct store *s, const struct outbox_claim *c,
	const struct outbox_row *row, struct outbox_decision *ret)
{
	if (row->valid_until <= c->now_ms) {
		*ret = (struct outbox_decision){
			.fate = OUTBOX_END,
			.state = OUTBOX_EXPIRED,
			.why = "not sent within its time",
		};
		doubt(row, ret);
		return 0;
	}
	if (outbox_relevant(s, row, c->now_ms, ret) < 0)
		return -1;
	if (ret->fate == OUTBOX_TAKE && c->decide != NULL) {
		c->decide(c->arg, row, ret);
		doubt(row, ret);
	}
	return ret->fate == OUTBOX_TAKE ? cap(s, c, row, ret) : 0;
}

/* How recently the recipient was served; 0: not of late. */
static size_t rank_of(const struct outbox_claim *c, struct str to)
{
	uint64_t h = c->served_n > 0 ? str_hash(to) : 0;

	for (size_t i = 0; i < c->served_n; i++)
		if (c->served[i] == h)
			return i + 1;
	return 0;
}

static void take(struct claiming *w, const struct outbox_row *row, int lane)
{
	if (is_taken(w, row->to))
		return;
	w->v = rows_more(w->a, w->v, w->n, sizeof(*w->v));
	w->v[w->n++] = *row;
	w->other += lane != REPLY;
}

static void take_or_wait(
	struct claiming *w, struct pass *p, const struct outbox_row *row)
{
	size_t rank = rank_of(w->c, row->to);

	if (rank == 0) {
		take(w, row, p->lane);
	} else if (p->later_n < LATER_MAX) {
		p->later[p->later_n] = ARENA_NEW(w->a, struct outbox_row);
		*p->later[p->later_n] = *row;
		p->rank[p->later_n++] = rank;
	} else {
		p->left++;
	}
}

static int consider(struct claiming *w, struct pass *p, const struct sql_run *q)
{
	struct outbox_decision d;
	struct outbox_row row;

	if (is_taken(w, sql_peek(q, 1)))
		return 0;
	row = outbox_row_read(q, w->a);
	row.state = OUTBOX_SENDING;
	row.attempts++;
	if (decide(w->s, w->c, &row, &d) < 0)
		return -1;
	if (d.fate == OUTBOX_TAKE) {
		take_or_wait(w, p, &row);
	} else if (d.fate == OUTBOX_LEAVE) {
		p->left++;
	} else {
		w->moves = rows_more(
			w->a, w->moves, w->moves_n, sizeof(*w->moves));
		w->moves[w->moves_n++] = (struct move){row.id, d};
	}
	return 0;
}

/* Those served last, the longest ago first, as far as there is room. */
static void take_later(struct claiming *w, struct pass *p)
{
	while (w->n < p->up_to && p->later_n > 0) {
		size_t best = 0;

		for (size_t i = 1; i < p->later_n; i++)
			if (p->rank[i] < p->rank[best])
				best = i;
		take(w, p->later[best], p->lane);
		p->later_n--;
		p->later[best] = p->later[p->later_n];
		p->rank[best] = p->rank[p->later_n];
	}
}

static bool is_full(const struct claiming *w, size_t up_to)
{
	return w->n >= up_to || w->moves_n >= ENDS_MAX;
}

static int read_lane(struct claiming *w, struct pass *p, struct str channel)
{
	struct sql_run q = sql_start(w->s, SQL_OUTBOX_DUE);
	int rc = 0;

	sql_str(&q, channel);
	sql_z(&q, lanes[p->lane].name);
	sql_int(&q, w->c->now_ms);
	while (!is_full(w, p->up_to) && p->left < LEFT_MAX) {
		rc = sql_next(&q);
		if (rc <= 0)
			return rc;
		if (consider(w, p, &q) < 0) {
			rc = -1;
			break;
		}
	}
	sql_stop(&q);
	return rc < 0 ? -1 : 0;
}

/* Until `up_to` rows are there. */
static int pick(struct claiming *w, int lane, size_t up_to)
{
	struct pass p = {.lane = lane, .up_to = up_to};

	if (!lanes[lane].any_time && !w->c->window_open)
		return 0;
	for (size_t i = 0; i < w->channels_n && !is_full(w, up_to); i++)
		if (read_lane(w, &p, w->channels[i]) < 0)
			return -1;
	take_later(w, &p);
	return 0;
}

static size_t less(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Urgent and bulk, as far as their share goes. */
static size_t up_to_share(const struct claiming *w)
{
	size_t share = w->c->max - less(w->c->replies, w->c->max);

	return w->other < share ? less(w->c->max, w->n + share - w->other)
				: w->n;
}

/* The turns of those who would wait for ever behind replies without end. */
static int pick_turns(struct claiming *w)
{
	size_t n = w->n, share = up_to_share(w);

	if (pick(w, BULK, less(n + w->c->bulk_turn, share)) < 0 ||
		pick(w, URGENT, less(n + w->c->other_turn, share)) < 0)
		return -1;
	return pick(w, BULK, less(n + w->c->other_turn, share));
}

static int pick_lanes(struct claiming *w)
{
	const struct outbox_claim *c = w->c;

	if (c->bulk_first && (pick(w, BULK, up_to_share(w)) < 0 ||
				     pick(w, URGENT, up_to_share(w)) < 0))
		return -1;
	if (pick(w, REPLY, c->max - less(c->other_turn, c->max)) < 0 ||
		pick_turns(w) < 0 || pick(w, REPLY, c->max) < 0 ||
		pick(w, URGENT, up_to_share(w)) < 0)
		return -1;
	return pick(w, BULK, up_to_share(w));
}

static int move(struct store *s, const struct move *m)
{
	static const enum sql by[] = {
		[OUTBOX_GIVE] = SQL_OUTBOX_GIVE,
		[OUTBOX_PUT_OFF] = SQL_OUTBOX_LATER,
		[OUTBOX_END] = SQL_OUTBOX_END,
	};
	struct sql_run q = sql_start(s, by[m->to.fate]);

	sql_int(&q, m->id);
	if (m->to.fate == OUTBOX_GIVE) {
		sql_str(&q, m->to.channel);
	} else if (m->to.fate == OUTBOX_PUT_OFF) {
		sql_int(&q, m->to.due_at);
		sql_z(&q, m->to.why);
	} else {
		sql_z(&q, outbox_state_str(m->to.state));
		sql_z(&q, m->to.why);
	}
	return sql_done(&q);
}

static int mark_sending(const struct claiming *w, int64_t id)
{
	struct sql_run q = sql_start(w->s, SQL_OUTBOX_TAKE);

	sql_int(&q, id);
	sql_str(&q, w->c->channel);
	return sql_done(&q);
}

int outbox_claim(struct store *s, const struct outbox_claim *c, struct arena *a,
	struct outbox_claimed *ret)
{
	struct claiming w = {.s = s, .c = c, .a = a};
	struct str *all = NULL;

	w.channels = c->channels;
	w.channels_n = c->channels_n;
	if (c->channels == NULL) {
		if (outbox_channels(s, a, &all, &w.channels_n) < 0)
			return -1;
		w.channels = all;
	}
	if (pick_lanes(&w) < 0)
		return -1;
	for (size_t i = 0; i < w.moves_n; i++)
		if (move(s, &w.moves[i]) < 0)
			return -1;
	for (size_t i = 0; i < w.n; i++)
		if (mark_sending(&w, w.v[i].id) < 0)
			return -1;
	*ret = (struct outbox_claimed){
		.v = w.v,
		.n = w.n,
		.other = w.other,
		.more = w.moves_n > 0,
	};
	return 0;
}

/* ---- one row ---- */

static bool is_shut(const struct outbox_claim *c, struct str lane)
{
	for (int i = 0; i < LANES_N; i++)
		if (str_is(lane, lanes[i].name))
			return !lanes[i].any_time && !c->window_open;
	return false;
}

/* Not due; because it was put off? */
static int look_at_cap(struct store *s, const struct outbox_claim *c,
	const struct outbox_row *row, struct outbox_look *ret)
{
	int64_t until;

	if (capped_until(s, c, row, &until) < 0)
		return -1;
	if (until >= row->due_at) {
		ret->bar = OUTBOX_CAPPED;
		ret->until = row->due_at;
	}
	return 0;
}

int outbox_look(struct store *s, const struct outbox_claim *c,
	const struct outbox_row *row, struct outbox_look *ret)
{
	struct sql_run q = sql_start(s, SQL_OUTBOX_BEFORE);
	int rc;

	*ret = (struct outbox_look){.bar = OUTBOX_NOT_DUE};
	sql_int(&q, row->id);
	sql_int(&q, c->now_ms);
	rc = sql_one(&q, &ret->behind);
	if (rc < 0)
		return -1;
	if (row->due_at > c->now_ms)
		return look_at_cap(s, c, row, ret);
	ret->bar = OUTBOX_BEHIND;
	if (rc > 0)
		return 0;
	ret->bar = OUTBOX_SHUT;
	if (is_shut(c, row->lane))
		return 0;
	ret->bar = OUTBOX_NO_BAR;
	if (decide(s, c, row, &ret->decision) < 0)
		return -1;
	if (ret->decision.fate == OUTBOX_PUT_OFF) {
		ret->bar = OUTBOX_CAPPED;
		ret->until = ret->decision.due_at;
	}
	return 0;
}
