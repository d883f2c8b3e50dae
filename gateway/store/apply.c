/*
 * apply - how do a handler's effects become rows?
 *
 * Runs in the message's own savepoint, in the order of the effects. History
 * is append-only: a report is the next version of its meeting, a cancelled
 * one keeps its versions with voided_at. A question waits by its text's
 * outbox row and takes the place of an older one of its kind; a text that
 * the caller held back (budget, opt-out) asks nothing.
 *
 *   meeting  announced -> held (a report joins it) -> cancelled (void)
 *            cancelled -> held (reported again)
 */
#include "gateway/store/inbound.h"
#include "gateway/store/outbox.h"
#include "gateway/store/report.h"

#include <assert.h>
#include <stdio.h>

#define KEY_MAX 64

struct applying {
	struct store *s;
	const struct apply_input *in;
	int64_t report_id;   /* stored last by this outcome */
	int64_t texts_added; /* outbox rows */
};

/* The row that the columns (unit, kind, held_on) of a report name. */
struct slot {
	int64_t unit_id;
	struct str kind;
	day_t date;
	struct day_text held_on;
	struct report_period period;
};

static struct slot slot_of(const struct effect *e)
{
	day_t date = (day_t)field_int(e->fields, FIELD_DATE, DAY_NONE);

	assert(date != DAY_NONE && e->unit_id != 0);
	return (struct slot){
		.unit_id = e->unit_id,
		.kind = report_kind(e->fields),
		.date = date,
		.held_on = day_iso(date),
		.period = report_period(e->fields),
	};
}

static int void_meeting(struct applying *w, int64_t meeting_id)
{
	struct sql_run q = sql_start(w->s, SQL_REPORT_VOID);

	sql_int(&q, w->in->now_ms);
	sql_int_or_null(&q, w->in->message_id);
	sql_int(&q, meeting_id);
	if (sql_done(&q) < 0)
		return -1;
	q = sql_start(w->s, SQL_MEETING_CANCEL);
	sql_int(&q, meeting_id);
	return sql_done(&q);
}

/* Only an announcement that the context saw, or could not have seen. */
static bool may_join(const struct context *c, const struct slot *slot)
{
	if (c->same_report != NULL || c->same_report_cancelled)
		return false;
	for (size_t i = 0; i < c->units_n; i++)
		if (c->units[i].id == slot->unit_id)
			return c->units_n > 1 || c->pending_meeting != NULL;
	return true;
}

/* 1: joined, *ret is the meeting. 0: no announced one is near. */
static int join_announced(
	struct applying *w, const struct slot *slot, int64_t *ret)
{
	int days = w->in->join_window_days;
	struct day_text from = day_iso(slot->date - days);
	struct day_text to = day_iso(slot->date + days);
	struct sql_run q;

	if (!may_join(w->in->context, slot))
		return 0;
	q = sql_start(w->s, SQL_MEETING_JOIN);
	sql_z(&q, slot->held_on.z);
	sql_z(&q, slot->period.z);
	sql_int(&q, slot->unit_id);
	sql_str(&q, slot->kind);
	sql_z(&q, from.z);
	sql_z(&q, to.z);
	return sql_one(&q, ret);
}

static int get_or_make(
	struct applying *w, const struct slot *slot, int64_t *ret)
{
	struct sql_run q = sql_start(w->s, SQL_MEETING_PUT);
	int rc;

	sql_int(&q, slot->unit_id);
	sql_z(&q, slot->period.z);
	sql_str(&q, slot->kind);
	sql_z(&q, slot->held_on.z);
	rc = sql_insert(&q, ret);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	q = sql_start(w->s, SQL_MEETING_BY_DAY);
	sql_int(&q, slot->unit_id);
	sql_str(&q, slot->kind);
	sql_z(&q, slot->held_on.z);
	rc = sql_one(&q, ret);
	assert(rc != 0);
	if (rc < 0)
		return -1;
	q = sql_start(w->s, SQL_MEETING_HOLD);
	sql_int(&q, *ret);
	return sql_done(&q);
}

/*
 * A correction says another day or kind. Where a meeting stands already, the
 * corrected version becomes its next one and the wrong meeting is cancelled.
 */
static int move_meeting(struct applying *w, const struct slot *slot,
	int64_t meeting_id, int64_t *ret)
{
	struct sql_run q = sql_start(w->s, SQL_MEETING_OTHER);
	int rc;

	sql_int(&q, slot->unit_id);
	sql_str(&q, slot->kind);
	sql_z(&q, slot->held_on.z);
	sql_int(&q, meeting_id);
	rc = sql_one(&q, ret);
	if (rc < 0)
		return -1;
	if (rc > 0)
		return void_meeting(w, meeting_id) < 0
			       ? -1
			       : get_or_make(w, slot, ret);
	*ret = meeting_id;
	q = sql_start(w->s, SQL_MEETING_MOVE);
	sql_str(&q, slot->kind);
	sql_z(&q, slot->held_on.z);
	sql_z(&q, slot->period.z);
	sql_int(&q, meeting_id);
	return sql_done(&q);
}

static int meeting_for(struct applying *w, const struct effect *e, int64_t *ret)
{
	struct slot slot = slot_of(e);
	int rc;

	if (e->meeting_id != 0)
		return move_meeting(w, &slot, e->meeting_id, ret);
	rc = join_announced(w, &slot, ret);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	return get_or_make(w, &slot, ret);
}

static int apply_report(struct applying *w, const struct effect *e)
{
	const struct apply_input *in = w->in;
	int64_t meeting_id;
	struct sql_run q;
	int rc;

	if (meeting_for(w, e, &meeting_id) < 0)
		return -1;
	q = sql_start(w->s, SQL_REPORT_PUT);
	sql_int(&q, meeting_id);
	sql_int_or_null(&q, in->message_id);
	sql_str(&q, in->message->from);
	sql_int(&q, in->now_ms);
	report_bind(&q, e->fields, in->outcome->arena);
	rc = sql_insert(&q, &w->report_id);
	assert(rc != 0);
	return rc < 0 ? -1 : 0;
}

static int apply_contact(struct applying *w, const struct effect *e)
{
	const struct apply_input *in = w->in;
	struct sql_run q = sql_start(w->s, SQL_CONTACT_CONSENT);

	sql_str(&q, in->message->from);
	sql_str(&q, in->context->language);
	sql_int(&q, e->opted_out);
	sql_int_or_null(&q, e->opted_out ? in->now_ms : 0);
	sql_int(&q, in->now_ms);
	return sql_done(&q);
}

static int apply_settle(struct applying *w, const struct effect *e)
{
	struct sql_run q = sql_start(w->s, SQL_PENDING_SETTLE);

	sql_int(&q, w->in->now_ms);
	sql_int_or_null(&q, w->in->message_id);
	sql_int(&q, e->subject);
	return sql_done(&q);
}

static const char *text_name(enum effect_kind kind)
{
	switch (kind) {
	case EFFECT_REPLY:
		return "reply";
	case EFFECT_ASK:
		return "ask";
	case EFFECT_NOTIFY:
		return "notify";
	default:
		return NULL;
	}
}

/* Key m17:reply:0, m17:notify:2:1: an effect's texts can never go twice. */
static struct str text_key(
	const struct applying *w, size_t text, char key[KEY_MAX])
{
	const struct apply_input *in = w->in;
	size_t effect = in->texts[text].effect, nth = 0;
	const char *name = text_name(in->outcome->v[effect].kind);
	int n;

	assert(name != NULL);
	for (size_t i = 0; i < text; i++)
		nth += in->texts[i].effect == effect;
	n = snprintf(key, KEY_MAX,
		nth == 0 ? "m%lld:%s:%zu" : "m%lld:%s:%zu:%zu",
		(long long)in->message_id, name, effect, nth);
	assert(n > 0 && n < KEY_MAX);
	return (struct str){key, (size_t)n};
}

/* *ret_id: the last row of the effect's texts; 0: it has none. */
static int add_texts(struct applying *w, size_t effect, int64_t *ret_id)
{
	const struct apply_input *in = w->in;
	char key[KEY_MAX];

	*ret_id = 0;
	for (size_t i = 0; i < in->texts_n; i++) {
		const struct apply_text *t = &in->texts[i];
		struct outbox_row row = {
			.to = t->to,
			.text = t->text,
			.lane = str_of(t->lane),
			.channel = t->channel,
			.created_at = in->now_ms,
			.due_at = t->due_at,
			.valid_until = t->valid_until,
			.message_id = in->message_id,
		};

		if (t->effect != effect)
			continue;
		row.dedupe_key = text_key(w, i, key);
		if (outbox_add(w->s, &row, ret_id) < 0)
			return -1;
		w->texts_added += *ret_id != 0;
	}
	return 0;
}

/* The open question that this one asks again, because the answer was not one.
 */
static const struct pending *asked_before(
	const struct applying *w, const struct effect *e)
{
	const struct outcome *o = w->in->outcome;
	const struct pending *p = context_question(w->in->context, e->question);

	if (p == NULL || e->subject_is_report || p->problem != e->problem)
		return NULL;
	for (size_t i = 0; i < o->n; i++)
		if (o->v[i].kind == EFFECT_SETTLE && o->v[i].subject == p->id)
			return NULL;
	return p;
}

static struct str partial_json(const struct applying *w, const struct effect *e)
{
	struct jdoc *doc;
	struct str json;

	if (e->fields == NULL)
		return (struct str){NULL, 0};
	doc = fields_to_json(e->fields);
	json = jdoc_print(doc, w->in->outcome->arena);
	jdoc_free(doc);
	return json;
}

static int apply_ask(struct applying *w, size_t effect)
{
	const struct apply_input *in = w->in;
	const struct effect *e = &in->outcome->v[effect];
	const struct pending *before = asked_before(w, e);
	struct sql_run q;
	int64_t outbox;

	assert(e->question != QUESTION_NONE && e->question < QUESTION_N);
	if (add_texts(w, effect, &outbox) < 0)
		return -1;
	if (outbox == 0)
		return 0;
	q = sql_start(w->s, SQL_PENDING_PUT);
	sql_str(&q, in->message->from);
	sql_z(&q, question_str(e->question));
	sql_int_or_null(&q, e->subject_is_report ? w->report_id : e->subject);
	sql_int(&q, outbox);
	sql_int_or_null(&q, in->message_id);
	sql_z(&q, intent_str(e->intent));
	sql_str(&q, partial_json(w, e));
	sql_z(&q, problem_str(e->problem));
	sql_int(&q, before != NULL ? before->tries + 1 : 0);
	sql_int(&q, in->now_ms);
	sql_int(&q, in->now_ms + in->question_valid_ms);
	return sql_done(&q);
}

static int apply_effect(struct applying *w, size_t i)
{
	const struct effect *e = &w->in->outcome->v[i];
	int64_t outbox;

	switch (e->kind) {
	case EFFECT_REPORT:
		return apply_report(w, e);
	case EFFECT_VOID:
		return void_meeting(w, e->subject);
	case EFFECT_CONTACT:
		return apply_contact(w, e);
	case EFFECT_SETTLE:
		return apply_settle(w, e);
	case EFFECT_ASK:
		return apply_ask(w, i);
	case EFFECT_REPLY:
	case EFFECT_NOTIFY:
		return add_texts(w, i, &outbox);
	}
	assert(!"unknown effect");
	return -1;
}

int apply_outcome(
	struct store *s, const struct apply_input *in, size_t *ret_queued)
{
	struct applying w = {.s = s, .in = in};

	for (size_t i = 0; i < in->outcome->n; i++)
		if (apply_effect(&w, i) < 0)
			return -1;
	*ret_queued = (size_t)w.texts_added;
	return 0;
}
