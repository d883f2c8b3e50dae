#ifndef GATEWAY_PACE_H
#define GATEWAY_PACE_H

#include <stddef.h>
#include <stdint.h>

/*
 * How many texts are within the last second, as the other side may see it? A
 * text counts from its start until a second after its answer, for it may have
 * arrived at any instant between; one that is not answered counts as arrived
 * PACE_LAG_US after its start. So no second of the provider's own clock ever
 * holds more than the limit, but for what was on its way for longer than that.
 */
#define PACE_SECOND_US INT64_C(1000000)
#define PACE_LAG_US INT64_C(1000000)
#define PACE_SLOT_US INT64_C(10000)
#define PACE_SLOTS ((PACE_SECOND_US + PACE_LAG_US) / PACE_SLOT_US + 2)

/* Instants are monotonic and never go back. All nought: nothing was sent. */
struct pace {
	uint32_t slot[PACE_SLOTS]; /* by when their second begins */
	int64_t first;             /* number of the oldest slot that counts */
	size_t n;                  /* in all slots */
};

void pace_start(struct pace *p, int64_t now_us);
/* One that began then is answered; at once is fine. */
void pace_end(struct pace *p, int64_t started_us, int64_t now_us);
/* How many more may start now under a limit. */
size_t pace_room(struct pace *p, size_t limit, int64_t now_us);
/* How long until at least one may; 0: now. limit > 0. */
int64_t pace_wait_us(struct pace *p, size_t limit, int64_t now_us);

#endif
