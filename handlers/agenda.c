/*
 * agenda - when does what happen around a meeting?
 *
 * Invitations go at once (the queue waits for the send window), reminders and
 * the forecast on days before, the report's on days after. A meeting that was
 * put off or called off is told to those that were invited. Pure.
 */
#include "handlers/agenda.h"

#include <assert.h>

struct planning {
	const struct agenda_plan *p;
	const struct config *c;
	struct arena *a;
	struct errand *v;
	size_t n;
};

static int64_t local_ms(const struct planning *w, day_t day, int minute)
{
	return day_to_ms(day, minute, (int)w->c->utc_offset * 60);
}

/* report_remind:m17:2026-11-10; tag tells two of a day apart. */
static void add(struct planning *w, enum errand_kind kind, int64_t due_at,
	const char *tag)
{
	assert(w->n < AGENDA_MAX);
	w->v[w->n++] = (struct errand){
		.kind = kind,
		.run_id =
			arena_printf(w->a, "%s:m%lld:%s", errand_kind_str(kind),
				(long long)w->p->meeting_id, tag),
		.due_at = due_at,
		.unit_id = w->p->unit_id,
		.meeting_id = w->p->meeting_id,
	};
}

/* On a day of the plan's, unless that is over. */
static void add_on(
	struct planning *w, enum errand_kind kind, day_t day, int minute)
{
	int64_t due_at = local_ms(w, day, minute);
	struct day_text iso = day_iso(day);

	if (due_at > w->p->now_ms)
		add(w, kind, due_at, iso.z);
}

/* What names a plan: each is told once. */
static const char *plan_tag(struct planning *w)
{
	return arena_printf(w->a, "p%d%c", w->p->plan, '\0').p;
}

static bool has_begun(const struct planning *w)
{
	int minute = w->p->minute >= 0 ? w->p->minute : 24 * 60 - 1;

	return w->p->day != DAY_NONE &&
	       local_ms(w, w->p->day, minute) <= w->p->now_ms;
}

/* What the clock says for this unit, for a meeting on this day. */
static int64_t clock_says(const struct planning *w, enum figure f)
{
	return figure_option(w->c, f, &w->p->chain, w->p->day);
}

static int minute_of(const struct planning *w, enum figure f)
{
	return (int)clock_says(w, f);
}

static day_t days_of(const struct planning *w, enum figure f)
{
	return (day_t)clock_says(w, f);
}

static void plan_before(struct planning *w)
{
	int64_t reminders = clock_says(w, FIGURE_REMINDERS);

	if (has_begun(w))
		return;
	add(w, ERRAND_INVITE, w->p->now_ms, plan_tag(w));
	if (reminders > 0)
		add_on(w, ERRAND_INVITE_REMIND,
			w->p->day - days_of(w, FIGURE_FIRST_DAYS),
			minute_of(w, FIGURE_INVITE_REMIND_AT));
	if (reminders > 1)
		add_on(w, ERRAND_INVITE_REMIND,
			w->p->day - days_of(w, FIGURE_SECOND_DAYS),
			minute_of(w, FIGURE_INVITE_REMIND_AT));
	add_on(w, ERRAND_FORECAST, w->p->day - days_of(w, FIGURE_FORECAST_DAYS),
		minute_of(w, FIGURE_FORECAST_AT));
}

static void plan_after(struct planning *w)
{
	day_t due = w->p->day + days_of(w, FIGURE_REPORT_DUE_DAYS);

	add_on(w, ERRAND_REPORT_REMIND, due, minute_of(w, FIGURE_REMIND_AT));
	add_on(w, ERRAND_REPORT_STAFF,
		due + days_of(w, FIGURE_STAFF_AFTER_DAYS),
		minute_of(w, FIGURE_STAFF_AT));
	add_on(w, ERRAND_REPORT_DEPUTY,
		w->p->day + days_of(w, FIGURE_DEPUTY_DAYS),
		minute_of(w, FIGURE_DEPUTY_AT));
}

size_t agenda_of_meeting(const struct agenda_plan *p, const struct config *c,
	struct arena *a, struct errand v[AGENDA_MAX])
{
	struct planning w = {.p = p, .c = c, .a = a, .v = v};

	if (p->off || p->day == DAY_NONE) {
		if (p->invited && !has_begun(&w))
			add(&w, ERRAND_CALLED_OFF, p->now_ms, plan_tag(&w));
		return w.n;
	}
	plan_before(&w);
	plan_after(&w);
	return w.n;
}
