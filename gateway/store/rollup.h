#ifndef GATEWAY_STORE_ROLLUP_H
#define GATEWAY_STORE_ROLLUP_H

#include "gateway/store/delivery.h"

/* One kept report, as far as it counts. */
struct rollup_report {
	int64_t key;
	enum delivery_says says;
	int part, parts; /* as in delivery_report */
	int64_t attempt; /* the last one begun when it came */
};

struct rollup {
	const struct rollup_report *v;
	size_t n;
	int parts;       /* in which it left; 0: not known */
	int64_t attempt; /* the last one begun */
};

/* The state of a row that is in `now` and of which all this was reported. */
enum outbox_state rollup_state(const struct rollup *u, enum outbox_state now);

#endif
