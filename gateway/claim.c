/*
 * claim - which texts leave now, by which channel?
 *
 * For each channel that has room: what of it the hour's and the day's limits
 * leave (store/usage.c), whose rows it may take (its own, those of channels
 * that cannot send, are gone or away), then the claim itself and its count,
 * all in one transaction with `sending`. Holds no state.
 */
#include "gateway/claim.h"

#include "gateway/dispatch.h"
#include "gateway/store/usage.h"
#include "gateway/window.h"

#include <stdlib.h>

#define NEWS_MS 30000 /* what moves by less is not told again */
/* After a restart: what the process before sent may arrive as late as that. */
#define PRIME_MS ((PACE_SECOND_US + PACE_LAG_US) / 1000)

/* Queued rows, by the channels that they were made for. */
struct waiting {
	struct str *channels;
	size_t n;
};

void claim_init(
	struct claim *c, struct settings *set, struct arena *a, int64_t now_ms)
{
	*c = (struct claim){
		.settings = set,
		.arena = a,
		.now_ms = now_ms,
		.away = ARENA_ARRAY(a, bool, set->channels_n),
		.channel =
			ARENA_ARRAY(a, struct claim_channel, set->channels_n),
	};
}

static size_t less(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void again_at(struct claim_channel *ch, int64_t at_ms)
{
	if (ch->again_ms == 0 || at_ms < ch->again_ms)
		ch->again_ms = at_ms;
}

/* Lowers the room to what is left of one limit. */
static void limit(struct claim_channel *ch, struct route_room *room,
	int64_t per_span, const struct usage_span *used, enum claim_wait full)
{
	size_t n = (size_t)per_span;
	size_t all = (size_t)used->all, other = (size_t)used->other;
	size_t share = route_share(n);

	if (n == 0)
		return;
	room->all = less(room->all, all < n ? n - all : 0);
	room->other = less(room->other, other < share ? share - other : 0);
	room->other = less(room->other, room->all);
	if (all < n && other < share)
		return;
	again_at(ch, used->eases_at);
	/* What binds replies too goes before what does not. */
	if (all >= n)
		ch->news = (struct claim_news){full, used->eases_at};
	else if (ch->news.wait == CLAIM_GOES)
		ch->news = (struct claim_news){
			full == CLAIM_DAY ? CLAIM_DAY_SHARE : CLAIM_HOUR_SHARE,
			used->eases_at};
}

/* What a process before this one sent may still be on its way. */
static bool is_settling(
	const struct claim *c, struct claim_channel *ch, int64_t last_at)
{
	int64_t until = last_at + PRIME_MS;

	if (ch->primed || last_at == 0 || until <= c->now_ms) {
		ch->now_primed = true;
		return false;
	}
	/* A clock that was set back must not prolong it. */
	again_at(ch, last_at > c->now_ms ? c->now_ms + 1 : until);
	ch->now_primed = last_at > c->now_ms;
	return true;
}

static bool is_limited(const struct channel *c)
{
	const struct config_limits *l = &c->config->limits;

	return l->per_second > 0 || l->per_hour > 0 || l->per_day > 0;
}

static int look_up(const struct claim *c, struct store *s, size_t i,
	struct route_room *room)
{
	const struct channel *channel = &c->settings->channels[i];
	const struct config_limits *l = &channel->config->limits;
	struct claim_channel *ch = &c->channel[i];
	struct usage used;

	if (usage_of(s, channel->name, c->now_ms, &used) < 0)
		return -1;
	if (l->per_second > 0 && is_settling(c, ch, used.last_at)) {
		room->all = room->other = 0;
		return 0;
	}
	limit(ch, room, l->per_hour, &used.hour, CLAIM_HOUR);
	limit(ch, room, l->per_day, &used.day, CLAIM_DAY);
	return 0;
}

int claim_room(const struct claim *c, struct store *s, size_t i,
	struct route_room *ret)
{
	struct claim_channel *ch = &c->channel[i];

	*ret = ch->room;
	ch->news = ch->known;
	ch->again_ms = 0;
	ch->now_primed = ch->primed;
	if (ret->all == 0 || !is_limited(&c->settings->channels[i]))
		return 0;
	return look_up(c, s, i, ret);
}

/* Whose rows a channel reads: its own, and those that nobody else's turn
 * brings. Which comes first takes turns. */
static void name_channels(const struct claim *c, const struct waiting *all,
	size_t i, struct outbox_claim *q)
{
	const struct settings *set = c->settings;
	struct str *v = ARENA_ARRAY(c->arena, struct str, all->n + 1);
	size_t n = 0, shift;

	for (size_t k = 0; k < all->n; k++) {
		const struct channel *own =
			settings_channel(set, all->channels[k]);

		if (own == NULL || !channel_can_send(own) || own->index == i ||
			c->away[own->index])
			n++;
	}
	shift = n > 0 ? c->turn % n : 0;
	q->channels = v;
	q->channels_n = n;
	for (size_t k = 0, at = n - shift; k < all->n; k++) {
		const struct channel *own =
			settings_channel(set, all->channels[k]);

		if (own == NULL || !channel_can_send(own) || own->index == i ||
			c->away[own->index])
			v[at++ % n] = all->channels[k];
	}
}

static int claim_for(const struct claim *c, struct store *s,
	const struct waiting *all, size_t i, const struct route_room *room)
{
	const struct settings *set = c->settings;
	struct claim_channel *ch = &c->channel[i];
	const struct channel *channel = &set->channels[i];
	struct dispatch_view view = {set, c->away, channel, c->now_ms};
	struct outbox_claim q = {
		.now_ms = c->now_ms,
		.max = room->all,
		.replies = room->all - room->other,
		.other_turn = room->other_turn,
		.bulk_turn = room->bulk_turn,
		.bulk_first =
			ch->probe && provider_takes_our_id(
					     channel->provider, channel->state),
		.window_open = window_is_open(set->config, c->now_ms),
		.unasked = (int)set->config->send.unasked_per_day,
		.channel = channel->name,
		.served = ch->served,
		.served_n = ch->served_n,
		.decide = dispatch_decide,
		.arg = &view,
	};

	name_channels(c, all, i, &q);
	if (q.channels_n == 0)
		return 0;
	if (outbox_claim(s, &q, c->arena, &ch->taken) < 0)
		return -1;
	if (ch->taken.n == 0 || !is_limited(channel))
		return 0;
	return usage_add(s, channel->name, c->now_ms, (int64_t)ch->taken.n,
		(int64_t)ch->taken.other);
}

bool claim_is_news(const struct claim_news *said, const struct claim_news *now)
{
	return said->wait != now->wait ||
	       (now->wait != CLAIM_GOES &&
		       llabs(said->until_ms - now->until_ms) > NEWS_MS);
}

static int tell(const struct claim *c, struct store *s, size_t i)
{
	static const char *const why[] = {
		[CLAIM_HOUR_SHARE] = "texts that are no replies have had "
				     "their share of the hour",
		[CLAIM_DAY_SHARE] = "texts that are no replies have had their "
				    "share of the day",
		[CLAIM_HOUR] = "the channel has sent its texts of the hour",
		[CLAIM_DAY] = "the channel has sent its texts of the day",
		[CLAIM_PAUSE] = "the provider asked for a pause",
		[CLAIM_DOWN] = "the provider does not answer",
	};
	const struct claim_channel *ch = &c->channel[i];

	if (!claim_is_news(&ch->said, &ch->news))
		return 0;
	return usage_wait(s, &(struct usage_wait){
				     .channel = c->settings->channels[i].name,
				     .other = ch->news.wait < CLAIM_HOUR,
				     .why = why[ch->news.wait],
				     .since_at = c->now_ms,
				     .until_at = ch->news.until_ms,
			     });
}

static int run_channel(const struct claim *c, struct store *s,
	const struct waiting *all, size_t i)
{
	struct claim_channel *ch = &c->channel[i];
	struct route_room room;

	ch->taken = (struct outbox_claimed){0};
	if (claim_room(c, s, i, &room) < 0)
		return -1;
	if (room.all > 0 && claim_for(c, s, all, i, &room) < 0)
		return -1;
	return tell(c, s, i);
}

static int64_t try_max_ms(const struct config *cfg)
{
	const struct config_outbox *o = &cfg->outbox;

	return 1000 * (o->retry_max_s > o->retry_after_max_s
				      ? o->retry_max_s
				      : o->retry_after_max_s);
}

int claim_run(struct claim *c, struct store *s)
{
	struct waiting all;

	if (c->clock_back && outbox_clock_back(s, c->now_ms,
				     try_max_ms(c->settings->config)) < 0)
		return -1;
	if (outbox_channels(s, c->arena, &all.channels, &all.n) != 0)
		return -1;
	for (size_t i = 0; i < c->settings->channels_n; i++)
		if (run_channel(c, s, &all, i) < 0)
			return -1;
	return outbox_next_due(s, c->now_ms, &c->next_due);
}
