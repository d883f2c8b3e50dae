#ifndef GATEWAY_STORE_CALENDAR_H
#define GATEWAY_STORE_CALENDAR_H

#include "gateway/model/errand.h"
#include "gateway/store/store.h"

/*
 * What errands of the calendar have to know: of whom a month is asked, and
 * what it has so far. An errand of the calendar without a unit stands for all
 * of them; when it is due it is laid out, one errand a unit. Inside the
 * writer's transaction; 0 / -1.
 */

/* Months are their last day's, for a unit counts in those of which it lives
 * to see the end; a merger is counted once. */
struct calendar_scope {
	day_t last;           /* of the month */
	int64_t known_before; /* epoch ms: units registered later are left out
			       */
};

/* What waits for later and belongs to the calendar as a whole is void. */
int calendar_drop(struct store *s, int64_t now_ms)
	__attribute__((warn_unused_result));
/* One errand for each unit that has to meet in the month. */
int calendar_lay_out(struct store *s, const struct errand *e,
	const struct calendar_scope *scope) __attribute__((warn_unused_result));
/* One for each unit with staff on that day, those above first. */
int calendar_lay_out_staff(struct store *s, const struct errand *e, day_t on)
	__attribute__((warn_unused_result));

/* A unit's month. 1; 0: there is no such unit; -1. */
struct calendar_month {
	struct str unit; /* code, in the arena */
	bool has_date;   /* a regular meeting: planned, put off, held */
	/* It is reported, not to be held, or planned for due_from or later. */
	bool is_settled;
	bool is_there; /* the unit, today */
};
struct calendar_month_query {
	int64_t unit_id;
	struct str period;
	day_t due_from, today;
};
int calendar_month(struct store *s, const struct calendar_month_query *query,
	struct arena *a, struct calendar_month *ret)
	__attribute__((warn_unused_result));

#endif
