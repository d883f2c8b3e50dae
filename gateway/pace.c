/*
 * pace - has this second room for another text?
 *
 * A ring of slots of ten milliseconds covers the second that is past and the
 * lag that is to come. A text that starts stands in the slot of its latest
 * arrival; its answer moves it forward to the slot of now. A slot counts
 * until the whole of it is a second old, so rounding never lets one through.
 * Owns no memory, reads no clock. Loop thread only.
 */
#include "gateway/pace.h"

#include <assert.h>
#include <string.h>

#define SECOND_SLOTS (PACE_SECOND_US / PACE_SLOT_US)

static uint32_t *slot_of(struct pace *p, int64_t number)
{
	return &p->slot[(number + PACE_SLOTS) % PACE_SLOTS];
}

/* Forgets what is more than a second old. */
static void move_on(struct pace *p, int64_t now_us)
{
	int64_t first = now_us / PACE_SLOT_US - SECOND_SLOTS;

	if (first - p->first >= PACE_SLOTS) {
		memset(p->slot, 0, sizeof(p->slot));
		p->n = 0;
		p->first = first;
	}
	for (; p->first < first; p->first++) {
		p->n -= *slot_of(p, p->first);
		*slot_of(p, p->first) = 0;
	}
}

void pace_start(struct pace *p, int64_t now_us)
{
	move_on(p, now_us);
	++*slot_of(p, (now_us + PACE_LAG_US) / PACE_SLOT_US);
	p->n++;
}

void pace_end(struct pace *p, int64_t started_us, int64_t now_us)
{
	uint32_t *from;

	assert(started_us <= now_us);
	move_on(p, now_us);
	if (now_us - started_us >= PACE_LAG_US)
		return;
	from = slot_of(p, (started_us + PACE_LAG_US) / PACE_SLOT_US);
	if (*from == 0)
		return; /* it began under another configuration */
	--*from;
	++*slot_of(p, now_us / PACE_SLOT_US);
}

size_t pace_room(struct pace *p, size_t limit, int64_t now_us)
{
	move_on(p, now_us);
	return p->n < limit ? limit - p->n : 0;
}

int64_t pace_wait_us(struct pace *p, size_t limit, int64_t now_us)
{
	size_t left;
	int64_t number;

	assert(limit > 0);
	if (pace_room(p, limit, now_us) > 0)
		return 0;
	left = p->n;
	for (number = p->first; left >= limit; number++)
		left -= *slot_of(p, number);
	return (number + SECOND_SLOTS) * PACE_SLOT_US - now_us;
}
