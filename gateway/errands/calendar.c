/*
 * calendar - what does the calendar ask of units by itself?
 *
 * At start, when the settings change, and on the first of each month the
 * months around are planned: a few errands each that name no unit, whatever
 * the number of units. When one is due it is laid out, one
 * errand a unit (store/calendar.h), and those run like any other. Secretaries
 * are asked for the next month's day, and for what a month that is over still
 * lacks (domain.md §7). Writer thread.
 */
#include "handlers/calendar.h"

#include "gateway/errands/kinds.h"
#include "gateway/store/calendar.h"

/* A month ends with texts of the next; and the machine may be off on a first.
 */
#define MONTHS_BEFORE 1
#define MONTHS_AHEAD 2
#define DAY_MS INT64_C(86400000)
#define ASK_DAYS 3
#define EXAMPLE_DAY 8 /* of the month, in the text that asks */

static int plan_month(struct store *s, const struct calendar_plan *p, int month)
{
	struct errand v[CALENDAR_MAX];
	size_t n = calendar_of_month(p, month, v);

	for (size_t i = 0; i < n; i++)
		if (errand_put(s, &v[i]) != 0)
			return -1;
	return 0;
}

int errands_start(struct store *s, const struct errands_input *in)
{
	const struct config *c = in->settings->config;
	struct calendar_plan p = {
		.config = c, .arena = in->arena, .now_ms = in->now_ms};
	int month = calendar_month_of(
		day_of_ms(in->now_ms, (int)c->utc_offset * 60));

	if (calendar_drop(s, in->now_ms) != 0)
		return -1;
	for (int i = -MONTHS_BEFORE; i <= MONTHS_AHEAD; i++)
		if (plan_month(s, &p, month + i) != 0)
			return -1;
	return purge_plan(s, in);
}

int errand_month_plan(
	struct errand_run *r, const struct errand *e, const char **why)
{
	(void)e;
	(void)why;
	return errands_start(r->s, r->in);
}

static int64_t day_end_ms(const struct errand_run *r, day_t day)
{
	return day_to_ms(day + 1, 0, (int)r->config->utc_offset * 60);
}

/* 1: *m is how the unit's month stands; 0: there is no such unit; -1. */
static int look(
	struct errand_run *r, const struct errand *e, struct calendar_month *m)
{
	struct calendar_month_query q = {
		.unit_id = e->unit_id,
		.period = e->period,
		.today = r->today,
	};
	struct figure_chain chain;

	if (agenda_chain(r->s, e->unit_id, r->in->arena, &chain) != 0)
		return -1;
	/* What was planned for later has reminders of its own. */
	q.due_from =
		r->today - (day_t)figure_option(r->config,
				   FIGURE_REPORT_DUE_DAYS, &chain, r->today);
	return calendar_month(r->s, &q, r->in->arena, m);
}

/* A unit that has neither secretary nor deputy is in the staff's digests. */
static int ask_secretaries(struct errand_run *r, const struct errand *e,
	const struct calendar_month *m, struct errand_text *t)
{
	struct agenda_office office = {
		.unit_id = e->unit_id,
		.role = ROLE_SECRETARY,
		.or_role = ROLE_SECRETARY,
		.on = r->today,
	};
	int month = calendar_parse(e->period) % 12 + 1;
	struct agenda_holders all;
	struct str text = arena_printf(r->in->arena, "%d", month);
	struct str day =
		arena_printf(r->in->arena, "%d/%d", EXAMPLE_DAY, month);

	reply_arg(&t->reply, "month", text);
	reply_arg(&t->reply, "unit", m->unit);
	reply_arg(&t->reply, "date", day);
	t->lane = "urgent";
	t->duty = true;
	t->valid_until = r->in->now_ms + ASK_DAYS * DAY_MS;
	t->needs_id = e->id;
	if (agenda_holders(r->s, &office, r->in->arena, &all) != 0)
		return -1;
	office.or_role = ROLE_DEPUTY;
	if (all.n == 0 &&
		agenda_holders(r->s, &office, r->in->arena, &all) != 0)
		return -1;
	for (size_t i = 0; i < all.n; i++) {
		t->to = all.v[i].phone;
		t->language = all.v[i].language;
		if (errand_send(r, e, t) != 0)
			return -1;
	}
	return 0;
}

int errand_ask_date(
	struct errand_run *r, const struct errand *e, const char **why)
{
	struct errand_text t = {
		.reply = {.key = "plan_month"}, .needs = "date"};
	struct calendar_scope scope = {
		.last = calendar_last(calendar_parse(e->period)),
		.known_before = r->in->now_ms,
	};
	struct calendar_month m;
	int rc;

	if (e->unit_id == 0)
		return calendar_lay_out(r->s, e, &scope);
	rc = look(r, e, &m);
	if (rc > 0 && !m.has_date)
		return ask_secretaries(r, e, &m, &t);
	*why = "its day is there";
	return rc < 0 ? -1 : 0;
}

int errand_month_close(
	struct errand_run *r, const struct errand *e, const char **why)
{
	struct errand_text t = {
		.reply = {.key = "close_month"}, .needs = "month"};
	int month = calendar_parse(e->period);
	struct calendar_scope scope = {
		.last = calendar_last(month),
		.known_before = day_end_ms(
			r, calendar_first(month) +
				   (day_t)r->config->monthly.known_day - 1),
	};
	struct calendar_month m;
	int rc;

	if (e->unit_id == 0)
		return calendar_lay_out(r->s, e, &scope);
	rc = look(r, e, &m);
	if (rc > 0 && !m.is_settled && m.is_there)
		return ask_secretaries(r, e, &m, &t);
	*why = "reported, not to be held, or not due yet";
	return rc < 0 ? -1 : 0;
}
