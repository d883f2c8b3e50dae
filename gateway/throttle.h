#ifndef GATEWAY_THROTTLE_H
#define GATEWAY_THROTTLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum throttle_state {
	THROTTLE_OPEN,
	THROTTLE_RAMP, /* it came back: more with each answer */
	THROTTLE_DOWN
};
const char *throttle_state_str(enum throttle_state s);

/* Is this channel well, and when may it be asked again? One per channel. */
struct throttle {
	enum throttle_state state;
	bool probing;      /* DOWN: the one probe is under way */
	int fails;         /* failed cohorts in a row */
	uint32_t seed;     /* spreads the probes of several channels */
	size_t ramp;       /* RAMP: requests at the same time, */
	size_t ramp_out;   /* of them under way, */
	size_t ramp_done;  /* and answers in this round */
	int64_t ramp_us;   /* RAMP: when it began */
	int64_t probe_us;  /* DOWN: no probe before */
	int64_t pause_us;  /* nothing at all before */
	int64_t failed_us; /* when the last cohort failed */
	int64_t down_us;   /* since when it does not work */
};

void throttle_init(struct throttle *t, uint32_t seed);
/* How long until the channel may be asked; 0: now. */
int64_t throttle_wait_us(const struct throttle *t, int64_t now_us);
/* How many requests more it may be given, of those that its window allows. */
size_t throttle_room(const struct throttle *t, size_t left);
/* For how long it has been down; 0: it is not. */
int64_t throttle_down_us(const struct throttle *t, int64_t now_us);
/* A request leaves. */
void throttle_started(struct throttle *t);
/* It did not leave after all. */
void throttle_undone(struct throttle *t);
/* The channel answered, whatever it said. started_us: when that attempt
 * began; window: as configured. */
void throttle_answered(struct throttle *t, int64_t started_us, size_t window);
/* It did not answer, or said that it is out of order. */
void throttle_failed(struct throttle *t, int64_t started_us, int64_t now_us);
/* It asked for a pause; afterwards it is not met with all at once. A shorter
 * one does not cut a longer one. */
void throttle_pause(struct throttle *t, int64_t now_us, int64_t until_us);

#endif
