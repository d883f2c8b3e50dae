#ifndef GATEWAY_BASE_CLOCK_H
#define GATEWAY_BASE_CLOCK_H

#include <stdint.h>

/*
 * The injected clock. Only floor 5 reads one; everything below is handed an
 * instant. A virtual clock embeds this struct and brings its own functions.
 */
struct clock {
	int64_t (*wall_ms)(const struct clock *c); /* epoch, UTC */
	int64_t (*mono_us)(const struct clock *c);
};

extern const struct clock clock_system;

static inline int64_t clock_wall_ms(const struct clock *c)
{
	return c->wall_ms(c);
}

static inline int64_t clock_mono_us(const struct clock *c)
{
	return c->mono_us(c);
}

#endif
