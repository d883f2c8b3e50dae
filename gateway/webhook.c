/*
 * webhook - a provider calls: what is stored, and what is it told?
 *
 * channel and token → verify (raw bytes) → gate (poison guard) → parse →
 * scan → a job for the writer (delivery reports: without the scan); the answer
 * is given when the job's commit is certain. 2xx only then; 503 with
 * Retry-After when the fault is ours; 4xx only for what would be refused the
 * next time too. Loop thread, but for the job's run. Everything lives in the
 * exchange's arena.
 */
#include "gateway/webhook.h"

#include "gateway/base/cidr.h"
#include "gateway/base/clock.h"
#include "gateway/base/fault.h"
#include "gateway/base/log.h"
#include "gateway/dlr.h"
#include "gateway/multipart.h"
#include "parsers/phone.h"

#include <assert.h>

struct hook {
	struct job job; /* first */
	struct gate_ticket ticket;
	struct webhook_env *env;
	struct http_exchange *x;
	struct settings *settings;
	const struct channel *channel;
	struct provider_inbound in;
	struct scan **scans;
	struct intake_result *results;
	struct delivery_report *reports;
	struct delivery_result *reported;
	enum webhook_way way;
	bool entered;
};

static struct hook *hook_of_ticket(struct gate_ticket *t)
{
	return (void *)((char *)t - offsetof(struct hook, ticket));
}

/* Leaves the gate, answers and forgets: h is gone afterwards. */
static void finish(struct hook *h, const struct http_answer *a)
{
	struct webhook_env *env = h->env;
	struct gate_ticket ticket = h->ticket;
	struct settings *settings = h->settings;
	bool entered = h->entered;

	if (a->status == 503)
		metrics_add(env->metrics, METRIC_HTTP_BUSY, 1);
	http_answer(h->x, a);
	settings_unref(settings); /* the answer may be its provider's words */
	if (entered)
		gate_leave(env->gate, &ticket);
}

static void finish_busy(struct hook *h)
{
	finish(h, &(struct http_answer){.status = 503,
			  .body = STR("Service Unavailable\n"),
			  .retry_after_s = 5});
}

/* For the console's users: what went back, a line each. */
static struct str replies_of(const struct hook *h)
{
	struct str all = STR("");

	for (size_t i = 0; h->results != NULL && i < h->in.n; i++)
		if (h->results[i].reply.p != NULL)
			all = arena_printf(h->x->arena, STR_FMT STR_FMT "\n",
				STR_ARG(all), STR_ARG(h->results[i].reply));
	return all;
}

/* The provider's own words for "received". */
static void finish_ok(struct hook *h)
{
	const struct provider *p = h->channel->provider;
	struct provider_answer pa = {.status = 200};

	if (p->answer != NULL)
		pa = p->answer(h->channel->state, &h->in, h->x->arena);
	if (p->shows_reply)
		pa.body = replies_of(h);
	finish(h, &(struct http_answer){.status = pa.status,
			  .content_type = pa.content_type,
			  .body = pa.body});
}

static const char *fate_of(const struct intake_result *r)
{
	switch (r->put) {
	case INBOUND_REPEAT:
		return "repeat";
	case INBOUND_PART:
		return "part";
	default:
		return message_state_str(r->state);
	}
}

static void log_result(const struct hook *h, size_t i)
{
	const struct intake_result *r = &h->results[i];
	const struct message *m = &h->in.v[i];

	log_info("mo", LOG_I("message", r->id), LOG_S("channel", m->channel),
		LOG_PHONE("from", m->from), LOG_Z("state", fate_of(r)),
		LOG_Z("intent", intent_str(r->intent)),
		LOG_Z("problem", problem_str(r->problem)),
		LOG_I("queued", (int64_t)r->queued));
}

static void count_result(struct metrics *m, const struct intake_result *r)
{
	static const enum metric by_put[] = {
		[INBOUND_NEW] = METRIC_MO_STORED,
		[INBOUND_REPEAT] = METRIC_MO_REPEATED,
		[INBOUND_DUPLICATE] = METRIC_MO_DUPLICATE,
		[INBOUND_PART] = METRIC_MO_PARTS,
	};

	metrics_add(m, by_put[r->put], 1);
	metrics_add(m, METRIC_MO_INCOMPLETE, (int64_t)r->incomplete);
	if (r->put == INBOUND_NEW && r->state == MESSAGE_ASKED)
		metrics_add(m, METRIC_MO_ASKED, 1);
}

static int on_run(struct job *j, struct store *s)
{
	struct hook *h = (struct hook *)j;

	for (size_t i = 0; i < h->in.n; i++) {
		struct intake_input in = {
			.settings = h->settings,
			.message = &h->in.v[i],
			.scan = h->scans[i],
			.arena = h->x->arena,
			.budget = h->env->budget,
			.now_ms = h->x->request.now_ms,
		};

		/* A part has no scan: only its text is worth one. */
		if ((in.scan == NULL ? multipart_take(s, &in, &h->results[i])
				     : intake_message(
					       s, &in, &h->results[i])) != 0)
			return -1;
	}
	return 0;
}

static void on_done(struct job *j)
{
	struct hook *h = (struct hook *)j;
	struct webhook_env *env = h->env;
	size_t queued = 0;

	if (j->status != JOB_OK) {
		finish_busy(h);
		return;
	}
	for (size_t i = 0; i < h->in.n; i++) {
		log_result(h, i);
		count_result(env->metrics, &h->results[i]);
		queued += h->results[i].queued;
	}
	fault_point("answer-before");
	finish_ok(h);
	if (queued > 0)
		env->queued(env->arg);
}

/* ---- delivery reports ---- */

static int on_run_reports(struct job *j, struct store *s)
{
	struct hook *h = (struct hook *)j;

	for (size_t i = 0; i < h->in.reports_n; i++)
		if (delivery_take(s, &h->reports[i], &h->reported[i]) != 0)
			return -1;
	return 0;
}

static void on_reports_done(struct job *j)
{
	struct hook *h = (struct hook *)j;
	struct webhook_env *env = h->env;
	bool moved = false;

	if (j->status != JOB_OK) {
		finish_busy(h);
		return;
	}
	for (size_t i = 0; i < h->in.reports_n; i++)
		moved |=
			dlr_tell(env->metrics, &h->reports[i], &h->reported[i]);
	fault_point("answer-before");
	finish_ok(h);
	if (moved)
		env->queued(env->arg); /* the phone's next text may go */
}

/* ---- texts and reports alike ---- */

static void fill_in(struct hook *h, struct message *m)
{
	struct phone phone;

	m->channel = h->channel->name;
	m->received_at = h->x->request.now_ms;
	if (m->sent_at == 0)
		m->sent_at = m->received_at;
	if (phone_parse(m->from, &phone) == 0)
		m->from = arena_str(h->x->arena, str_of(phone.z));
	if (phone_parse(m->to, &phone) == 0)
		m->to = arena_str(h->x->arena, str_of(phone.z));
}

static void prepare_reports(struct hook *h)
{
	struct arena *a = h->x->arena;

	h->reports =
		dlr_reports(&h->in, h->channel->name, h->x->request.now_ms, a);
	h->reported = ARENA_ARRAY(a, struct delivery_result, h->in.reports_n);
	h->job.run = on_run_reports;
	h->job.done = on_reports_done;
}

static void prepare_texts(struct hook *h)
{
	struct arena *a = h->x->arena;

	h->scans = ARENA_ARRAY(a, struct scan *, h->in.n);
	h->results = ARENA_ARRAY(a, struct intake_result, h->in.n);
	for (size_t i = 0; i < h->in.n; i++) {
		fill_in(h, &h->in.v[i]);
		if (!message_is_part(&h->in.v[i]))
			h->scans[i] = scan_text(
				h->settings->rules, h->in.v[i].text, a);
	}
	h->job.run = on_run;
	h->job.done = on_done;
	h->job.messages = h->in.n;
}

static void read_body(struct hook *h)
{
	const struct provider *p = h->channel->provider;
	const struct provider_request *r = &h->x->request;

	fault_point("parse");
	fault_point_text("poison", r->body);
	fault_point_text("poison", r->query);
	if (h->way == WEBHOOK_DLR)
		p->parse_dlr(h->channel->state, r, h->x->arena, &h->in);
	else
		p->parse_inbound(h->channel->state, r, h->x->arena, &h->in);
}

static void on_go(struct gate_ticket *t)
{
	struct hook *h = hook_of_ticket(t);

	h->entered = true;
	read_body(h);
	if (h->in.event == PROVIDER_UNREADABLE) {
		log_warn("mo_unreadable", LOG_S("channel", h->channel->name),
			LOG_Z("why", h->in.err.text));
		finish(h, &(struct http_answer){.status = 400,
				  .body = arena_printf(h->x->arena, "%s\n",
					  h->in.err.text)});
		return;
	}
	if (h->in.event == PROVIDER_MESSAGES && h->in.n > 0) {
		prepare_texts(h);
	} else if (h->in.event == PROVIDER_REPORTS && h->in.reports_n > 0) {
		prepare_reports(h);
	} else {
		finish_ok(h);
		return;
	}
	if (writer_post(h->env->writer, &h->job) != 0)
		finish_busy(h);
}

static void on_refuse(struct gate_ticket *t)
{
	finish_busy(hook_of_ticket(t));
}

static int on_quarantine(struct job *j, struct store *s)
{
	struct hook *h = (struct hook *)j;
	const struct provider_request *r = &h->x->request;
	const struct inbound_body body = {
		.channel = h->channel->name,
		.digest = digest_hex(&h->ticket.digest, h->x->arena),
		.body = r->body.n > 0 ? r->body : r->query,
		.received_at = r->now_ms,
		.why = "the process died twice while reading it, "
		       "the second time alone",
	};

	return inbound_quarantine(s, &body);
}

static void on_quarantined(struct job *j)
{
	struct hook *h = (struct hook *)j;

	if (j->status != JOB_OK) {
		finish_busy(h);
		return;
	}
	metrics_add(h->env->metrics, METRIC_MO_QUARANTINED, 1);
	log_error("mo_quarantined", LOG_S("channel", h->channel->name),
		LOG_S("digest", digest_hex(&h->ticket.digest, h->x->arena)));
	finish_ok(h);
}

static void quarantine(struct hook *h)
{
	h->job.run = on_quarantine;
	h->job.done = on_quarantined;
	if (writer_post(h->env->writer, &h->job) != 0)
		finish_busy(h);
}

static void enter(struct hook *h)
{
	const struct provider_request *r = &h->x->request;
	const struct str parts[] = {
		h->channel->name, STR("\n"), r->query, STR("\n"), r->body};

	h->ticket.digest = digest_of(DIGEST_SHA256, parts, 5);
	h->ticket.go = on_go;
	h->ticket.refuse = on_refuse;
	switch (gate_enter(h->env->gate, &h->ticket)) {
	case GATE_GOES:
		return;
	case GATE_CONDEMNED:
		quarantine(h);
		return;
	case GATE_FULL:
		finish_busy(h);
		return;
	}
}

/* 0: go on; else the status to answer. */
static int admit(const struct channel *c, const struct provider_request *r,
	const struct webhook_path *path)
{
	if (c == NULL ||
		(path->way == WEBHOOK_DLR
				? !provider_takes_reports(c->provider, c->state)
				: !c->provider->can_receive))
		return 404;
	if (!provider_takes_method(c->provider, c->state, r))
		return 405;
	if (c->config->allow_n > 0 &&
		!cidr_has(c->config->allow, c->config->allow_n, r->peer))
		return 401;
	if (!digest_same(c->config->token, path->token))
		return 401;
	return c->provider->verify(c->state, r) == PROVIDER_VERIFY_OK ? 0 : 401;
}

void webhook_handle(struct webhook_env *env, struct http_exchange *x,
	const struct webhook_path *path)
{
	const struct channel *c =
		settings_channel(env->settings, path->channel);
	struct hook *h;
	int status;

	x->request.dlr = path->way == WEBHOOK_DLR;
	status = admit(c, &x->request, path);
	if (status != 0) {
		if (status == 401) {
			metrics_add(env->metrics, METRIC_HTTP_REFUSED, 1);
			log_warn("callback_refused",
				LOG_S("channel", path->channel),
				LOG_S("peer", x->request.peer));
		}
		http_answer_status(x, status);
		return;
	}
	h = ARENA_NEW(x->arena, struct hook);
	h->env = env;
	h->x = x;
	h->settings = settings_ref(env->settings);
	h->channel = c;
	h->way = path->way;
	enter(h);
}
