#ifndef GATEWAY_STORE_WATCH_H
#define GATEWAY_STORE_WATCH_H

#include "gateway/store/store.h"

/* What reminders about members have to know. Writer's transaction; everything
 * in the arena. 0 / -1 where nothing else is said. */

struct watch_event {
	int64_t id, member_id, unit_id;
	struct str event;
	struct fields fields;
	int64_t created_at;
};
struct watch_events {
	const struct watch_event *v;
	size_t n;
};
/* Changes of the roll that count: the one of that id, or (0) of a proposal. */
int watch_events(struct store *s, int64_t id, int64_t proposal, struct arena *a,
	struct watch_events *ret) __attribute__((warn_unused_result));

struct watch_member {
	int64_t unit_id;
	int no;
	struct str unit; /* code */
	struct str status, standing;
	bool on_roll;
};
/* 1, 0 (no such member), -1. */
int watch_member(struct store *s, int64_t id, struct arena *a,
	struct watch_member *ret) __attribute__((warn_unused_result));

/*
 * Members who missed that regular meeting without excuse, in the n-th month of
 * the year up to it in which they did (domain.md 2.4); under each number that
 * they had in that year. Who is exempt does not count.
 */
struct watch_absences {
	struct str unit; /* code */
	const int *v;    /* roll numbers */
	size_t n;
};
int watch_absences(struct store *s, int64_t meeting_id, int n, struct arena *a,
	struct watch_absences *ret) __attribute__((warn_unused_result));

#endif
