/*
 * replay - what would be made of a stored text today, and may that be done?
 *
 * A message is read in the situation of its own time and compared with what
 * was made of it then. Carrying it out adds to the store and takes nothing
 * away; whatever a later text, or a person behind it, has settled stays as it
 * is. A body that was set aside unread is handed to its provider first. Called
 * by the command for looking, inside the writer's transaction for doing.
 */
#include "gateway/replay.h"

#include "gateway/base/fault.h"
#include "parsers/phone.h"

#define HOUR_MS INT64_C(3600000)

static struct str print_fields(const struct fields *f, struct arena *a)
{
	struct jdoc *doc = fields_to_json(f);
	struct str text = jdoc_print(doc, a);

	jdoc_free(doc);
	return text;
}

static void add_report(
	struct replay_made *made, const struct fields *f, struct arena *a)
{
	struct fields shown = *f;
	struct str one;

	/* It follows from the day, and is a column of the meeting. */
	field_drop(&shown, FIELD_PERIOD);
	one = print_fields(&shown, a);
	made->report = made->report.n == 0
			       ? one
			       : arena_printf(a, STR_FMT " " STR_FMT,
					 STR_ARG(made->report), STR_ARG(one));
}

static struct replay_made made_before(
	const struct replay_message *m, struct arena *a)
{
	struct replay_made made = {
		.intent = m->intent,
		.problem = m->problem,
		.fields = m->fields,
	};

	for (size_t i = 0; i < m->reports_n; i++)
		add_report(&made, &m->reports[i], a);
	return made;
}

static struct replay_made made_now(const struct outcome *o, struct arena *a)
{
	struct replay_made made = {
		.intent = str_of(intent_str(o->intent)),
		.problem = str_of(problem_str(o->problem)),
	};

	for (size_t i = 0; i < o->n; i++) {
		if (o->v[i].kind == EFFECT_REPORT)
			add_report(&made, o->v[i].fields, a);
		if (o->v[i].kind == EFFECT_RECORD)
			made.fields = print_fields(&o->fields, a);
	}
	return made;
}

/* Fields that were never kept are not compared. */
static bool differs(const struct replay_made *x, const struct replay_made *y)
{
	return !str_eq(x->intent, y->intent) ||
	       !str_eq(x->problem, y->problem) ||
	       !str_eq(x->report, y->report) ||
	       (x->fields.n > 0 && !str_eq(x->fields, y->fields));
}

/* ---- a body that was set aside unread ---- */

static struct str number(struct str raw, struct arena *a)
{
	struct phone phone;

	return phone_parse(raw, &phone) == 0 ? arena_str(a, str_of(phone.z))
					     : raw;
}

/* Which of the two it was is not known: a query stands where there is no body.
 */
static void open_body(const struct replay_env *env,
	const struct replay_message *m, struct replay_seen *ret)
{
	const struct channel *c =
		settings_channel(env->settings, m->message.channel);
	struct provider_request r = {
		.method = STR("POST"),
		.query = m->body,
		.body = m->body,
		.now_ms = m->message.received_at,
	};
	struct provider_inbound *in =
		ARENA_NEW(env->arena, struct provider_inbound);

	ret->why = "the configuration has no such channel";
	if (c == NULL || !c->provider->can_receive)
		return;
	fault_point_text("poison", m->body);
	c->provider->parse_inbound(c->state, &r, env->arena, in);
	ret->why = "its provider's body cannot be read";
	if (in->event != PROVIDER_MESSAGES || in->n == 0)
		return;
	ret->why = "it is a part of a longer text";
	for (size_t i = 0; i < in->n; i++)
		if (message_is_part(&in->v[i]))
			return;
	for (size_t i = 0; i < in->n; i++) {
		struct message *t = &in->v[i];

		t->channel = c->name;
		t->received_at = m->message.received_at;
		if (t->sent_at == 0)
			t->sent_at = t->received_at;
		t->from = number(t->from, env->arena);
		t->to = number(t->to, env->arena);
	}
	ret->why = NULL;
	ret->texts = in->v;
	ret->texts_n = in->n;
}

/* ---- looking ---- */

/* The text in the message's place among the others. */
static struct replay_message *as_text(const struct replay_env *env,
	const struct replay_message *m, const struct message *text)
{
	struct replay_message *one =
		ARENA_NEW(env->arena, struct replay_message);

	*one = *m;
	one->message = *text;
	return one;
}

static struct intake_input input_for(
	const struct replay_env *env, const struct replay_message *one)
{
	return (struct intake_input){
		.settings = env->settings,
		.message = &one->message,
		.scan = scan_text(
			env->settings->rules, one->message.text, env->arena),
		.arena = env->arena,
		.now_ms = env->now_ms,
		.again = one,
	};
}

static bool is_quarantined(const struct replay_message *m)
{
	return str_is(m->state, message_state_str(MESSAGE_QUARANTINED));
}

int replay_see(const struct replay_env *env, const struct replay_message *m,
	struct replay_seen *ret)
{
	struct intake_view *v = ARENA_NEW(env->arena, struct intake_view);
	struct intake_input in;

	*ret = (struct replay_seen){.texts = &m->message, .texts_n = 1};
	if (is_quarantined(m))
		open_body(env, m, ret);
	else if (m->intent.n == 0)
		return 0;
	if (ret->why != NULL)
		return 0;
	in = input_for(env, as_text(env, m, ret->texts));
	if (intake_look(env->store, &in, m->id, v) != 0)
		return -1;
	ret->read = true;
	ret->before = made_before(m, env->arena);
	ret->after = made_now(&v->outcome, env->arena);
	ret->differs = is_quarantined(m) || differs(&ret->before, &ret->after);
	return 0;
}

/* ---- doing ---- */

static bool same_meeting(const struct fields *x, const struct fields *y)
{
	return str_eq(field_text(x, FIELD_UNIT), field_text(y, FIELD_UNIT)) &&
	       str_eq(field_text(x, FIELD_KIND), field_text(y, FIELD_KIND)) &&
	       field_int(x, FIELD_DATE, 0) == field_int(y, FIELD_DATE, 0);
}

/* Would each report that it stored only get a further version? */
static bool only_adds(const struct replay_message *m, const struct outcome *o)
{
	size_t n = 0;

	for (size_t i = 0; i < o->n; i++) {
		if (o->v[i].kind != EFFECT_REPORT)
			continue;
		if (n < m->reports_n &&
			!same_meeting(&m->reports[n], o->v[i].fields))
			return false;
		n++;
	}
	return n >= m->reports_n && m->fields.n == 0;
}

/* How one text is to be done. */
struct doing {
	const struct replay_env *env;
	const struct replay_message *one;
	struct intake_input in;
	struct intake_view *view;
	int64_t id;
};

static int is_fresh(const struct doing *d, bool *ret)
{
	const struct config *cfg = d->env->settings->config;
	int64_t age = d->env->now_ms - d->one->message.received_at;
	bool newer = true;

	if (age < cfg->question.valid_h * HOUR_MS &&
		replay_newer(d->env->store, d->one, &newer) != 0)
		return -1;
	*ret = !newer;
	return 0;
}

static int look_for_reason(struct doing *d, bool fresh, struct replay_done *ret)
{
	struct replay_ask ask = {
		.outcome = &d->view->outcome,
		.now_ms = d->env->now_ms,
		.fresh = fresh,
	};

	if (!only_adds(d->one, ask.outcome)) {
		ret->left = "what it has stored would have to be taken back";
		return 0;
	}
	if (replay_hold(d->env->store, d->one, &ask, &ret->left) != 0)
		return -1;
	if (ret->left == NULL && ask.outcome->clarify && !fresh)
		ret->left = "it needs an answer, and is too old to ask";
	return 0;
}

static int do_text(struct doing *d, struct replay_done *ret)
{
	struct store *s = d->env->store;
	struct intake_result result = {.queued = 0};
	bool fresh;

	d->view = ARENA_NEW(d->env->arena, struct intake_view);
	d->in = input_for(d->env, d->one);
	if (intake_look(s, &d->in, d->id, d->view) != 0 ||
		is_fresh(d, &fresh) != 0 || look_for_reason(d, fresh, ret) != 0)
		return -1;
	if (ret->left != NULL)
		return 0;
	d->in.quiet = !fresh;
	if (!is_quarantined(d->one) &&
		replay_turn(s, d->one, ruleset_version(d->env->settings->rules),
			d->env->now_ms) != 0)
		return -1;
	if (intake_do(s, &d->in, d->view, &result) != 0)
		return -1;
	ret->queued += result.queued;
	return 0;
}

/* The first text takes the place of the body, others get rows of their own. */
static int place_text(struct doing *d, size_t nth, enum inbound_put *ret)
{
	struct store *s = d->env->store;
	const struct message *t = &d->one->message;
	struct str version = ruleset_version(d->env->settings->rules);

	d->id = d->one->id;
	if (nth > 0)
		return inbound_put(s, t, version, ret, &d->id);
	if (replay_turn(s, d->one, version, d->env->now_ms) != 0)
		return -1;
	return inbound_release(s, d->id, t, ret);
}

/* All of its texts or none: -1 with `left` gives the whole body back. */
static int do_body(const struct replay_env *env, const struct replay_message *m,
	const struct replay_seen *seen, struct replay_done *ret)
{
	enum inbound_put put = INBOUND_NEW;

	for (size_t i = 0; i < seen->texts_n; i++) {
		struct doing d = {.env = env};

		d.one = as_text(env, m, &seen->texts[i]);
		if (place_text(&d, i, &put) != 0)
			return -1;
		if (put == INBOUND_REPEAT && i == 0) {
			ret->left = "its text came in by itself, too";
			return -1;
		}
		if (put == INBOUND_NEW &&
			(do_text(&d, ret) != 0 || ret->left != NULL))
			return -1;
	}
	return 0;
}

int replay_do(const struct replay_env *env, const struct replay_message *m,
	const struct replay_seen *seen, struct replay_done *ret)
{
	struct doing d = {.env = env, .one = m, .id = m->id};

	*ret = (struct replay_done){.left = NULL};
	return is_quarantined(m) ? do_body(env, m, seen, ret)
				 : do_text(&d, ret);
}
