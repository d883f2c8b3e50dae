/*
 * replay - which texts came in, and what was known when each of them came?
 *
 * Pages through the messages by id. What a context says of the past is taken
 * from the rows' own history: a question counts if it was sent before the
 * text and not settled before it, a report if an earlier message stored it
 * and none but a later one voided it. Questions are loaded once for the time
 * of a page, since settled ones have no index. Reads only; any thread's own
 * connection.
 */
#include "gateway/store/replay.h"

#include "gateway/store/pending.h"
#include "gateway/store/report.h"

#include <assert.h>

/* A question and when it was open. */
struct replay_question {
	struct pending pending;
	struct str phone;
	int64_t expires_at;
	int64_t settled_by; /* message; 0: none */
	int64_t settled_at; /* 0: not settled */
};

struct replay_questions {
	struct replay_question *v;
	size_t n;
};

static void read_message_row(
	const struct sql_run *q, struct arena *a, struct replay_message *ret)
{
	*ret = (struct replay_message){
		.id = sql_get_int(q, 0),
		.message =
			{
				.channel = sql_get(q, 1, a),
				.provider_id = sql_get(q, 2, a),
				.from = sql_get(q, 3, a),
				.to = sql_get(q, 4, a),
				.text = sql_get(q, 5, a),
				.sent_at = sql_get_int(q, 6),
				.received_at = sql_get_int(q, 7),
			},
		.state = sql_get(q, 8, a),
		.intent = sql_get(q, 9, a),
		.problem = sql_get(q, 10, a),
		.fields = sql_get(q, 11, a),
	};
}

static int load_messages(struct store *s, int64_t after, size_t max,
	struct arena *a, struct replay_page *ret)
{
	struct replay_message *v = ARENA_ARRAY(a, struct replay_message, max);
	struct sql_run q = sql_start(s, SQL_REPLAY_PAGE);
	int rc;

	*ret = (struct replay_page){.v = v};
	sql_int(&q, after);
	sql_int(&q, (int64_t)max);
	while ((rc = sql_next(&q)) > 0)
		read_message_row(&q, a, &v[ret->n++]);
	return rc;
}

static int load_stored(
	struct store *s, struct arena *a, struct replay_message *m)
{
	struct sql_run q = sql_start(s, SQL_REPLAY_STORED);
	struct fields *v = NULL;
	struct report_ref r;
	int rc;

	sql_str(&q, m->message.from);
	sql_int(&q, m->id);
	while ((rc = sql_next(&q)) > 0) {
		if (report_read(&q, a, &r) < 0) {
			sql_stop(&q);
			return -1;
		}
		v = rows_more(a, v, m->reports_n, sizeof(*v));
		v[m->reports_n++] = r.fields;
	}
	m->reports = v;
	return rc;
}

/* Bodies of one instant and channel are told apart by their digests. */
static int load_body(struct store *s, struct arena *a, struct replay_message *m)
{
	struct sql_run q = sql_start(s, SQL_REPLAY_BODY);
	int rc;

	sql_int(&q, m->message.received_at);
	sql_str(&q, m->message.channel);
	while ((rc = sql_next(&q)) > 0) {
		struct inbound_unread_id id =
			inbound_unread_id(sql_peek(&q, 0));

		if (str_is(m->message.provider_id, id.z))
			m->body = sql_get(&q, 1, a);
	}
	return rc;
}

static int load_more(struct store *s, struct arena *a, struct replay_message *m)
{
	if (str_is(m->state, message_state_str(MESSAGE_QUARANTINED)))
		return load_body(s, a, m);
	return load_stored(s, a, m);
}

static int read_question(
	const struct sql_run *q, struct arena *a, struct replay_question *ret)
{
	ret->phone = sql_get(q, 11, a);
	ret->expires_at = sql_get_int(q, 12);
	ret->settled_by = sql_get_int(q, 13);
	ret->settled_at = sql_get_int(q, 14);
	return pending_read(q, a, &ret->pending);
}

/* The time between the first message and the last. */
static void span_of(
	const struct replay_page *p, int64_t *ret_from, int64_t *ret_to)
{
	*ret_from = INT64_MAX;
	*ret_to = 0;
	for (size_t i = 0; i < p->n; i++) {
		const struct message *m = &p->v[i].message;

		if (m->received_at < *ret_from)
			*ret_from = m->received_at;
		if (m->sent_at > *ret_to)
			*ret_to = m->sent_at;
	}
}

/* All that were open at some time of the page. */
static int load_questions(struct store *s, const struct replay_page *p,
	struct arena *a, struct replay_questions *ret)
{
	struct sql_run q = sql_start(s, SQL_REPLAY_PENDING);
	int64_t from, to;
	int rc;

	span_of(p, &from, &to);
	sql_int(&q, to);
	sql_int(&q, from);
	while ((rc = sql_next(&q)) > 0) {
		ret->v = rows_more(a, ret->v, ret->n, sizeof(*ret->v));
		if (read_question(&q, a, &ret->v[ret->n++]) < 0) {
			sql_stop(&q);
			return -1;
		}
	}
	return rc;
}

int replay_page(struct store *s, int64_t after, size_t max, struct arena *a,
	struct replay_page *ret)
{
	struct replay_questions *questions =
		ARENA_NEW(a, struct replay_questions);
	struct replay_message *v;

	assert(max <= REPLAY_PAGE_MAX);
	if (load_messages(s, after, max, a, ret) < 0)
		return -1;
	v = (struct replay_message *)ret->v;
	for (size_t i = 0; i < ret->n; i++) {
		v[i].questions = questions;
		if (load_more(s, a, &v[i]) < 0)
			return -1;
	}
	return ret->n > 0 ? load_questions(s, ret, a, questions) : 0;
}

static bool was_open(
	const struct replay_question *q, const struct replay_message *m)
{
	if (!str_eq(q->phone, m->message.from) ||
		q->pending.question == QUESTION_N ||
		q->pending.sent_at >= m->message.sent_at ||
		q->expires_at <= m->message.received_at)
		return false;
	if (q->settled_by != 0)
		return q->settled_by >= m->id;
	return q->settled_at == 0 || q->settled_at >= m->message.received_at;
}

static void take_questions(
	const struct replay_message *m, struct arena *a, struct context *c)
{
	const struct replay_questions *all = m->questions;
	struct pending *v = NULL;

	c->pending_n = 0;
	for (size_t i = 0; i < all->n; i++) {
		if (!was_open(&all->v[i], m))
			continue;
		v = rows_more(a, v, c->pending_n, sizeof(*v));
		v[c->pending_n++] = all->v[i].pending;
	}
	c->pending = v;
}

/* The one report that a run finds, or NULL. */
static int take_report(
	struct sql_run *q, struct arena *a, const struct report_ref **ret)
{
	struct report_ref *r;
	int rc = sql_next(q);

	*ret = NULL;
	if (rc <= 0)
		return rc;
	r = ARENA_NEW(a, struct report_ref);
	rc = report_read(q, a, r);
	sql_stop(q);
	*ret = r;
	return rc;
}

int replay_context(struct store *s, const struct replay_message *m,
	const struct context_query *q, struct arena *a, struct context *ret)
{
	struct sql_run last;

	if (context_load(s, q, a, ret) != 0)
		return -1;
	take_questions(m, a, ret);
	if (ret->last_report == NULL)
		return 0;
	last = sql_start(s, SQL_REPLAY_LAST);
	sql_str(&last, m->message.from);
	sql_int(&last, m->id);
	return take_report(&last, a, &ret->last_report);
}

int replay_subject(struct store *s, const struct replay_message *m,
	const struct fields *f, struct arena *a, struct context *c)
{
	struct sql_run q;
	struct day_text date;

	if (context_load_subject(s, f, a, c) != 0)
		return -1;
	if (c->unit == NULL || !field_has(f, FIELD_DATE))
		return 0;
	date = day_iso((day_t)field_int(f, FIELD_DATE, DAY_NONE));
	q = sql_start(s, SQL_REPLAY_SAME);
	sql_int(&q, c->unit->id);
	sql_str(&q, report_kind(f));
	sql_z(&q, date.z);
	sql_int(&q, m->id);
	return take_report(&q, a, &c->same_report);
}
