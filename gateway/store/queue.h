#ifndef GATEWAY_STORE_QUEUE_H
#define GATEWAY_STORE_QUEUE_H

#include "gateway/store/outbox.h"

/* The queue as a person looks at it, and what a person may do to it. Looking
 * is for either connection; acting is for the writer's transaction. */

/* Rows of one state (not sent, not delivered: there is no end of those). */
struct queue_filter {
	enum outbox_state state;
	struct str lane, channel, to; /* absent: any */
	int64_t after;                /* ids above this one */
};

struct queue_row {
	struct outbox_row row;
	struct str why;
};

/* At most max rows in the order of their ids, in the arena. */
struct queue_page {
	struct queue_row *v;
	size_t n;
};
int queue_page(struct store *s, const struct queue_filter *f, size_t max,
	struct arena *a, struct queue_page *ret)
	__attribute__((warn_unused_result));
int queue_count(struct store *s, const struct queue_filter *f, int64_t *ret)
	__attribute__((warn_unused_result));
/* Whatever its state: 1, 0 (there is none), -1. */
int queue_row(struct store *s, int64_t id, struct arena *a,
	struct queue_row *ret) __attribute__((warn_unused_result));

/* An act, and what came of it. */
struct queue_act {
	int64_t now_ms;
	/* Requeue: */
	int64_t reply_valid_ms, other_valid_ms; /* for how long it is valid */
	int64_t question_ms; /* its question takes answers for as long */
	bool twice;          /* also what may have been sent already */
};
struct queue_done {
	enum outbox_state before;
	const char *refused; /* a sentence; NULL: it was done */
};

/*
 * failed, expired, unsure, held -> queued: due now, valid anew, attempts
 * counted anew, by any channel. Refused where the next claim would only end
 * it again.
 */
int queue_requeue(struct store *s, int64_t id, const struct queue_act *act,
	struct queue_done *ret) __attribute__((warn_unused_result));
/* queued, failed, unsure, held -> expired. */
int queue_cancel(struct store *s, int64_t id, const struct queue_act *act,
	struct queue_done *ret) __attribute__((warn_unused_result));

#endif
