/*
 * scheduler - when does the gateway do something by itself?
 *
 * One timer for the first of the sorted set in the store, and at least every
 * minute, so that a wall clock that jumps is noticed. A look is one job of the
 * writer: it runs what is due and tells when the next one is; after a full one
 * it looks again at once. Owns its timer and the one job.
 */
#include "gateway/scheduler.h"

#include "gateway/base/clock.h"
#include "gateway/base/log.h"
#include "gateway/errands.h"

#include <assert.h>
#include <event2/event.h>
#include <stdlib.h>

#define LOOK_MAX_MS INT64_C(60000)

struct scheduler {
	struct job job; /* first */
	struct scheduler_options opt;
	struct event *timer;
	struct settings *settings; /* a reference each: of now, of the job */
	struct settings *used;
	struct errands_input in;
	struct errands_result result;
	bool planned; /* the calendar, since the settings changed */
	bool plans;   /* the job does; its own until it is done */
	bool busy, again, stopped;
};

static void look_in(struct scheduler *t, int64_t ms)
{
	struct timeval tv;

	ms = ms < 0 ? 0 : ms > LOOK_MAX_MS ? LOOK_MAX_MS : ms;
	tv.tv_sec = ms / 1000;
	tv.tv_usec = ms % 1000 * 1000;
	event_add(t->timer, &tv);
}

static int on_run(struct job *j, struct store *s)
{
	struct scheduler *t = (struct scheduler *)j;

	if (t->plans && errands_start(s, &t->in) != 0)
		return -1;
	return errands_run(s, &t->in, &t->result);
}

static void on_done(struct job *j)
{
	struct scheduler *t = (struct scheduler *)j;
	const struct errands_result *done = &t->result;
	bool ok = j->status == JOB_OK;

	t->busy = false;
	t->planned |= ok && t->used == t->settings;
	arena_reset(t->in.arena);
	settings_unref(t->used);
	if (ok && done->run > 0)
		log_info("errands", LOG_I("run", (int64_t)done->run),
			LOG_I("texts", (int64_t)done->queued),
			LOG_I("missed", (int64_t)done->missed));
	if (t->stopped)
		return;
	if (ok && done->queued > 0)
		t->opt.queued(t->opt.arg);
	if (t->again || (ok && done->run > 0))
		look_in(t, 0);
	else
		look_in(t, ok ? done->next_at - clock_wall_ms(t->opt.clock)
			      : LOOK_MAX_MS);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct scheduler *t = arg;

	(void)fd;
	(void)what;
	t->again = false;
	t->in.settings = t->settings;
	t->in.now_ms = clock_wall_ms(t->opt.clock);
	t->plans = !t->planned;
	t->job.run = on_run;
	t->job.done = on_done;
	t->busy = writer_post(t->opt.writer, &t->job) == 0;
	if (t->busy)
		t->used = settings_ref(t->settings);
	else
		look_in(t, LOOK_MAX_MS / 60);
}

void scheduler_poke(struct scheduler *t)
{
	t->again = true;
	if (!t->busy && !t->stopped)
		look_in(t, 0);
}

void scheduler_use(struct scheduler *t, struct settings *settings)
{
	settings_unref(t->settings);
	t->settings = settings_ref(settings);
	t->planned = false;
	scheduler_poke(t);
}

struct scheduler *scheduler_new(
	const struct scheduler_options *o, struct settings *settings)
{
	struct scheduler *t = calloc(1, sizeof(*t));

	assert(t != NULL);
	t->opt = *o;
	t->in.arena = arena_new(16384);
	t->timer = event_new(o->base, -1, 0, on_timer, t);
	assert(t->timer != NULL);
	t->settings = settings_ref(settings);
	look_in(t, 0);
	return t;
}

void scheduler_stop(struct scheduler *t)
{
	t->stopped = true;
	event_del(t->timer);
}

void scheduler_free(struct scheduler *t)
{
	event_free(t->timer);
	settings_unref(t->settings);
	arena_free(t->in.arena);
	free(t);
}
