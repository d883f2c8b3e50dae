#ifndef GATEWAY_STORE_DUTY_H
#define GATEWAY_STORE_DUTY_H

#include "gateway/store/agenda.h"

/* Tasks and candidates, as reminders have to know them. Inside the writer's
 * transaction; everything in the arena. */

struct duty_task {
	int64_t id, unit_id;
	struct str unit; /* code */
	int no;          /* in its unit */
	day_t due;       /* DAY_NONE: none was said */
	bool open;
	const int *members; /* roll numbers */
	size_t members_n;
};
/* 1, 0 (no such task), -1. */
int duty_task(struct store *s, int64_t id, struct arena *a,
	struct duty_task *ret) __attribute__((warn_unused_result));

/* The phones of a member that agreed to texts. 0 / -1. */
int duty_member(struct store *s, int64_t unit_id, int no, struct arena *a,
	struct agenda_holders *ret) __attribute__((warn_unused_result));

/* One step of a candidate. 1, 0, -1. */
struct duty_candidate {
	int64_t id, unit_id;
	struct str unit;
	int no; /* in its unit */
	bool class_done;
	bool is_over; /* a later step ends it, or the class was done again */
	int64_t at;   /* epoch ms */
	int helper;   /* roll number; 0: none is assigned */
};
int duty_candidate(struct store *s, int64_t id, struct arena *a,
	struct duty_candidate *ret) __attribute__((warn_unused_result));

#endif
