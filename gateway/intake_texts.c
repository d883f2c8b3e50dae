/*
 * intake_texts - which texts does an outcome cause, to whom, and which not?
 *
 * Renders and folds what the effects say, for the sender and for staff, as far
 * as the guards and the budgets let it. An answer goes onto the screen of
 * whoever has one open. Holds no state; writer thread.
 */
#include "gateway/intake_parts.h"

#include "gateway/window.h"
#include "handlers/guide.h"
#include "handlers/render.h"
#include "parsers/segment.h"

#define HOUR_MS INT64_C(3600000)
#define NOTICES_MAX 500 /* of one effect: all staff above a hamlet */

static const struct config *config_of(const struct intake_input *in)
{
	return in->settings->config;
}

bool intake_is_answer(enum effect_kind k)
{
	return k == EFFECT_REPLY || k == EFFECT_ASK;
}

bool intake_is_news(const struct way *w)
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

/* A form's question is as long as the form, however often it comes. */
static bool is_fresh(const struct way *w)
{
	for (size_t i = 0; i < w->outcome->n; i++)
		if (w->outcome->v[i].question == QUESTION_FORM)
			return true;
	return intake_is_news(w);
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
	struct str text = e->text.n > 0 ? e->text
					: render_reply(set->replies, &e->reply,
						  language, a);
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
		.news = is_fresh(w),
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

/* Whoever has the screen before them is answered there. */
static bool put_on_screen(struct way *w, size_t effect)
{
	const struct intake_input *in = w->in;
	struct apply_text *t;

	if (!in->on_screen)
		return false;
	add_text(w, effect, in->message->from, w->context->language);
	t = &w->texts[w->texts_n - 1];
	t->shown = guide_fits(t->text);
	if (t->shown)
		t->channel = in->message->channel;
	else
		w->texts_n--;
	return t->shown;
}

/* Who has used up the hour's answers does not spend on the staff instead. */
static void drop_notices(struct way *w)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->texts_n; i++)
		if (intake_is_answer(w->outcome->v[w->texts[i].effect].kind))
			w->texts[kept++] = w->texts[i];
	w->not_noticed += w->texts_n - kept;
	w->texts_n = kept;
}

int intake_texts(struct way *w)
{
	for (size_t i = 0; i < w->outcome->n; i++) {
		enum effect_kind k = w->outcome->v[i].kind;

		if (k == EFFECT_NOTIFY && add_notices(w, i) != 0)
			return -1;
		if (intake_is_answer(k) && !put_on_screen(w, i))
			add_answer(w, i);
	}
	if (w->no == GUARD_HOUR)
		drop_notices(w);
	return 0;
}

struct str intake_why_not(const struct way *w)
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
