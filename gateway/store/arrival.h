#ifndef GATEWAY_STORE_ARRIVAL_H
#define GATEWAY_STORE_ARRIVAL_H

#include "gateway/store/delivery.h"

/* Private to the room: a report on its way to its text. */
struct arrival {
	struct delivery_report r;
	int64_t key;        /* a repeat has the same */
	int64_t parked;     /* row of report_parked; 0: it comes now */
	int64_t matched_at; /* of a parked one that is looked at again */
};

struct arrival arrival_of(const struct delivery_report *r);
enum delivery_says delivery_says_of(struct str name); /* UNKNOWN: none */

/* A row, as far as reports concern it. */
struct subject {
	int64_t id, created_at;
	enum outbox_state state;
	int parts;
	int64_t attempt; /* the present one: the last begun, or to come */
	int64_t begun;   /* the last one begun: a report may be of that */
	bool keyed;
};

/* The text that it speaks of: 1, 0 (not known), -1. */
int arrival_find(struct store *s, const struct delivery_report *r,
	struct subject *ret) __attribute__((warn_unused_result));
/* Keeps it with its text and moves the text. Sets ret, but for dropped. */
int arrival_apply(struct store *s, const struct subject *t,
	const struct arrival *a, struct delivery_result *ret)
	__attribute__((warn_unused_result));
/* What was reported of a row, weighed again after an answer: it may have told
 * in how many parts the text left. Sets ret's outbox, before and after. */
int arrival_weigh_again(struct store *s, const struct outbox_result *r,
	struct delivery_result *ret) __attribute__((warn_unused_result));

#endif
