#ifndef HANDLERS_CALENDAR_H
#define HANDLERS_CALENDAR_H

#include "config/config.h"
#include "gateway/base/arena.h"
#include "gateway/model/errand.h"

/*
 * When does what come with the calendar, and with what was given a day? Pure:
 * the configuration in, errands out (language.md §5 "Clock", domain.md §7).
 */
#define CALENDAR_MAX 34 /* of a month: digests on 28 days at most */

/* Months as one number. */
int calendar_month_of(day_t day);
day_t calendar_first(int month);
day_t calendar_last(int month);
/* "2026-11" and back; 0: it is none. In the arena. */
struct str calendar_period(int month, struct arena *a);
int calendar_parse(struct str period);
/* The first month of its quarter. */
int calendar_quarter(int month);

struct calendar_plan {
	const struct config *config;
	struct arena *arena;
	int64_t now_ms; /* what is due before is left out */
};
/* All that belongs to a month: its date is asked for, digests, its end. Into
 * v; how many. */
size_t calendar_of_month(const struct calendar_plan *p, int month,
	struct errand v[CALENDAR_MAX]);

#define CALENDAR_TASK_MAX 2
/* Of a task, its row and the day on which it is due. */
size_t calendar_of_task(const struct calendar_plan *p, int64_t unit_id,
	int64_t id, day_t due, struct errand v[CALENDAR_TASK_MAX]);

/* The last day of a class certificate got on that day. */
day_t calendar_certificate(const struct config *c, day_t got);
/* 1, or 0: it is over. */
size_t calendar_of_candidate(const struct calendar_plan *p, int64_t unit_id,
	int64_t id, day_t got, struct errand *ret);

#endif
