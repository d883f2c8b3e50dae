/*
 * apply - how do a handler's effects become rows?
 *
 * Runs in the writer's transaction, in the order of the effects. History
 * is append-only: a report is the next version of its meeting, a cancelled
 * one keeps its versions with voided_at. A question waits by its text's
 * outbox row and takes the place of an older one of its kind; a text that
 * the caller held back (budget, opt-out) asks nothing.
 *
 *   meeting  announced -> held (a report joins it) -> cancelled (void)
 *            cancelled -> held (reported again)
 */
#include "gateway/store/apply.h"

#include "gateway/store/audit.h"
#include "gateway/store/consent.h"
#include "gateway/store/outbox.h"
#include "gateway/store/report.h"

#include <assert.h>
#include <stdio.h>

#define KEY_MAX 64
#define MINUTE_MS INT64_C(60000)

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

/* What was agreed to: the text that asked, else the one that confirms. */
static int agreed_to(struct applying *w, struct str *ret)
{
	const struct apply_input *in = w->in;
	struct arena *a = in->outcome->arena;

	if (consent_asked(w->s, in->message->from, a, ret) != 0)
		return -1;
	if (ret->n == 0 && in->texts_n > 0)
		*ret = consent_version(in->texts[0].text, a);
	return 0;
}

static int record_consent(struct applying *w, const struct effect *e)
{
	const struct apply_input *in = w->in;
	struct consent_row row = {
		.phone = in->message->from,
		.given = !e->opted_out,
		.at_ms = in->now_ms,
		.channel = in->message->channel,
		.basis = STR("its own text"),
		.message_id = in->message_id,
	};

	if (row.given && agreed_to(w, &row.text_version) != 0)
		return -1;
	if (row.given)
		return consent_put(w->s, CONSENT_OPTED_IN, &row);
	if (!e->detached)
		return consent_put(w->s, CONSENT_OPTED_OUT, &row);
	if (consent_detach(w->s, row.phone, in->context->today) != 0)
		return -1;
	return consent_put(w->s, CONSENT_DETACHED, &row);
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
	if (!e->opted_out && in->touched != NULL)
		in->touched->opted_in = in->message->from;
	return sql_done(&q) < 0 ? -1 : record_consent(w, e);
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

/*
 * Key m17:reply:0, m17:notify:2:1: an effect's texts can never go twice; one
 * that says so never goes again, whatever text causes it. A message that is
 * carried out again under other rules has texts of its own: m17:ask:0:r…
 */
static struct str text_key(
	const struct applying *w, size_t text, char key[KEY_MAX])
{
	const struct apply_input *in = w->in;
	size_t effect = in->texts[text].effect, nth = 0;
	struct str once = in->outcome->v[effect].once;
	const char *name = text_name(in->outcome->v[effect].kind);
	int n;

	if (once.n > 0)
		return once;
	assert(name != NULL);
	for (size_t i = 0; i < text; i++)
		nth += in->texts[i].effect == effect;
	n = snprintf(key, KEY_MAX,
		nth == 0 ? "m%lld:%s:%zu" : "m%lld:%s:%zu:%zu",
		(long long)in->message_id, name, effect, nth);
	if (in->again)
		n += snprintf(key + n, KEY_MAX - (size_t)n, ":r%lld",
			(long long)in->now_ms);
	assert(n > 0 && n < KEY_MAX);
	return (struct str){key, (size_t)n};
}

/* A question that was settled, or asked anew, before it could leave is not
 * sent. What also repeats a stored report always is. */
static struct str needs_of(const struct effect *e)
{
	return e->kind == EFFECT_ASK && e->question != QUESTION_CONFIRM_REPORT
		       ? STR("question")
		       : (struct str){NULL, 0};
}

/* It has left as it is stored: its question counts from now. */
static int show(
	struct applying *w, const struct apply_text *t, int64_t outbox_id)
{
	const struct outbox_result r = {
		.id = outbox_id,
		.state = OUTBOX_SENT,
		.channel = t->channel,
		.why = STR("shown on the screen"),
		.at_ms = w->in->now_ms,
	};

	*w->in->shown = outbox_id;
	return outbox_result(w->s, &r);
}

/* *ret_id: the last row of the effect's texts; 0: it has none. */
static int add_texts(struct applying *w, size_t effect, int64_t *ret_id)
{
	const struct apply_input *in = w->in;
	struct str needs = needs_of(&in->outcome->v[effect]);
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
			.needs = needs,
		};

		if (t->effect != effect)
			continue;
		row.dedupe_key = text_key(w, i, key);
		if (outbox_add(w->s, &row, ret_id) < 0)
			return -1;
		if (t->shown && *ret_id != 0 && show(w, t, *ret_id) < 0)
			return -1;
		w->texts_added += *ret_id != 0 && !t->shown;
	}
	return 0;
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

/* The question of that kind that stood open is asked no more. */
static int drop_open(struct applying *w, enum question question)
{
	struct sql_run q = sql_start(w->s, SQL_PENDING_DROP);

	sql_int(&q, w->in->now_ms);
	sql_int_or_null(&q, w->in->message_id);
	sql_str(&q, w->in->message->from);
	sql_z(&q, question_str(question));
	return sql_done(&q);
}

static int apply_ask(struct applying *w, size_t effect)
{
	const struct apply_input *in = w->in;
	const struct effect *e = &in->outcome->v[effect];
	struct sql_run q;
	int64_t outbox;

	assert(e->question != QUESTION_NONE && e->question < QUESTION_N);
	if (add_texts(w, effect, &outbox) < 0)
		return -1;
	if (outbox == 0)
		return 0;
	if (drop_open(w, e->question) < 0)
		return -1;
	q = sql_start(w->s, SQL_PENDING_PUT);
	sql_str(&q, in->message->from);
	sql_z(&q, question_str(e->question));
	sql_int_or_null(&q, e->subject_is_report ? w->report_id : e->subject);
	sql_int(&q, outbox);
	sql_int_or_null(&q, e->origin != 0 ? e->origin : in->message_id);
	sql_z(&q, intent_str(e->intent));
	sql_str(&q, partial_json(w, e));
	sql_z(&q, problem_str(e->problem));
	sql_int(&q, e->tries);
	sql_int(&q, in->now_ms);
	sql_int(&q, in->now_ms + (e->valid_min != 0 ? e->valid_min * MINUTE_MS
						    : in->question_valid_ms));
	return sql_done(&q);
}

static int apply_read(struct applying *w, const struct effect *e)
{
	struct audit_entry row = {
		.now_ms = w->in->now_ms,
		.who = w->in->message->from,
		.what = e->read,
		.unit_id = e->unit_id,
	};

	return audit_put(w->s, &row, w->in->outcome->arena);
}

static int apply_effect(struct applying *w, size_t i)
{
	const struct effect *e = &w->in->outcome->v[i];
	int64_t outbox;

	switch (e->kind) {
	case EFFECT_REPORT:
		return apply_report(w, e);
	case EFFECT_VOID:
		return meeting_void(w, e->subject);
	case EFFECT_RECORD:
		return record_apply(w, e);
	case EFFECT_CONTACT:
		return apply_contact(w, e);
	case EFFECT_SETTLE:
		return apply_settle(w, e);
	case EFFECT_READ:
		return apply_read(w, e);
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
