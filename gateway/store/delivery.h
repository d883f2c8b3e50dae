#ifndef GATEWAY_STORE_DELIVERY_H
#define GATEWAY_STORE_DELIVERY_H

#include "gateway/store/outbox.h"

/* What a report can say of a text (providers.md §2). QUEUED, SENT, TEMPORARY:
 * the provider has it. UNKNOWN changes nothing. OPTED_OUT: failed, and its
 * recipient wants no more texts. */
#define DELIVERY_SAYS(X)                                                       \
	X(UNKNOWN, "unknown")                                                  \
	X(QUEUED, "queued")                                                    \
	X(SENT, "sent")                                                        \
	X(TEMPORARY, "temporary")                                              \
	X(EXPIRED, "expired")                                                  \
	X(FAILED, "failed")                                                    \
	X(DELIVERED, "delivered")                                              \
	X(OPTED_OUT, "opted_out")

#define DELIVERY_SAYS_ENUM(id, name) DELIVERY_SAYS_##id,
enum delivery_says { DELIVERY_SAYS(DELIVERY_SAYS_ENUM) DELIVERY_SAYS_N };
const char *delivery_says_str(enum delivery_says s);

/* More of one text are not kept, but still move it. Longer names name nothing;
 * longer words are cut. More parked ones push out the oldest. */
#define DELIVERY_REPORTS_MAX 64
#define DELIVERY_NAME_MAX 128
#define DELIVERY_SAID_MAX 200
#define DELIVERY_PARKED_MAX 10000

/* One report, as a channel brought it. */
struct delivery_report {
	struct str channel;
	struct str ref;   /* the provider's id of the text; absent: not said */
	struct str own;   /* ours, as own_id_text made it; absent: not said */
	struct str to;    /* recipient; absent: not said */
	struct str event; /* id of the report itself; absent: none */
	struct str said;  /* the provider's own words */
	enum delivery_says says;
	int part, parts; /* from 1; 0: all of it, not said; -1: one of them */
	int64_t said_at; /* the provider's time; 0: not said */
	int64_t at;      /* when it came */
};

enum delivery_fate {
	DELIVERY_KEPT,
	DELIVERY_REPEATED, /* known already, nothing changed */
	DELIVERY_PARKED,   /* its text is not known (yet) */
	DELIVERY_ORPHAN    /* nor was it in time; or it names none */
};

struct delivery_result {
	enum delivery_fate fate;
	int64_t outbox;                  /* KEPT, REPEATED */
	enum outbox_state before, after; /* of the row */
	int64_t dropped;                 /* older reports that parking cost */
};

/* In the writer's transaction: matched, or parked. */
int delivery_take(struct store *s, const struct delivery_report *r,
	struct delivery_result *ret) __attribute__((warn_unused_result));

/* outbox_result, and then what was reported before it was known. *ret: what
 * the reports made of it; before == after: nothing. */
int delivery_outbox_result(struct store *s, const struct outbox_result *r,
	struct delivery_result *ret) __attribute__((warn_unused_result));

/*
 * Looks once more for the texts of reports that came park_ms ago or earlier,
 * and forgets them: at most max, oldest first. The reports, and what became
 * of each (KEPT, REPEATED, ORPHAN), are in the arena.
 */
struct delivery_reaping {
	int64_t now_ms, park_ms, max;
};
struct delivery_reaped {
	struct delivery_report *reports;
	struct delivery_result *results;
	size_t n;
};
int delivery_reap(struct store *s, const struct delivery_reaping *p,
	struct arena *a, struct delivery_reaped *ret)
	__attribute__((warn_unused_result));

#endif
