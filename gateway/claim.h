#ifndef GATEWAY_CLAIM_H
#define GATEWAY_CLAIM_H

#include "gateway/route.h"
#include "gateway/settings.h"
#include "gateway/store/outbox.h"

/*
 * Which texts leave now, by every channel that has room: the part that runs
 * in a transaction. The same under `serve` (a writer job) and `rehearse`.
 */

/* Why texts of a channel wait: all, or (SHARE) those that are no replies. */
enum claim_wait {
	CLAIM_GOES,
	CLAIM_HOUR_SHARE,
	CLAIM_DAY_SHARE,
	CLAIM_HOUR,
	CLAIM_DAY,
	CLAIM_PAUSE,
	CLAIM_DOWN
};

/* Until when, epoch ms. */
struct claim_news {
	enum claim_wait wait;
	int64_t until_ms;
};

/* One channel's part of a claim. */
struct claim_channel {
	/* What the loop knows of it. */
	struct route_room room;
	bool primed; /* else what an earlier process sent still counts */
	bool probe;  /* it is down */
	const uint64_t *served; /* as in outbox_claim */
	size_t served_n;
	struct claim_news known; /* GOES, PAUSE, DOWN */
	struct claim_news said;  /* to the store, last */
	/* What came of it. */
	struct outbox_claimed taken;
	struct claim_news news;
	int64_t again_ms; /* when a limit eases; 0: none stood in the way */
	bool now_primed;
};

struct claim {
	struct settings *settings;
	struct arena *arena;
	int64_t now_ms;
	size_t turn;     /* whose rows come first, when several are read */
	bool clock_back; /* the wall clock was set back */
	bool *away;      /* by channel */
	struct claim_channel *channel; /* by channel */
	int64_t next_due;              /* out, as outbox_next_due */
};

/* With channels of nought, in its arena. */
void claim_init(
	struct claim *c, struct settings *set, struct arena *a, int64_t now_ms);
/* Has the store still to be told? */
bool claim_is_news(const struct claim_news *said, const struct claim_news *now);
/* What channel i may take by all its limits; its news and again_ms tell why it
 * may not, and until when. */
int claim_room(const struct claim *c, struct store *s, size_t i,
	struct route_room *ret) __attribute__((warn_unused_result));
/* May be run again after a lost transaction. */
int claim_run(struct claim *c, struct store *s)
	__attribute__((warn_unused_result));

#endif
