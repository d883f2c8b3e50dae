/*
 * throttle - is this channel well, and when may it be asked again?
 *
 * The circuit breaker of a channel and the pauses that it asks for. Owns no
 * memory, arms no timer, reads no clock. Loop thread only.
 *
 *   OPEN -> DOWN  MAX_FAILS cohorts failed in a row; a burst of attempts
 *                 that were under way together counts once
 *   DOWN -> RAMP  the one probe of the period was answered; periods double
 *   RAMP -> OPEN  answers came in rounds of 1, 2, 4 … up to the window
 *   RAMP -> DOWN  a single cohort failed; OPEN -> RAMP  after a pause
 */
#include "gateway/throttle.h"

#include <assert.h>

#define MAX_FAILS 3
#define PROBE_BASE_US INT64_C(1000000)
#define PROBE_MAX_US INT64_C(60000000)

const char *throttle_state_str(enum throttle_state s)
{
	static const char *const name[] = {"open", "ramp", "down"};

	return name[s];
}

void throttle_init(struct throttle *t, uint32_t seed)
{
	*t = (struct throttle){
		.state = THROTTLE_OPEN,
		.seed = seed,
		.failed_us = INT64_MIN,
	};
}

/* Doubles with each failed probe; capped, so a channel is tried for ever.
 * Spread over its last quarter: what fell together is not probed together. */
static int64_t probe_period_us(const struct throttle *t)
{
	int64_t d = PROBE_BASE_US;
	uint32_t h = (t->seed + (uint32_t)t->fails) * UINT32_C(2654435761);

	for (int i = MAX_FAILS; i < t->fails && d < PROBE_MAX_US; i++)
		d *= 2;
	if (d > PROBE_MAX_US)
		d = PROBE_MAX_US;
	return d - d / 4 * (h >> 22) / 1024;
}

int64_t throttle_wait_us(const struct throttle *t, int64_t now_us)
{
	int64_t at = t->pause_us;

	if (t->state == THROTTLE_DOWN && t->probing)
		return probe_period_us(t);
	if (t->state == THROTTLE_DOWN && t->probe_us > at)
		at = t->probe_us;
	return now_us < at ? at - now_us : 0;
}

size_t throttle_room(const struct throttle *t, size_t left)
{
	size_t room = left;

	if (t->state == THROTTLE_DOWN)
		room = t->probing ? 0 : 1;
	else if (t->state == THROTTLE_RAMP)
		room = t->ramp_out < t->ramp ? t->ramp - t->ramp_out : 0;
	return room < left ? room : left;
}

int64_t throttle_down_us(const struct throttle *t, int64_t now_us)
{
	return t->state == THROTTLE_DOWN ? now_us - t->down_us : 0;
}

void throttle_started(struct throttle *t)
{
	if (t->state == THROTTLE_DOWN)
		t->probing = true;
	else if (t->state == THROTTLE_RAMP)
		t->ramp_out++;
}

void throttle_undone(struct throttle *t)
{
	t->probing = false;
	if (t->state == THROTTLE_RAMP && t->ramp_out > 0)
		t->ramp_out--;
}

static void begin_ramp(struct throttle *t, int64_t now_us)
{
	t->state = THROTTLE_RAMP;
	t->ramp = 1;
	t->ramp_out = t->ramp_done = 0;
	t->ramp_us = now_us;
}

/* One that was under way before it began says nothing of this round. */
static void go_on(struct throttle *t, int64_t started_us, size_t window)
{
	if (started_us < t->ramp_us || t->ramp_out == 0)
		return;
	t->ramp_out--;
	if (++t->ramp_done < t->ramp)
		return;
	t->ramp_done = 0;
	t->ramp *= 2;
	if (t->ramp >= window)
		t->state = THROTTLE_OPEN;
}

void throttle_answered(struct throttle *t, int64_t started_us, size_t window)
{
	t->probing = false;
	if (t->state == THROTTLE_DOWN)
		begin_ramp(t,
			t->failed_us > started_us ? t->failed_us : started_us);
	else if (t->state == THROTTLE_RAMP)
		go_on(t, started_us, window);
	/* In a ramp after a fall, one failure is enough for the next. */
	if (t->state == THROTTLE_OPEN || t->fails < MAX_FAILS)
		t->fails = 0;
}

void throttle_failed(struct throttle *t, int64_t started_us, int64_t now_us)
{
	if (t->state == THROTTLE_RAMP && started_us >= t->ramp_us)
		throttle_undone(t);
	/* Under way when an earlier one failed: the same burst. */
	if (started_us <= t->failed_us)
		return;
	t->failed_us = now_us;
	t->probing = false;
	if (++t->fails < MAX_FAILS)
		return;
	if (t->fails == MAX_FAILS)
		t->down_us = now_us;
	t->state = THROTTLE_DOWN;
	t->probe_us = now_us + probe_period_us(t);
}

void throttle_pause(struct throttle *t, int64_t now_us, int64_t until_us)
{
	if (t->pause_us < until_us)
		t->pause_us = until_us;
	if (t->state != THROTTLE_DOWN)
		begin_ramp(t, now_us);
}
