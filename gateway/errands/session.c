/*
 * session - a USSD session was dropped: what is said of it by SMS?
 *
 * One text. What was filled in is read as an SMS would be: if something is
 * missing, that is asked as always, and the rest by SMS completes it; if it
 * is whole, it is echoed and waits for `1`, for whoever hung up has not seen
 * it. A question that stood on the screen is sent as it was. Who filled
 * nothing in is left alone, as is who has texted or dialled since. Writer
 * thread.
 */
#include "gateway/errands/kinds.h"

#include "gateway/talk_parts.h"

#define HOUR_MS (60 * TALK_MINUTE_MS)

static struct context_query query_of(
	const struct errand_run *r, const struct message *m)
{
	return (struct context_query){
		.message = m,
		.now_ms = r->in->now_ms,
		.utc_offset_min = (int)r->config->utc_offset * 60,
	};
}

static struct message message_of(
	const struct errand_run *r, const struct session *v)
{
	return (struct message){
		.channel = v->channel,
		.provider_id = arena_printf(r->in->arena, STR_FMT "/s%lld.drop",
			STR_ARG(v->key), (long long)v->id),
		.from = v->phone,
		.text = STR(""),
		.sent_at = r->in->now_ms,
		.received_at = r->in->now_ms,
		.certain_id = true,
	};
}

/* The question that stood on the screen; it is open already. */
static int send_screen(
	struct errand_run *r, const struct errand *e, const struct session *v)
{
	const struct errand_text t = {
		.to = v->phone,
		.text = v->screen,
		.lane = "reply",
		.valid_until = r->in->now_ms +
			       r->config->outbox.reply_valid_h * HOUR_MS,
	};

	return errand_send(r, e, &t);
}

/* What the form says so far goes the way of a text, and stores nothing. */
static int ask_rest(
	struct errand_run *r, const struct session *v, const struct message *m)
{
	struct intake_input in = {
		.settings = r->in->settings,
		.message = m,
		.scan = scan_text(
			r->in->settings->rules, m->text, r->in->arena),
		.arena = r->in->arena,
		.now_ms = r->in->now_ms,
		.of_form = true,
		.asks_only = true,
	};
	struct intake_result done;

	if (intake_message(r->s, &in, &done) != 0)
		return -1;
	r->result->queued += done.queued;
	return session_tell(r->s, v->id, done.id);
}

static int follow(struct errand_run *r, const struct errand *e,
	const struct session *v, const char **why)
{
	struct arena *a = r->in->arena;
	struct context *c = ARENA_NEW(a, struct context);
	struct message m = message_of(r, v);
	struct context_query q = query_of(r, &m);
	struct guide_input g;

	if (context_load(r->s, &q, a, c) != 0)
		return -1;
	if (c->opted_out) {
		*why = "its phone takes no texts";
		return 0;
	}
	if (v->asked)
		return send_screen(r, e, v);
	g = talk_guide(r->in->settings, c, GUIDE_SMS, a);
	m.text = guide_partial(&g, &v->guide);
	if (m.text.n > 0)
		return ask_rest(r, v, &m);
	*why = "nothing that is worth a text was filled in";
	return 0;
}

int errand_session_drop(
	struct errand_run *r, const struct errand *e, const char **why)
{
	struct session v;
	int rc = session_get(r->s, e->subject, r->in->arena, &v);

	if (rc < 0)
		return -1;
	if (rc == 0 || v.way != GUIDE_USSD ||
		(v.state != SESSION_OPEN && v.state != SESSION_DROPPED)) {
		*why = "it was not dropped";
		return 0;
	}
	v.state = SESSION_DROPPED;
	return session_save(r->s, &v, r->in->arena) != 0
		       ? -1
		       : follow(r, e, &v, why);
}
