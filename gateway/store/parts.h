#ifndef GATEWAY_STORE_PARTS_H
#define GATEWAY_STORE_PARTS_H

#include "gateway/store/inbound.h"

/*
 * Parts of longer texts, kept until all are there or their time is over, in
 * any order. Inside the caller's transaction.
 */

/* As many parts as fit into MESSAGE_TEXT_MAX characters, 153 in each. */
#define PARTS_TOTAL_MAX 13
/* Texts that wait for parts; one more ends the oldest. */
#define PARTS_OPEN_SENDER 4
#define PARTS_OPEN_ALL 1000
/* A part that was sent so long after the first is of another text. */
#define PARTS_LATE_MS INT64_C(3600000)

enum parts_fate {
	PARTS_WAIT,     /* kept; others are missing */
	PARTS_REPEATED, /* its provider brought it before */
	PARTS_LINKED,   /* it is there under another id, or came too late */
	PARTS_COMPLETE  /* kept, and it was the last */
};

#define PARTS_ENDED_MAX 4

struct parts_result {
	enum parts_fate fate;
	int64_t multipart; /* row of multipart */
	int64_t message;   /* what its text has become; 0: it waits */
	/* Texts that wait no longer, for the caller to end as incomplete. */
	int64_t ended[PARTS_ENDED_MAX];
	size_t ended_n;
};

/* join_ms: how far apart, by their provider's times, parts may be sent. */
int parts_put(struct store *s, const struct message *m, int64_t join_ms,
	struct parts_result *ret) __attribute__((warn_unused_result));

/* The parts that are there, joined in their order into one message: ids and
 * time of the first, received with the last. In the arena. */
struct parts_text {
	struct message message;
	int total, have;
};
int parts_text(struct store *s, int64_t multipart, struct arena *a,
	struct parts_text *ret) __attribute__((warn_unused_result));

/* The text has become this message and waits no more. */
int parts_close(struct store *s, int64_t multipart, int64_t message)
	__attribute__((warn_unused_result));

/* Those whose first part came so long ago, oldest first; or would come in
 * more than that: the clock was set back, and they must not wait for it. */
struct parts_span {
	int64_t now_ms, limit_ms;
};
struct parts_due {
	const int64_t *v;
	size_t n;
};
int parts_due(struct store *s, const struct parts_span *span, int64_t max,
	struct arena *a, struct parts_due *ret)
	__attribute__((warn_unused_result));

#endif
