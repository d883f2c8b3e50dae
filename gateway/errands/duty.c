/*
 * duty - whose task, or whose certificate, is nearly due?
 *
 * The day before a task is due its members are reminded, by number and
 * without its words; the secretary, where one of them cannot be. What is not
 * done the day after is told to the secretary, or to whoever stands in. A
 * candidate's certificate that runs out is told to secretary and staff in time.
 * XONG, or a later step, ends it. Writer thread.
 */
#include "gateway/store/duty.h"

#include "gateway/errands/kinds.h"
#include "handlers/calendar.h"

#define DAY_MS INT64_C(86400000)

/* ---- planning ---- */

static struct calendar_plan plan_of(const struct errands_input *in)
{
	return (struct calendar_plan){
		.config = in->settings->config,
		.arena = in->arena,
		.now_ms = in->now_ms,
	};
}

int errands_plan_task(
	struct store *s, const struct errands_input *in, int64_t id)
{
	struct calendar_plan p = plan_of(in);
	struct errand v[CALENDAR_TASK_MAX];
	struct duty_task t;
	int rc = duty_task(s, id, in->arena, &t);
	size_t n;

	if (rc <= 0 || !t.open)
		return rc < 0 ? -1 : 0;
	n = calendar_of_task(&p, t.unit_id, id, t.due, v);
	for (size_t i = 0; i < n; i++)
		if (errand_put(s, &v[i]) != 0)
			return -1;
	return 0;
}

static day_t got_on(const struct config *c, const struct duty_candidate *d)
{
	return day_of_ms(d->at, (int)c->utc_offset * 60);
}

int errands_plan_candidate(
	struct store *s, const struct errands_input *in, int64_t id)
{
	struct calendar_plan p = plan_of(in);
	struct duty_candidate d;
	struct errand e;
	int rc = duty_candidate(s, id, in->arena, &d);

	if (rc <= 0 || !d.class_done)
		return rc < 0 ? -1 : 0;
	if (calendar_of_candidate(
		    &p, d.unit_id, id, got_on(p.config, &d), &e) == 0)
		return 0;
	return errand_put(s, &e);
}

/* ---- telling ---- */

static int tell_all(struct errand_run *r, const struct errand *e,
	const struct agenda_holders *all, struct errand_text *t)
{
	t->valid_until = r->in->now_ms + DAY_MS;
	for (size_t i = 0; i < all->n; i++) {
		t->to = all->v[i].phone;
		t->language = all->v[i].language;
		if (errand_send(r, e, t) != 0)
			return -1;
	}
	return 0;
}

static int tell_secretaries(
	struct errand_run *r, const struct errand *e, struct errand_text *t)
{
	struct agenda_office office = {
		.unit_id = e->unit_id,
		.role = ROLE_SECRETARY,
		.or_role = ROLE_SECRETARY,
		.on = r->today,
	};
	struct agenda_holders all;

	t->lane = "urgent";
	t->duty = true;
	if (agenda_holders_or_staff(r->s, &office, r->in->arena, &all) != 0)
		return -1;
	return tell_all(r, e, &all, t);
}

static int tell_staff(
	struct errand_run *r, const struct errand *e, struct errand_text *t)
{
	struct agenda_office office = {
		.unit_id = e->unit_id,
		.role = ROLE_STAFF,
		.or_role = ROLE_STAFF,
		.on = r->today,
	};
	struct agenda_holders all;

	if (agenda_holders_above(r->s, &office, r->in->arena, &all) != 0)
		return -1;
	return tell_all(r, e, &all, t);
}

static struct errand_text task_text(
	struct errand_run *r, const struct duty_task *d, const char *key)
{
	struct errand_text t = {
		.reply = {.key = key}, .needs = "task", .needs_id = d->id};
	struct day_text due = day_short(d->due);

	reply_arg(&t.reply, "unit", d->unit);
	reply_arg(&t.reply, "task", arena_printf(r->in->arena, "%d", d->no));
	reply_arg(&t.reply, "date", arena_str(r->in->arena, str_of(due.z)));
	return t;
}

/* 1: it is open; 0: *why nothing is to be told; -1. */
static int open_task(struct errand_run *r, const struct errand *e,
	struct duty_task *ret, const char **why)
{
	int rc = duty_task(r->s, e->subject, r->in->arena, ret);

	if (rc < 0)
		return -1;
	if (rc > 0 && ret->open && ret->due != DAY_NONE)
		return 1;
	*why = "the task is done";
	return 0;
}

static struct str numbers(struct errand_run *r, const int *v, size_t n)
{
	struct str out = STR("?");

	for (size_t i = 0; i < n; i++)
		out = i == 0 ? arena_printf(r->in->arena, "%d", v[i])
			     : arena_printf(r->in->arena, STR_FMT ",%d",
				       STR_ARG(out), v[i]);
	return out;
}

/* Those who cannot be texted come to the front of `missed`. */
static int tell_members(struct errand_run *r, const struct errand *e,
	const struct duty_task *d, int *missed, size_t *missed_n)
{
	struct errand_text t = task_text(r, d, "task_due");
	struct agenda_holders phones;

	t.lane = "bulk";
	for (size_t i = 0; i < d->members_n; i++) {
		if (duty_member(r->s, d->unit_id, d->members[i], r->in->arena,
			    &phones) != 0 ||
			tell_all(r, e, &phones, &t) != 0)
			return -1;
		if (phones.n == 0)
			missed[(*missed_n)++] = d->members[i];
	}
	return 0;
}

int errand_task_due(
	struct errand_run *r, const struct errand *e, const char **why)
{
	struct errand_text t;
	struct duty_task d;
	size_t n = 0;
	int *missed;
	int rc = open_task(r, e, &d, why);

	if (rc <= 0)
		return rc;
	missed = ARENA_ARRAY(r->in->arena, int, d.members_n + 1);
	if (tell_members(r, e, &d, missed, &n) != 0)
		return -1;
	if (n == 0 && d.members_n > 0)
		return 0;
	t = task_text(r, &d, "task_due_for");
	reply_arg(&t.reply, "members", numbers(r, missed, n));
	return tell_secretaries(r, e, &t);
}

int errand_task_late(
	struct errand_run *r, const struct errand *e, const char **why)
{
	struct errand_text t;
	struct duty_task d;
	int rc = open_task(r, e, &d, why);

	if (rc <= 0)
		return rc;
	t = task_text(r, &d, "task_late");
	return tell_secretaries(r, e, &t);
}

int errand_candidate_due(
	struct errand_run *r, const struct errand *e, const char **why)
{
	struct arena *a = r->in->arena;
	struct errand_text t = {.reply = {.key = "candidate_due"}};
	struct duty_candidate d;
	struct ymd until;
	int rc = duty_candidate(r->s, e->subject, a, &d);

	if (rc < 0)
		return -1;
	if (rc == 0 || d.is_over) {
		*why = "a later step has its place";
		return 0;
	}
	until = day_ymd(calendar_certificate(r->config, got_on(r->config, &d)));
	reply_arg(&t.reply, "unit", d.unit);
	reply_arg(&t.reply, "candidate", arena_printf(a, "%d", d.no));
	reply_arg(&t.reply, "until",
		arena_printf(a, "%d/%d/%d", until.d, until.m, until.y));
	if (tell_secretaries(r, e, &t) != 0)
		return -1;
	return tell_staff(r, e, &t);
}
