/*
 * sender - which texts leave now, and what became of them?
 *
 * The outbox table is the queue; this holds only what is under way. One claim
 * at a time: a writer job marks due rows `sending` (committed before a byte
 * leaves) for the channels that have room, then each becomes a request, and
 * its verdict another writer job. The memory is bounded by the channels'
 * in-flight windows. One timer wakes it when the next row is due or a
 * throttled channel may send again.
 *
 *   kick → claim job → requests → verdicts → result jobs → kick
 */
#include "gateway/sender.h"

#include "gateway/attempt.h"
#include "gateway/base/clock.h"
#include "gateway/throttle.h"
#include "gateway/window.h"

#include <assert.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>

#define WAKE_MAX_MS 60000
#define POST_RETRY_MS 50

/* One channel's health and rate; kept over a reload by name. */
struct route {
	char name[64];
	struct throttle throttle;
	size_t in_flight;
};

struct sender {
	struct sender_options opt;
	struct settings *settings;
	struct attempts *attempts;
	struct event *timer;
	struct route *routes; /* as settings.channels */
	size_t routes_n;
	int64_t wake_us; /* when the timer goes off, while it is pending */
	bool claiming, again, stopped;
};

struct claim {
	struct job job; /* first */
	struct sender *sender;
	struct settings *settings;
	struct arena *arena;
	int64_t now_ms, next_due;
	size_t *room; /* per channel */
	struct outbox_row **rows;
	size_t *rows_n;
};

static struct route *route_of(struct sender *s, const struct channel *c)
{
	for (size_t i = 0; i < s->routes_n; i++)
		if (str_is(c->name, s->routes[i].name))
			return &s->routes[i];
	return NULL;
}

void sender_use(struct sender *s, struct settings *settings)
{
	size_t n = settings->channels_n;
	struct route *fresh = calloc(n + 1, sizeof(*fresh));

	assert(fresh != NULL);
	for (size_t i = 0; i < n; i++) {
		const struct channel *c = &settings->channels[i];
		const struct route *old = route_of(s, c);

		snprintf(fresh[i].name, sizeof(fresh[i].name), STR_FMT,
			STR_ARG(c->name));
		throttle_init(&fresh[i].throttle, c->config->limits.per_second);
		if (old == NULL)
			continue;
		fresh[i].in_flight = old->in_flight;
		fresh[i].throttle = old->throttle;
		throttle_rate(&fresh[i].throttle, c->config->limits.per_second);
	}
	free(s->routes);
	s->routes = fresh;
	s->routes_n = n;
	settings_ref(settings);
	settings_unref(s->settings);
	s->settings = settings;
}

/* Wakes up then at the latest; an earlier appointment stands. */
static void wake_in(struct sender *s, int64_t ms)
{
	int64_t now_us = clock_mono_us(s->opt.clock);
	struct timeval tv;

	ms = ms < 1 ? 1 : ms > WAKE_MAX_MS ? WAKE_MAX_MS : ms;
	if (evtimer_pending(s->timer, NULL) && s->wake_us <= now_us + ms * 1000)
		return;
	s->wake_us = now_us + ms * 1000;
	tv.tv_sec = ms / 1000;
	tv.tv_usec = ms % 1000 * 1000;
	event_add(s->timer, &tv);
}

/* How many texts the channel may take now; *wait_us when that is none. */
static size_t room_of(
	struct sender *s, size_t i, int64_t now_us, int64_t *wait_us)
{
	const struct channel *c = &s->settings->channels[i];
	struct route *r = &s->routes[i];
	size_t window = (size_t)c->config->max_in_flight;
	int64_t wait = throttle_wait_us(&r->throttle, now_us);

	if (!channel_can_send(c) || r->in_flight >= window)
		return 0;
	if (wait > 0) {
		if (wait < *wait_us)
			*wait_us = wait;
		return 0;
	}
	if (r->throttle.state == THROTTLE_DOWN || r->throttle.interval_us > 0)
		return 1;
	return window - r->in_flight;
}

/* ---- what the attempts tell ---- */

static void on_answered(void *arg, const struct attempt_news *n)
{
	struct sender *s = arg;
	struct route *r = route_of(s, n->channel);

	if (r == NULL)
		return;       /* a reload took the channel away */
	if (r->in_flight > 0) /* none: it was away and came back meanwhile */
		r->in_flight--;
	if (n->local)
		return;
	if (n->status == 0 || n->status >= 500)
		throttle_failed(&r->throttle, n->started_us, n->now_us);
	else
		throttle_answered(&r->throttle, n->now_us);
	if (n->pause_s > 0)
		throttle_pause(&r->throttle, n->now_us + n->pause_s * 1000000);
}

static void on_settled(void *arg)
{
	sender_kick(arg);
}

static void start(struct sender *s, struct claim *c, size_t channel,
	const struct outbox_row *row)
{
	const struct channel *ch = &c->settings->channels[channel];
	struct route *r = route_of(s, ch);

	if (r != NULL) {
		r->in_flight++;
		throttle_take(&r->throttle, clock_mono_us(s->opt.clock));
	}
	attempts_start(s->attempts, c->settings, ch, row);
}

/* ---- claiming ---- */

/* Queued rows, by the channels that they were made for. */
struct waiting {
	struct str *channels;
	size_t n;
};

/* What its own channel cannot send, or one that a reload took away, leaves by
 * any that has room: first, for nobody else's turn brings it. */
static int claim_for(struct claim *c, struct store *store,
	const struct waiting *all, size_t channel)
{
	const struct settings *set = c->settings;
	struct str *names = ARENA_ARRAY(c->arena, struct str, all->n + 1);
	struct outbox_claim q = {
		.now_ms = c->now_ms,
		.max = c->room[channel],
		.window_open = window_is_open(set->config, c->now_ms),
		.channels = names,
	};

	for (size_t i = 0; i < all->n; i++) {
		const struct channel *own =
			settings_channel(set, all->channels[i]);

		if (own == NULL || !channel_can_send(own))
			names[q.channels_n++] = all->channels[i];
	}
	names[q.channels_n++] = set->channels[channel].name;
	return outbox_claim(
		store, &q, c->arena, &c->rows[channel], &c->rows_n[channel]);
}

static int on_claim_run(struct job *j, struct store *store)
{
	struct claim *c = (struct claim *)j;
	struct waiting all;

	if (outbox_channels(store, c->arena, &all.channels, &all.n) != 0)
		return -1;
	for (size_t i = 0; i < c->settings->channels_n; i++) {
		c->rows_n[i] = 0;
		if (c->room[i] > 0 && claim_for(c, store, &all, i) != 0)
			return -1;
	}
	return outbox_next_due(store, c->now_ms, &c->next_due);
}

static void claim_free(struct claim *c)
{
	settings_unref(c->settings);
	arena_free(c->arena);
	free(c);
}

static void on_claim_done(struct job *j)
{
	struct claim *c = (struct claim *)j;
	struct sender *s = c->sender;
	int64_t now_ms = clock_wall_ms(s->opt.clock);

	s->claiming = false;
	if (j->status != JOB_OK) {
		wake_in(s, 1000);
		claim_free(c);
		return;
	}
	for (size_t i = 0; i < c->settings->channels_n; i++)
		for (size_t k = 0; k < c->rows_n[i]; k++)
			start(s, c, i, &c->rows[i][k]);
	if (c->next_due != INT64_MAX)
		wake_in(s, c->next_due - now_ms);
	claim_free(c);
	if (s->again)
		sender_kick(s);
}

static struct claim *claim_new(struct sender *s)
{
	struct claim *c = calloc(1, sizeof(*c));
	size_t n = s->settings->channels_n;

	assert(c != NULL);
	c->sender = s;
	c->settings = settings_ref(s->settings);
	c->arena = arena_new(8192);
	c->now_ms = clock_wall_ms(s->opt.clock);
	c->room = ARENA_ARRAY(c->arena, size_t, n);
	c->rows = ARENA_ARRAY(c->arena, struct outbox_row *, n);
	c->rows_n = ARENA_ARRAY(c->arena, size_t, n);
	c->job.run = on_claim_run;
	c->job.done = on_claim_done;
	return c;
}

void sender_kick(struct sender *s)
{
	int64_t now_us = clock_mono_us(s->opt.clock);
	int64_t wait_us = INT64_MAX;
	size_t room = 0;
	struct claim *c;

	s->again = s->claiming;
	if (s->claiming || s->stopped)
		return;
	c = claim_new(s);
	for (size_t i = 0; i < s->routes_n; i++)
		room += c->room[i] = room_of(s, i, now_us, &wait_us);
	if (wait_us != INT64_MAX)
		wake_in(s, wait_us / 1000 + 1);
	if (room == 0 || writer_post(s->opt.writer, &c->job) != 0) {
		if (room > 0)
			wake_in(s, POST_RETRY_MS);
		claim_free(c);
		return;
	}
	s->claiming = true;
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct sender *s = arg;

	(void)fd;
	(void)what;
	sender_kick(s);
	wake_in(s, WAKE_MAX_MS);
}

struct sender *sender_new(
	const struct sender_options *o, struct settings *settings)
{
	struct sender *s = calloc(1, sizeof(*s));

	assert(s != NULL);
	s->opt = *o;
	s->attempts = attempts_new(&(struct attempts_options){
		.base = o->base,
		.clock = o->clock,
		.writer = o->writer,
		.metrics = o->metrics,
		.timeout_s = settings->config->outbox.timeout_s,
		.base_url = o->base_url,
		.answered = on_answered,
		.settled = on_settled,
		.arg = s,
	});
	s->timer = event_new(o->base, -1, 0, on_timer, s);
	assert(s->timer != NULL);
	sender_use(s, settings);
	wake_in(s, 1);
	return s;
}

void sender_stop(struct sender *s)
{
	s->stopped = true;
	event_del(s->timer);
}

size_t sender_busy(const struct sender *s)
{
	return attempts_busy(s->attempts) + s->claiming;
}

void sender_free(struct sender *s)
{
	event_free(s->timer);
	attempts_free(s->attempts);
	settings_unref(s->settings);
	free(s->routes);
	free(s);
}
