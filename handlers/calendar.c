/*
 * calendar - when is a month asked for, told of and closed?
 *
 * Each month has a plan of its own that names no unit: what is there on the
 * day is looked up then. Run ids are kind and month or day, so that a plan
 * made again adds nothing. Tasks are told the day before and the day after;
 * a class certificate runs out 60 months later (domain.md §2.3). Pure.
 */
#include "handlers/calendar.h"

#include <assert.h>

#define PLAN_MINUTE 10 /* after midnight, the first of a month */

int calendar_month_of(day_t day)
{
	struct ymd d = day_ymd(day);

	return d.y * 12 + d.m - 1;
}

day_t calendar_first(int month)
{
	return day_of(month / 12, month % 12 + 1, 1);
}

day_t calendar_last(int month)
{
	return calendar_first(month + 1) - 1;
}

struct str calendar_period(int month, struct arena *a)
{
	return arena_printf(a, "%04d-%02d", month / 12, month % 12 + 1);
}

int calendar_parse(struct str period)
{
	char day[] = "0000-00-01";
	day_t first;

	if (period.n != 7)
		return 0;
	memcpy(day, period.p, period.n);
	first = day_parse(str_of(day));
	return first == DAY_NONE ? 0 : calendar_month_of(first);
}

int calendar_quarter(int month)
{
	return month - month % 3;
}

static int64_t local_ms(const struct calendar_plan *p, day_t day, int minute)
{
	return day_to_ms(day, minute, (int)p->config->utc_offset * 60);
}

struct planning {
	const struct calendar_plan *p;
	struct str period;
	struct errand *v;
	size_t n;
};

static void add(struct planning *w, enum errand_kind kind, int64_t due_at,
	struct str tag)
{
	assert(w->n < CALENDAR_MAX);
	if (due_at <= w->p->now_ms)
		return;
	w->v[w->n++] = (struct errand){
		.kind = kind,
		.run_id = arena_printf(w->p->arena, "%s:" STR_FMT,
			errand_kind_str(kind), STR_ARG(tag)),
		.due_at = due_at,
		.period = w->period,
	};
}

static void add_digest(struct planning *w, day_t day)
{
	struct day_text iso = day_iso(day);

	add(w, ERRAND_DIGEST,
		local_ms(w->p, day, w->p->config->monthly.digest_at),
		str_of(iso.z));
}

static bool has_digest(const struct config_monthly *m, int day)
{
	const int64_t *v = m->digest_days.v;

	for (size_t i = 0; i < m->digest_days.n; i++)
		if (v[i] == day)
			return true;
	return false;
}

/* The digest of the first tells of the month before. */
static void add_digests(struct planning *w, int month)
{
	const struct config_monthly *m = &w->p->config->monthly;

	for (int day = 2; day <= 28; day++)
		if (has_digest(m, day))
			add_digest(w, calendar_first(month) + day - 1);
	if (has_digest(m, 1))
		add_digest(w, calendar_first(month + 1));
}

size_t calendar_of_month(
	const struct calendar_plan *p, int month, struct errand v[CALENDAR_MAX])
{
	const struct config_monthly *m = &p->config->monthly;
	day_t next = calendar_first(month + 1);
	struct planning w = {
		.p = p,
		.period = calendar_period(month, p->arena),
		.v = v,
	};

	if (m->ask_day > 0)
		add(&w, ERRAND_ASK_DATE,
			local_ms(p,
				calendar_first(month - 1) + (day_t)m->ask_day -
					1,
				m->ask_at),
			w.period);
	add_digests(&w, month);
	if (m->close)
		add(&w, ERRAND_MONTH_CLOSE, local_ms(p, next, m->close_at),
			w.period);
	add(&w, ERRAND_MONTH_PLAN,
		local_ms(p, calendar_first(month), PLAN_MINUTE), w.period);
	return w.n;
}

static size_t add_subject(const struct calendar_plan *p, const struct errand *e,
	struct errand *ret)
{
	struct day_text on =
		day_iso(day_of_ms(e->due_at, (int)p->config->utc_offset * 60));

	if (e->due_at <= p->now_ms)
		return 0;
	*ret = *e;
	ret->run_id = arena_printf(p->arena, "%s:%lld:%s",
		errand_kind_str(e->kind), (long long)e->subject, on.z);
	return 1;
}

size_t calendar_of_task(const struct calendar_plan *p, int64_t unit_id,
	int64_t id, day_t due, struct errand v[CALENDAR_TASK_MAX])
{
	const struct config_task *t = &p->config->task;
	struct errand e = {.unit_id = unit_id, .subject = id};
	size_t n = 0;

	if (due == DAY_NONE)
		return 0;
	e.kind = ERRAND_TASK_DUE;
	e.due_at = local_ms(p, due - (day_t)t->remind_days, t->remind_at);
	n += add_subject(p, &e, &v[n]);
	e.kind = ERRAND_TASK_LATE;
	e.due_at = local_ms(p, due + (day_t)t->late_days, t->late_at);
	return n + add_subject(p, &e, &v[n]);
}

day_t calendar_certificate(const struct config *c, day_t got)
{
	int month =
		calendar_month_of(got) + (int)c->candidate.certificate_months;
	day_t first = calendar_first(month), last = calendar_last(month);
	day_t day = first + day_ymd(got).d - 1;

	return day < last ? day : last;
}

size_t calendar_of_candidate(const struct calendar_plan *p, int64_t unit_id,
	int64_t id, day_t got, struct errand *ret)
{
	const struct config_candidate *c = &p->config->candidate;
	struct errand e = {
		.kind = ERRAND_CANDIDATE_DUE,
		.unit_id = unit_id,
		.subject = id,
		.due_at = local_ms(p,
			calendar_certificate(p->config, got) -
				(day_t)c->warn_days,
			c->warn_at),
	};

	return add_subject(p, &e, ret);
}
