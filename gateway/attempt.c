/*
 * attempt - one text goes to its channel: what became of it?
 *
 * From a claimed row (already committed as `sending`) to its committed
 * result: build the request, let it run, judge the answer, post the result to
 * the writer. A result that finds the writer's box full, or the disk, waits
 * here and is posted again: its row is `sending` and holds back the recipient's
 * other texts. What still waits at the end is recovered as after a crash. Loop
 * thread, but for the result job's run.
 */
#include "gateway/attempt.h"

#include "gateway/base/clock.h"
#include "gateway/base/fault.h"
#include "gateway/base/log.h"
#include "gateway/dispatch.h"
#include "gateway/dlr.h"
#include "gateway/fetch.h"
#include "gateway/handover.h"

#include <assert.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>

#define POST_RETRY_MS 50L
#define STORE_RETRY_MS 1000L

struct attempt {
	struct job job;               /* first: the result job */
	struct attempt *next, **prev; /* in attempts.first */
	struct attempt *next_unposted;
	struct attempts *all;
	struct settings *settings;
	const struct channel *channel;
	struct arena *arena;
	struct outbox_row row;
	struct outbox_result result;
	struct delivery_result reported; /* what was, before its answer */
	enum outbox_state became;        /* once the result is committed */
	int64_t started_us;
	struct handover handover; /* a file, for the job before the result */
	struct err handover_err;
	bool handed, had;
};

struct attempts {
	struct attempts_options opt;
	struct fetch *fetch;
	struct event *retry;
	struct attempt *first;    /* all that is under way */
	struct attempt *unposted; /* results that found the box full */
	size_t busy;
};

static void attempt_free(struct attempt *x)
{
	settings_unref(x->settings);
	arena_free(x->arena);
	free(x);
}

static int on_result_run(struct job *j, struct store *store)
{
	struct attempt *x = (struct attempt *)j;

	fault_point("result-before");
	x->result.became = &x->became;
	return delivery_outbox_result(store, &x->result, &x->reported);
}

static void post_later(struct attempt *x, long ms)
{
	struct timeval pause = {
		.tv_sec = ms / 1000,
		.tv_usec = ms % 1000 * 1000,
	};
	struct attempts *all = x->all;

	x->next_unposted = all->unposted;
	all->unposted = x;
	event_add(all->retry, &pause);
}

static void count_and_log(const struct attempt *x)
{
	static const enum metric by_state[OUTBOX_STATE_N] = {
		[OUTBOX_SENT] = METRIC_MT_SENT,
		[OUTBOX_QUEUED] = METRIC_MT_RETRIED,
		[OUTBOX_FAILED] = METRIC_MT_FAILED,
		[OUTBOX_UNSURE] = METRIC_MT_UNSURE,
	};
	const struct outbox_result *r = &x->result;

	metrics_add(x->all->opt.metrics, by_state[x->became], 1);
	log_info("mt", LOG_I("outbox", x->row.id),
		LOG_I("message", x->row.message_id),
		LOG_S("channel", r->channel), LOG_PHONE("to", x->row.to),
		LOG_Z("state", outbox_state_str(x->became)),
		LOG_I("attempt", x->row.attempts), LOG_S("why", r->why));
	if (r->opted_out)
		log_warn("opted_out", LOG_I("outbox", x->row.id),
			LOG_S("channel", r->channel),
			LOG_PHONE("to", x->row.to));
}

static void on_result_done(struct job *j)
{
	struct attempt *x = (struct attempt *)j;
	struct attempts *all = x->all;

	if (j->status != JOB_OK) {
		log_error("mt_result_waits", LOG_I("outbox", x->row.id));
		post_later(x, STORE_RETRY_MS);
		return;
	}
	fault_point("result-after");
	count_and_log(x);
	(void)dlr_tell_early(all->opt.metrics, &x->reported);
	all->busy--;
	*x->prev = x->next;
	if (x->next != NULL)
		x->next->prev = x->prev;
	attempt_free(x);
	all->opt.settled(all->opt.arg);
}

static void post_result(struct attempt *x)
{
	x->job.run = on_result_run;
	x->job.done = on_result_done;
	if (writer_post(x->all->opt.writer, &x->job) != 0)
		post_later(x, POST_RETRY_MS);
}

static void on_retry(evutil_socket_t fd, short what, void *arg)
{
	struct attempts *all = arg;
	struct attempt *x = all->unposted;
	struct attempt *next;

	(void)fd;
	(void)what;
	all->unposted = NULL;
	for (; x != NULL; x = next) {
		next = x->next_unposted;
		post_result(x);
	}
}

static void conclude(struct attempt *x, const struct provider_verdict *v,
	const struct attempt_news *news)
{
	struct attempts *all = x->all;

	x->result.at_ms = clock_wall_ms(all->opt.clock);
	dispatch_judge(x->channel, x->settings->config, &x->row, v, &x->result);
	if (v->kind == PROVIDER_PERMANENT)
		dispatch_others(
			x->settings, x->channel, &x->row, x->arena, &x->result);
	/* The verdict's strings may belong to the response: keep copies. */
	x->result.ref = arena_str(x->arena, x->result.ref);
	x->result.why = arena_str(x->arena, x->result.why);
	all->opt.answered(all->opt.arg, news);
	post_result(x);
}

/* It never came to a request. */
static void conclude_here(
	struct attempt *x, enum provider_verdict_kind kind, struct str why)
{
	struct provider_verdict v = {
		.kind = kind, .retry_after_s = -1, .why = why};

	conclude(x, &v,
		&(struct attempt_news){
			.channel = x->channel,
			.is_reply = outbox_is_reply(&x->row),
			.local = true,
			.started_us = x->started_us,
			.now_us = clock_mono_us(x->all->opt.clock),
		});
}

/* What an answer that broke off says: a refusal stands, but a success may
 * have gone on otherwise. */
static void doubt(struct attempt *x, int status, struct str why,
	struct provider_verdict *v)
{
	if (status < 200 || status > 299 || why.n == 0)
		return;
	v->kind = PROVIDER_UNKNOWN;
	v->why = arena_printf(x->arena, "answered %d and broke off: " STR_FMT,
		status, STR_ARG(why));
}

static void on_response(void *arg, int64_t id,
	const struct provider_response *response, bool before_sent,
	struct str why)
{
	struct attempt *x = arg;
	struct attempts *all = x->all;
	struct provider_response r = *response;
	struct provider_verdict v;
	struct attempt_news news = {
		.channel = x->channel,
		.is_reply = outbox_is_reply(&x->row),
		.status = r.status,
		.started_us = x->started_us,
		.now_us = clock_mono_us(all->opt.clock),
	};

	assert(id == x->row.id);
	fault_point("send-after");
	metrics_set(all->opt.metrics, METRIC_MT_IN_FLIGHT,
		(int64_t)fetch_under_way(all->fetch) - 1);
	r.now_ms = clock_wall_ms(all->opt.clock);
	r.unsent = before_sent;
	r.why = why;
	v = x->channel->provider->parse_send_response(
		x->channel->state, &r, x->arena);
	doubt(x, r.status, why, &v);
	if (v.kind == PROVIDER_THROTTLED)
		news.pause_s = v.retry_after_s;
	conclude(x, &v, &news);
}

/* ---- from a claimed row to a request ---- */

static void say_on_console(const struct attempt *x)
{
	printf("SMS to " STR_FMT ": " STR_FMT "\n", STR_ARG(x->row.to),
		STR_ARG(x->row.text));
	fflush(stdout);
}

static int on_handover_run(struct job *j, struct store *store)
{
	struct attempt *x = (struct attempt *)j;

	(void)store;
	x->handed = handover(&x->handover, x->arena, &x->had,
			    &x->handover_err) == 0;
	return 0;
}

static void on_handover_done(struct job *j)
{
	struct attempt *x = (struct attempt *)j;
	const struct attempt_news news = {
		.channel = x->channel,
		.is_reply = outbox_is_reply(&x->row),
		.status = x->handed ? 200 : 0,
		.started_us = x->started_us,
		.now_us = clock_mono_us(x->all->opt.clock),
	};
	struct provider_verdict v = {
		.kind = x->handed ? PROVIDER_OK : PROVIDER_TEMPORARY,
		.retry_after_s = -1,
	};

	if (!x->handed)
		v.why = str_of(x->handover_err.text);
	else
		v.why = arena_printf(x->arena, "%s " STR_FMT,
			x->had ? "had been handed over as" : "handed over as",
			STR_ARG(x->handover.name));
	fault_point("send-after");
	conclude(x, &v, &news);
}

/* The disk may be slow: on the thread that delays no text. */
static int hand_over(struct attempt *x, const struct provider_call *call)
{
	x->channel->provider->spool->folders(
		x->channel->state, &x->handover.folders);
	x->handover.name = call->file;
	x->handover.bytes = call->body;
	x->job.run = on_handover_run;
	x->job.done = on_handover_done;
	return reader_post(x->all->opt.reader, &x->job);
}

static int start(struct attempt *x, const struct provider_call *call)
{
	const struct modem_order order = {
		.channel = x->channel,
		.rows = call->rows,
		.id = x->row.id,
		.done = on_response,
		.arg = x,
	};

	if (call->file.n > 0)
		return hand_over(x, call);
	if (call->rows != NULL)
		return modems_send(x->all->opt.modems, &order);
	return fetch_start(x->all->fetch, call, x->row.id, on_response, x);
}

static void leave(struct attempt *x)
{
	struct attempts *all = x->all;
	struct provider_outgoing o;
	struct provider_call call;
	struct err err;
	struct dispatch d = {
		.channel = x->channel,
		.row = &x->row,
		.now_ms = clock_wall_ms(all->opt.clock),
		.base_url = str_of(all->opt.base_url),
	};

	fault_point("send-before");
	o = dispatch_outgoing(&d, x->arena);
	x->result.parts = (int)o.segments;
	if (dispatch_build(&d, &o, x->arena, &call, &err) != 0) {
		conclude_here(x, PROVIDER_PERMANENT, str_of(err.text));
	} else if (call.local) {
		say_on_console(x);
		conclude_here(x, PROVIDER_OK, STR("printed on the console"));
	} else if (start(x, &call) != 0) {
		conclude_here(x, PROVIDER_TEMPORARY,
			STR("the request could not be started"));
	}
	metrics_set(all->opt.metrics, METRIC_MT_IN_FLIGHT,
		(int64_t)fetch_under_way(all->fetch));
}

void attempts_timeout(struct attempts *all, int64_t timeout_s)
{
	fetch_timeout(all->fetch, timeout_s);
}

void attempts_start(struct attempts *all, struct settings *set,
	const struct channel *c, const struct outbox_row *row, int64_t now_us)
{
	struct attempt *x = calloc(1, sizeof(*x));

	assert(x != NULL);
	x->all = all;
	x->settings = settings_ref(set);
	x->channel = c;
	x->started_us = now_us;
	x->arena = arena_new(2048);
	x->row = *row;
	x->row.to = arena_str(x->arena, row->to);
	x->row.text = arena_str(x->arena, row->text);
	x->row.lane = arena_str(x->arena, row->lane);
	x->row.channel = arena_str(x->arena, row->channel);
	x->row.dedupe_key = arena_str(x->arena, row->dedupe_key);
	x->row.needs = (struct str){NULL, 0};
	all->busy++;
	x->next = all->first;
	x->prev = &all->first;
	if (x->next != NULL)
		x->next->prev = &x->next;
	all->first = x;
	leave(x);
}

struct attempts *attempts_new(const struct attempts_options *o)
{
	struct attempts *all = calloc(1, sizeof(*all));

	assert(all != NULL);
	all->opt = *o;
	all->fetch = fetch_new(o->base, o->timeout_s);
	all->retry = event_new(o->base, -1, 0, on_retry, all);
	assert(all->retry != NULL);
	return all;
}

size_t attempts_busy(const struct attempts *all)
{
	return all->busy;
}

void attempts_free(struct attempts *all)
{
	event_free(all->retry);
	fetch_free(all->fetch);
	for (struct attempt *x = all->first, *next; x != NULL; x = next) {
		next = x->next;
		attempt_free(x);
	}
	free(all);
}
