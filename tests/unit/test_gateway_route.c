/*
 * pace, throttle, route: no second over its limit, however texts come and
 * answers go; a channel that falls and comes back; what replies and others
 * may take.
 */
#include "gateway/route.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define S INT64_C(1000000)
#define TEXTS 4000

/* xorshift: the same sequence in each run. */
static uint32_t draw(uint32_t *seed, uint32_t below)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed % below;
}

struct flight {
	int64_t started, arrives, ends;
	bool ended;
};

/* Arrivals in any window (t, t + 1 s] that begins behind one of them. */
static size_t fullest_second(const struct flight *v, size_t n)
{
	size_t most = 0;

	for (size_t i = 0; i < n; i++) {
		size_t in = 0;

		for (size_t k = 0; k < n; k++)
			in += v[k].arrives >= v[i].arrives &&
			      v[k].arrives < v[i].arrives + S;
		most = in > most ? in : most;
	}
	return most;
}

static void end_all_until(
	struct pace *p, struct flight *v, size_t n, int64_t now)
{
	for (size_t i = 0; i < n; i++)
		if (!v[i].ended && v[i].ends <= now) {
			pace_end(p, v[i].started, now);
			v[i].ended = true;
		}
}

/* One text that starts now and arrives before its answer comes. */
static struct flight flight_at(int64_t now, uint32_t *seed)
{
	uint32_t delay = draw(seed, 10) == 0 ? 3000000 : 40000;
	struct flight f = {.started = now, .ends = now + 1 + draw(seed, delay)};
	int64_t span = f.ends - now < S ? f.ends - now : S;

	f.arrives = now + draw(seed, (uint32_t)span);
	return f;
}

/* Texts as fast as allowed; some are never answered in time. */
static void send_at_most(size_t limit, uint32_t seed)
{
	static struct flight v[TEXTS];
	struct pace p = {0};
	int64_t now = 5 * S, began = now, longest = 120 * S;
	size_t n = 0;

	while (n < limit * 40) {
		int64_t wait = pace_wait_us(&p, limit, now);

		end_all_until(&p, v, n, now);
		if (pace_room(&p, limit, now) == 0) {
			assert_true(wait > 0);
			now += wait < 1000 ? wait
					   : 1 + draw(&seed, (uint32_t)wait);
			continue;
		}
		v[n++] = flight_at(now, &seed);
		pace_start(&p, now);
		now += draw(&seed, 3000);
	}
	assert_true(fullest_second(v, n) <= limit);
	/* and not much slower than it may be */
	assert_true(now - began < longest);
}

static void no_second_is_over_its_limit(void **state)
{
	static const size_t limits[] = {1, 2, 3, 10, 97};

	(void)state;
	for (size_t l = 0; l < 5; l++)
		send_at_most(limits[l], 12345 + (uint32_t)l);
}

static void an_answered_text_frees_its_place_in_a_second(void **state)
{
	struct pace p = {0};

	(void)state;
	pace_start(&p, 10 * S);
	pace_end(&p, 10 * S, 10 * S + 5000);
	assert_int_equal(pace_room(&p, 1, 11 * S), 0);
	assert_in_range(pace_wait_us(&p, 1, 11 * S), 1, 2 * PACE_SLOT_US);
	assert_int_equal(pace_room(&p, 1, 11 * S + 2 * PACE_SLOT_US), 1);
	/* one that hangs, in two; its end then says nothing more */
	pace_start(&p, 20 * S);
	assert_int_equal(pace_room(&p, 1, 21 * S + S / 2), 0);
	assert_int_equal(pace_room(&p, 1, 22 * S + 2 * PACE_SLOT_US), 1);
	pace_end(&p, 20 * S, 50 * S);
	assert_int_equal(pace_room(&p, 1, 50 * S), 1);
	/* an end that began before a reload */
	pace_end(&p, 50 * S, 50 * S + 1);
	assert_int_equal(pace_room(&p, 1, 50 * S + 1), 1);
}

static void fail_cohorts(struct throttle *t, int n, int64_t from_us)
{
	for (int i = 0; i < n; i++)
		throttle_failed(t, from_us + i * S, from_us + i * S + S / 2);
}

static void throttle_goes_down_by_cohorts(void **state)
{
	struct throttle t;

	(void)state;
	throttle_init(&t, 7);
	/* A burst that was under way together counts once. */
	for (int i = 0; i < 50; i++)
		throttle_failed(&t, 1 * S + i, 2 * S + i);
	assert_int_equal(t.fails, 1);
	assert_int_equal(t.state, THROTTLE_OPEN);
	throttle_failed(&t, 2 * S + 10, 3 * S);
	assert_int_equal(t.fails, 2);
	throttle_failed(&t, 3 * S, 4 * S); /* began as that one failed */
	assert_int_equal(t.fails, 2);
	throttle_answered(&t, 3 * S, 8); /* in a row, or not at all */
	fail_cohorts(&t, 2, 5 * S);
	assert_int_equal(t.state, THROTTLE_OPEN);
	assert_int_equal(throttle_down_us(&t, 8 * S), 0);
	assert_int_equal(throttle_wait_us(&t, 8 * S), 0);
	fail_cohorts(&t, 1, 8 * S);
	assert_int_equal(t.state, THROTTLE_DOWN);
	assert_int_equal(throttle_down_us(&t, 10 * S), 3 * S / 2);
	assert_true(throttle_wait_us(&t, 8 * S + S / 2) > 0);
}

static void throttle_probes_one_at_a_time(void **state)
{
	struct throttle t;
	int64_t now = 102 * S + S / 2, wait, period = S;

	(void)state;
	throttle_init(&t, 7);
	fail_cohorts(&t, 3, 100 * S);
	for (int i = 0; i < 20; i++) {
		wait = throttle_wait_us(&t, now);
		assert_in_range(wait, period * 3 / 4, period);
		period = period < 30 * S ? 2 * period : 60 * S;
		now += wait;
		assert_int_equal(throttle_wait_us(&t, now), 0);
		assert_int_equal(throttle_room(&t, 8), 1);
		throttle_started(&t);
		assert_int_equal(throttle_room(&t, 8), 0); /* one is out */
		assert_true(throttle_wait_us(&t, now) > 0);
		/* An attempt from before the fall says nothing new. */
		throttle_failed(&t, 99 * S, now + 1);
		assert_true(throttle_wait_us(&t, now + 1) > 0);
		throttle_failed(&t, now, now + S);
		now += S;
	}
	assert_int_equal(throttle_down_us(&t, now), now - 102 * S - S / 2);
}

/* Rounds of 1, 2, 4 up to the window; one failure ends it. */
static void throttle_comes_back_slowly(void **state)
{
	struct throttle t;
	int64_t now = 200 * S, down_us;

	(void)state;
	throttle_init(&t, 7);
	fail_cohorts(&t, 3, 100 * S);
	throttle_started(&t);
	throttle_answered(&t, now, 8);
	assert_int_equal(t.state, THROTTLE_RAMP);
	for (size_t round = 1; round < 8; round *= 2) {
		now += S;
		assert_int_equal(throttle_room(&t, 8), round);
		assert_int_equal(throttle_room(&t, 1), 1);
		for (size_t i = 0; i < round; i++)
			throttle_started(&t);
		assert_int_equal(throttle_room(&t, 8), 0);
		/* what was under way since before is no part of it */
		throttle_answered(&t, 90 * S, 8);
		assert_int_equal(throttle_room(&t, 8), 0);
		for (size_t i = 0; i < round; i++)
			throttle_answered(&t, now, 8);
	}
	assert_int_equal(t.state, THROTTLE_OPEN);
	assert_int_equal(throttle_room(&t, 8), 8);
	assert_int_equal(t.fails, 0);

	fail_cohorts(&t, 3, now + S);
	throttle_started(&t);
	throttle_answered(&t, now + 20 * S, 8);
	down_us = t.down_us;
	throttle_started(&t);
	throttle_failed(&t, now + 21 * S, now + 22 * S);
	assert_int_equal(t.state, THROTTLE_DOWN);
	assert_int_equal(t.down_us, down_us); /* it was never back */
}

static void throttle_keeps_a_pause(void **state)
{
	struct throttle t;

	(void)state;
	throttle_init(&t, 7);
	throttle_pause(&t, 10 * S, 30 * S);
	assert_int_equal(throttle_wait_us(&t, 10 * S), 20 * S);
	throttle_pause(&t, 10 * S, 20 * S); /* a shorter one does not cut it */
	assert_int_equal(throttle_wait_us(&t, 10 * S), 20 * S);
	throttle_answered(&t, 9 * S, 8); /* nor does a late answer */
	assert_int_equal(throttle_wait_us(&t, 11 * S), 19 * S);
	assert_int_equal(throttle_wait_us(&t, 30 * S), 0);
	assert_int_equal(throttle_room(&t, 8), 1); /* and not all at once */
	/* a pause is none of its failures */
	assert_int_equal(throttle_down_us(&t, 30 * S), 0);
	fail_cohorts(&t, 3, 30 * S);
	assert_int_equal(throttle_down_us(&t, 33 * S), S / 2);
	throttle_pause(&t, 33 * S, 90 * S); /* nor is it cut by a probe */
	throttle_answered(&t, 33 * S, 8);
	assert_int_equal(throttle_wait_us(&t, 33 * S), 57 * S);
}

static void what_never_left_probes_again(void **state)
{
	struct throttle t;

	(void)state;
	throttle_init(&t, 7);
	fail_cohorts(&t, 3, 100 * S);
	throttle_started(&t);
	throttle_undone(&t);
	assert_int_equal(throttle_room(&t, 8), 1);
}

static void others_leave_a_quarter(void **state)
{
	static const struct {
		size_t limit, share;
	} t[] = {{0, 0}, {1, 1}, {2, 1}, {3, 2}, {4, 3}, {8, 6}, {10, 8},
		{1000, 750}};
	const struct config_channel c = {.max_in_flight = 8};
	struct route r;
	struct route_room room;

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		assert_int_equal(route_share(t[i].limit), t[i].share);
	route_init(&r, STR("one"));
	for (int i = 0; i < 6; i++)
		route_started(&r, false, STR("+84900000007"), 10 * S);
	room = route_room(&r, &c, 10 * S);
	assert_int_equal(room.all, 2);
	assert_int_equal(room.other, 0);
	route_started(&r, true, STR("+84900000008"), 10 * S);
	route_ended(&r, false, 10 * S, 11 * S);
	room = route_room(&r, &c, 11 * S);
	assert_int_equal(room.all, 2);
	assert_int_equal(room.other, 1);
}

/* The second's rate binds replies last. */
static void a_reply_finds_the_second_not_full(void **state)
{
	const struct config_channel c = {
		.max_in_flight = 100, .limits = {.per_second = 10}};
	struct route_room room;
	struct route r;

	(void)state;
	route_init(&r, STR("one"));
	room = route_room(&r, &c, 10 * S);
	assert_int_equal(room.all, 10);
	assert_int_equal(room.other, 8);
	assert_int_equal(room.wait_us, 0);
	for (int i = 0; i < 8; i++)
		route_started(&r, false, STR("+84900000007"), 10 * S);
	room = route_room(&r, &c, 10 * S);
	assert_int_equal(room.all, 2);
	assert_int_equal(room.other, 0);
	assert_in_range(room.wait_us, 1, 2 * S + 2 * PACE_SLOT_US);
	for (int i = 0; i < 8; i++)
		route_ended(&r, false, 10 * S, 10 * S + 1000);
	assert_int_equal(route_room(&r, &c, 10 * S + S / 2).other, 0);
	assert_int_equal(route_room(&r, &c, 11 * S + S / 50).other, 8);
}

/* Of eight texts, others are offered one, however many replies there are. */
static void others_have_their_turn(void **state)
{
	const struct config_channel c = {.max_in_flight = 1};
	size_t other = 0, bulk = 0;
	struct route r;

	(void)state;
	route_init(&r, STR("one"));
	for (int i = 0; i < 320; i++) {
		struct route_room room = route_room(&r, &c, 10 * S);

		assert_int_equal(room.all, 1);
		other += room.other_turn;
		bulk += room.bulk_turn;
		route_started(&r, true, STR("+84900000007"), 10 * S);
		route_ended(&r, true, 10 * S, 10 * S);
	}
	assert_int_equal(other, 40);
	assert_int_equal(bulk, 10);
}

static void who_was_served_last_stands_last(void **state)
{
	struct route r;
	char phone[24];

	(void)state;
	route_init(&r, STR("one"));
	for (int i = 0; i < ROUTE_SERVED + 5; i++) {
		snprintf(phone, sizeof(phone), "+8490%07d", i);
		route_started(&r, true, str_of(phone), 10 * S);
	}
	assert_int_equal(r.served_n, ROUTE_SERVED);
	assert_true(r.served[ROUTE_SERVED - 1] == str_hash(str_of(phone)));
	assert_true(r.served[0] == str_hash(STR("+84900000005")));
	route_started(&r, true, STR("+84900000005"), 10 * S);
	assert_int_equal(r.served_n, ROUTE_SERVED);
	assert_true(r.served[0] == str_hash(STR("+84900000006")));
	assert_true(
		r.served[ROUTE_SERVED - 1] == str_hash(STR("+84900000005")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_second_is_over_its_limit),
		cmocka_unit_test(an_answered_text_frees_its_place_in_a_second),
		cmocka_unit_test(throttle_goes_down_by_cohorts),
		cmocka_unit_test(throttle_probes_one_at_a_time),
		cmocka_unit_test(throttle_comes_back_slowly),
		cmocka_unit_test(throttle_keeps_a_pause),
		cmocka_unit_test(what_never_left_probes_again),
		cmocka_unit_test(others_leave_a_quarter),
		cmocka_unit_test(a_reply_finds_the_second_not_full),
		cmocka_unit_test(others_have_their_turn),
		cmocka_unit_test(who_was_served_last_stands_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
