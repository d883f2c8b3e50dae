/*
 * parse_line - what would this text mean in that situation?
 *
 * Puts a context together from the registry and the input's own keys
 * (question, partial, last_report, pending_meeting, items), then reads and
 * handles as the gateway would, without storing anything.
 */
#include "gateway/parse_line.h"

#include "handlers/render.h"
#include "parsers/phone.h"
#include "parsers/read.h"
#include "parsers/segment.h"

static int bad(struct err *err, const char *key, const char *right)
{
	return err_set(err, "'%s' is not as it should be: %s", key, right);
}

static int take_now(
	struct parse_line *p, const struct jdoc *in, struct err *err)
{
	const struct jdoc *v = jdoc_at(in, "now");
	int64_t ms;

	if (v == NULL)
		return 0;
	if (instant_parse(jdoc_str(v), &ms) != 0)
		return bad(err, "now", "an RFC 3339 time with its offset");
	p->now_ms = ms;
	return 0;
}

static int take_message(
	struct parse_line *p, const struct jdoc *in, struct err *err)
{
	struct phone phone;
	struct str from = jdoc_str(jdoc_at(in, "from"));
	struct str text = jdoc_str(jdoc_at(in, "text"));

	if (text.p == NULL)
		return bad(err, "text", "a string");
	if (phone_parse(from, &phone) == 0)
		from = arena_str(p->arena, str_of(phone.z));
	p->message = (struct message){
		.channel = STR("parse"),
		.provider_id = STR("1"),
		.from = from,
		.text = text,
		.sent_at = p->now_ms,
		.received_at = p->now_ms,
	};
	return 0;
}

static int load_context(struct parse_line *p, struct err *err)
{
	struct context_query q = {
		.message = &p->message,
		.now_ms = p->now_ms,
		.utc_offset_min = (int)p->settings->config->utc_offset * 60,
	};
	struct context *c = &p->context;

	if (p->store == NULL) {
		c->now_ms = p->now_ms;
		c->utc_offset_min = q.utc_offset_min;
		c->today = day_of_ms(p->now_ms, q.utc_offset_min);
		c->minute = minute_of_ms(p->now_ms, q.utc_offset_min);
		c->sender_known = true;
		c->language = STR("vi");
		return 0;
	}
	q.unit_keys_n = scan_unit_keys(p->scan, &q.unit_keys);
	if (context_load(p->store, &q, p->arena, c) != 0)
		return err_set(err, "%s", store_error(p->store));
	if (p->message.from.p == NULL)
		c->has_registry = false;
	return 0;
}

static int take_partial(struct parse_line *p, const struct jdoc *in,
	struct pending *q, struct err *err)
{
	const struct jdoc *partial = jdoc_at(in, "partial");

	q->intent = INTENT_UNKNOWN;
	if (partial == NULL)
		return 0;
	q->intent = intent_parse(jdoc_str(jdoc_at(partial, "intent")));
	if (q->intent == INTENT_N)
		return bad(err, "partial.intent", "the name of an intent");
	q->partial = ARENA_NEW(p->arena, struct fields);
	if (jdoc_at(partial, "fields") == NULL)
		return 0;
	return fields_from_json(
		jdoc_at(partial, "fields"), p->arena, q->partial, err);
}

static int take_question(
	struct parse_line *p, const struct jdoc *in, struct err *err)
{
	struct str name = jdoc_str(jdoc_at(in, "question"));
	struct pending *q;

	if (name.p == NULL)
		return 0;
	q = ARENA_NEW(p->arena, struct pending);
	q->id = 1;
	q->subject = 1;
	q->sent_at = p->now_ms - 1;
	q->question = question_parse(name);
	if (q->question == QUESTION_N || q->question == QUESTION_NONE)
		return bad(err, "question", "the name of a question");
	if (take_partial(p, in, q, err) != 0)
		return -1;
	p->context.pending = q;
	p->context.pending_n = 1;
	return 0;
}

static int take_items(
	struct parse_line *p, const struct jdoc *in, struct err *err)
{
	const struct jdoc *v = jdoc_at(in, "items");
	size_t n = v != NULL ? jdoc_len(v) : 1;
	int *items = ARENA_ARRAY(p->arena, int, n + 1);
	int64_t k;

	if (v == NULL && context_question(&p->context, QUESTION_VOTE) == NULL)
		return 0;
	items[0] = 1;
	for (size_t i = 0; v != NULL && i < n; i++) {
		if (!jdoc_int(jdoc_item(v, i), &k) || k < 1 || k > 99)
			return bad(err, "items", "a list of item numbers");
		items[i] = (int)k;
	}
	p->context.vote_items = items;
	p->context.vote_items_n = n;
	return 0;
}

static int take_last_report(
	struct parse_line *p, const struct jdoc *in, struct err *err)
{
	const struct jdoc *v = jdoc_at(in, "last_report");
	struct report_ref *r;

	if (v == NULL)
		return 0;
	r = ARENA_NEW(p->arena, struct report_ref);
	if (fields_from_json(v, p->arena, &r->fields, err) != 0)
		return -1;
	r->meeting_id = r->report_id = 1;
	r->version = 1;
	r->unit = field_text(&r->fields, FIELD_UNIT);
	r->date = (day_t)field_int(&r->fields, FIELD_DATE, DAY_NONE);
	if (!field_has(&r->fields, FIELD_KIND))
		field_set_text(&r->fields, FIELD_KIND, STR("regular"));
	r->kind = field_text(&r->fields, FIELD_KIND);
	p->context.last_report = r;
	return 0;
}

static int take_pending_meeting(
	struct parse_line *p, const struct jdoc *in, struct err *err)
{
	const struct jdoc *v = jdoc_at(in, "pending_meeting");
	struct fields *f;
	struct meeting_ref *m;

	if (v == NULL)
		return 0;
	f = ARENA_NEW(p->arena, struct fields);
	m = ARENA_NEW(p->arena, struct meeting_ref);
	if (fields_from_json(v, p->arena, f, err) != 0)
		return -1;
	m->id = 1;
	m->unit = field_text(f, FIELD_UNIT);
	m->date = (day_t)field_int(f, FIELD_DATE, DAY_NONE);
	m->time = (int)field_int(f, FIELD_TIME, -1);
	p->context.pending_meeting = m;
	return 0;
}

/* The report that the text would meet: the store's, or the input's. */
static int load_subject(struct parse_line *p, struct err *err)
{
	const struct report_ref *last = p->context.last_report;
	const struct fields *f = &p->reading.fields;

	if (p->store != NULL &&
		context_load_subject(p->store, f, p->arena, &p->context) != 0)
		return err_set(err, "%s", store_error(p->store));
	if (last != NULL && p->context.same_report == NULL &&
		str_eq(last->unit, field_text(f, FIELD_UNIT)) &&
		last->date == field_int(f, FIELD_DATE, DAY_NONE))
		p->context.same_report = last;
	return 0;
}

static struct str reply_of(const struct parse_line *p)
{
	for (size_t i = 0; i < p->outcome.n; i++) {
		const struct effect *e = &p->outcome.v[i];
		struct str text;

		if (e->kind != EFFECT_REPLY && e->kind != EFFECT_ASK)
			continue;
		text = render_reply(p->settings->replies, &e->reply,
			p->context.language, p->arena);
		return segment_fold(text, FOLD_ALWAYS, p->arena);
	}
	return (struct str){NULL, 0};
}

static int take_context(
	struct parse_line *p, const struct jdoc *in, struct err *err)
{
	if (load_context(p, err) != 0 || take_question(p, in, err) != 0 ||
		take_items(p, in, err) != 0 ||
		take_last_report(p, in, err) != 0)
		return -1;
	return take_pending_meeting(p, in, err);
}

int parse_line_run(
	struct parse_line *p, const struct jdoc *input, struct err *err)
{
	memset(&p->context, 0, sizeof(p->context));
	memset(&p->reading, 0, sizeof(p->reading));
	memset(&p->outcome, 0, sizeof(p->outcome));
	if (!jdoc_is_object(input))
		return err_set(err, "a line must be a JSON object");
	if (take_now(p, input, err) != 0 || take_message(p, input, err) != 0)
		return -1;
	p->scan = scan_text(p->settings->rules, p->message.text, p->arena);
	if (take_context(p, input, err) != 0)
		return -1;
	read_message(p->scan, &p->context, p->arena, &p->reading);
	handler_resolve(
		&p->message, &p->context, p->settings->config, &p->reading);
	if (load_subject(p, err) != 0)
		return -1;
	p->outcome.arena = p->arena;
	handler_run(&p->message, &p->reading, &p->context, p->settings->config,
		&p->outcome);
	p->reply = reply_of(p);
	return 0;
}

struct jdoc *parse_line_output(const struct parse_line *p)
{
	const struct outcome *o = &p->outcome;
	struct jdoc *out = jdoc_object();

	jdoc_set_str(out, "intent", str_of(intent_str(o->intent)));
	jdoc_set(out, "fields", fields_to_json(&o->fields));
	jdoc_set(out, "clarify", jdoc_new_bool(o->clarify));
	if (o->problem != PROBLEM_NONE)
		jdoc_set_str(out, "problem", str_of(problem_str(o->problem)));
	else
		jdoc_set(out, "problem", jdoc_new_null());
	if (p->reply.p != NULL)
		jdoc_set_str(out, "reply", p->reply);
	else
		jdoc_set(out, "reply", jdoc_new_null());
	jdoc_set_str(out, "text", p->message.text);
	return out;
}
