#ifndef GATEWAY_STORE_PROPOSAL_H
#define GATEWAY_STORE_PROPOSAL_H

#include "gateway/store/store.h"

/*
 * What waits for staff to decide: proposals by their numbers. All return 0 or
 * -1 where nothing else is said; everything is in the arena.
 */

/* The number that the next one gets. */
int proposal_next(struct store *s, int64_t *ret)
	__attribute__((warn_unused_result));
/* 1, 0 (no such number), -1. */
int proposal_find(struct store *s, int64_t id, struct arena *a,
	struct proposal_ref *ret) __attribute__((warn_unused_result));

struct proposal_list {
	struct proposal_ref *v; /* bar and new_no are not looked up */
	size_t n;
};
/* Open ones with higher numbers than after, lowest first, at most max. */
int proposal_open(struct store *s, int64_t after, size_t max, struct arena *a,
	struct proposal_list *ret) __attribute__((warn_unused_result));
/* Is the unit in the subtree of a unit where the context's sender is staff? */
/* What the phone has proposed for the context's unit, by other texts than
 * this one, and is open still; into the context. */
int proposal_of_sender(struct store *s, struct str from, enum intent intent,
	struct arena *a, struct context *c) __attribute__((warn_unused_result));
int proposal_in_scope(struct store *s, const struct context *c, int64_t unit_id,
	bool *ret) __attribute__((warn_unused_result));

enum proposal_end { PROPOSAL_APPROVED, PROPOSAL_REJECTED, PROPOSAL_EXPIRED };
struct proposal_decision {
	int64_t id;
	enum proposal_end end;
	struct str by;      /* a phone, "command", "time" */
	struct str who;     /* for the audit; absent: as `by` */
	struct str reason;  /* absent: none */
	int64_t message_id; /* that said so; 0: none did */
	int64_t now_ms;
	day_t today;
};
/*
 * Ends an open one, and changes the roll and the roles as it says when it is
 * approved: in the caller's transaction. *ret false: it is not open, and
 * nothing was done. One whose bar is more than CHANGED must not be approved.
 */
int proposal_decide(struct store *s, const struct proposal_decision *d,
	struct arena *a, bool *ret) __attribute__((warn_unused_result));

#endif
