/*
 * sender - which texts leave now, and what became of them?
 *
 * The outbox table is the queue; this holds only what is under way. One claim
 * at a time: a writer job marks due rows `sending` (committed before a byte
 * leaves) for the channels that have room (claim.c, route.c), then each
 * becomes a request, and its verdict another writer job. The memory is bounded
 * by the channels' in-flight windows and outbox.window. One timer wakes it
 * when the next row is due or a channel may send again.
 *
 *   kick → claim job → requests → verdicts → result jobs → kick
 */
#include "gateway/sender.h"

#include "gateway/attempt.h"
#include "gateway/base/clock.h"
#include "gateway/claim.h"
#include "gateway/waiting.h"

#include <assert.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>

#define WAKE_MAX_MS 60000
#define POST_RETRY_MS 50
#define CLOCK_BACK_MS 2000 /* less is an ordinary correction */

/* One channel, and what the store was told of it. */
struct line {
	struct route route;
	struct claim_news said;
};

struct sender {
	struct sender_options opt;
	struct settings *settings;
	struct attempts *attempts;
	struct event *timer;
	struct line *lines; /* as settings.channels */
	size_t lines_n;
	size_t claims;
	int64_t wake_us;  /* when the timer goes off, while it is pending */
	int64_t clock_ms; /* wall less monotonic time, at the last claim */
	bool clock_back; /* since the last claim, the wall clock was set back */
	bool claiming, again, stopped;
};

struct claim_job {
	struct job job; /* first */
	struct sender *sender;
	struct claim claim;
};

static struct line *line_of(struct sender *s, const struct channel *c)
{
	for (size_t i = 0; i < s->lines_n; i++)
		if (str_is(c->name, s->lines[i].route.name))
			return &s->lines[i];
	return NULL;
}

void sender_use(struct sender *s, struct settings *settings)
{
	size_t n = settings->channels_n;
	struct line *fresh = calloc(n + 1, sizeof(*fresh));

	assert(fresh != NULL);
	for (size_t i = 0; i < n; i++) {
		const struct line *old = line_of(s, &settings->channels[i]);

		if (old != NULL)
			fresh[i] = *old;
		else
			route_init(&fresh[i].route, settings->channels[i].name);
	}
	free(s->lines);
	s->lines = fresh;
	s->lines_n = n;
	settings_ref(settings);
	settings_unref(s->settings);
	s->settings = settings;
	attempts_timeout(s->attempts, settings->config->outbox.timeout_s);
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

/* ---- what the attempts tell ---- */

static void judge_health(
	struct sender *s, struct route *r, const struct attempt_news *n)
{
	int64_t max_s = s->settings->config->outbox.retry_after_max_s;
	int64_t pause_s = n->pause_s < max_s ? n->pause_s : max_s;
	size_t window = (size_t)n->channel->config->max_in_flight;

	if (n->status == 0 || n->status >= 500)
		throttle_failed(&r->throttle, n->started_us, n->now_us);
	else
		throttle_answered(&r->throttle, n->started_us, window);
	if (pause_s > 0)
		throttle_pause(
			&r->throttle, n->now_us, n->now_us + pause_s * 1000000);
}

static void on_answered(void *arg, const struct attempt_news *n)
{
	struct sender *s = arg;
	struct line *l = line_of(s, n->channel);

	if (l == NULL)
		return; /* a reload took the channel away */
	route_ended(&l->route, n->is_reply, n->started_us, n->now_us);
	if (n->local)
		throttle_undone(&l->route.throttle);
	else
		judge_health(s, &l->route, n);
}

static void on_settled(void *arg)
{
	sender_kick(arg);
}

static void start(struct sender *s, struct settings *set, size_t channel,
	const struct outbox_row *row)
{
	const struct channel *c = &set->channels[channel];
	int64_t now_us = clock_mono_us(s->opt.clock);
	struct line *l = line_of(s, c);

	if (l != NULL)
		route_started(&l->route, outbox_is_reply(row), row->to, now_us);
	attempts_start(s->attempts, set, c, row, now_us);
}

/* ---- claiming ---- */

static int on_claim_run(struct job *j, struct store *store)
{
	return claim_run(&((struct claim_job *)j)->claim, store);
}

static void claim_free(struct claim_job *j)
{
	settings_unref(j->claim.settings);
	arena_free(j->claim.arena);
	free(j);
}

/* What one channel was given leaves. */
static void take(struct sender *s, struct claim *c, size_t i)
{
	const struct claim_channel *ch = &c->channel[i];
	struct line *l = line_of(s, &c->settings->channels[i]);

	if (l != NULL) {
		l->said = ch->news;
		l->route.primed = ch->now_primed;
	}
	if (ch->again_ms != 0)
		wake_in(s, ch->again_ms - c->now_ms);
	s->again |= ch->taken.more;
	for (size_t k = 0; k < ch->taken.n; k++)
		start(s, c->settings, i, &ch->taken.v[k]);
}

static void on_claim_done(struct job *j)
{
	struct claim *c = &((struct claim_job *)j)->claim;
	struct sender *s = ((struct claim_job *)j)->sender;

	s->claiming = false;
	if (j->status != JOB_OK) {
		wake_in(s, 1000);
		claim_free((struct claim_job *)j);
		return;
	}
	if (c->clock_back)
		s->clock_back = false;
	for (size_t i = 0; i < c->settings->channels_n; i++)
		take(s, c, i);
	if (c->next_due != INT64_MAX)
		wake_in(s, c->next_due - clock_wall_ms(s->opt.clock));
	claim_free((struct claim_job *)j);
	if (s->again)
		sender_kick(s);
}

static void look_at_clock(struct sender *s, int64_t now_ms, int64_t now_us)
{
	int64_t before = s->clock_ms;

	s->clock_ms = now_ms - now_us / 1000;
	if (s->claims++ > 0 && s->clock_ms < before - CLOCK_BACK_MS)
		s->clock_back = true;
}

/* Down for so long that others take its texts. */
static bool is_away(struct sender *s, const struct route *r, int64_t now_us)
{
	int64_t down_us = throttle_down_us(&r->throttle, now_us);
	int64_t limit_us = s->settings->config->outbox.failover_s * 1000000;

	if (r->throttle.state != THROTTLE_DOWN || s->lines_n < 2)
		return false;
	if (down_us < limit_us)
		wake_in(s, (limit_us - down_us) / 1000 + 1);
	return down_us >= limit_us;
}

/* Where nobody can send, the first looks at what waits: it ends by the claim's
 * own rules, and does not wait for ever. It takes nothing. */
static bool looks_for_all(const struct sender *s, size_t i)
{
	for (size_t k = 0; k < s->lines_n; k++)
		if (channel_can_send(&s->settings->channels[k]))
			return false;
	return i == 0;
}

/* What the channel may take, and why it may not. */
static void survey(struct sender *s, struct claim *c, size_t i, int64_t now_us)
{
	const struct channel *channel = &s->settings->channels[i];
	struct line *l = &s->lines[i];
	struct claim_channel *ch = &c->channel[i];

	c->away[i] = is_away(s, &l->route, now_us);
	ch->probe = l->route.throttle.state == THROTTLE_DOWN;
	ch->primed = l->route.primed;
	ch->said = l->said;
	ch->served_n = l->route.served_n;
	ch->served = route_served(&l->route, c->arena);
	if (!channel_can_send(channel) && !looks_for_all(s, i))
		return;
	ch->room = route_room(&l->route, channel->config, now_us);
	if (ch->room.wait_us > 0)
		wake_in(s, ch->room.wait_us / 1000 + 1);
	if (ch->probe)
		ch->known.wait = CLAIM_DOWN;
	else if (ch->room.all == 0 && l->route.throttle.pause_us > now_us)
		ch->known.wait = CLAIM_PAUSE;
	if (ch->known.wait != CLAIM_GOES)
		ch->known.until_ms = c->now_ms + ch->room.wait_us / 1000;
}

/* Never more at once than memory is meant for. True: there is something to
 * claim, or to tell. */
static bool cut(const struct sender *s, struct claim *c)
{
	size_t max = (size_t)s->settings->config->outbox.window;
	size_t busy = attempts_busy(s->attempts);
	size_t left = busy < max ? max - busy : 0;
	bool some = s->clock_back;

	for (size_t i = 0; i < s->lines_n; i++) {
		struct claim_channel *ch = &c->channel[i];

		if (ch->room.all > left)
			ch->room.all = left;
		if (ch->room.other > ch->room.all)
			ch->room.other = ch->room.all;
		left -= ch->room.all;
		some |= ch->room.all > 0 ||
			claim_is_news(&ch->said, &ch->known);
	}
	return some;
}

static struct claim_job *claim_new(struct sender *s)
{
	int64_t now_us = clock_mono_us(s->opt.clock);
	struct claim_job *j = calloc(1, sizeof(*j));

	assert(j != NULL);
	j->sender = s;
	j->job.run = on_claim_run;
	j->job.done = on_claim_done;
	claim_init(&j->claim, settings_ref(s->settings), arena_new(8192),
		clock_wall_ms(s->opt.clock));
	look_at_clock(s, j->claim.now_ms, now_us);
	j->claim.clock_back = s->clock_back;
	j->claim.turn = s->claims;
	for (size_t i = 0; i < s->lines_n; i++)
		survey(s, &j->claim, i, now_us);
	return j;
}

void sender_survey(struct sender *s, struct jdoc *answer)
{
	int64_t now_us = clock_mono_us(s->opt.clock);
	struct arena *a = arena_new(8192);
	struct claim c;

	claim_init(&c, s->settings, a, clock_wall_ms(s->opt.clock));
	for (size_t i = 0; i < s->lines_n; i++)
		survey(s, &c, i, now_us);
	(void)cut(s, &c);
	waiting_tell(&c, answer);
	arena_free(a);
}

void sender_kick(struct sender *s)
{
	struct claim_job *j;

	s->again = s->claiming;
	if (s->claiming || s->stopped)
		return;
	j = claim_new(s);
	if (!cut(s, &j->claim)) {
		claim_free(j);
		return;
	}
	s->claiming = writer_post(s->opt.writer, &j->job) == 0;
	if (!s->claiming) {
		wake_in(s, POST_RETRY_MS);
		claim_free(j);
	}
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
	s->clock_back = true; /* it may have been, while nobody ran */
	s->attempts = attempts_new(&(struct attempts_options){
		.base = o->base,
		.clock = o->clock,
		.writer = o->writer,
		.reader = o->reader,
		.modems = o->modems,
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

void sender_tell(const struct sender *s, struct buf *out)
{
	int64_t now_us = clock_mono_us(s->opt.clock);

	for (size_t i = 0; i < s->lines_n; i++) {
		const struct route *r = &s->lines[i].route;
		int64_t wait_us = throttle_wait_us(&r->throttle, now_us);

		if (r->throttle.state == THROTTLE_DOWN || wait_us > 0)
			buf_putf(out, "channel %s: %s, asked again in %lld s\n",
				r->name, throttle_state_str(r->throttle.state),
				(long long)(wait_us / 1000000));
	}
}

void sender_print(const struct sender *s, struct buf *out)
{
	buf_putz(out, "# HELP bantin_channel_up whether the channel answers\n"
		      "# TYPE bantin_channel_up gauge\n");
	for (size_t i = 0; i < s->lines_n; i++)
		buf_putf(out, "bantin_channel_up{channel=\"%s\"} %d\n",
			s->lines[i].route.name,
			s->lines[i].route.throttle.state != THROTTLE_DOWN);
	buf_putz(out, "# HELP bantin_channel_in_flight requests under way\n"
		      "# TYPE bantin_channel_in_flight gauge\n");
	for (size_t i = 0; i < s->lines_n; i++)
		buf_putf(out, "bantin_channel_in_flight{channel=\"%s\"} %zu\n",
			s->lines[i].route.name, s->lines[i].route.in_flight);
}

void sender_free(struct sender *s)
{
	event_free(s->timer);
	attempts_free(s->attempts);
	settings_unref(s->settings);
	free(s->lines);
	free(s);
}
