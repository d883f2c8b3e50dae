/*
 * route - how much may this channel take now, and of which kind?
 *
 * Joins the breaker, the window of requests under way and the second's rate;
 * the hour's and the day's limits are in the store (store/usage.c). Replies
 * may use all of it, others three quarters. Owns no memory, reads no clock.
 * Loop thread only.
 */
#include "gateway/route.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define BULK_TURN ((size_t)4 * ROUTE_TURN)

size_t route_share(size_t limit)
{
	size_t kept = limit / 4;

	if (limit < 2)
		return limit; /* one at a time: nothing can be kept */
	return limit - (kept > 0 ? kept : 1);
}

void route_init(struct route *r, struct str name)
{
	*r = (struct route){.throttle = {0}};
	snprintf(r->name, sizeof(r->name), STR_FMT, STR_ARG(name));
	throttle_init(&r->throttle, (uint32_t)str_hash(name));
}

static size_t less(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t left_of(size_t limit, size_t used)
{
	return used < limit ? limit - used : 0;
}

/* How many of the next n texts have their turn at every such step. */
static size_t turns(size_t done, size_t n, size_t step)
{
	return (done + n) / step - done / step;
}

static void sooner(int64_t *wait_us, int64_t other_us)
{
	if (other_us > 0 && (*wait_us == 0 || other_us < *wait_us))
		*wait_us = other_us;
}

static void limit_second(struct route *r, size_t per_second, int64_t now_us,
	struct route_room *room)
{
	size_t share = route_share(per_second);

	room->all = less(room->all, pace_room(&r->all, per_second, now_us));
	room->other = less(room->other, pace_room(&r->other, share, now_us));
	sooner(&room->wait_us, pace_wait_us(&r->all, per_second, now_us));
	sooner(&room->wait_us, pace_wait_us(&r->other, share, now_us));
}

struct route_room route_room(
	struct route *r, const struct config_channel *c, int64_t now_us)
{
	size_t window = (size_t)c->max_in_flight;
	struct route_room room = {
		.wait_us = throttle_wait_us(&r->throttle, now_us)};

	if (room.wait_us > 0)
		return room;
	room.all = throttle_room(&r->throttle, left_of(window, r->in_flight));
	room.other = left_of(route_share(window), r->other_in_flight);
	if (c->limits.per_second > 0)
		limit_second(r, (size_t)c->limits.per_second, now_us, &room);
	room.other = less(room.other, room.all);
	room.other_turn = turns(r->turn, room.all, ROUTE_TURN);
	room.bulk_turn = turns(r->turn, room.all, BULK_TURN);
	return room;
}

static void serve(struct route *r, uint64_t phone)
{
	size_t i = 0;

	while (i < r->served_n && r->served[i] != phone)
		i++;
	if (i == ROUTE_SERVED)
		i = 0;
	if (i == r->served_n)
		r->served_n++;
	memmove(&r->served[i], &r->served[i + 1],
		(r->served_n - i - 1) * sizeof(r->served[0]));
	r->served[r->served_n - 1] = phone;
}

void route_started(
	struct route *r, bool is_reply, struct str phone, int64_t now_us)
{
	throttle_started(&r->throttle);
	pace_start(&r->all, now_us);
	r->in_flight++;
	r->turn++;
	serve(r, str_hash(phone));
	if (is_reply)
		return;
	pace_start(&r->other, now_us);
	r->other_in_flight++;
}

const uint64_t *route_served(const struct route *r, struct arena *a)
{
	uint64_t *v = ARENA_ARRAY(a, uint64_t, r->served_n);

	if (r->served_n > 0)
		memcpy(v, r->served, r->served_n * sizeof(*v));
	return v;
}

void route_ended(
	struct route *r, bool is_reply, int64_t started_us, int64_t now_us)
{
	/* None: a reload took the channel away, and it came back meanwhile. */
	if (r->in_flight > 0)
		r->in_flight--;
	pace_end(&r->all, started_us, now_us);
	if (is_reply)
		return;
	if (r->other_in_flight > 0)
		r->other_in_flight--;
	pace_end(&r->other, started_us, now_us);
}
