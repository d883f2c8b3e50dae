#ifndef GATEWAY_STORE_AUDIT_H
#define GATEWAY_STORE_AUDIT_H

#include "gateway/store/store.h"

/*
 * Who read or changed what is known of a person (law 91/2025; domain notes
 * §5, 6): rows that are only ever added, each with the SHA-256 of itself and
 * of the row before it. No name and no phone stands there, so that nothing of
 * it must be erased: a phone is "p12", the number that the table `person`
 * gives it until it is erased.
 */
struct audit_entry {
	int64_t now_ms;
	struct str who;   /* a phone, or "uid 1000" */
	const char *what; /* "person show", "member_update" */
	int64_t unit_id;  /* 0: no unit's */
	int64_t member_no;
	struct str phone; /* of whom it is; absent: not by phone */
	int64_t people;   /* how many it is about; 0: one, or not counted */
};
/* Inside the writer's transaction. 0 / -1. */
int audit_put(struct store *s, const struct audit_entry *e, struct arena *a)
	__attribute__((warn_unused_result));

/* What stands for a phone: "p12"; a new number when it has none. 0 / -1. */
int audit_alias(struct store *s, struct str phone, struct arena *a,
	struct str *ret) __attribute__((warn_unused_result));

/* Of whom a text is, for `phone` of an entry: who sent the message, or was
 * sent the outbox row, of that id; 0: not that one. Absent: nobody. 0 / -1. */
int audit_of_text(struct store *s, int64_t message, int64_t outbox,
	struct arena *a, struct str *ret) __attribute__((warn_unused_result));
/* The unit of a code; 0: there is none. 0 / -1. */
int audit_unit(struct store *s, struct str code, int64_t *ret)
	__attribute__((warn_unused_result));

struct audit_check {
	int64_t rows;    /* that hold, from the first */
	int64_t broken;  /* number of the first that does not; 0: all hold */
	const char *why; /* of that one, for people */
};
/* Walks the chain, in a transaction of the caller. 0 / -1. */
int audit_check(struct store *s, struct audit_check *ret)
	__attribute__((warn_unused_result));

#endif
