#ifndef GATEWAY_THROTTLE_H
#define GATEWAY_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

enum throttle_state { THROTTLE_OPEN, THROTTLE_DOWN };

/* May this channel send now, and if not, when? One per channel. */
struct throttle {
	enum throttle_state state;
	bool probing;        /* DOWN: the one probe is under way */
	int fails;           /* failed cohorts in a row */
	int64_t interval_us; /* between two sends; 0: no limit */
	int64_t next_us;     /* earliest next send, monotonic */
	int64_t failed_us;   /* when the last cohort failed */
};

void throttle_init(struct throttle *t, int64_t per_second);
/* Another rate from the next send on; its health stays what it was. */
void throttle_rate(struct throttle *t, int64_t per_second);
/* Claims one send and returns 0, or claims nothing and returns the wait. */
int64_t throttle_take(struct throttle *t, int64_t now_us);
/* How long until throttle_take would succeed; 0: now. */
int64_t throttle_wait_us(const struct throttle *t, int64_t now_us);
/* The channel answered, whatever it said. */
void throttle_answered(struct throttle *t, int64_t now_us);
/* It did not answer, or said that it is out of order. started_us: when that
 * attempt began. */
void throttle_failed(struct throttle *t, int64_t started_us, int64_t now_us);
/* It asked for a pause. */
void throttle_pause(struct throttle *t, int64_t until_us);

#endif
