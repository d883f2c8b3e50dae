/*
 * reaper - what has waited past its time?
 *
 * Looks ten times within outbox.report_park_s, at least every minute: parked
 * reports that are that old are matched once more and then told as orphans. A
 * look is one job of the writer and reads only the oldest rows; after a full
 * one it looks again at once. Owns its timer and the one job.
 */
#include "gateway/reaper.h"

#include "gateway/base/clock.h"
#include "gateway/dlr.h"

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

	return delivery_reap(s, &r->due, r->arena, &r->reaped);
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
		full = r->reaped.n == AT_ONCE;
	}
	arena_reset(r->arena);
	if (r->stopped)
		return;
	if (moved)
		r->opt.moved(r->opt.arg);
	look_in(r, full ? 0 : r->due.park_ms / 10);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct reaper *r = arg;

	(void)fd;
	(void)what;
	r->due.now_ms = clock_wall_ms(r->opt.clock);
	r->job.run = on_run;
	r->job.done = on_done;
	r->busy = writer_post(r->opt.writer, &r->job) == 0;
	if (!r->busy)
		look_in(r, LOOK_MAX_MS);
}

void reaper_use(struct reaper *r, const struct settings *settings)
{
	r->due.park_ms = settings->config->outbox.report_park_s * 1000;
	if (!r->busy && !r->stopped)
		look_in(r, r->due.park_ms / 10);
}

struct reaper *reaper_new(
	const struct reaper_options *o, const struct settings *settings)
{
	struct reaper *r = calloc(1, sizeof(*r));

	assert(r != NULL);
	r->opt = *o;
	r->arena = arena_new(4096);
	r->due.max = AT_ONCE;
	r->timer = event_new(o->base, -1, 0, on_timer, r);
	assert(r->timer != NULL);
	reaper_use(r, settings);
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
	arena_free(r->arena);
	free(r);
}
