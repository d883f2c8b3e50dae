/*
 * ussd - somebody dials: what is on the screen, and is it there in time?
 *
 * admit → gate → parse → a job for the writer (talk_hop) → screen. A timer
 * runs from the first byte's reading: when it is over before the writer has
 * decided, the session is ended politely and what the writer says goes by
 * SMS. Both sides decide in one atomic word, so a screen is shown or texted,
 * never both. A commit that hangs behind the writer's decision is made
 * good by SMS (talk_follow). A hop that was
 * put off is tried again until the store takes it; a body that killed the
 * process twice is not read, and not stored either, as it is no text. Loop
 * thread, but for the job's run.
 *
 *   OPEN -> SHOWN  the writer: the screen goes back by HTTP
 *   OPEN -> LATE   the loop: the budget is over, it goes by SMS
 */
#include "gateway/ussd.h"

#include "gateway/base/clock.h"
#include "gateway/base/fault.h"
#include "gateway/base/form.h"
#include "gateway/base/log.h"
#include "gateway/webhook.h"
#include "handlers/render.h"

#include <assert.h>
#include <event2/event.h>
#include <stdatomic.h>
#include <stdlib.h>

#define RETRY_MS INT64_C(1000)
#define RETRIES_MAX 120
#define LATE_ARENA 1024

enum fate { OPEN, SHOWN, LATE };

struct ussd {
	struct ussd_options opt;
	struct hop *hops; /* all that are under way */
};

/* Lives in its own arena: the exchange's, until the exchange goes first. */
struct hop {
	struct job job; /* first */
	struct ussd *ussd;
	struct hop *next, **prev;
	const struct channel *channel;
	struct settings *settings;
	struct http_exchange *x; /* NULL: it was answered */
	struct arena *arena;
	struct provider_request request;
	struct gate_ticket ticket;
	bool entered;
	struct event *timer;
	atomic_int fate;
	int tries;
	bool following; /* the job sends by SMS what was not shown */
	int64_t since_us;
	struct ussd_hop hop;
	struct talk_result result;
	struct err err;
};

static struct hop *hop_of_ticket(struct gate_ticket *t)
{
	return (void *)((char *)t - offsetof(struct hop, ticket));
}

static struct metrics *metrics_of(const struct hop *h)
{
	return h->ussd->opt.env->metrics;
}

/* ---- answers ---- */

/* The exchange goes; its arena stays with the hop. */
static void send_answer(struct hop *h, const struct provider_answer *pa)
{
	struct http_exchange *x = h->x;

	h->x = NULL;
	x->arena = arena_new(LATE_ARENA);
	http_answer(x, &(struct http_answer){
			       .status = pa->status,
			       .content_type = pa->content_type,
			       .body = pa->body,
		       });
}

/* a: not the hop's while its job is under way. */
static void show(
	struct hop *h, const struct ussd_screen *screen, struct arena *a)
{
	const struct provider_answer pa = h->channel->provider->ussd->answer(
		h->channel->state, &h->request, &h->hop, screen, a);

	send_answer(h, &pa);
}

/* A text of ours that ends the session; key: of replies. */
static void say(struct hop *h, const char *key)
{
	struct arena *a = arena_new(LATE_ARENA);
	const struct reply reply = {.key = key};
	const struct ussd_screen screen = {
		.text = render_reply(
			h->settings->replies, &reply, STR("vi"), a),
	};

	show(h, &screen, a);
	arena_free(a);
}

static void say_status(struct hop *h, int status, struct str body)
{
	const struct provider_answer pa = {.status = status, .body = body};

	send_answer(h, &pa);
}

/* ---- the end of a hop ---- */

static void end(struct hop *h)
{
	struct gate *gate = h->ussd->opt.env->gate;
	struct gate_ticket ticket = h->ticket;
	const bool entered = h->entered;

	assert(h->x == NULL);
	*h->prev = h->next;
	if (h->next != NULL)
		h->next->prev = h->prev;
	if (h->timer != NULL)
		event_free(h->timer);
	settings_unref(h->settings);
	arena_free(h->arena);
	if (entered)
		gate_leave(gate, &ticket);
}

/* Nothing was stored. Who still looks at the screen is told to dial again; of
 * a notice nobody waits, and it is brought again. */
static void refuse(struct hop *h)
{
	metrics_add(metrics_of(h), METRIC_USSD_REFUSED, 1);
	if (h->x != NULL && h->hop.event == USSD_HOP)
		say(h, "ussd_again");
	else if (h->x != NULL)
		say_status(h, 503, STR("Service Unavailable\n"));
	else
		log_error("ussd_lost", LOG_S("channel", h->channel->name),
			LOG_PHONE("phone", h->hop.phone));
	end(h);
}

/* ---- the writer's side ---- */

static bool too_late(void *arg)
{
	struct hop *h = arg;
	int expected = OPEN;

	(void)atomic_compare_exchange_strong(&h->fate, &expected, SHOWN);
	return atomic_load(&h->fate) == LATE;
}

static int on_run(struct job *j, struct store *s)
{
	struct hop *h = (struct hop *)j;
	const struct ussd_options *o = &h->ussd->opt;
	const struct talk_input in = {
		.settings = h->settings,
		.hop = &h->hop,
		.channel = h->channel->name,
		.arena = h->arena,
		.budget = o->env->budget,
		.now_ms = h->request.now_ms,
		.too_late = too_late,
		.arg = h,
	};
	int rc;

	fault_point("ussd-run");
	if (h->following)
		return o->follow(s, &in, &h->result);
	h->result = (struct talk_result){0};
	rc = o->hop(s, &in, &h->result);
	j->messages = h->result.message_id != 0;
	return rc;
}

/* ---- the loop's side ---- */

static void wait_ms(struct hop *h, int64_t ms)
{
	const struct timeval tv = {ms / 1000, ms % 1000 * 1000};

	event_add(h->timer, &tv);
}

/* The store would not take it. What was promised by SMS is tried again. */
static void put_off(struct hop *h)
{
	if (h->x != NULL || ++h->tries > RETRIES_MAX) {
		refuse(h);
		return;
	}
	atomic_store(&h->fate, LATE);
	wait_ms(h, RETRY_MS);
}

static void post(struct hop *h)
{
	if (writer_post(h->ussd->opt.env->writer, &h->job) != 0)
		put_off(h);
}

static void log_hop(const struct hop *h)
{
	static const char *const name[] = {
		[USSD_HOP] = "hop", [USSD_ENDED] = "ended"};
	const int64_t us = clock_mono_us(h->ussd->opt.env->clock) - h->since_us;

	log_info("ussd", LOG_S("channel", h->channel->name),
		LOG_S("session", h->hop.session),
		LOG_PHONE("phone", h->hop.phone),
		LOG_Z("what", name[h->hop.event]),
		LOG_Z("way", atomic_load(&h->fate) == LATE ? "sms" : "screen"),
		LOG_I("message", h->result.message_id), LOG_I("us", us));
}

/* The screen, unless the session was ended before it was there. */
static void tell(struct hop *h)
{
	static const struct ussd_screen none = {.more = false};

	log_hop(h);
	if (h->result.message_id != 0)
		metrics_add(metrics_of(h), METRIC_MO_STORED, 1);
	if (h->x == NULL)
		return;
	fault_point("answer-before");
	show(h, h->hop.event == USSD_HOP ? &h->result.screen : &none, h->arena);
}

/* The writer decided for the screen, and the loop could not wait for it. */
static bool was_unseen(const struct hop *h)
{
	return h->x == NULL && atomic_load(&h->fate) == SHOWN;
}

static void on_done(struct job *j)
{
	struct hop *h = (struct hop *)j;
	struct inlet_env *env = h->ussd->opt.env;
	const bool follows = !h->following && was_unseen(h);

	if (j->status != JOB_OK) {
		put_off(h);
		return;
	}
	if (!h->following)
		tell(h);
	if (h->result.queued > 0)
		env->queued(env->arg);
	if (h->result.planned)
		env->planned(env->arg);
	if (follows) {
		h->following = true;
		post(h);
		return;
	}
	end(h);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct hop *h = arg;
	int expected = OPEN;

	(void)fd;
	(void)what;
	if (h->x == NULL) { /* a second try */
		post(h);
		return;
	}
	if (h->hop.event == USSD_ENDED) /* nobody looks */
		return;
	(void)atomic_compare_exchange_strong(&h->fate, &expected, LATE);
	metrics_add(metrics_of(h), METRIC_USSD_LATE, 1);
	log_warn("ussd_late", LOG_S("channel", h->channel->name));
	say(h, "ussd_later");
}

static void run(struct hop *h)
{
	h->job.run = on_run;
	h->job.done = on_done;
	metrics_add(metrics_of(h), METRIC_USSD_HOPS, h->hop.event == USSD_HOP);
	post(h);
}

static void answer_unread(struct hop *h)
{
	static const struct ussd_screen none = {.more = false};

	if (h->x == NULL)
		return;
	if (h->hop.event == USSD_IGNORED) {
		show(h, &none, h->arena);
		return;
	}
	log_warn("ussd_unreadable", LOG_S("channel", h->channel->name),
		LOG_Z("why", h->err.text));
	say_status(h, 400, arena_printf(h->arena, "%s\n", h->err.text));
}

static void on_go(struct gate_ticket *t)
{
	struct hop *h = hop_of_ticket(t);

	h->entered = true;
	fault_point("parse");
	fault_point_text("poison", h->request.body);
	fault_point_text("poison", h->request.query);
	h->channel->provider->ussd->parse(
		h->channel->state, &h->request, h->arena, &h->hop, &h->err);
	if (h->hop.event == USSD_HOP || h->hop.event == USSD_ENDED) {
		run(h);
		return;
	}
	answer_unread(h);
	end(h);
}

static void on_refuse(struct gate_ticket *t)
{
	refuse(hop_of_ticket(t));
}

static void enter(struct hop *h)
{
	const struct provider_request *r = &h->request;
	const struct str parts[] = {h->channel->name, STR("\n"), r->rest,
		STR("\n"), r->query, STR("\n"), r->body};

	h->ticket.digest = digest_of(DIGEST_SHA256, parts, 7);
	h->ticket.go = on_go;
	h->ticket.refuse = on_refuse;
	if (gate_enter(h->ussd->opt.env->gate, &h->ticket) != GATE_GOES)
		refuse(h);
}

static struct hop *hop_new(
	struct ussd *u, struct http_exchange *x, const struct channel *channel)
{
	struct hop *h = ARENA_NEW(x->arena, struct hop);

	h->ussd = u;
	h->channel = channel;
	h->settings = settings_ref(u->opt.env->settings);
	h->x = x;
	h->arena = x->arena;
	h->request = x->request;
	h->since_us = clock_mono_us(u->opt.env->clock);
	h->timer = evtimer_new(u->opt.base, on_timer, h);
	assert(h->timer != NULL);
	atomic_init(&h->fate, OPEN);
	h->next = u->hops;
	h->prev = &u->hops;
	if (h->next != NULL)
		h->next->prev = &h->next;
	u->hops = h;
	return h;
}

void ussd_handle(struct ussd *u, struct http_exchange *x, struct str channel,
	struct str rest)
{
	struct webhook_path path = {.way = WEBHOOK_USSD, .channel = channel};
	const struct channel *c =
		settings_channel(u->opt.env->settings, channel);
	struct str token = STR("");
	struct hop *h;

	x->request.ussd = true;
	if (c != NULL && c->config->token.n > 0)
		str_next(&rest, '/', &token);
	path.token = form_unescape_path(x->arena, token);
	x->request.rest = rest.p != NULL ? rest : STR("");
	c = webhook_admit(u->opt.env, x, &path);
	if (c == NULL)
		return;
	h = hop_new(u, x, c);
	wait_ms(h, h->settings->config->ussd.budget_ms);
	enter(h);
}

struct ussd *ussd_new(const struct ussd_options *o)
{
	struct ussd *u = calloc(1, sizeof(*u));

	assert(u != NULL);
	u->opt = *o;
	return u;
}

void ussd_free(struct ussd *u)
{
	if (u == NULL)
		return;
	while (u->hops != NULL)
		refuse(u->hops);
	free(u);
}
