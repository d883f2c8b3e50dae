#ifndef GATEWAY_STORE_USAGE_H
#define GATEWAY_STORE_USAGE_H

#include "gateway/store/store.h"

/*
 * What a channel was given within the last hour and the last 24 hours, in the
 * same transaction as the texts became `sending`: it survives any restart.
 * Counted by whole minutes, so an hour may be a minute longer, never shorter.
 * What the clock has still to reach (it was set back) counts for an hour.
 */
struct usage_span {
	int64_t all, other; /* texts; other: of them no replies */
	int64_t eases_at;   /* when the oldest of them is over; epoch ms */
};

struct usage {
	struct usage_span hour, day;
	int64_t last_at; /* 0: nothing within the day */
};

int usage_of(struct store *s, struct str channel, int64_t now_ms,
	struct usage *ret) __attribute__((warn_unused_result));
/* n > 0 texts more, `other` of them no replies. */
int usage_add(struct store *s, struct str channel, int64_t now_ms, int64_t n,
	int64_t other) __attribute__((warn_unused_result));

/* Why texts of a channel wait, for `bantin why`. */
struct usage_wait {
	struct str channel;
	bool other;      /* only those that are no replies */
	const char *why; /* NULL: they wait no more */
	int64_t since_at, until_at;
};
int usage_wait(struct store *s, const struct usage_wait *w)
	__attribute__((warn_unused_result));
/* At start-up: nothing is known of any. */
int usage_wait_forget(struct store *s) __attribute__((warn_unused_result));

#endif
