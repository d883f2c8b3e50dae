/*
 * report_due - whose report is missing, and who is told?
 *
 * On the day on which it is due all secretaries and deputies of the unit, the
 * next day the staff above, on the fifth day the deputy of the unit above
 * (language.md §5 "Clock"). What is reported meanwhile stops it: here, and
 * when the text's turn comes in the queue. Writer thread.
 */
#include "gateway/errands/kinds.h"

#define HOUR_MS INT64_C(3600000)

/* 1: still missing, *m is the meeting; 0: *why it is not; -1. */
static int missing(struct errand_run *r, const struct errand *e,
	struct agenda_meeting *m, const char **why)
{
	int rc = agenda_meeting(r->s, e->meeting_id, r->in->arena, m);

	if (rc < 0)
		return -1;
	if (rc == 0 || m->has_report || str_is(m->state, "none")) {
		*why = "the report is there, or none is to come";
		return 0;
	}
	return 1;
}

static int tell(struct errand_run *r, const struct errand *e,
	const struct agenda_meeting *m, const struct agenda_holders *all,
	const char *key)
{
	struct errand_text t = {
		.reply = {.key = key},
		.lane = "urgent",
		.duty = true,
		.valid_until = r->in->now_ms + errand_hours(e->kind) * HOUR_MS,
		.needs = "report",
		.needs_id = m->id,
	};
	struct day_text today = day_short(m->day);

	reply_arg(&t.reply, "report", errand_meeting_name(r, m));
	reply_arg(&t.reply, "unit", m->unit);
	reply_arg(&t.reply, "date", str_of(today.z));
	for (size_t i = 0; i < all->n; i++) {
		t.to = all->v[i].phone;
		t.language = all->v[i].language;
		if (errand_send(r, e, &t) != 0)
			return -1;
	}
	return 0;
}

int errand_report_remind(
	struct errand_run *r, const struct errand *e, const char **why)
{
	struct agenda_office office = {
		.unit_id = e->unit_id,
		.role = ROLE_SECRETARY,
		.or_role = ROLE_DEPUTY,
		.on = r->today,
	};
	struct agenda_holders all;
	struct agenda_meeting m;
	int rc = missing(r, e, &m, why);

	if (rc <= 0)
		return rc;
	if (agenda_holders(r->s, &office, r->in->arena, &all) != 0)
		return -1;
	return tell(r, e, &m, &all, "remind_report");
}

/* To the nearest above that have such holders. */
static int tell_above(struct errand_run *r, const struct errand *e,
	enum role role, const char *key, const char **why)
{
	struct agenda_office office = {
		.unit_id = e->unit_id,
		.role = role,
		.or_role = role,
		.on = r->today,
	};
	struct agenda_holders all;
	struct agenda_meeting m;
	int rc = missing(r, e, &m, why);

	if (rc <= 0)
		return rc;
	if (agenda_holders_above(r->s, &office, r->in->arena, &all) != 0)
		return -1;
	return tell(r, e, &m, &all, key);
}

int errand_report_staff(
	struct errand_run *r, const struct errand *e, const char **why)
{
	return tell_above(r, e, ROLE_STAFF, "escalate_staff", why);
}

int errand_report_deputy(
	struct errand_run *r, const struct errand *e, const char **why)
{
	return tell_above(r, e, ROLE_DEPUTY, "escalate_deputy", why);
}
