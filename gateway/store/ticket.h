#ifndef GATEWAY_STORE_TICKET_H
#define GATEWAY_STORE_TICKET_H

#include "gateway/model/day.h"
#include "gateway/store/store.h"

/*
 * Requests about one's own data (law 91/2025; domain notes §5, 6): answered
 * within some working days, and what was asked to be erased is, within some
 * days more. All return 0 or -1 where nothing else is said.
 */
struct ticket {
	int64_t id, unit_id; /* 0: no unit's */
	struct str phone;    /* of whom asks; p12: erased since */
	struct str unit;     /* code */
	struct str what;     /* access, erase */
	struct str state;    /* open, answered, closed */
	day_t due;           /* when the next step is due */
	int64_t created_at, answered_at, closed_at; /* 0: not yet */
	struct str by, done;                        /* absent: not closed */
	struct str language;
};
/* 1, 0 (no such number), -1. In the arena. */
int ticket_find(struct store *s, int64_t id, struct arena *a,
	struct ticket *ret) __attribute__((warn_unused_result));

struct ticket_list {
	struct ticket *v;
	size_t n;
};
/* What still waits, the most urgent first; all: also what is closed. */
int ticket_list(struct store *s, bool all, struct arena *a,
	struct ticket_list *ret) __attribute__((warn_unused_result));

/* Who asked was told that it will be done, by that day. */
int ticket_answer(struct store *s, int64_t id, int64_t now_ms, day_t until)
	__attribute__((warn_unused_result));
/* What was done, by whom ("uid 1000"). */
struct ticket_end {
	int64_t now_ms;
	struct str by, done;
};
int ticket_close(struct store *s, int64_t id, const struct ticket_end *e)
	__attribute__((warn_unused_result));
/* Of a phone that is being erased, whatever it asked. */
int ticket_erased(struct store *s, struct str phone, const struct ticket_end *e)
	__attribute__((warn_unused_result));

#endif
