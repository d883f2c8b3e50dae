/*
 * reaper - what has waited past its time?
 *
 * Looks soon after the start, then ten times within the shorter of the limits,
 * at least every minute. Parked reports that are outbox.report_park_s old are
 * matched once more and then told as orphans; senders of texts whose parts did
 * not all come within inbound.parts_s are asked to send them again. A look is
 * one job of the writer and reads only the oldest rows; after a full one it
 * looks again at once. Owns its timer and the one job.
 */
#include "gateway/reaper.h"

#include "gateway/base/clock.h"
#include "gateway/base/log.h"
#include "gateway/dlr.h"
#include "gateway/multipart.h"

#include <assert.h>
#include <event2/event.h>
#include <stdlib.h>

#define AT_ONCE 200
#define LOOK_MIN_MS 200
#define LOOK_MAX_MS 60000

struct reaper {
	struct job job; /* first */
	struct reaper_options opt;
	struct event *timer;
	struct settings *settings; /* a reference each: of now, of the job */
	struct settings *used;
	struct intake_input in;
	struct multipart_reaped incomplete;
	struct arena *arena; /* of the job */
	struct delivery_reaping due;
	struct delivery_reaped reaped;
	bool busy, stopped;
};

static void look_in(struct reaper *r, int64_t ms)
{
	struct timeval tv;

	ms = ms < LOOK_MIN_MS   ? LOOK_MIN_MS
	     : ms > LOOK_MAX_MS ? LOOK_MAX_MS
				: ms;
	tv.tv_sec = ms / 1000;
	tv.tv_usec = ms % 1000 * 1000;
	event_add(r->timer, &tv);
}

static int on_run(struct job *j, struct store *s)
{
	struct reaper *r = (struct reaper *)j;

	if (delivery_reap(s, &r->due, r->arena, &r->reaped) != 0)
		return -1;
	return multipart_reap(s, &r->in, AT_ONCE, &r->incomplete);
}

static void tell_incomplete(const struct reaper *r)
{
	if (r->incomplete.n == 0)
		return;
	metrics_add(
		r->opt.metrics, METRIC_MO_INCOMPLETE, (int64_t)r->incomplete.n);
	log_warn("mo_incomplete", LOG_I("texts", (int64_t)r->incomplete.n),
		LOG_I("asked", (int64_t)r->incomplete.queued));
}

static int64_t next_look_ms(const struct reaper *r)
{
	int64_t parts_ms = r->settings->config->inbound.parts_s * 1000;

	return (parts_ms < r->due.park_ms ? parts_ms : r->due.park_ms) / 10;
}

static void on_done(struct job *j)
{
	struct reaper *r = (struct reaper *)j;
	bool full = false, moved = false;

	r->busy = false;
	if (j->status == JOB_OK) {
		for (size_t i = 0; i < r->reaped.n; i++)
			moved |= dlr_tell(r->opt.metrics, &r->reaped.reports[i],
				&r->reaped.results[i]);
		tell_incomplete(r);
		moved |= r->incomplete.queued > 0;
		full = r->reaped.n == AT_ONCE || r->incomplete.n == AT_ONCE;
	}
	arena_reset(r->arena);
	settings_unref(r->used);
	if (r->stopped)
		return;
	if (moved)
		r->opt.moved(r->opt.arg);
	look_in(r, full ? 0 : next_look_ms(r));
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct reaper *r = arg;

	(void)fd;
	(void)what;
	r->due.now_ms = clock_wall_ms(r->opt.clock);
	r->job.run = on_run;
	r->job.done = on_done;
	r->in = (struct intake_input){
		.settings = r->settings,
		.arena = r->arena,
		.budget = r->opt.budget,
		.now_ms = r->due.now_ms,
	};
	r->busy = writer_post(r->opt.writer, &r->job) == 0;
	if (r->busy)
		r->used = settings_ref(r->settings);
	else
		look_in(r, LOOK_MAX_MS);
}

static void use(struct reaper *r, struct settings *settings)
{
	r->settings = settings_ref(settings);
	r->due.park_ms = settings->config->outbox.report_park_s * 1000;
}

void reaper_use(struct reaper *r, struct settings *settings)
{
	settings_unref(r->settings);
	use(r, settings);
	if (!r->busy && !r->stopped)
		look_in(r, next_look_ms(r));
}

struct reaper *reaper_new(
	const struct reaper_options *o, struct settings *settings)
{
	struct reaper *r = calloc(1, sizeof(*r));

	assert(r != NULL);
	r->opt = *o;
	r->arena = arena_new(4096);
	r->due.max = AT_ONCE;
	r->timer = event_new(o->base, -1, 0, on_timer, r);
	assert(r->timer != NULL);
	use(r, settings);
	look_in(r, 0);
	return r;
}

void reaper_stop(struct reaper *r)
{
	r->stopped = true;
	event_del(r->timer);
}

void reaper_free(struct reaper *r)
{
	event_free(r->timer);
	settings_unref(r->settings);
	arena_free(r->arena);
	free(r);
}
