#ifndef HANDLERS_AGENDA_H
#define HANDLERS_AGENDA_H

#include "config/figures.h"
#include "gateway/base/arena.h"
#include "gateway/model/errand.h"

/*
 * When does what happen around a meeting? Pure: a plan and the configuration
 * in, errands out (language.md §5 "Clock", domain.md §7).
 */
struct agenda_plan {
	int64_t meeting_id, unit_id;
	struct figure_chain chain; /* codes of the unit and those above */
	day_t day;                 /* DAY_NONE: put off, no day yet */
	int minute;                /* -1: none */
	int plan;                  /* which of those that it had */
	bool off;                  /* it will not be held */
	bool invited;              /* somebody was invited to it before */
	int64_t now_ms;
};

#define AGENDA_MAX 8
/* Into v; how many. Run ids in the arena. Reminders whose time is over when
 * the plan is made are left out. */
size_t agenda_of_meeting(const struct agenda_plan *p, const struct config *c,
	struct arena *a, struct errand v[AGENDA_MAX]);

#endif
