/*
 * clock - the machine's own clock, as one of the clocks that can be injected.
 *
 * Owns no state, any thread. Instants come from CLOCK_REALTIME and may jump
 * when the machine's time is set; spans must be taken from mono_us, which
 * never goes back.
 */
#include "gateway/base/clock.h"

#include <assert.h>
#include <time.h>

static int64_t system_wall_ms(const struct clock *c)
{
	struct timespec t;

	(void)c;
	if (clock_gettime(CLOCK_REALTIME, &t) != 0)
		assert(!"CLOCK_REALTIME is always there");
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t system_mono_us(const struct clock *c)
{
	struct timespec t;

	(void)c;
	if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
		assert(!"CLOCK_MONOTONIC is always there");
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

const struct clock clock_system = {
	.wall_ms = system_wall_ms,
	.mono_us = system_mono_us,
};
