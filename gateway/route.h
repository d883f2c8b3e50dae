#ifndef GATEWAY_ROUTE_H
#define GATEWAY_ROUTE_H

#include "config/config.h"
#include "gateway/pace.h"
#include "gateway/throttle.h"

#define ROUTE_NAME_MAX 64
#define ROUTE_SERVED 32

/*
 * One channel's way out: its health, its rate, what is under way, and whom it
 * served last. Kept over a reload by name. All that is not a reply ("other":
 * urgent and bulk) may take three quarters of everything that is bounded, so
 * that a reply always finds room; of every ROUTE_TURN texts one is offered to
 * the others first, so that replies without end do not starve them.
 */
#define ROUTE_TURN 8
struct route {
	char name[ROUTE_NAME_MAX];
	struct throttle throttle;
	struct pace all, other;
	size_t in_flight, other_in_flight;
	size_t turn; /* texts started, for the turns */
	bool primed; /* what an earlier process sent is over */
	uint64_t served[ROUTE_SERVED]; /* str_hash of phones, oldest first */
	size_t served_n;
};

/* What a channel may take now. */
struct route_room {
	size_t all;        /* texts */
	size_t other;      /* of them urgent and bulk */
	size_t other_turn; /* of them offered to urgent and bulk first, */
	size_t bulk_turn;  /* of those to bulk first */
	int64_t wait_us;   /* when it may be more by itself; 0: not known */
};

/* What others may take of a limit that they share with replies. */
size_t route_share(size_t limit);

void route_init(struct route *r, struct str name);
struct route_room route_room(
	struct route *r, const struct config_channel *c, int64_t now_us);
/* A text leaves. */
void route_started(
	struct route *r, bool is_reply, struct str phone, int64_t now_us);
/* served, for another thread. */
const uint64_t *route_served(const struct route *r, struct arena *a);
/* Its answer, or its failure, is there. */
void route_ended(
	struct route *r, bool is_reply, int64_t started_us, int64_t now_us);

#endif
