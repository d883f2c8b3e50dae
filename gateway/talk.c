/*
 * talk - what does a USSD session show next?
 *
 * Each request is one step: the session as it was kept, what was typed, the
 * forms' step, and what the form's text does when it is full. An answer that
 * asks leaves the session open, and the next input is that question's; any
 * other ends it. A request that is repeated is shown the same screen and does
 * nothing. Whose screen nobody waits for any more is texted what it would have
 * said, and goes on by SMS. Holds no state; writer thread.
 *
 *   open -> done (handled, ended) | dropped (hung up) | over (dialled anew)
 */
#include "gateway/talk.h"

#include "gateway/store/ask.h"
#include "gateway/store/errand.h"
#include "gateway/talk_parts.h"
#include "handlers/render.h"

struct talk {
	struct store *store;
	const struct talk_input *in;
	const struct ussd_hop *hop;
	struct talk_result *ret;
	struct session session;
	bool began; /* it had something filled in before this step */
	struct context context;
	struct guide_input guide;
	struct guide_step step;
	bool late, late_known;
};

static const struct config *config_of(const struct talk *t)
{
	return t->in->settings->config;
}

/* Asked once: from then on the screen is given, or it is not. */
static bool is_late(struct talk *t)
{
	if (!t->late_known)
		t->late =
			t->in->too_late != NULL && t->in->too_late(t->in->arg);
	t->late_known = true;
	return t->late;
}

static struct message message_of(const struct talk *t, struct str text)
{
	const struct session *v = &t->session;

	return (struct message){
		.channel = t->in->channel,
		.provider_id = arena_printf(t->in->arena, STR_FMT "/s%lld.%d",
			STR_ARG(t->hop->session), (long long)v->id, v->texts),
		.from = t->hop->phone,
		.text = text,
		.sent_at = t->in->now_ms,
		.received_at = t->in->now_ms,
		.certain_id = true,
	};
}

static int load(struct talk *t)
{
	struct message m = message_of(t, STR(""));
	struct context_query q = {
		.message = &m,
		.now_ms = t->in->now_ms,
		.utc_offset_min = (int)config_of(t)->utc_offset * 60,
	};

	talk_find_units(t->in->settings, t->hop->input, t->in->arena, &q);
	t->guide = talk_guide(
		t->in->settings, &t->context, GUIDE_USSD, t->in->arena);
	return context_load(t->store, &q, t->in->arena, &t->context);
}

static void show(struct talk *t, struct str text, bool more)
{
	t->session.screen = text;
	t->session.more = more;
	t->session.state = more ? SESSION_OPEN : SESSION_DONE;
}

static void show_reply(struct talk *t, const char *key)
{
	struct reply r = {.key = key};

	show(t,
		render_reply(t->in->settings->replies, &r, t->context.language,
			t->in->arena),
		false);
}

/* ---- what a form, or an answer to its text, says ---- */

static int take_text(struct talk *t, struct str text)
{
	struct message m;
	struct intake_input in = {
		.settings = t->in->settings,
		.message = &m,
		.arena = t->in->arena,
		.budget = t->in->budget,
		.now_ms = t->in->now_ms,
		.of_form = true,
		.on_screen = !is_late(t),
	};
	const bool waits = t->session.asked;
	struct intake_result r;

	t->session.texts++;
	m = message_of(t, text);
	in.scan = scan_text(in.settings->rules, text, in.arena);
	if (intake_message(t->store, &in, &r) != 0)
		return -1;
	t->ret->message_id = r.id;
	t->ret->queued += r.queued;
	t->ret->planned |= r.planned;
	/* What no answer is worth has answered nothing. */
	t->session.asked = r.shown ? r.asks : waits && r.reply.n == 0;
	if (r.shown)
		show(t, r.reply, r.asks);
	else if (!t->session.asked)
		show_reply(t, r.reply.n > 0 ? "screen_by_text" : "screen_over");
	return session_tell(t->store, t->session.id, r.id);
}

static int take_step(struct talk *t)
{
	switch (t->step.next) {
	case GUIDE_IS_FULL:
		return take_text(t, t->step.said);
	case GUIDE_SPEAKS:
		show(t, t->step.screen, false);
		return session_language(
			t->store, t->hop->phone, t->step.language);
	case GUIDE_ASKS:
	case GUIDE_SAYS:
		show(t, t->step.screen, t->step.next == GUIDE_ASKS);
		break;
	}
	return 0;
}

static int answer(struct talk *t, struct str typed)
{
	struct guide_state *g = &t->session.guide;

	if (talk_list(t->store, t->in->settings, g, t->in->arena,
		    &t->context) != 0)
		return -1;
	guide_answer(&t->guide, typed, g, &t->step);
	return 0;
}

/* Answers that were dialled at once, up to one that does not fit. */
static int feed(struct talk *t, struct str typed)
{
	struct str one;

	while (t->step.next == GUIDE_ASKS && t->session.guide.misses == 0 &&
		str_next(&typed, '*', &one))
		if (answer(t, one) != 0)
			return -1;
	return 0;
}

/* ---- a session begins, or goes on ---- */

/* A screen that went by SMS waits no more. */
static int take_over(struct talk *t)
{
	const struct ask_row form = {
		.phone = t->hop->phone,
		.question = QUESTION_FORM,
		.now_ms = t->in->now_ms,
	};

	return session_end_all(t->store, t->hop->phone) != 0
		       ? -1
		       : ask_drop(t->store, &form);
}

/* The question that nobody has answered, once more. */
static int ask_still(struct talk *t, const struct session *before)
{
	t->session.guide = before->guide;
	t->session.asked = true;
	show(t, before->screen, true);
	return session_save(t->store, &t->session, t->in->arena);
}

static int begin(struct talk *t)
{
	const struct ussd_hop *hop = t->hop;
	struct str typed = hop->fresh || hop->cumulative ? hop->input : STR("");
	struct session before;
	int rc = session_of_phone(t->store, hop->phone, t->in->arena, &before);

	if (rc < 0 || take_over(t) != 0)
		return -1;
	t->session = (struct session){
		.way = GUIDE_USSD,
		.channel = t->in->channel,
		.key = hop->session,
		.phone = hop->phone,
		.created_at = t->in->now_ms,
		.hop_at = t->in->now_ms,
	};
	if (rc > 0 && typed.n == 0 &&
		talk_still_asks(
			&before, &t->context, config_of(t), t->in->now_ms))
		return ask_still(t, &before);
	if (rc > 0 && typed.n == 0 &&
		talk_can_resume(&before, config_of(t), t->in->now_ms)) {
		t->session.guide = before.guide;
		guide_resume(&t->guide, &t->session.guide, &t->step);
	} else {
		guide_begin(&t->guide, &t->session.guide, &t->step);
	}
	/* What it becomes names it. */
	if (session_save(t->store, &t->session, t->in->arena) != 0)
		return -1;
	if (typed.n > 0 && feed(t, typed) != 0)
		return -1;
	return take_step(t);
}

/* What was typed since; false: not what was seen before and more. */
static bool typed_since(const struct talk *t, struct str *ret)
{
	struct str seen = t->session.seen, input = t->hop->input;

	*ret = input;
	if (!t->hop->cumulative || seen.n == 0)
		return true;
	if (!str_starts(input, seen) || input.n == seen.n ||
		input.p[seen.n] != '*')
		return false;
	*ret = str_from(input, seen.n + 1);
	return true;
}

/* From the menu once more, with all that was typed; what it became before has
 * happened, and does not happen twice. */
static int go_again(struct talk *t)
{
	t->session.asked = false;
	t->session.texts = 0;
	t->guide.shown_on = talk_day(config_of(t), t->session.created_at);
	guide_begin(&t->guide, &t->session.guide, &t->step);
	return feed(t, t->hop->input) != 0 ? -1 : take_step(t);
}

/* 00, 000 to what a full form's text left open: its last field once more; or
 * nothing, and the question may still be answered by SMS. */
static int go_back(struct talk *t, bool leaves)
{
	struct guide_state *g = &t->session.guide;

	if (leaves || g->n == 0) {
		show_reply(t, leaves ? "dropped" : "screen_over");
		return 0;
	}
	t->session.asked = false;
	g->n--;
	guide_resume(&t->guide, g, &t->step);
	g->resumed = false;
	guide_show(&t->guide, g, &t->step);
	return take_step(t);
}

static int go_on(struct talk *t)
{
	struct str typed;

	if (!typed_since(t, &typed))
		return go_again(t);
	typed = str_trim(typed);
	if (t->session.asked && str_is(typed, "00"))
		return go_back(t, false);
	if (t->session.asked && str_is(typed, "000"))
		return go_back(t, true);
	if (t->session.asked)
		return take_text(t, typed);
	t->guide.shown_on = talk_day(config_of(t), t->session.hop_at);
	return answer(t, typed) != 0 ? -1 : take_step(t);
}

/* ---- nobody waits for the screen ---- */

/* The session itself is shown nothing, and the form goes on as one of SMS. */
static int move_to_text(struct talk *t)
{
	bool more = t->session.more;

	if (more) {
		t->guide.way = GUIDE_SMS;
		guide_show(&t->guide, &t->session.guide, &t->step);
		t->session.screen = t->step.screen;
	}
	if (talk_by_text(t->store, t->in, &t->session, more) != 0)
		return -1;
	t->ret->queued++;
	show(t, STR(""), false);
	t->session.state = SESSION_OVER;
	return 0;
}

/* ---- the end of a step ---- */

static bool has_some(const struct session *v)
{
	return v->guide.n > 0 || v->asked;
}

/* A dropped session is noticed some time after its last step. */
static int watch(struct talk *t, int64_t due_at)
{
	struct errand e = {
		.kind = ERRAND_SESSION_DROP,
		.run_id = arena_printf(t->in->arena, "session_drop:s%lld",
			(long long)t->session.id),
		.due_at = due_at,
		.subject = t->session.id,
	};

	return errand_put(t->store, &e);
}

static int keep(struct talk *t)
{
	struct session *v = &t->session;

	v->hops++;
	v->hop_at = t->in->now_ms;
	v->seen = t->hop->input;
	v->sequence = t->hop->sequence;
	/* What a text says itself has gone by itself. */
	if (is_late(t) && t->ret->message_id == 0 && move_to_text(t) != 0)
		return -1;
	if (session_save(t->store, v, t->in->arena) != 0)
		return -1;
	if (v->state != SESSION_OPEN || !has_some(v))
		return 0;
	t->ret->planned |= !t->began;
	return watch(t,
		t->in->now_ms + TALK_MINUTE_MS * config_of(t)->ussd.drop_min);
}

/* The provider says that it is over. */
static int hang_up(struct talk *t)
{
	struct session *v = &t->session;

	if (v->state != SESSION_OPEN)
		return 0;
	v->state = SESSION_DROPPED;
	if (session_save(t->store, v, t->in->arena) != 0)
		return -1;
	if (!has_some(v))
		return 0;
	t->ret->planned = true;
	return watch(t, t->in->now_ms);
}

/* All that it says was seen, and more, and did: it was brought late. */
static bool is_stale(const struct talk *t)
{
	struct str seen = t->session.seen, input = t->hop->input;

	return t->session.guide.misses == 0 && input.n > 0 &&
	       input.n < seen.n && str_starts(seen, input) &&
	       seen.p[input.n] == '*';
}

/* The same request once more: nothing happens. A provider may give the name
 * of a session again to a later one, and soon to one that is dialled. */
static bool is_repeat(const struct talk *t)
{
	const struct session *v = &t->session;
	const struct ussd_hop *hop = t->hop;
	const int64_t minutes = hop->fresh ? 1 : config_of(t)->ussd.session_min;

	if (v->hops == 0 || !talk_is_within(v, minutes, t->in->now_ms))
		return false;
	if (hop->sequence != 0)
		return hop->sequence <= v->sequence;
	if (hop->cumulative)
		return str_eq(hop->input, v->seen) || is_stale(t);
	return hop->fresh && v->hops == 1 && str_eq(hop->input, v->seen);
}

static bool is_live(const struct talk *t)
{
	const struct session *v = &t->session;

	return (v->state == SESSION_OPEN || v->state == SESSION_DROPPED) &&
	       talk_is_within(v, config_of(t)->ussd.session_min, t->in->now_ms);
}

static int step(struct talk *t, bool found)
{
	if (load(t) != 0)
		return -1;
	t->began = found && has_some(&t->session);
	if (!found || t->hop->fresh)
		return begin(t);
	if (is_live(t))
		return go_on(t);
	if (t->hop->cumulative &&
		!talk_is_within(&t->session, config_of(t)->ussd.session_min,
			t->in->now_ms))
		return begin(t);
	show_reply(t, "screen_over");
	return 0;
}

int talk_hop(
	struct store *s, const struct talk_input *in, struct talk_result *ret)
{
	struct talk *t = ARENA_NEW(in->arena, struct talk);
	bool found;
	int rc;

	*ret = (struct talk_result){.message_id = 0};
	t->store = s;
	t->in = in;
	t->hop = in->hop;
	t->ret = ret;
	rc = session_find(
		s, in->channel, in->hop->session, in->arena, &t->session);
	if (rc < 0)
		return -1;
	t->hop = talk_hop_of(in->hop, rc > 0 ? &t->session : NULL, in->arena);
	found = rc > 0 && str_eq(t->session.phone, t->hop->phone);
	if (in->hop->event == USSD_ENDED)
		return rc > 0 ? hang_up(t) : 0;
	if (!found || !is_repeat(t)) {
		if (step(t, found) != 0 || keep(t) != 0)
			return -1;
	} else if (t->session.screen.n == 0) {
		t->context.language = STR("vi");
		show_reply(t, "screen_over");
	}
	ret->screen = (struct ussd_screen){t->session.screen, t->session.more};
	return 0;
}
