/*
 * throttle - may this channel send now, and if not, when?
 *
 * Joins the send rate and the state of health into one "earliest next send".
 * Owns no memory, arms no timer, reads no clock. Loop thread only.
 *
 *   OPEN -> DOWN  MAX_FAILS cohorts failed in a row; a burst of attempts
 *                 that were under way together counts once
 *   DOWN -> OPEN  the one probe of the period was answered
 */
#include "gateway/throttle.h"

#include <assert.h>

#define MAX_FAILS 3
#define PROBE_BASE_US INT64_C(1000000)
#define PROBE_MAX_US INT64_C(60000000)

void throttle_init(struct throttle *t, int64_t per_second)
{
	*t = (struct throttle){
		.state = THROTTLE_OPEN,
		.failed_us = INT64_MIN,
	};
	throttle_rate(t, per_second);
}

void throttle_rate(struct throttle *t, int64_t per_second)
{
	assert(per_second >= 0);
	t->interval_us = per_second > 0 ? 1000000 / per_second : 0;
}

/* Doubles with each failed probe; capped, so a channel is tried for ever. */
static int64_t probe_us(const struct throttle *t)
{
	int64_t d = PROBE_BASE_US;

	for (int i = MAX_FAILS; i < t->fails && d < PROBE_MAX_US; i++)
		d *= 2;
	return d < PROBE_MAX_US ? d : PROBE_MAX_US;
}

int64_t throttle_wait_us(const struct throttle *t, int64_t now_us)
{
	if (t->state == THROTTLE_DOWN && t->probing)
		return probe_us(t);
	return now_us < t->next_us ? t->next_us - now_us : 0;
}

int64_t throttle_take(struct throttle *t, int64_t now_us)
{
	int64_t wait = throttle_wait_us(t, now_us);

	if (wait > 0)
		return wait;
	if (t->state == THROTTLE_DOWN)
		t->probing = true;
	t->next_us = now_us + t->interval_us;
	return 0;
}

void throttle_answered(struct throttle *t, int64_t now_us)
{
	t->fails = 0;
	t->probing = false;
	if (t->state == THROTTLE_DOWN) {
		t->state = THROTTLE_OPEN;
		t->next_us = now_us;
	}
}

void throttle_failed(struct throttle *t, int64_t started_us, int64_t now_us)
{
	/* Under way when an earlier one failed: the same burst. */
	if (started_us <= t->failed_us)
		return;
	t->failed_us = now_us;
	t->probing = false;
	if (++t->fails < MAX_FAILS)
		return;
	t->state = THROTTLE_DOWN;
	t->next_us = now_us + probe_us(t);
}

void throttle_pause(struct throttle *t, int64_t until_us)
{
	if (t->next_us < until_us)
		t->next_us = until_us;
}
