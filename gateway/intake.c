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
#include "gateway/staff.h"
#include "gateway/store/lineage.h"
#include "gateway/window.h"
#include "handlers/render.h"
#include "parsers/read.h"
#include "parsers/segment.h"

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS INT64_C(3600000)
#define NOTICES_MAX 500 /* of one effect: all staff above a hamlet */

/* One text on its way. */
struct way {
	struct store *store;
	const struct intake_input *in;
	const struct context *context;
	const struct outcome *outcome;
	struct apply_text *texts;
	size_t texts_n, texts_room;
	enum guard no;      /* why there is no answer */
	size_t not_noticed; /* staff past NOTICES_MAX, or with the answer */
};

static const struct config *config_of(const struct intake_input *in)
{
	return in->settings->config;
}

static bool is_answer(enum effect_kind k)
{
	return k == EFFECT_REPLY || k == EFFECT_ASK;
}

/* Does something stand in the records now that did not before? */
static bool is_news(const struct way *w)
{
	for (size_t i = 0; i < w->outcome->n; i++) {
		const struct effect *e = &w->outcome->v[i];

		if (e->kind == EFFECT_REPORT || e->kind == EFFECT_VOID ||
			e->kind == EFFECT_RECORD)
			return true;
		if (e->kind == EFFECT_CONTACT &&
			e->opted_out != w->context->opted_out)
			return true;
	}
	return false;
}

/* Room for n more texts; the arena keeps what was outgrown. */
static void make_room(struct way *w, size_t n)
{
	struct apply_text *more;

	if (w->texts_n + n <= w->texts_room)
		return;
	w->texts_room = 2 * w->texts_n + n;
	more = ARENA_ARRAY(w->in->arena, struct apply_text, w->texts_room);
	if (w->texts_n > 0)
		memcpy(more, w->texts, w->texts_n * sizeof(*more));
	w->texts = more;
}

static void add_text(
	struct way *w, size_t effect, struct str to, struct str language)
{
	const struct settings *set = w->in->settings;
	const struct effect *e = &w->outcome->v[effect];
	bool notify = e->kind == EFFECT_NOTIFY;
	const struct channel *ch = settings_channel_for(set,
		notify ? (struct str){NULL, 0} : w->in->message->channel, to);
	struct arena *a = w->in->arena;
	struct str text = render_reply(set->replies, &e->reply, language, a);
	int64_t valid_h = notify ? set->config->outbox.bulk_valid_h
				 : set->config->outbox.reply_valid_h;

	make_room(w, 1);
	w->texts[w->texts_n++] = (struct apply_text){
		.effect = effect,
		.to = to,
		.text = ch != NULL ? segment_fold(text, ch->config->fold, a)
				   : text,
		.channel = ch != NULL ? ch->name : w->in->message->channel,
		.lane = notify ? "urgent" : "reply",
		/* Whoever waits no more for an answer is not woken by it. */
		.due_at = notify || w->in->late || w->in->again != NULL
				  ? window_opens_at(set->config, w->in->now_ms)
				  : w->in->now_ms,
		.valid_until = w->in->now_ms + HOUR_MS * valid_h,
	};
}

static int add_notices(struct way *w, size_t effect)
{
	const struct effect *e = &w->outcome->v[effect];
	struct staff_phones staff;

	if (e->to.n > 0) {
		add_text(w, effect, e->to, e->language);
		return 0;
	}
	if (staff_phones(w->store, e->unit_id, w->context->today, w->in->arena,
		    &staff) != 0)
		return -1;
	if (staff.n > NOTICES_MAX) {
		w->not_noticed += staff.n - NOTICES_MAX;
		staff.n = NOTICES_MAX;
	}
	make_room(w, staff.n);
	for (size_t i = 0; i < staff.n; i++)
		add_text(w, effect, staff.v[i].phone, staff.v[i].language);
	return 0;
}

static void add_answer(struct way *w, size_t effect)
{
	const struct intake_input *in = w->in;
	struct guard_answer a = {
		.config = config_of(in),
		.message = in->message,
		.known = w->context->sender_known,
		.news = is_news(w),
		.now_ms = in->now_ms,
	};
	enum guard no = guard_sender(in->settings, in->message->from);

	if (no == GUARD_OPEN) {
		add_text(w, effect, in->message->from, w->context->language);
		a.text = w->texts[w->texts_n - 1].text;
		if (in->budget != NULL)
			no = guard_answer(in->budget, &a);
		w->texts_n -= no != GUARD_OPEN;
	}
	if (no != GUARD_OPEN)
		w->no = no;
}

/* Who has used up the hour's answers does not spend on the staff instead. */
static void drop_notices(struct way *w)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->texts_n; i++)
		if (is_answer(w->outcome->v[w->texts[i].effect].kind))
			w->texts[kept++] = w->texts[i];
	w->not_noticed += w->texts_n - kept;
	w->texts_n = kept;
}

static int make_texts(struct way *w)
{
	for (size_t i = 0; i < w->outcome->n; i++) {
		enum effect_kind k = w->outcome->v[i].kind;

		if (k == EFFECT_NOTIFY && add_notices(w, i) != 0)
			return -1;
		if (is_answer(k))
			add_answer(w, i);
	}
	if (w->no == GUARD_HOUR)
		drop_notices(w);
	return 0;
}

/* What was held back, and why; absent: nothing. */
static struct str withheld(const struct way *w)
{
	struct arena *a = w->in->arena;
	struct str why = str_of(guard_str(w->no));

	if (w->no != GUARD_OPEN)
		why = arena_printf(a, "no answer: " STR_FMT, STR_ARG(why));
	if (w->not_noticed == 0)
		return why;
	why = arena_printf(a, STR_FMT "%s%zu of the staff were not told",
		STR_ARG(why), why.n > 0 ? "; " : "", w->not_noticed);
	if (w->no == GUARD_HOUR)
		return why;
	return arena_printf(
		a, STR_FMT ": more than %d in all", STR_ARG(why), NOTICES_MAX);
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

	if (lineage_settle(s, &q, &v->context, in->arena, f) != 0)
		return -1;
	return in->again != NULL
		       ? replay_subject(s, in->again, f, in->arena, &v->context)
		       : context_load_subject(s, f, in->arena, &v->context);
}

int intake_look(struct store *s, const struct intake_input *in, int64_t id,
	struct intake_view *ret)
{
	const struct config *cfg = config_of(in);

	if (load_context(s, in, ret) != 0)
		return -1;
	ret->context.message_id = id;
	read_message(in->scan, &ret->context, in->arena, &ret->reading);
	handler_resolve(in->message, &ret->context, cfg, &ret->reading);
	if (load_subject(s, in, ret) != 0 || staff_look(s, in, ret) != 0)
		return -1;
	ret->outcome.arena = in->arena;
	handler_run(
		in->message, &ret->reading, &ret->context, cfg, &ret->outcome);
	return 0;
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

/* Effects into rows, and what came of them. */
static int apply(struct way *w, struct intake_result *ret)
{
	const struct config *cfg = config_of(w->in);
	struct apply_touched touched = {.message_id = ret->id};
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
	};

	if (apply_outcome(w->store, &a, &ret->queued) != 0 ||
		keep_fields(w, ret->id) != 0 ||
		plan(w, &touched, &ret->planned) != 0)
		return -1;
	ret->withheld = withheld(w);
	if (ret->withheld.n > 0 &&
		inbound_withheld(w->store, ret->id, ret->withheld) != 0)
		return -1;
	if (ret->queued > 0 && w->texts_n > 0 &&
		str_eq(w->texts[0].to, w->in->message->from))
		ret->reply = w->texts[0].text;
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
	if ((!in->quiet && make_texts(w) != 0) || apply(w, ret) != 0)
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
	read_message(in->scan, &v->context, in->arena, &v->reading);
	return v->reading.repeatable ? inbound_count(s, id, ret) : 0;
}

int intake_message(struct store *s, const struct intake_input *in,
	struct intake_result *ret)
{
	bool counted = true;
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
	if (intake_look(s, in, ret->id, v) != 0)
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
	if (make_texts(w) != 0 || apply(w, ret) != 0)
		return -1;
	ret->state = ret->queued > 0 ? MESSAGE_ASKED : MESSAGE_IGNORED;
	return inbound_done(s, ret->id, ret->state, INTENT_N, why);
}
