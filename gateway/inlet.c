/*
 * inlet - what a provider brought: what of it is stored?
 *
 * gate (poison guard) → parse → scan → a job for the writer (delivery
 * reports: without the scan); its fate is told when the job's commit is
 * certain. A body during whose parsing the process died twice is stored
 * unread. Loop thread, but for the job's run.
 */
#include "gateway/inlet.h"

#include "gateway/base/fault.h"
#include "gateway/base/log.h"
#include "gateway/dlr.h"
#include "gateway/multipart.h"
#include "parsers/phone.h"

static struct inlet *inlet_of_ticket(struct gate_ticket *t)
{
	return (void *)((char *)t - offsetof(struct inlet, ticket));
}

/* Tells and leaves the gate: i is gone afterwards. */
static void end(struct inlet *i, enum inlet_fate fate)
{
	struct gate *gate = i->env->gate;
	struct gate_ticket ticket = i->ticket;
	bool entered = i->entered;

	i->ended(i, fate);
	if (entered)
		gate_leave(gate, &ticket);
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

static void log_result(const struct inlet *in, size_t i)
{
	const struct intake_result *r = &in->results[i];
	const struct message *m = &in->in.v[i];

	log_info("mo", LOG_I("message", r->id), LOG_S("channel", m->channel),
		LOG_PHONE("from", m->from), LOG_Z("state", fate_of(r)),
		LOG_Z("intent", intent_str(r->intent)),
		LOG_Z("problem", problem_str(r->problem)),
		LOG_I("queued", (int64_t)r->queued),
		LOG_S("withheld", r->withheld));
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
	if (r->withheld.n > 0)
		metrics_add(m, METRIC_MO_UNANSWERED, 1);
	if (r->put == INBOUND_NEW && r->state == MESSAGE_ASKED)
		metrics_add(m, METRIC_MO_ASKED, 1);
}

/* Unread, so that a person sees it and replay can run it. */
static int keep_body(struct inlet *in, struct store *s, const char *why)
{
	const struct provider_request *r = in->request;
	const struct inbound_body body = {
		.channel = in->channel->name,
		.digest = digest_hex(&in->ticket.digest, in->arena),
		.body = r->body.n > 0 ? r->body : r->query,
		.received_at = r->now_ms,
		.why = why,
	};

	return inbound_quarantine(s, &body);
}

/* The good ones of a batch are stored as texts, and all of it beside them. */
static int keep_left_out(struct inlet *in, struct store *s)
{
	if (in->in.left_out == 0)
		return 0;
	return keep_body(in, s,
		arena_printf(in->arena, "%zu of %zu left out: %s",
			in->in.left_out, in->in.n + in->in.left_out,
			in->in.err.text)
			.p);
}

static int on_run(struct job *j, struct store *s)
{
	struct inlet *in = (struct inlet *)j;

	for (size_t i = 0; i < in->in.n; i++) {
		struct intake_input input = {
			.settings = in->settings,
			.message = &in->in.v[i],
			.scan = in->scans[i],
			.arena = in->arena,
			.budget = in->env->budget,
			.now_ms = in->request->now_ms,
		};

		/* A part has no scan: only its text is worth one. */
		if ((input.scan == NULL
				    ? multipart_take(s, &input, &in->results[i])
				    : intake_message(
					      s, &input, &in->results[i])) != 0)
			return -1;
	}
	return keep_left_out(in, s);
}

static void tell_left_out(const struct inlet *in)
{
	if (in->in.left_out == 0)
		return;
	if (in->in.event == PROVIDER_MESSAGES)
		metrics_add(in->env->metrics, METRIC_MO_QUARANTINED, 1);
	log_warn("mo_left_out", LOG_S("channel", in->channel->name),
		LOG_I("n", (int64_t)in->in.left_out),
		LOG_Z("why", in->in.err.text));
}

static void on_done(struct job *j)
{
	struct inlet *in = (struct inlet *)j;
	struct inlet_env *env = in->env;
	bool planned = false;
	size_t queued = 0;

	if (j->status != JOB_OK) {
		end(in, INLET_BUSY);
		return;
	}
	for (size_t i = 0; i < in->in.n; i++) {
		log_result(in, i);
		count_result(env->metrics, &in->results[i]);
		queued += in->results[i].queued;
		planned |= in->results[i].planned;
	}
	tell_left_out(in);
	fault_point("answer-before");
	end(in, INLET_STORED);
	if (queued > 0)
		env->queued(env->arg);
	if (planned)
		env->planned(env->arg);
}

/* ---- delivery reports ---- */

static int on_run_reports(struct job *j, struct store *s)
{
	struct inlet *in = (struct inlet *)j;

	for (size_t i = 0; i < in->in.reports_n; i++)
		if (delivery_take(s, &in->reports[i], &in->reported[i]) != 0)
			return -1;
	return 0;
}

static void on_reports_done(struct job *j)
{
	struct inlet *in = (struct inlet *)j;
	struct inlet_env *env = in->env;
	bool moved = false;

	if (j->status != JOB_OK) {
		end(in, INLET_BUSY);
		return;
	}
	for (size_t i = 0; i < in->in.reports_n; i++)
		moved |= dlr_tell(
			env->metrics, &in->reports[i], &in->reported[i]);
	tell_left_out(in);
	fault_point("answer-before");
	end(in, INLET_STORED);
	if (moved)
		env->queued(env->arg); /* the phone's next text may go */
}

/* ---- texts and reports alike ---- */

static void fill_in(struct inlet *in, struct message *m)
{
	struct phone phone;

	m->channel = in->channel->name;
	m->received_at = in->request->now_ms;
	if (m->sent_at == 0)
		m->sent_at = m->received_at;
	if (phone_parse(m->from, &phone) == 0)
		m->from = arena_str(in->arena, str_of(phone.z));
	if (phone_parse(m->to, &phone) == 0)
		m->to = arena_str(in->arena, str_of(phone.z));
}

static void prepare_reports(struct inlet *in)
{
	struct arena *a = in->arena;

	in->reports =
		dlr_reports(&in->in, in->channel->name, in->request->now_ms, a);
	in->reported = ARENA_ARRAY(a, struct delivery_result, in->in.reports_n);
	in->job.run = on_run_reports;
	in->job.done = on_reports_done;
}

static void prepare_texts(struct inlet *in)
{
	struct arena *a = in->arena;

	in->scans = ARENA_ARRAY(a, struct scan *, in->in.n);
	in->results = ARENA_ARRAY(a, struct intake_result, in->in.n);
	for (size_t i = 0; i < in->in.n; i++) {
		struct message *m = &in->in.v[i];

		fill_in(in, m);
		if (!message_is_part(m))
			in->scans[i] = scan_text(in->settings->rules,
				m->means.n > 0 ? m->means : m->text, a);
	}
	in->job.run = on_run;
	in->job.done = on_done;
	in->job.messages = in->in.n;
}

static void read_body(struct inlet *in)
{
	const struct provider *p = in->channel->provider;
	const struct provider_request *r = in->request;

	fault_point("parse");
	fault_point_text("poison", r->body);
	fault_point_text("poison", r->query);
	if (r->dlr)
		p->parse_dlr(in->channel->state, r, in->arena, &in->in);
	else
		p->parse_inbound(in->channel->state, r, in->arena, &in->in);
}

/* Whoever wonders where a text went finds the call that was not used. */
static void tell_ignored(const struct inlet *in)
{
	metrics_add(in->env->metrics, METRIC_MO_IGNORED, 1);
	if (in->in.err.text[0] != '\0')
		log_warn("mo_ignored", LOG_S("channel", in->channel->name),
			LOG_Z("why", in->in.err.text));
	else
		log_info("mo_ignored", LOG_S("channel", in->channel->name));
}

static void on_go(struct gate_ticket *t)
{
	struct inlet *in = inlet_of_ticket(t);

	in->entered = true;
	read_body(in);
	if (in->in.event == PROVIDER_UNREADABLE) {
		log_warn("mo_unreadable", LOG_S("channel", in->channel->name),
			LOG_Z("why", in->in.err.text));
		end(in, INLET_UNREADABLE);
		return;
	}
	if (in->in.event == PROVIDER_LATER) {
		end(in, INLET_BUSY);
		return;
	}
	if (in->in.event == PROVIDER_MESSAGES && in->in.n > 0) {
		prepare_texts(in);
	} else if (in->in.event == PROVIDER_REPORTS && in->in.reports_n > 0) {
		prepare_reports(in);
	} else {
		tell_ignored(in);
		end(in, INLET_STORED);
		return;
	}
	if (writer_post(in->env->writer, &in->job) != 0)
		end(in, INLET_BUSY);
}

static void on_refuse(struct gate_ticket *t)
{
	end(inlet_of_ticket(t), INLET_BUSY);
}

static int on_quarantine(struct job *j, struct store *s)
{
	return keep_body((struct inlet *)j, s,
		"the process died twice while reading it, the second time "
		"alone");
}

static void on_quarantined(struct job *j)
{
	struct inlet *in = (struct inlet *)j;

	if (j->status != JOB_OK) {
		end(in, INLET_BUSY);
		return;
	}
	metrics_add(in->env->metrics, METRIC_MO_QUARANTINED, 1);
	log_error("mo_quarantined", LOG_S("channel", in->channel->name),
		LOG_S("digest", digest_hex(&in->ticket.digest, in->arena)));
	end(in, INLET_STORED);
}

static void quarantine(struct inlet *in)
{
	in->job.run = on_quarantine;
	in->job.done = on_quarantined;
	if (writer_post(in->env->writer, &in->job) != 0)
		end(in, INLET_BUSY);
}

void inlet_enter(struct inlet *in)
{
	const struct provider_request *r = in->request;
	const struct str parts[] = {
		in->channel->name, STR("\n"), r->query, STR("\n"), r->body};

	in->ticket.digest = digest_of(DIGEST_SHA256, parts, 5);
	in->ticket.go = on_go;
	in->ticket.refuse = on_refuse;
	switch (gate_enter(in->env->gate, &in->ticket)) {
	case GATE_GOES:
		return;
	case GATE_CONDEMNED:
		quarantine(in);
		return;
	case GATE_FULL:
		end(in, INLET_BUSY);
		return;
	}
}
