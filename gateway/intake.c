/*
 * intake - what becomes of one MO text?
 *
 * Joins the rooms that cannot see one another: the store loads the context,
 * the parsers read, the handlers decide, this renders and folds the texts,
 * the store applies. Holds no state; called inside the writer's transaction,
 * so two quick texts of one sender see each other and no read is stale.
 */
#include "gateway/intake.h"

#include "gateway/errands.h"
#include "gateway/intake_parts.h"
#include "gateway/staff.h"
#include "gateway/store/lineage.h"
#include "gateway/store/session.h"
#include "gateway/talk_text.h"
#include "parsers/read.h"

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS INT64_C(3600000)

static const struct config *config_of(const struct intake_input *in)
{
	return in->settings->config;
}

static enum message_state state_of(const struct outcome *o)
{
	if (o->clarify)
		return MESSAGE_ASKED;
	return o->n == 0 ? MESSAGE_IGNORED : MESSAGE_DONE;
}

static struct context_query query_of(const struct intake_input *in)
{
	return (struct context_query){
		.message = in->message,
		.now_ms = in->again != NULL ? in->message->received_at
					    : in->now_ms,
		.utc_offset_min = (int)config_of(in)->utc_offset * 60,
	};
}

static int load_context(
	struct store *s, const struct intake_input *in, struct intake_view *v)
{
	struct context_query q = query_of(in);

	q.unit_keys_n = scan_unit_keys(in->scan, &q.unit_keys);
	return in->again != NULL ? replay_context(s, in->again, &q, in->arena,
					   &v->context)
				 : context_load(s, &q, in->arena, &v->context);
}

static int load_subject(
	struct store *s, const struct intake_input *in, struct intake_view *v)
{
	struct fields *f = &v->reading.fields;
	struct context_query q = query_of(in);

	v->context.tasks_known = true;
	if (lineage_settle(s, &q, &v->context, in->arena, &v->reading) != 0)
		return -1;
	return in->again != NULL
		       ? replay_subject(s, in->again, f, in->arena, &v->context)
		       : context_load_subject(s, f, in->arena, &v->context);
}

/* Does it store nothing but its question? */
static bool only_asks(const struct outcome *o)
{
	bool asks = false;

	for (size_t i = 0; i < o->n; i++) {
		enum effect_kind k = o->v[i].kind;

		if (k != EFFECT_ASK && k != EFFECT_SETTLE && k != EFFECT_NOTIFY)
			return false;
		asks |= k == EFFECT_ASK;
	}
	return o->clarify && asks;
}

/* What is whole is echoed and waits for `1`, as a misspelt keyword does; what
 * even so is no question says nothing. */
static void ask_first(const struct intake_input *in, struct intake_view *v)
{
	if (only_asks(&v->outcome))
		return;
	/* With what follows from it: all that would be stored is shown. */
	if (v->reading.intent == INTENT_MEETING_REPORT &&
		v->outcome.intent == INTENT_MEETING_REPORT)
		v->reading.fields = v->outcome.fields;
	v->reading.problem = PROBLEM_KEYWORD_TYPO;
	handler_run(in->message, &v->reading, &v->context, config_of(in),
		&v->outcome);
	if (!only_asks(&v->outcome))
		v->outcome.n = 0;
}

/* The context is there. */
static int look_on(
	struct store *s, const struct intake_input *in, struct intake_view *ret)
{
	const struct config *cfg = config_of(in);

	read_message(in->scan, &ret->context, in->arena, &ret->reading);
	handler_resolve(in->message, &ret->context, cfg, &ret->reading);
	if (load_subject(s, in, ret) != 0 || staff_look(s, in, ret) != 0)
		return -1;
	ret->outcome.arena = in->arena;
	handler_run(
		in->message, &ret->reading, &ret->context, cfg, &ret->outcome);
	if (in->asks_only)
		ask_first(in, ret);
	return 0;
}

int intake_look(struct store *s, const struct intake_input *in, int64_t id,
	struct intake_view *ret)
{
	if (load_context(s, in, ret) != 0)
		return -1;
	talk_text_forget(&ret->context, in->arena);
	ret->context.message_id = id;
	return look_on(s, in, ret);
}

/* What was recorded, for a reading of the same text under other rules. */
static int keep_fields(const struct way *w, int64_t id)
{
	for (size_t i = 0; i < w->outcome->n; i++)
		if (w->outcome->v[i].kind == EFFECT_RECORD)
			return inbound_fields(w->store, id, &w->outcome->fields,
				w->in->arena);
	return 0;
}

/* What hangs on the records is planned with them. */
static int plan(const struct way *w, const struct apply_touched *touched,
	bool *ret_planned)
{
	const struct errands_input in = {
		.settings = w->in->settings,
		.arena = w->in->arena,
		.now_ms = w->in->now_ms,
	};

	*ret_planned = false;
	if (touched->n == 0 && touched->opted_in.n == 0)
		return 0;
	return errands_after(w->store, &in, touched, ret_planned);
}

static void tell_answer(const struct way *w, struct intake_result *ret)
{
	for (size_t i = 0; i < w->texts_n; i++) {
		const struct effect *e = &w->outcome->v[w->texts[i].effect];

		if (!intake_is_answer(e->kind) || ret->queued + ret->shown == 0)
			continue;
		ret->reply = w->texts[i].text;
		ret->asks = w->outcome->clarify && e->kind == EFFECT_ASK;
		return;
	}
}

/* Effects into rows, and what came of them. */
static int apply(struct way *w, struct intake_result *ret)
{
	const struct config *cfg = config_of(w->in);
	struct apply_touched touched = {.message_id = ret->id};
	int64_t shown = 0;
	struct apply_input a = {
		.message_id = ret->id,
		.message = w->in->message,
		.context = w->context,
		.outcome = w->outcome,
		.texts = w->texts,
		.texts_n = w->texts_n,
		.now_ms = w->in->now_ms,
		.question_valid_ms = cfg->question.valid_h * HOUR_MS,
		.join_window_days = (int)cfg->report.join_window_days,
		.vote_late_ms = cfg->vote.late_min * MINUTE_MS,
		.again = w->in->again != NULL,
		.touched = &touched,
		.shown = &shown,
	};

	if (apply_outcome(w->store, &a, &ret->queued) != 0 ||
		keep_fields(w, ret->id) != 0 ||
		plan(w, &touched, &ret->planned) != 0 ||
		(intake_is_news(w) &&
			session_end_all(w->store, w->in->message->from) != 0))
		return -1;
	ret->shown = shown != 0;
	ret->withheld = intake_why_not(w);
	if (ret->withheld.n > 0 &&
		inbound_withheld(w->store, ret->id, ret->withheld) != 0)
		return -1;
	tell_answer(w, ret);
	return 0;
}

static struct way *way_new(struct store *s, const struct intake_input *in,
	const struct intake_view *v)
{
	struct way *w = ARENA_NEW(in->arena, struct way);

	w->store = s;
	w->in = in;
	w->context = &v->context;
	w->outcome = &v->outcome;
	return w;
}

int intake_do(struct store *s, const struct intake_input *in,
	const struct intake_view *v, struct intake_result *ret)
{
	struct way *w = way_new(s, in, v);

	ret->id = v->context.message_id;
	if ((!in->quiet && intake_texts(w) != 0) || apply(w, ret) != 0)
		return -1;
	ret->intent = w->outcome->intent;
	ret->problem = w->outcome->problem;
	ret->state = state_of(w->outcome);
	return inbound_done(s, ret->id, ret->state, ret->intent,
		str_of(problem_str(ret->problem)));
}

/* The same text again may be the answer to the next question. */
static int is_counted(struct store *s, const struct intake_input *in,
	struct intake_view *v, int64_t id, bool *ret)
{
	*ret = false;
	if (load_context(s, in, v) != 0)
		return -1;
	if (talk_text_repeats(in, &v->context)) {
		*ret = true;
		return session_count(s, id);
	}
	read_message(in->scan, &v->context, in->arena, &v->reading);
	return v->reading.repeatable ? inbound_count(s, id, ret) : 0;
}

int intake_unread(struct store *s, const struct intake_input *in,
	const struct intake_view *v, struct intake_result *ret)
{
	struct way *w = way_new(s, in, v);

	if (intake_texts(w) != 0 || apply(w, ret) != 0)
		return -1;
	ret->state = state_of(&v->outcome);
	return inbound_done(s, ret->id, ret->state, INTENT_N, STR(""));
}

int intake_message(struct store *s, const struct intake_input *in,
	struct intake_result *ret)
{
	bool counted = true, led = false;
	struct intake_view *v;

	*ret = (struct intake_result){.state = MESSAGE_DUPLICATE};
	if (inbound_put(s, in->message, ruleset_version(in->settings->rules),
		    &ret->put, &ret->id) != 0)
		return -1;
	if (ret->put == INBOUND_REPEAT)
		return 0;
	v = ARENA_NEW(in->arena, struct intake_view);
	if (ret->put == INBOUND_DUPLICATE &&
		is_counted(s, in, v, ret->id, &counted) != 0)
		return -1;
	if (!counted)
		return 0;
	ret->put = INBOUND_NEW;
	if (load_context(s, in, v) != 0)
		return -1;
	v->context.message_id = ret->id;
	v->outcome.arena = in->arena;
	if (!in->of_form && talk_text(s, in, v, ret, &led) != 0)
		return -1;
	if (led)
		return 0;
	if (look_on(s, in, v) != 0)
		return -1;
	return intake_do(s, in, v, ret);
}

int intake_incomplete(struct store *s, const struct intake_input *in,
	struct str why, struct intake_result *ret)
{
	struct intake_view *v;
	struct way *w;

	*ret = (struct intake_result){.state = MESSAGE_DUPLICATE};
	if (inbound_put(s, in->message, ruleset_version(in->settings->rules),
		    &ret->put, &ret->id) != 0)
		return -1;
	if (ret->put != INBOUND_NEW)
		return 0;
	v = ARENA_NEW(in->arena, struct intake_view);
	if (load_context(s, in, v) != 0)
		return -1;
	v->context.message_id = ret->id;
	v->outcome.arena = in->arena;
	outcome_add(&v->outcome, EFFECT_REPLY)->reply.key = "send_again";
	w = way_new(s, in, v);
	if (intake_texts(w) != 0 || apply(w, ret) != 0)
		return -1;
	ret->state = ret->queued > 0 ? MESSAGE_ASKED : MESSAGE_IGNORED;
	return inbound_done(s, ret->id, ret->state, INTENT_N, why);
}
