/*
 * proposal - what waits for staff to decide, and what did they say?
 *
 * A record that touches standing, the roll or who speaks for a unit is kept
 * with a number, and changes nothing until staff name that number. Whether it
 * can still be approved is looked up anew each time: the list may have changed
 * since. Writer thread, or the reader's connection for looking.
 *
 *   open -> approved | rejected | expired
 */
#include "gateway/store/proposal.h"

#include "gateway/store/audit.h"
#include "gateway/store/proposal_parts.h"
#include "gateway/store/record.h"
#include "gateway/store/report.h"
#include "gateway/store/unit.h"

#include <assert.h>

static const struct ending {
	const char *state, *rows; /* of its events and facts */
} endings[] = {
	[PROPOSAL_APPROVED] = {"approved", "applied"},
	[PROPOSAL_REJECTED] = {"rejected", "rejected"},
	[PROPOSAL_EXPIRED] = {"expired", "rejected"},
};

/* ---- looking ---- */

int proposal_next(struct store *s, int64_t *ret)
{
	struct sql_run q = sql_start(s, SQL_PROPOSAL_NEXT);

	return sql_one(&q, ret) < 0 ? -1 : 0;
}

static int read_row(
	const struct sql_run *q, struct arena *a, struct proposal_ref *ret)
{
	struct fields *f = ARENA_NEW(a, struct fields);

	*ret = (struct proposal_ref){
		.id = sql_get_int(q, 0),
		.unit_id = sql_get_int(q, 1),
		.unit = sql_get(q, 2, a),
		.state = sql_get(q, 3, a),
		.intent = intent_parse(sql_peek(q, 4)),
		.fields = f,
		.from = sql_get(q, 6, a),
		.language = sql_get(q, 7, a),
		.created_at = sql_get_int(q, 8),
		.decided_at = sql_get_int(q, 9),
	};
	return report_json(q->s, sql_peek(q, 5), a, f);
}

bool proposal_is_coming(struct str event)
{
	return str_is(event, "transfer_in") || str_is(event, "admitted");
}

int proposal_events(struct store *s, int64_t id, struct arena *a,
	struct proposal_events *ret)
{
	struct sql_run q = sql_start(s, SQL_PROPOSAL_EVENTS);
	int rc;

	*ret = (struct proposal_events){0};
	sql_int(&q, id);
	while ((rc = sql_next(&q)) > 0) {
		ret->v = rows_more(a, ret->v, ret->n, sizeof(*ret->v));
		ret->v[ret->n++] = (struct proposal_event){
			.id = sql_get_int(&q, 0),
			.member_no = (int)sql_get_int(&q, 1),
			.event = sql_get(&q, 2, a),
			.was = sql_get(&q, 3, a),
			.is = sql_get(&q, 4, a),
			.on_roll = sql_get_int(&q, 5) != 0,
			.phone = sql_get(&q, 6, a),
		};
	}
	return rc;
}

static enum proposal_bar bar_of(const struct proposal_event *e)
{
	if (proposal_is_coming(e->event))
		return e->on_roll ? PROPOSAL_TAKEN : PROPOSAL_FREE;
	if (e->member_no == 0)
		return PROPOSAL_VAGUE;
	if (e->is.p == NULL || !str_eq(e->is, e->was))
		return PROPOSAL_CHANGED;
	return PROPOSAL_FREE;
}

int proposal_phone(struct store *s, const struct proposal_ref *p,
	struct arena *a, struct str *ret)
{
	struct sql_run q;
	int rc;

	*ret = field_text(p->fields, FIELD_PHONE);
	if (ret->n > 0)
		return 0;
	q = sql_start(s, SQL_MEMBER_PHONE_OF);
	sql_int(&q, p->unit_id);
	sql_int(&q, field_int(p->fields, FIELD_MEMBER, 0));
	rc = sql_next(&q);
	if (rc > 0) {
		*ret = sql_get(&q, 0, a);
		sql_stop(&q);
	}
	return rc < 0 ? -1 : 0;
}

/* A head of the hamlet is known as a fact, and texts nothing as one. */
static int bar_of_office(
	struct store *s, struct proposal_ref *p, struct arena *a)
{
	struct str phone;

	if (str_is(field_text(p->fields, FIELD_ROLE_CHANGE), "head"))
		return 0;
	if (proposal_phone(s, p, a, &phone) < 0)
		return -1;
	if (phone.n == 0)
		p->bar = PROPOSAL_NO_PHONE;
	return 0;
}

static int look_up_bar(struct store *s, struct proposal_ref *p, struct arena *a)
{
	struct proposal_events events;

	if (p->intent == INTENT_UNIT_UPDATE)
		return bar_of_office(s, p, a);
	if (proposal_events(s, p->id, a, &events) < 0)
		return -1;
	for (size_t i = 0; i < events.n; i++)
		if (bar_of(&events.v[i]) > p->bar)
			p->bar = bar_of(&events.v[i]);
	return 0;
}

static int look_up_number(struct store *s, struct proposal_ref *p)
{
	struct sql_run q = sql_start(s, SQL_MEMBER_NEXT);
	int64_t no = 0;

	sql_int(&q, p->unit_id);
	if (sql_one(&q, &no) < 0)
		return -1;
	p->new_no = (int)no;
	return 0;
}

int proposal_find(
	struct store *s, int64_t id, struct arena *a, struct proposal_ref *ret)
{
	struct sql_run q = sql_start(s, SQL_PROPOSAL_FIND);
	int rc;

	sql_int(&q, id);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	rc = read_row(&q, a, ret);
	sql_stop(&q);
	if (rc < 0 || look_up_number(s, ret) < 0)
		return -1;
	if (str_is(ret->state, "open") && look_up_bar(s, ret, a) < 0)
		return -1;
	return 1;
}

int proposal_open(struct store *s, int64_t after, size_t max, struct arena *a,
	struct proposal_list *ret)
{
	struct sql_run q = sql_start(s, SQL_PROPOSAL_OPEN);
	int rc;

	*ret = (struct proposal_list){0};
	sql_int(&q, after);
	sql_int(&q, (int64_t)max);
	while ((rc = sql_next(&q)) > 0) {
		ret->v = rows_more(a, ret->v, ret->n, sizeof(*ret->v));
		if (read_row(&q, a, &ret->v[ret->n++]) < 0) {
			sql_stop(&q);
			return -1;
		}
	}
	return rc;
}

int proposal_of_sender(struct store *s, struct str from, enum intent intent,
	struct arena *a, struct context *c)
{
	struct sql_run q;
	struct proposed_ref *v = NULL;
	struct fields *f;
	int rc;

	if (c->unit == NULL)
		return 0;
	q = sql_start(s, SQL_PROPOSAL_OPEN_OF);
	sql_int(&q, c->unit->id);
	sql_str(&q, from);
	sql_z(&q, intent_str(intent));
	sql_int(&q, c->message_id);
	while ((rc = sql_next(&q)) > 0) {
		f = ARENA_NEW(a, struct fields);
		*f = (struct fields){.has = {0}};
		if (report_json(s, sql_peek(&q, 1), a, f) < 0) {
			sql_stop(&q);
			return -1;
		}
		v = rows_more(a, v, c->proposed_n, sizeof(*v));
		v[c->proposed_n++] =
			(struct proposed_ref){sql_get_int(&q, 0), f};
		c->proposed = v;
	}
	return rc;
}

int proposal_in_scope(
	struct store *s, const struct context *c, int64_t unit_id, bool *ret)
{
	return unit_in_subtree(s, c, unit_id, ret);
}

/* ---- writing ---- */

int record_proposal(struct applying *w, const struct effect *e, int64_t *ret_id)
{
	struct sql_run q;

	*ret_id = 0;
	if (e->state != RECORD_PROPOSED)
		return 0;
	q = sql_start(w->s, SQL_PROPOSAL_PUT);
	sql_int_or_null(&q, e->proposal);
	sql_int(&q, e->unit_id);
	sql_z(&q, intent_str(w->in->outcome->intent));
	sql_str(&q, record_json(w, e->fields));
	sql_str(&q, w->in->message->from);
	record_bind_origin(w, &q);
	if (sql_insert(&q, ret_id) < 0)
		return -1;
	record_touched_as(w, RECORD_DECISION, e->unit_id, *ret_id);
	return 0;
}

static int end_rows(struct store *s, const struct proposal_decision *d)
{
	const char *state = endings[d->end].rows;
	struct sql_run q = sql_start(s, SQL_PROPOSAL_END_EVENTS);

	sql_z(&q, state);
	sql_int(&q, d->now_ms);
	sql_int_or_null(&q, d->message_id);
	sql_int(&q, d->id);
	if (sql_done(&q) < 0)
		return -1;
	q = sql_start(s, SQL_PROPOSAL_END_FACTS);
	sql_z(&q, state);
	sql_int(&q, d->id);
	return sql_done(&q);
}

/* What ends by time, nobody did. */
static int put_audit(struct store *s, const struct proposal_decision *d,
	const struct proposal_ref *p, struct arena *a)
{
	struct audit_entry e = {
		.now_ms = d->now_ms,
		.who = d->who.n > 0 ? d->who : d->by,
		.what = d->end == PROPOSAL_APPROVED ? "approve" : "send back",
		.unit_id = p->unit_id,
		.member_no = field_int(p->fields, FIELD_MEMBER, 0),
	};

	return d->end == PROPOSAL_EXPIRED ? 0 : audit_put(s, &e, a);
}

int proposal_decide(struct store *s, const struct proposal_decision *d,
	struct arena *a, bool *ret)
{
	struct proposal_ref p;
	struct sql_run q;
	int rc = proposal_find(s, d->id, a, &p);

	*ret = rc > 0 && str_is(p.state, "open");
	if (rc < 0 || !*ret)
		return rc < 0 ? -1 : 0;
	assert(d->end != PROPOSAL_APPROVED || p.bar <= PROPOSAL_CHANGED);
	q = sql_start(s, SQL_PROPOSAL_END);
	sql_int(&q, d->id);
	sql_z(&q, endings[d->end].state);
	sql_int(&q, d->now_ms);
	sql_str(&q, d->by);
	sql_int_or_null(&q, d->message_id);
	sql_str(&q, d->reason);
	if (sql_done(&q) < 0 || end_rows(s, d) < 0 ||
		put_audit(s, d, &p, a) < 0)
		return -1;
	return d->end == PROPOSAL_APPROVED ? proposal_apply(s, &p, d, a) : 0;
}

int record_decision(struct applying *w, const struct effect *e)
{
	const struct fields *f = e->fields;
	bool reject = str_is(field_text(f, FIELD_DECISION), "reject");
	struct proposal_decision d = {
		.id = e->subject,
		.end = reject ? PROPOSAL_REJECTED : PROPOSAL_APPROVED,
		.by = w->in->message->from,
		.reason = field_text(f, FIELD_REASON),
		.message_id = w->in->message_id,
		.now_ms = w->in->now_ms,
		.today = w->in->context->today,
	};
	bool done;

	if (proposal_decide(w->s, &d, w->in->outcome->arena, &done) < 0)
		return -1;
	record_touched_as(w, RECORD_DECISION, e->unit_id, e->subject);
	return 0;
}
