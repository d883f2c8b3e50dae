/*
 * talk_text - is this SMS a step of a led conversation, and which?
 *
 * MENU begins one; from then on each screen is a question of ours (FORM), and
 * a bare answer to it is the form's. A text that is a whole command of its own
 * leaves the form, an opt-out always; where another question has come since
 * that fits as well, the form's screen is asked anew. Steps are stored unread:
 * what they add up to is a message of its own, read and handled as an SMS.
 * Writer thread.
 */
#include "gateway/talk_text.h"

#include "gateway/store/ask.h"
#include "gateway/talk_parts.h"
#include "handlers/dialog.h"
#include "handlers/render.h"
#include "parsers/read.h"

#define READ_MS INT64_C(5000) /* nobody reads and answers faster, by SMS */

/* One text on its way through a conversation. */
struct led {
	struct store *store;
	const struct intake_input *in;
	struct intake_view *view;
	const struct pending *asked; /* the form's screen; NULL: none is open */
	struct session session;
	struct guide_input guide;
	struct guide_step step;
};

static const struct config *config_of(const struct led *w)
{
	return w->in->settings->config;
}

void talk_text_forget(struct context *c, struct arena *a)
{
	struct pending *v;
	size_t n = 0;

	if (context_question(c, QUESTION_FORM) == NULL)
		return;
	v = ARENA_ARRAY(a, struct pending, c->pending_n);
	for (size_t i = 0; i < c->pending_n; i++)
		if (c->pending[i].question != QUESTION_FORM)
			v[n++] = c->pending[i];
	c->pending = v;
	c->pending_n = n;
}

/* ---- what kind of text is it? ---- */

static bool has_letter(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
			return true;
	}
	return false;
}

bool talk_text_repeats(const struct intake_input *in, const struct context *c)
{
	const struct pending *q = context_question(c, QUESTION_FORM);

	return q != NULL && !has_letter(scan_folded(in->scan)) &&
	       (in->scripted || in->message->sent_at - q->sent_at >= READ_MS);
}

/* A word by which forms are left, and not the reports of that name. */
static bool is_way_out(struct str folded)
{
	return str_is(folded, "huy") || str_is(folded, "lui");
}

/* Read as if there were no form. */
static void read_without(struct led *w, struct reading *ret)
{
	const struct intake_input *in = w->in;
	struct context c = w->view->context;

	talk_text_forget(&c, in->arena);
	read_message(in->scan, &c, in->arena, ret);
	handler_resolve(in->message, &c, config_of(w), ret);
}

static size_t words_n(struct str folded)
{
	struct str word;
	size_t n = 0;

	while (str_next(&folded, ' ', &word))
		n += word.n > 0;
	return n;
}

static bool says_something(const struct fields *f)
{
	return (f->has[0] | f->has[1]) != 0;
}

/* HUY BO is HUY, and no report's name. */
static bool is_way_out_of(const struct led *w, const struct reading *r)
{
	return r->intent == INTENT_CANCEL && !says_something(&r->fields) &&
	       words_n(scan_folded(w->in->scan)) <= 2;
}

/* Figures without their day, or SUA, while figures are asked for: they are
 * the form's, and would else be taken to another day's report. */
static bool is_figures(const struct reading *r)
{
	return !field_has(&r->fields, FIELD_DATE) &&
	       (r->intent == INTENT_CORRECTION ||
		       (r->intent == INTENT_ATTENDANCE &&
			       r->problem != PROBLEM_NONE));
}

static bool is_command(const struct led *w, const struct reading *r)
{
	struct str folded = str_trim(scan_folded(w->in->scan));

	return r->rule.n > 0 && has_letter(folded) && !is_way_out(folded) &&
	       !is_way_out_of(w, r) && r->intent != INTENT_OTHER &&
	       r->intent != INTENT_UNKNOWN && r->intent != INTENT_ACK &&
	       r->intent != INTENT_CONFIRM;
}

/*
 * Does a command leave the form? Free text holds any word, and a place may be
 * said with its verb: there it takes a short command, or one that says
 * something.
 */
static bool leaves(const struct led *w, const struct reading *r, bool fits)
{
	int type = talk_asked(w->in->settings->menus, &w->session.guide);
	bool asks_sum = type == TALK_NO_FIELD && w->session.guide.n > 0;

	if (!is_command(w, r))
		return false;
	if (r->intent == INTENT_OPT_OUT)
		return true;
	if ((type == MENUS_COUNT || asks_sum) && (fits || is_figures(r)))
		return false;
	if (!fits)
		return true;
	if (type == MENUS_PLACE && r->intent == INTENT_MEMBER_STATUS)
		return false;
	if (type != MENUS_WORDS || !r->whole)
		return r->whole;
	return words_n(scan_folded(w->in->scan)) <= 3 ||
	       (r->problem == PROBLEM_NONE && says_something(&r->fields));
}

/* Would it answer a question that came after the screen? */
static bool answers_other(const struct led *w, const struct reading *r)
{
	const struct context *c = &w->view->context;

	if (w->asked == NULL || c->pending[0].question == QUESTION_FORM)
		return false;
	return r->problem == PROBLEM_NONE &&
	       (r->intent == INTENT_CONFIRM || r->intent == INTENT_VOTE ||
		       r->answered || str_is(r->rule, DIALOG_ANSWER));
}

/* ---- what comes of it ---- */

static struct effect *add(struct led *w, enum effect_kind kind)
{
	struct effect *e = outcome_add(&w->view->outcome, kind);

	e->text = w->step.screen;
	return e;
}

static void settle(struct led *w)
{
	if (w->asked != NULL)
		outcome_add(&w->view->outcome, EFFECT_SETTLE)->subject =
			w->asked->id;
}

/* The step's effects; the session is what it is after it. */
static void take_step(struct led *w)
{
	struct effect *e;

	w->session.hops++;
	w->session.hop_at = w->in->now_ms;
	w->session.screen = w->step.screen;
	w->session.more = w->step.next == GUIDE_ASKS;
	w->session.state = w->session.more ? SESSION_OPEN : SESSION_DONE;
	if (w->session.more) {
		e = add(w, EFFECT_ASK);
		e->question = QUESTION_FORM;
		e->valid_min = config_of(w)->ussd.session_min;
		return;
	}
	settle(w);
	if (w->step.next != GUIDE_IS_FULL)
		add(w, EFFECT_REPLY);
}

/* What the form says, as a text of its own. */
static int say(struct led *w, struct intake_result *ret)
{
	struct message *m = ARENA_NEW(w->in->arena, struct message);
	struct intake_input in = *w->in;

	*m = *w->in->message;
	m->provider_id = arena_printf(w->in->arena, STR_FMT "/said",
		STR_ARG(w->in->message->provider_id));
	m->event_id = (struct str){NULL, 0};
	m->text = w->step.said;
	m->certain_id = true;
	in.message = m;
	in.scan = scan_text(in.settings->rules, m->text, in.arena);
	in.of_form = true;
	if (intake_message(w->store, &in, ret) != 0)
		return -1;
	return session_tell(w->store, w->session.id, ret->id);
}

/* Its own row says nothing of what was read. */
static int finish(struct led *w, struct intake_result *ret)
{
	struct store *s = w->store;

	take_step(w);
	if (w->step.next == GUIDE_SPEAKS &&
		session_language(s, w->session.phone, w->step.language) != 0)
		return -1;
	w->session.texts += w->step.next == GUIDE_IS_FULL;
	if (session_save(s, &w->session, w->in->arena) != 0 ||
		session_tell(s, w->session.id, ret->id) != 0 ||
		intake_unread(s, w->in, w->view, ret) != 0)
		return -1;
	ret->intent = INTENT_HELP;
	return w->step.next == GUIDE_IS_FULL ? say(w, ret) : 0;
}

/* MENU. What was left half-way by another way, or out of the form, goes on;
 * whoever has the form before them wants the menu. */
static int begin(struct led *w, bool found)
{
	const struct message *m = w->in->message;
	struct session before = w->session;
	bool again = found && w->asked == NULL &&
		     talk_can_resume(&before, config_of(w), w->in->now_ms);

	if (session_end_all(w->store, m->from) != 0)
		return -1;
	w->session = (struct session){
		.way = GUIDE_SMS,
		.channel = m->channel,
		.key = m->from,
		.phone = m->from,
		.created_at = w->in->now_ms,
	};
	if (again) {
		w->session.guide = before.guide;
		guide_resume(&w->guide, &w->session.guide, &w->step);
	} else {
		guide_begin(&w->guide, &w->session.guide, &w->step);
	}
	return 0;
}

/* The form's screen once more, behind a word that two things are asked. */
static void ask_which(struct led *w)
{
	struct reply r = {.key = "form_which"};

	guide_show(&w->guide, &w->session.guide, &w->step);
	reply_arg(&r, "screen", w->step.screen);
	w->step.screen = render_reply(w->in->settings->replies, &r,
		w->view->context.language, w->in->arena);
}

enum fate {
	FATE_STEP,   /* the form takes it */
	FATE_LEAVES, /* it ends the form, and is read as any text */
	FATE_PASSES  /* it is another question's, and the form stays */
};

/* An answer to the screen, unless it is something else. */
static enum fate go_on(struct led *w)
{
	struct guide_state g = w->session.guide;
	struct str typed = w->in->message->text;
	struct reading r;
	bool fits;

	read_without(w, &r);
	if (is_way_out_of(w, &r))
		typed = STR("000");
	w->guide.shown_on = talk_day(config_of(w), w->session.hop_at);
	guide_answer(&w->guide, typed, &g, &w->step);
	fits = w->step.next != GUIDE_ASKS || g.misses == 0;
	if (leaves(w, &r, fits))
		return FATE_LEAVES;
	if (answers_other(w, &r)) {
		if (!fits)
			return FATE_PASSES;
		ask_which(w);
		return FATE_STEP;
	}
	w->session.guide = g;
	return FATE_STEP;
}

/* Its question is asked no more. */
static int leave(struct led *w)
{
	const struct ask_row q = {
		.phone = w->in->message->from,
		.question = QUESTION_FORM,
		.now_ms = w->in->now_ms,
	};

	if (w->session.id != 0 && w->session.way == GUIDE_SMS) {
		w->session.state = SESSION_DONE;
		if (session_save(w->store, &w->session, w->in->arena) != 0)
			return -1;
	}
	return ask_drop(w->store, &q);
}

/* 1: a step; 0: none; -1. */
static int lead(struct led *w, bool call, bool found)
{
	enum fate fate = FATE_LEAVES;

	if (call)
		return begin(w, found) != 0 ? -1 : 1;
	if (found && w->session.way == GUIDE_SMS &&
		w->session.state == SESSION_OPEN) {
		if (talk_list(w->store, w->in->settings, &w->session.guide,
			    w->in->arena, &w->view->context) != 0)
			return -1;
		fate = go_on(w);
	}
	if (fate == FATE_STEP)
		return 1;
	if (fate == FATE_LEAVES && leave(w) != 0)
		return -1;
	talk_text_forget(&w->view->context, w->in->arena);
	return 0;
}

int talk_text(struct store *s, const struct intake_input *in,
	struct intake_view *v, struct intake_result *ret, bool *ret_taken)
{
	const struct context *c = &v->context;
	bool call = guide_is_call(in->settings->menus, scan_folded(in->scan));
	struct led *w;
	int rc;

	*ret_taken = false;
	if (!c->sender_known ||
		(!call && context_question(c, QUESTION_FORM) == NULL))
		return 0;
	w = ARENA_NEW(in->arena, struct led);
	w->store = s;
	w->in = in;
	w->view = v;
	w->asked = context_question(c, QUESTION_FORM);
	w->guide = talk_guide(in->settings, c, GUIDE_SMS, in->arena);
	rc = session_of_phone(s, in->message->from, in->arena, &w->session);
	if (rc >= 0)
		rc = lead(w, call, rc > 0);
	if (rc <= 0)
		return rc;
	*ret_taken = true;
	return finish(w, ret);
}
